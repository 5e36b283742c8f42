import { z } from 'zod'
import { ReportSettings } from '../../contract/nouns/report.ts'
import { MARKABLE } from '../../contract/nouns/work.ts'
import { WorkbenchError } from '../../model/errors.ts'
import { readSettings, SETTINGS_KEY, writeSettings } from '../../report/saved-settings.ts'
import { readInfo } from '../../store/case-info.ts'
import type { ReadStore } from '../../store/store.ts'
import { toIsoOrNull } from '../../store/time.ts'
import { findTarget } from '../../work/target.ts'
import { KeyBook } from '../keys.ts'
import { definePart, type Reading, type Side } from '../part.ts'
import { Time, toProblem } from '../shapes.ts'

/** Fields of one text each; language, paper, printed time and the path to tell are each analyst's own. */
const FIELDS = [
  'title',
  'client',
  'authors',
  'version',
  'distribution',
  'classification',
  'scope',
  'questions',
] as const
/** Two answers to these can stand one after the other. */
const JOINED: ReadonlySet<string> = new Set(['scope', 'questions', 'text-block'])
const RULES = ['users', 'endpoints', 'addresses'] as const
const SORTS = [...FIELDS, 'text-block', 'sections', 'option', 'redaction', 'term', 'left-figure'] as const

/** One thing that was set. `values`: the texts of blocks, ids of sections, one value as JSON; what they mean follows from `sort`. */
const State = z.strictObject({
  sort: z.enum(SORTS),
  /** Section and place of a block, section and id of an option, the rule, the thing a figure shows. */
  of: z.array(z.string().max(40_000)).max(2),
  values: z.array(z.string().max(20_000)).max(200),
  at: Time.nullable(),
  by: z.string().max(100),
})
type State = z.infer<typeof State>

/** As many text blocks as a report may have. */
const MAX_BLOCKS = 100

const savedAt = `SELECT max(at) FROM audit WHERE action = 'report.settings'`
const pins = `SELECT id, target_kind AS kind, target_key AS key FROM mark WHERE type = 'pin'`
type Pin = { readonly id: number; readonly kind: unknown; readonly key: unknown }
/** Kind and key of a thing in one word, as {@link State}.of has them in two. */
const PinOf = z.tuple([z.enum(MARKABLE), z.string().max(40_000)])

const itemOf = ({ sort, of, values }: State): string =>
  JSON.stringify(sort === 'term' ? [sort, ...values] : [sort, ...of])

/** Pins by id, each by the common name of what it stands on. */
function pinsOf({ db, keys }: Pick<Side, 'db' | 'keys'>): Map<string, z.infer<typeof PinOf>> {
  const found = new Map<string, z.infer<typeof PinOf>>()
  for (const { id, kind, key } of db.prepare(pins).iterate() as IterableIterator<Pin>) {
    const parsed = PinOf.safeParse([kind, key])
    if (parsed.success) found.set(String(id), [parsed.data[0], keys.target(...parsed.data)])
  }
  return found
}

/** Everything that was set, apart from what stands at its default. */
function* statesOf(settings: ReportSettings, side: Side): Generator<Pick<State, 'sort' | 'of' | 'values'>> {
  for (const field of FIELDS)
    if (settings[field] !== '') yield { sort: field, of: [], values: [settings[field]] }
  const blocks = new Map<string, string[]>()
  for (const { section, place, text } of settings.blocks) {
    const key = JSON.stringify([section, place])
    blocks.set(key, [...(blocks.get(key) ?? []), text])
  }
  for (const [key, values] of blocks) yield { sort: 'text-block', of: JSON.parse(key) as string[], values }
  if (settings.sections != null) yield { sort: 'sections', of: [], values: settings.sections }
  for (const [section, options] of Object.entries(settings.options))
    for (const [id, value] of Object.entries(options))
      yield { sort: 'option', of: [section, id], values: [JSON.stringify(value)] }
  const { redaction } = settings
  for (const rule of RULES)
    if (redaction[rule] !== false && redaction[rule] !== 'none')
      yield { sort: 'redaction', of: [rule], values: [JSON.stringify(redaction[rule])] }
  for (const term of redaction.terms) yield { sort: 'term', of: [], values: [term] }
  const pinned = settings.withoutFigures.length === 0 ? undefined : pinsOf(side)
  for (const id of settings.withoutFigures) {
    const pin = pinned?.get(id)
    if (pin !== undefined) yield { sort: 'left-figure', of: [...pin], values: [] }
  }
}

function read(side: Side): Reading<State> {
  const items = new Map<string, State>()
  const unreadable = []
  const settings = readSettings(side.db)
  if (settings !== null) {
    const at = side.db.prepare(savedAt).pluck().get() as number | null
    for (const said of statesOf(settings, side)) {
      const state = State.safeParse({ ...said, at, by: side.who })
      if (state.success) items.set(itemOf(state.data), state.data)
      else unreadable.push({ item: said.sort, problem: toProblem(state.error) })
    }
  } else if (readInfo(side.db, SETTINGS_KEY) !== undefined)
    unreadable.push({ item: SETTINGS_KEY, problem: 'shape' })
  return { items, history: new Map(), unreadable }
}

/** A list whose entries come and go one by one. */
const listed = (list: readonly string[], entry: string, isThere: boolean): string[] => [
  ...list.filter((one) => one !== entry),
  ...(isThere ? [entry] : []),
]

/** The settings with one thing set as `values` say; null: back to its default. `pinId` finds the pin of a figure here. */
function put(
  settings: ReportSettings,
  { sort, of, values: said }: State,
  values: readonly string[] | null,
  pinId: (of: readonly string[]) => string | undefined,
): unknown {
  const [first = '', second = ''] = of
  const { blocks, options, redaction, withoutFigures } = settings
  const isThere = values !== null
  switch (sort) {
    case 'text-block': {
      const rest = blocks.filter(({ section, place }) => section !== first || place !== second)
      const own = (values ?? []).map((text) => ({ section: first, place: second, text }))
      return { ...settings, blocks: [...rest, ...own] }
    }
    case 'sections':
      return { ...settings, sections: values ?? undefined }
    case 'option': {
      const own = new Map<string, unknown>(Object.entries(options[first] ?? {}))
      if (isThere) own.set(second, JSON.parse(values[0] ?? 'null'))
      else own.delete(second)
      const all = new Map<string, unknown>(Object.entries(options)).set(first, Object.fromEntries(own))
      return { ...settings, options: Object.fromEntries(all) }
    }
    case 'redaction': {
      const blank = first === 'addresses' ? 'none' : false
      const rule: unknown = isThere ? JSON.parse(values[0] ?? 'null') : blank
      return { ...settings, redaction: { ...redaction, [first]: rule } }
    }
    case 'term': {
      const terms = listed(redaction.terms, said[0] ?? '', isThere)
      return { ...settings, redaction: { ...redaction, terms } }
    }
    case 'left-figure': {
      const id = pinId(of)
      const left = id === undefined ? withoutFigures : listed(withoutFigures, id, isThere)
      return { ...settings, withoutFigures: left }
    }
    default:
      return { ...settings, [sort]: values?.[0] }
  }
}

const WORDS_OF: ReadonlySet<string> = new Set(['option', 'redaction'])

/** Settings and text blocks of the report. */
export default definePart<State>({
  id: 'report',
  // Figures are named by their pins, which marks bring.
  order: 70,
  tables: ['case_info', 'audit', 'mark'],
  state: State,
  read,
  same: ({ values }) => JSON.stringify(values),
  sort: ({ sort }) => sort,
  show({ sort, values, at, by }) {
    const isWord = WORDS_OF.has(sort)
    const said = isWord ? values.map((value) => String(JSON.parse(value))) : values
    const text = said.join(sort === 'text-block' ? '\n\n' : ', ')
    return { value: isWord ? text : '', text: isWord ? '' : text, by, at: toIsoOrNull(at) }
  },
  subject(mine: ReadStore, other, _item, { sort, of }) {
    if (sort !== 'left-figure') return { kind: 'report', id: null, name: of.join(' · ') }
    const [kind, key] = PinOf.parse(of)
    const here = findTarget(mine, kind, new KeyBook(mine, null).local(key))
    return { kind: 'report', id: null, name: here.name || (other ? findTarget(other, kind, key).name : '') }
  },
  join(mine, theirs) {
    if (!JOINED.has(mine.sort)) return null
    const added = theirs.values.filter((text) => !mine.values.includes(text))
    if (mine.sort === 'text-block') return { ...mine, values: [...mine.values, ...added] }
    const text = [...mine.values, ...added].join('\n\n')
    return text.length > 20_000 ? null : { ...mine, values: [text] }
  },
  write({ db }, changes) {
    const keys = new KeyBook(db, null)
    const idOf = new Map([...pinsOf({ db, keys })].map(([id, pin]) => [JSON.stringify(pin), id]))
    let settings = readSettings(db) ?? ReportSettings.parse({})
    for (const { before, after } of changes) {
      const state = after ?? before
      if (state === null) continue
      const next = put(settings, state, after?.values ?? null, (of) => idOf.get(JSON.stringify(of)))
      const parsed = ReportSettings.safeParse(next)
      // Each side is within its limits; both together may not be.
      if (!parsed.success) throw new WorkbenchError('merge.too_large', { what: 'report', limit: MAX_BLOCKS })
      settings = parsed.data
    }
    writeSettings(db, settings)
  },
})

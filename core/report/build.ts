import { setImmediate } from 'node:timers/promises'
import type { ReportSettings } from '../contract/nouns/report.ts'
import type { Ask } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { analystBlocks } from './analyst-text.ts'
import { createContext, type ReportContext } from './context.ts'
import { words, type Block, type BuiltSection } from './document.ts'
import { listPins, pinnedFigures, type Pin } from './facts/pins.ts'
import { createSay } from './messages.ts'
import { patientAsk } from './patient-ask.ts'
import { readOptions } from './options.ts'
import { sections as allSections } from './registry.ts'
import { hiddenNames } from './redaction/names.ts'
import { hidesSomething, Redactor } from './redaction/redactor.ts'
import { PART_CHARACTERS, WHOLE_CHARACTERS } from './render/parts.ts'
import { ReportRenderer, type RenderedReport } from './render/report-html.ts'
import { Spools } from './render/spool.ts'
import type { Section } from './section.ts'

/** How a report is made, beside what it says. */
export interface Making {
  /** Folder for temporary files of a long report; null: everything stays in memory. */
  readonly folder: string | null
  /** Rows of a long table at most; null: all. */
  readonly rowLimit: number | null
  /** How much is printed at once. */
  readonly limits: { readonly part: number; readonly whole: number }
  /** What pseudonyms are made with. */
  readonly secret: string
  readonly signal: AbortSignal
  /** `done` 0..1 of the sections; `rows` of the long table being written. */
  readonly onProgress: (done: number, rows: number) => void
}

export const PRINTED_AT_ONCE = { part: PART_CHARACTERS, whole: WHOLE_CHARACTERS }

export const inMemory = (): Making => ({
  folder: null,
  rowLimit: null,
  limits: PRINTED_AT_ONCE,
  secret: '',
  signal: new AbortController().signal,
  onProgress: () => undefined,
})

export interface MadeReport extends RenderedReport {
  readonly redactor: Redactor | null
  /** A long table shows its first rows only. */
  readonly isCut: boolean
  /** Removes temporary files. */
  remove(): Promise<void>
}

/** The sections a report prints, in its order. An unknown id is a request error, so that a typo is not a gap. */
function chooseSections(wanted: readonly string[] | null | undefined): readonly Section[] {
  if (wanted == null) return allSections
  const chosen = wanted.map((id) => {
    const section = allSections.find((candidate) => candidate.id === id)
    if (section === undefined) throw new WorkbenchError('request.not_found', { what: id })
    return section
  })
  return [...new Set(chosen)]
}

/**
 * Builds and draws the report of the open case, section by section. The same case and settings give the same bytes,
 * whatever the machine's language and zone.
 * @param generatedAt ISO-8601 UTC, printed as the time of the report
 * @throws WorkbenchError `case.none_open`, `request.not_found` for an unknown section, option or path end, `job.cancelled`
 */
export async function makeReport(
  engine: Ask,
  settings: ReportSettings,
  generatedAt: string,
  making: Making,
): Promise<MadeReport> {
  const ask = patientAsk(engine, making.signal)
  const chosen = chooseSections(settings.sections)
  const options = readOptions(allSections, settings.options)
  const redactor = hidesSomething(settings.redaction)
    ? new Redactor(settings.redaction, await hiddenNames(ask, settings.redaction), making.secret)
    : null
  const { rowLimit, signal } = making
  let isCut = false
  const ids = chosen.map(({ id }) => id)
  const contextOf = await createContext({
    ask,
    settings,
    generatedAt,
    chosen: ids,
    options,
    rowLimit,
    noteCut: () => {
      isCut = true
    },
    redactor,
    signal,
  })
  const [others, english] = await Promise.all([
    ask('locale.messages', { lang: settings.lang }),
    ask('locale.messages', { lang: 'en' }),
  ])
  const clean = redactor === null ? (text: string) => text : (text: string) => redactor.clean(text)
  const { case: info } = contextOf('cover')
  const spools = new Spools(making.folder)
  const renderer = new ReportRenderer(
    {
      lang: settings.lang,
      paper: settings.paper,
      title: settings.title === '' ? info.name.replace(/\.redthread$/, '') : settings.title,
      classification: settings.classification,
      caseName: info.name,
      caseId: info.caseId,
      say: createSay(allSections, settings.lang, others, english, clean),
      clean,
      hasTarget: targetsOf(ids),
      limits: making.limits,
      sections: chosen.map((section) => ({
        id: section.id,
        title: words(`report.${section.id}.title`),
        layout: section.layout ?? 'flow',
        within: section.within ?? null,
      })),
    },
    spools,
  )
  try {
    const pins = placePins(await listPins(contextOf('narrative')), settings, ids)
    // What lists the citations, questions or figures of others is built after them.
    const inOrder = [
      ...chosen.filter(({ collects }) => collects !== true),
      ...chosen.filter(({ collects }) => collects === true),
    ]
    let rows = 0
    for (const [index, section] of inOrder.entries()) {
      await setImmediate()
      signal.throwIfAborted()
      making.onProgress(index / inOrder.length, rows)
      const built = await buildSection(section, contextOf(section.id), pins.get(section.id) ?? [])
      await renderer.draw(built, () => {
        rows += 1
        if (rows % ROWS_AT_ONCE !== 0) return
        signal.throwIfAborted()
        making.onProgress(index / inOrder.length, rows)
      })
    }
    await setImmediate()
    const rendered = await renderer.finish()
    return { ...rendered, redactor, isCut, remove: () => spools.remove() }
  } catch (thrown) {
    await spools.remove()
    throw thrown
  }
}

/** Rows between two looks at the signal. */
const ROWS_AT_ONCE = 500

/** The whole report in memory, for previews and tests. */
export async function buildReport(
  ask: Ask,
  settings: ReportSettings,
  generatedAt: string,
  making: Partial<Making> = {},
): Promise<{ html: string; fingerprint: string; made: MadeReport }> {
  const made = await makeReport(ask, settings, generatedAt, { ...inMemory(), ...making })
  const chunks: string[] = []
  for await (const text of made.html()) chunks.push(text)
  return { html: chunks.join(''), fingerprint: made.fingerprint, made }
}

/** Items of evidence stand in the inventory, records in the appendix. */
const targetsOf =
  (ids: readonly string[]) =>
  (ref: string): boolean =>
    ids.includes(ref.includes(':') ? 'raw-records' : 'evidence')

async function buildSection(
  section: Section,
  context: ReportContext,
  pins: readonly Pin[],
): Promise<BuiltSection> {
  const beside = async (place: 'before' | 'after'): Promise<readonly Block[]> => {
    const texts = context.settings.blocks.filter(
      (block) => block.section === section.id && block.place === place,
    )
    return (await Promise.all(texts.map(({ text }) => analystBlocks(context, text)))).flat()
  }
  return {
    id: section.id,
    title: words(`report.${section.id}.title`),
    layout: section.layout ?? 'flow',
    blocks: [
      ...(await beside('before')),
      ...(await section.build(context)),
      ...(await pinnedFigures(context, pins)),
      ...(await beside('after')),
    ],
  }
}

/** Where a figure goes when its own section is not printed. */
const ELSEWHERE = ['narrative', 'timeline', 'findings', 'mail-vector', 'summary']

function placePins(
  pins: readonly Pin[],
  settings: ReportSettings,
  chosen: readonly string[],
): ReadonlyMap<string, readonly Pin[]> {
  const left = new Set(settings.withoutFigures)
  const placed = new Map<string, Pin[]>()
  for (const pin of pins) {
    if (left.has(pin.id)) continue
    const section = [pin.section, ...ELSEWHERE].find((id) => chosen.includes(id))
    if (section !== undefined) placed.set(section, [...(placed.get(section) ?? []), pin])
  }
  return placed
}

import type { Client } from '../../../contract/client.ts'
import { MARK_TYPES, MARKABLE, type MarkTarget } from '../../../contract/nouns/work.ts'
import { WorkbenchError } from '../../../model/errors.ts'
import { ENTITY_KINDS } from '../../../model/relation.ts'
import type { Command, ExitCode, Invocation } from '../command.ts'
import { MAX_PAGE, PAGE_OPTIONS, usageError } from '../options.ts'
import { workTexts } from '../work-words.ts'

/** Marks shown when nobody says how many. */
const DEFAULT_LIMIT = 100

const command: Command = {
  id: 'work',
  order: 57,
  usage:
    'CASE [list | mark TARGET... | unmark MARK... | relate FROM TO | entity KIND NAME | remove ADDED... | undo | redo]',
  arguments: { min: 1, max: 202 },
  options: {
    type: { type: 'string', value: 'TYPE' },
    value: { type: 'string', value: 'WORD' },
    text: { type: 'string', value: 'TEXT' },
    label: { type: 'string', value: 'WORDS' },
    reason: { type: 'string', value: 'TEXT' },
    confidence: { type: 'string', value: 'PERCENT' },
    at: { type: 'string', value: 'TIME' },
    ...PAGE_OPTIONS,
  },
  texts: workTexts,
  async run(invocation) {
    const [, verb = 'list', ...rest] = invocation.args
    const act = ACTS.get(verb)
    if (!act) throw usageError('work', 'work.action')
    return act(invocation, rest)
  },
}

type Act = (invocation: Invocation, rest: readonly string[]) => Promise<ExitCode>
const ACTS: ReadonlyMap<string, Act> = new Map<string, Act>([
  ['list', list],
  ['mark', mark],
  ['unmark', unmark],
  ['relate', relate],
  ['entity', entity],
  ['remove', remove],
  ['undo', (invocation, rest) => step(invocation, rest, 'work.undo')],
  ['redo', (invocation, rest) => step(invocation, rest, 'work.redo')],
])

/** The number of things named behind the verb has to be right: a typing mistake must not change something else. */
function requireCount(rest: readonly string[], min: number, max: number): void {
  if (rest.length < min || rest.length > max) throw usageError('work', 'work.action')
}

async function list(
  { openCase, options, output, t }: Invocation,
  rest: readonly string[],
): Promise<ExitCode> {
  requireCount(rest, 0, 0)
  const type = options.oneOf('type', MARK_TYPES) ?? null
  const { client } = await openCase()
  const limit = options.flag('all') ? MAX_PAGE : (options.integer('limit', 1, MAX_PAGE) ?? DEFAULT_LIMIT)
  const marks = []
  let cursor: string | null = options.text('cursor') ?? null
  let total: number | null = null
  do {
    const page = await client.call('work.list', { type, value: options.text('value') ?? null, limit, cursor })
    marks.push(...page.rows)
    cursor = page.next
    total = page.total
  } while (cursor !== null && options.flag('all'))
  const { entities, relations } = await client.call('work.added', {})
  const views = await client.call('view.list', {})
  if (output.json) {
    output.document({ marks, total, next: cursor, entities, relations, views })
    return 0
  }
  if (marks.length + entities.length + relations.length + views.length === 0) output.line(t('cli.work.none'))
  output.table(
    marks.map((row) => [
      row.id,
      row.type,
      row.value,
      `${row.target.kind} ${row.target.name === '' ? (row.target.id ?? row.target.key) : row.target.name}`,
      row.text,
      row.changedAt ?? row.at,
      row.actor,
    ]),
  )
  output.table([
    ...entities.map((row) => [`e${row.id}`, row.kind, row.name, row.reason, row.at]),
    ...relations.map((row) => [
      `r${row.id}`,
      row.label,
      `${row.from.name} → ${row.to.name}`,
      row.reason,
      row.happenedAt ?? '',
    ]),
    ...views.map((row) => [`view ${row.id}`, row.screen, row.name, '', row.changedAt ?? row.at]),
  ])
  if (cursor !== null) output.line(t('cli.work.more', { total: total ?? 0 }))
  return 0
}

/** `event:12`, `view:3` ... or an entity as everywhere: its id, or `kind:alias`. */
async function readTarget(
  { client }: Awaited<ReturnType<Invocation['openCase']>>,
  text: string,
): Promise<MarkTarget> {
  const cut = text.indexOf(':')
  const head = text.slice(0, cut)
  const kind = MARKABLE.find((one) => one === head && one !== 'message' && one !== 'url')
  if (kind === 'plan-item') return { kind, id: await wholeStep(client, text.slice(cut + 1)) }
  if (kind !== undefined && kind !== 'entity') return { kind, id: text.slice(cut + 1) }
  const found = await client.call('entity.get', { id: kind === 'entity' ? text.slice(cut + 1) : text })
  return { kind: 'entity', id: found.id }
}

/** Characters of an id that `plan` shows: a beginning this long, or longer, stands for the step when it fits one alone. */
const SHOWN_ID = 8

/** @throws WorkbenchError `request.ambiguous`; whether there is such a step is for the engine to say */
async function wholeStep(client: Client, text: string): Promise<string> {
  if (text.length < SHOWN_ID) return text
  const { items } = await client.call('plan.list', {})
  const found = items.flatMap(({ id }) => (id.startsWith(text) ? [id] : []))
  if (found.length > 1) throw new WorkbenchError('request.ambiguous', { what: text, candidates: found })
  return found[0] ?? text
}

async function mark(invocation: Invocation, rest: readonly string[]): Promise<ExitCode> {
  requireCount(rest, 1, 200)
  const { options, output, t } = invocation
  options.required('type')
  const type = options.oneOf('type', MARK_TYPES) ?? 'flag'
  const open = await invocation.openCase()
  const targets: MarkTarget[] = []
  for (const text of rest) targets.push(await readTarget(open, text))
  const { ids } = await open.client.call('work.mark', {
    targets,
    type,
    value: options.text('value') ?? '',
    text: options.text('text') ?? '',
  })
  if (output.json) output.document({ ids })
  else output.line(t('cli.work.marked', { n: ids.length }))
  return 0
}

async function unmark(invocation: Invocation, rest: readonly string[]): Promise<ExitCode> {
  requireCount(rest, 1, 200)
  const { client } = await invocation.openCase()
  return removed(invocation, await client.call('work.unmark', { ids: [...rest] }))
}

async function relate(invocation: Invocation, rest: readonly string[]): Promise<ExitCode> {
  requireCount(rest, 2, 2)
  const { options, output, t } = invocation
  const label = options.required('label')
  const reason = options.required('reason')
  const confidence = (options.integer('confidence', 1, 100) ?? 50) / 100
  const { client } = await invocation.openCase()
  const { id } = await client.call('work.relate', {
    from: rest[0] ?? '',
    to: rest[1] ?? '',
    label,
    reason,
    confidence,
    happenedAt: options.text('at') ?? null,
  })
  if (output.json) output.document({ id })
  else output.line(t('cli.work.related', { id: `r${id}` }))
  return 0
}

async function entity(invocation: Invocation, rest: readonly string[]): Promise<ExitCode> {
  requireCount(rest, 2, 2)
  const { options, output, t } = invocation
  const kind = ENTITY_KINDS.find((one) => one === rest[0])
  if (kind === undefined) throw usageError('work', 'work.kind', { value: rest[0] ?? '' })
  const reason = options.required('reason')
  const { client } = await invocation.openCase()
  const made = await client.call('work.addEntity', { kind, name: rest[1] ?? '', reason })
  if (output.json) output.document({ ...made })
  else output.line(t('cli.work.added', { id: `e${made.id}`, entity: made.entityId }))
  return 0
}

async function remove(invocation: Invocation, rest: readonly string[]): Promise<ExitCode> {
  requireCount(rest, 1, 200)
  for (const name of rest)
    if (!/^[er]\d{1,15}$/.test(name)) throw usageError('work', 'work.which', { value: name })
  const of = (letter: string): string[] =>
    rest.filter((name) => name.startsWith(letter)).map((name) => name.slice(1))
  const { client } = await invocation.openCase()
  return removed(invocation, await client.call('work.removeAdded', { entities: of('e'), relations: of('r') }))
}

function removed({ output, t }: Invocation, result: { removed: number }): ExitCode {
  if (output.json) output.document({ ...result })
  else output.line(t('cli.work.removed', { n: result.removed }))
  return 0
}

async function step(
  invocation: Invocation,
  rest: readonly string[],
  method: 'work.undo' | 'work.redo',
): Promise<ExitCode> {
  requireCount(rest, 0, 0)
  const { output, t } = invocation
  const { client } = await invocation.openCase()
  const { done } = await client.call(method, {})
  if (output.json) output.document({ done })
  else output.line(t(done ? 'cli.work.stepped' : 'cli.work.noStep'))
  return 0
}

export default command

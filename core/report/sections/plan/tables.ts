import type { Plan, PlanItem } from '../../../contract/nouns/plan.ts'
import type { EntityRef, TextRef } from '../../../contract/shapes.ts'
import type { ResultOf } from '../../../contract/types.ts'
import { defangUrl } from '../../../normalise/defang.ts'
import type { ReportContext } from '../../context.ts'
import {
  entity,
  joinLines,
  lineBreak,
  outside,
  words as keyed,
  type Block,
  type Line,
  type Words,
  type WordsParam,
} from '../../document.ts'
import { citeProofs, citeSparingly, proofsOfEvents, type Cite } from '../../facts/citations.ts'
import { shared } from '../../words.ts'

/** Messages whose history is looked up. */
const MAX_MESSAGES = 100
/** Mailboxes and people named per row; the others are counted. */
const MAX_NAMED = 4

type Message = ResultOf<'mail.get'>
const RISK_WORDS = ['dangerous', 'highly-suspicious', 'suspicious', 'untested', 'safe'] as const

/** Messages that the plan is about, each once, in the order of the steps. */
async function messagesOf(context: ReportContext, plan: Plan): Promise<ReadonlyMap<string, Message>> {
  const ids = new Set(plan.items.flatMap(({ evidence }) => evidence.messages.map(({ id }) => id)))
  const wanted = [...ids].slice(0, MAX_MESSAGES)
  const found = await Promise.all(wanted.map((id) => context.ask('mail.get', { id })))
  return new Map(found.map((message, index) => [wanted[index] ?? '', message]))
}

/** What products and people did to those messages, by the evidence; a try that failed is told as one. */
export async function actionsTaken(context: ReportContext, plan: Plan): Promise<readonly Block[]> {
  const { words, time, case: info } = context
  const cite = citeSparingly(context)
  const messages = await messagesOf(context, plan)
  const refs = new Map(plan.items.flatMap(({ evidence }) => evidence.messages.map((ref) => [ref.id, ref])))
  const steps = [...messages].flatMap(([id, message]) =>
    message.history.flatMap(({ mailbox, steps }) =>
      // A delivery is how the message came, no answer to it.
      steps
        .filter((step) => step.action !== 'delivered' && step.action !== 'other')
        .map((step) => ({ ref: refs.get(id), mailbox, step })),
    ),
  )
  steps.sort((a, b) => ((a.step.at ?? '~') < (b.step.at ?? '~') ? -1 : 1))
  // The same done to many copies is one row: the first time, and whose copies.
  const groups = new Map<string, { first: (typeof steps)[number]; mailboxes: string[] }>()
  for (const one of steps) {
    const key = JSON.stringify([one.ref?.id, one.step.word, one.step.succeeded])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { first: one, mailboxes: [one.mailbox] })
    else group.mailboxes.push(one.mailbox)
  }
  const rows = [...groups.values()]
  return [
    {
      block: 'table',
      caption: words('taken', { zone: info.zone }),
      columns: [
        { header: shared('column.time', { zone: info.zone }), width: 16 },
        { header: shared('column.message'), width: 26 },
        { header: shared('column.mailbox'), width: 22 },
        { header: words('word'), width: 24 },
        { header: shared('column.evidence'), width: 12 },
      ],
      rows: rows.slice(0, context.count('rows')).map(({ first: { ref, step }, mailboxes }) => ({
        cells: [
          step.at === null ? [shared('undated')] : [outside(time(step.at))],
          ref === undefined ? [] : [entity(ref)],
          namesLine([...new Set(mailboxes)]),
          [step.succeeded ? outside(step.word) : words('failed', { word: step.word })],
          [cite(step.source.evidenceId, step.source.record)],
        ],
      })),
      empty: words('noneTaken'),
    },
    ...leftOver(context, rows.length),
  ]
}

const leftOver = ({ words, count: option }: ReportContext, count: number): Block[] =>
  count > option('rows')
    ? [{ block: 'paragraph', text: [words('left', { count: count - option('rows') })], look: 'note' }]
    : []

interface Group {
  readonly first: PlanItem
  readonly items: PlanItem[]
}

/** Steps that differ in the mailbox or person alone are one row. */
function groupSteps(items: readonly PlanItem[]): Group[] {
  const groups = new Map<string, Group>()
  for (const item of items) {
    const isAboutMail = item.evidence.messages.length > 0 && item.subject?.kind === 'message'
    const key = isAboutMail
      ? JSON.stringify([item.action, item.state, item.note, item.decidedAt, item.subject?.id, item.reasons])
      : item.id
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { first: item, items: [item] })
    else group.items.push(item)
  }
  return [...groups.values()]
}

/**
 * The plan: about whom, why, on what evidence, and what the analyst decided; a table for each kind of step, as they are carried out
 * together, the most urgent first.
 */
export async function stepTable(context: ReportContext, plan: Plan): Promise<readonly Block[]> {
  const { words, case: info } = context
  const cite = citeSparingly(context)
  const messages = await messagesOf(context, plan)
  const groups = groupSteps(plan.items)
  const shown = groups.slice(0, context.count('rows'))
  const kinds = Map.groupBy(shown, ({ first }) => first.action)
  const events = await eventsOf(context, cite, shown)
  return [
    { block: 'heading', text: [words('steps', { zone: info.zone })] },
    ...(groups.length === 0
      ? [{ block: 'paragraph' as const, text: [words('noneSteps')], look: 'note' as const }]
      : []),
    ...[...kinds].map(([action, some]) =>
      kindTable(context, action, some, (item) => [
        ...proofs(cite, item.evidence.messages, messages),
        ...(events.get(item.id) ?? []),
      ]),
    ),
    ...leftOver(context, groups.length),
  ]
}

/** Where the events behind steps about no message come from, by the id of the step. */
async function eventsOf(
  context: ReportContext,
  cite: Cite,
  groups: readonly Group[],
): Promise<ReadonlyMap<string, Line>> {
  const found = new Map<string, Line>()
  for (const { first } of groups)
    if (first.evidence.messages.length === 0 && first.evidence.events.length > 0)
      found.set(first.id, citeProofs(cite, await proofsOfEvents(context, first.evidence.events)))
  return found
}

/** The steps of one kind. */
function kindTable(
  context: ReportContext,
  action: PlanItem['action'],
  groups: readonly Group[],
  evidenceOf: (item: PlanItem) => Line,
): Block {
  const { words, time } = context
  return {
    block: 'table',
    caption: { ...keyed(`plan.action.${action}`), fallback: action },
    columns: [
      { header: words('about'), width: 28 },
      { header: words('why'), width: 40 },
      { header: shared('column.evidence'), width: 13 },
      { header: words('decision'), width: 19 },
    ],
    rows: groups.map(({ first, items }) => ({
      cells: [
        about(items),
        joinLines(
          first.reasons.map(({ text }): Line => [reason(text, time)]),
          lineBreak,
        ),
        evidenceOf(first),
        [
          words(`state.${first.state}`),
          ...(first.decidedAt === null ? [] : [lineBreak, outside(time(first.decidedAt, 'minute'))]),
          ...(first.note === '' ? [] : [lineBreak, outside(first.note)]),
        ],
      ],
    })),
    empty: words('noneSteps'),
  }
}

/** The first few names, and how many more there are. */
const namesLine = (names: readonly string[]): Line =>
  joinLines(
    [
      ...names.slice(0, MAX_NAMED).map((name): Line => [outside(name, 'address')]),
      ...(names.length > MAX_NAMED ? [[shared('more', { n: names.length - MAX_NAMED })]] : []),
    ],
    lineBreak,
  )

/** The thing itself, then mailboxes, accounts or machines it is about. */
function about(items: readonly PlanItem[]): Line {
  const [first] = items
  if (first === undefined) return []
  const { subject } = first
  const names = [
    ...new Set(
      items.flatMap(({ target }) => {
        const name = target.mailbox ?? target.account ?? target.endpoint
        return name === null || name === subject?.name ? [] : [name]
      }),
    ),
  ]
  const { url, inboxRule } = first.target
  const lines: Line[] = [
    ...(subject === null ? [] : [[entity(subject)]]),
    ...(subject === null && url !== null ? [[outside(url, 'mono')]] : []),
    ...(inboxRule === null ? [] : [[outside(inboxRule)]]),
    ...(names.length === 0 ? [] : [namesLine(names)]),
  ]
  return joinLines(lines, lineBreak)
}

/** The sentence of a reason: links that cannot be followed, levels in words, times in the zone of the case. */
function reason({ key, params }: TextRef, time: ReportContext['time']): Words {
  const said: Record<string, WordsParam> = {}
  for (const [name, value] of Object.entries(params)) {
    const level = RISK_WORDS.find((known) => known === value)
    if (name === 'level' && level !== undefined) said[name] = shared(`risk.${level}`)
    else if (name === 'at' && typeof value === 'string') said[name] = time(value)
    else said[name] = name === 'url' && typeof value === 'string' ? defangUrl(value) : value
  }
  return keyed(key, said)
}

/** The first record of each message the step rests on. */
const proofs = (cite: Cite, refs: readonly EntityRef[], messages: ReadonlyMap<string, Message>): Line => {
  const sources = refs.flatMap(({ id }) => messages.get(id)?.sources.slice(0, 1) ?? [])
  return sources.length === 0 ? [] : citeProofs(cite, { sources, total: sources.length })
}

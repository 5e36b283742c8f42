import type { RetroRun } from '../../../contract/nouns/reputation.ts'
import type { EntityRef, Source } from '../../../contract/shapes.ts'
import type { ReportContext } from '../../context.ts'
import {
  entity,
  joinLines,
  lineBreak,
  number,
  outside,
  risk,
  words as keyed,
  type Block,
  type Column,
  type Line,
  type Words,
} from '../../document.ts'
import { citeProofs, citeSparingly } from '../../facts/citations.ts'
import { shared } from '../../words.ts'

/** People printed who only received; those who acted are printed before them. */
const MAX_ONLY_RECEIVED = 8

/** The product's word for an action of the policy or of the mail product; an unknown one as it stands. */
const actionWords = (action: string): Words => ({ ...keyed(`action.${action}`), fallback: action })

/** States in which a copy lies in no mailbox: nothing is left to do to it. */
const GONE: ReadonlySet<string> = new Set(['quarantined', 'deleted', 'stopped'])

/** Mailboxes named per row; the others are counted. */
const MAX_MAILBOXES = 4

const mailboxLine = (mailboxes: readonly string[]): Line => [
  ...joinLines(
    mailboxes.slice(0, MAX_MAILBOXES).map((mailbox): Line => [outside(mailbox, 'address')]),
    lineBreak,
  ),
  ...(mailboxes.length > MAX_MAILBOXES
    ? [lineBreak, shared('more', { n: mailboxes.length - MAX_MAILBOXES })]
    : []),
]

/** One row per message and outcome, with all mailboxes that hold a copy: a campaign is one line, not hundreds. */
function byMessage<T extends { readonly mailbox: string }>(
  rows: readonly T[],
): readonly { row: T; mailboxes: string[] }[] {
  const groups = new Map<string, { row: T; mailboxes: string[] }>()
  for (const row of rows) {
    const key = JSON.stringify({ ...row, mailbox: '' })
    const group = groups.get(key) ?? { row, mailboxes: [] }
    group.mailboxes.push(row.mailbox)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** Those who acted come before those who only received. */
const acts = (row: RetroRun['exposure'][number]): number =>
  (row.executedAt === null ? 0 : 2) + (row.clickedAt === null ? 0 : 1)

interface Part<T> {
  readonly caption: string
  readonly empty: string
  readonly rows: readonly T[]
  /** Rows left out beforehand. */
  readonly left?: number
  readonly columns: readonly Column[]
  readonly cells: (row: T) => Line[]
}

/** The five tables of a retro scan: turned, newly matching, no longer matching, left out, exposed. */
export async function retroTables(context: ReportContext, run: RetroRun): Promise<readonly Block[]> {
  const { words, time } = context
  const url = (text: string): Line => [outside(text, 'mono')]
  const sources = await firstSources(context, run)
  const cite = citeSparingly(context)
  const proofOf = (ref: EntityRef): Line => citeProofs(cite, { sources: sources.get(ref.id) ?? [], total: 1 })
  // What no longer matches or was left out is no part of the attack: named, not printed.
  const nameOf = (ref: EntityRef): Line =>
    citeProofs((id, record) => context.mention(id, record), { sources: sources.get(ref.id) ?? [], total: 1 })
  const message: Column = { header: shared('column.message'), width: 24 }
  const link: Column = { header: words('url'), width: 30 }
  const exposed = [...run.exposure].sort((a, b) => acts(b) - acts(a))
  const shown = Math.min(exposed.length, exposed.filter((row) => acts(row) > 0).length + MAX_ONLY_RECEIVED)
  const proof: Column = { header: shared('column.evidence'), width: 12 }
  const at = (text: string | null, isPerhaps = false): Line =>
    text === null ? [] : [outside(time(text)), ...(isPerhaps ? [lineBreak, shared('perhaps')] : [])]
  const stamped = (key: string): Column => ({ header: words(key), width: 13 })
  return [
    table(context, {
      caption: 'turned',
      empty: 'noneTurned',
      rows: run.turned,
      columns: [
        { ...link, width: 38 },
        { header: words('from'), width: 14 },
        { header: words('to'), width: 14 },
        { header: words('entry'), width: 24 },
        { header: words('count'), width: 10, align: 'right' },
      ],
      cells: (row) => [
        url(row.url),
        [risk(row.from)],
        [risk(row.to)],
        [
          ...(row.pack === null ? [] : [outside(row.pack), lineBreak]),
          ...(row.entry === null ? [] : [outside(row.entry, 'address')]),
        ],
        [number(row.messages)],
      ],
    }),
    table(context, {
      caption: 'newly',
      empty: 'noneNewly',
      rows: byMessage(run.newlyMatching),
      columns: [
        message,
        { header: shared('column.mailbox'), width: 22 },
        { ...link, width: 32 },
        { header: words('action'), width: 13 },
        { ...proof, width: 9 },
      ],
      cells: ({ row, mailboxes }) => [
        [entity(row.message)],
        mailboxLine(mailboxes),
        url(row.url),
        [
          actionWords(row.action),
          ...(GONE.has(row.state) ? [lineBreak, keyed(`retro.gone.${row.state}`)] : []),
          ...(row.matchedThen ? [lineBreak, keyed('retro.matchedThen')] : []),
        ],
        proofOf(row.message),
      ],
    }),
    table(context, {
      caption: 'noLonger',
      empty: 'noneNoLonger',
      rows: byMessage(run.noLongerMatching),
      columns: [
        message,
        { header: shared('column.mailbox'), width: 22 },
        { ...link, width: 18 },
        { header: words('recorded'), width: 11 },
        { header: words('restored'), width: 16 },
        { ...proof, width: 9 },
      ],
      cells: ({ row, mailboxes }) => [
        [entity(row.message)],
        mailboxLine(mailboxes),
        url(row.url),
        row.recordedAction === null ? [] : [actionWords(row.recordedAction)],
        [
          shared(row.restored ? 'yes' : 'no'),
          lineBreak,
          keyed(`retro.basis.${row.basis}`),
          ...(row.basis === 'other-filter' && row.cause !== null ? [lineBreak, outside(row.cause)] : []),
        ],
        nameOf(row.message),
      ],
    }),
    table(context, {
      caption: 'excluded',
      empty: 'noneExcluded',
      rows: run.excluded,
      columns: [
        { ...message, width: 28 },
        { ...link, width: 32 },
        { header: words('rule'), width: 28 },
        proof,
      ],
      cells: (row) => [[entity(row.message)], url(row.url), ruleLine(row.clause), nameOf(row.message)],
    }),
    table(context, {
      caption: 'exposure',
      empty: 'noneExposed',
      rows: exposed.slice(0, shown),
      left: exposed.length - shown,
      columns: [
        message,
        { header: words('recipient'), width: 21 },
        stamped('delivered'),
        stamped('clicked'),
        stamped('executed'),
        { header: shared('column.endpoint'), width: 13 },
        { ...proof, width: 10 },
      ],
      cells: (row) => [
        [entity(row.message)],
        [
          outside(row.recipient, 'address'),
          ...(row.user ? [lineBreak, entity(row.user)] : []),
          ...(row.isRecipient ? [] : [lineBreak, keyed('mail.outsider')]),
        ],
        at(row.deliveredAt),
        at(row.clickedAt, row.perhaps.includes('clicked')),
        at(row.executedAt, row.perhaps.includes('executed')),
        row.endpoint ? [entity(row.endpoint)] : [],
        proofOf(row.message),
      ],
    }),
  ].flat()
}

function table<T>({ words, count, case: info }: ReportContext, part: Part<T>): readonly Block[] {
  const rows = part.rows.slice(0, count('rows')).map((row) => ({ cells: part.cells(row) }))
  const left = part.rows.length - rows.length + (part.left ?? 0)
  return [
    {
      block: 'table',
      caption: words(part.caption, { zone: info.zone }),
      columns: part.columns,
      rows,
      empty: words(part.empty),
    },
    ...(left > 0
      ? [{ block: 'paragraph' as const, text: [words('left', { count: left })], look: 'note' as const }]
      : []),
  ]
}

/** The first record of every message that the tables name, by the message's id. */
async function firstSources(context: ReportContext, run: RetroRun): Promise<ReadonlyMap<string, Source[]>> {
  const rows = [
    ...byMessage(run.newlyMatching).map(({ row }) => row),
    ...byMessage(run.noLongerMatching).map(({ row }) => row),
    ...run.excluded,
    ...run.exposure,
  ]
  const ids = [...new Set(rows.map((row) => row.message.id))].slice(0, 4 * context.count('rows'))
  const details = await Promise.all(ids.map((id) => context.ask('mail.get', { id })))
  return new Map(details.map((message, index) => [ids[index] ?? '', message.sources.slice(0, 1)]))
}

/** What a rule of judging says, and its number, by which the documentation of the product finds it. */
const ruleLine = (clause: string): Line =>
  /^W\d+$/u.test(clause)
    ? [{ ...keyed(`policy.rule.${clause}`), fallback: '' }, outside(`(${clause})`)]
    : [outside(clause)]

import type { ReportContext } from '../../context.ts'
import {
  confidence,
  entity,
  joinLines,
  lineBreak,
  outside,
  words as keyed,
  type Block,
  type Line,
} from '../../document.ts'
import { citeProofs, citeSparingly, proofsOfEvents, type Cite } from '../../facts/citations.ts'
import { citeAttempt, findFailedAttempts, type FailedAttempt } from '../../facts/failed-attempts.ts'
import { findOtherActs, type OtherActs } from '../../facts/other-acts.ts'
import type { Story } from '../../facts/story.ts'
import { relationWords, shared } from '../../words.ts'

/** Rows printed of each table; a browser on the path connects to hundreds of places. */
const MAX_ROWS = 40

/** What else was done and what was tried in vain: facts in tables, with their reading apart and below. */
export async function besidePath(context: ReportContext, story: Story): Promise<readonly Block[]> {
  return [
    ...(await actBlocks(context, await findOtherActs(context, story))),
    ...attemptBlocks(context, await findFailedAttempts(context, story)),
  ]
}

type Row = OtherActs['rows'][number]

/** One connection is a relation to the address and one to its name: acts with the same actor and records are one row. */
function sameRecords(rows: readonly Row[]): readonly (readonly [Row, ...Row[]])[] {
  const groups = new Map<string, [Row, ...Row[]]>()
  for (const row of rows) {
    const key = JSON.stringify([row.kind, row.from.id, row.events.length === 0 ? row.id : row.events])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return [...groups.values()]
}

async function actBlocks(context: ReportContext, { rows, places }: OtherActs): Promise<readonly Block[]> {
  const { words, time, case: info } = context
  const all = sameRecords(rows)
  const shown = all.slice(0, MAX_ROWS)
  const proofs = await Promise.all(shown.map(([row]) => proofsOfEvents(context, row.events, row.eventTotal)))
  const sparingly = citeSparingly(context)
  // What was taken is a claim of the story; connections are a table that may be long.
  const cite = (row: Row): Cite =>
    row.kind === 'connected-to' ? sparingly : (id, record) => context.cite(id, record)
  const placed = (ref: Row['from']): Line => {
    const endpoint = places.get(ref.id)
    return [entity(ref, true), ...(endpoint === undefined ? [] : [lineBreak, outside(endpoint)])]
  }
  const kinds = [...new Set(rows.map((row) => row.kind))]
  const left = all.length - shown.length
  return [
    { block: 'heading', text: [words('acts')] },
    {
      block: 'table',
      columns: [
        { header: shared('column.time', { zone: info.zone }), width: 13 },
        { header: shared('column.from'), width: 20 },
        { header: words('act'), width: 20 },
        { header: shared('column.to'), width: 24 },
        { header: shared('column.confidence'), width: 11 },
        { header: shared('column.evidence'), width: 12 },
      ],
      rows: shown.map(([row, ...others], index) => ({
        cells: [
          [row.firstAt === null ? shared('undated') : outside(time(row.firstAt))],
          placed(row.from),
          [relationWords(row.kind)],
          joinLines(
            [row, ...others].map((one) => placed(one.to)),
            lineBreak,
          ),
          joinLines(
            [row, ...others].map((one): Line => [confidence(one.confidence)]),
            lineBreak,
          ),
          citeProofs(cite(row), proofs[index] ?? { sources: [], total: 0 }),
        ],
      })),
      empty: words('actsNone'),
    },
    ...note(left > 0 ? [words('actsLeft', { count: left })] : []),
    ...note(rows.length > 0 ? [words('actsNote')] : []),
    ...(kinds.length === 0
      ? []
      : [
          { block: 'paragraph' as const, text: [words('reading')] },
          { block: 'list' as const, items: kinds.map((kind): Line => [words(`reading.${kind}`)]) },
        ]),
  ]
}

function attemptBlocks(context: ReportContext, attempts: readonly FailedAttempt[]): readonly Block[] {
  const { words, time, case: info } = context
  const left = attempts.length - MAX_ROWS
  return [
    { block: 'heading', text: [words('attempts')] },
    {
      block: 'table',
      columns: [
        { header: shared('column.time', { zone: info.zone }), width: 16 },
        { header: words('source'), width: 14 },
        { header: words('account'), width: 18 },
        { header: words('target'), width: 12 },
        { header: words('status'), width: 26 },
        { header: shared('column.evidence'), width: 14 },
      ],
      rows: attempts.slice(0, MAX_ROWS).map((attempt) => ({
        cells: [
          [
            outside(time(attempt.from)),
            ...(attempt.to === attempt.from ? [] : [lineBreak, words('span', { at: time(attempt.to) })]),
          ],
          [attempt.source === '' ? words('notNamed') : outside(attempt.source)],
          [attempt.account === '' ? words('notNamed') : outside(attempt.account)],
          attempt.target === null ? [] : [entity(attempt.target)],
          resultLine(context, attempt),
          citeAttempt(context, attempt),
        ],
      })),
      empty: words('attemptsNone'),
    },
    ...note(left > 0 ? [words('attemptsLeft', { count: left })] : []),
    ...note(attempts.length > 0 ? [words('attemptsNote')] : []),
    ...(attempts.length > 0 ? [{ block: 'paragraph' as const, text: [words('attemptsReading')] }] : []),
  ]
}

const note = (text: Line): readonly Block[] =>
  text.length === 0 ? [] : [{ block: 'paragraph', text, look: 'note' }]

/** The meaning of the code with the code itself, then how many records of which kind say so. */
function resultLine({ words }: ReportContext, { status, counts }: FailedAttempt): Line {
  const family = counts.has('kerberos-failure') ? 'kerberos' : 'status'
  const kinds = [...counts].map(([kind, count]): Line => [
    words('counted', { kind: { ...keyed(`event.kind.${kind}`), fallback: kind }, count }),
  ])
  return [
    ...(status === ''
      ? []
      : [{ ...words(`${family}.${status}`), fallback: '' }, outside(`(${status})`), lineBreak]),
    ...joinLines(kinds, lineBreak),
  ]
}

import type { ReportContext } from '../../context.ts'
import type { Inline, Line } from '../../document.ts'
import { printedName } from '../../entity-text.ts'
import { citeProofs, proofsOfEvents } from '../../facts/citations.ts'
import { attemptsOf, citeAttempt, findFailedAttempts } from '../../facts/failed-attempts.ts'
import { findOtherActs, OTHER_ACTS, type OtherActs } from '../../facts/other-acts.ts'
import { placedName } from '../../facts/places.ts'
import type { Story } from '../../facts/story.ts'
import { shared } from '../../words.ts'
import { timeWords } from './time-words.ts'

/** Sentences, or names in a sentence; the narrative has them all. */
const MAX_SENTENCES = 3
const MAX_NAMES = 4
/** Acts of one kind whose first record is cited; the table of the narrative cites every act. */
const MAX_CITED = 2

/** What else was done from the path, and what was tried in vain: one sentence each, with its records. */
export async function summaryBeside(context: ReportContext, story: Story): Promise<readonly Line[]> {
  const acts = await findOtherActs(context, story)
  return [
    ...(await credentialLines(context, acts)),
    ...(await actLines(context, acts)),
    ...(await failedLines(context, story)),
  ]
}

type Row = OtherActs['rows'][number]
/** Registry values that start nothing: they weaken protection or let somebody in, and are told among the detections. */
const MERE_SETTINGS = /\.reason\.(?:protection|remote-access)$/
const POLICIES = /\\(?:windows defender|microsoft antimalware|terminal server)\\/i
const isMereSetting = ({ kind, reason, to }: Row): boolean =>
  kind === 'wrote-registry' && (MERE_SETTINGS.test(reason.key) || POLICIES.test(to.name))
const cite = async (context: ReportContext, rows: readonly Row[]): Promise<readonly Inline[]> => {
  const proofs = await Promise.all(
    rows.slice(0, MAX_CITED).map((row) => proofsOfEvents(context, row.events.slice(0, 1))),
  )
  return citeProofs(context.cite, { sources: proofs.flatMap((proof) => proof.sources), total: 0 })
}

function credentialLines(context: ReportContext, { rows, places }: OtherActs): Promise<readonly Line[]> {
  const taken = rows.filter((row) => row.kind === 'accessed-credentials').slice(0, MAX_SENTENCES)
  return Promise.all(
    taken.map(async (row): Promise<Line> => [
      context.words('beside.credentials', {
        from: placedName(row.from, places),
        to: printedName(row.to),
        at: timeWords(context, row.firstAt),
      }),
      ...(await cite(context, [row])),
    ]),
  )
}

async function actLines(context: ReportContext, { rows, places }: OtherActs): Promise<readonly Line[]> {
  const lines: Line[] = []
  for (const kind of OTHER_ACTS) {
    const found = rows.filter((row) => row.kind === kind && !isMereSetting(row))
    if (kind === 'accessed-credentials' || found.length === 0) continue
    const names = [...new Set(found.map((row) => placedName(row.to, places)))]
    const first = names.slice(0, MAX_NAMES).join(', ')
    const left = names.length - MAX_NAMES
    const named = left > 0 ? context.words('beside.moreNames', { names: first, n: left }) : first
    lines.push([
      context.words(`beside.${kind}`, { count: new Set(found.map((row) => row.to.id)).size, names: named }),
      ...(await cite(context, found)),
    ])
  }
  return lines
}

async function failedLines(context: ReportContext, story: Story): Promise<readonly Line[]> {
  const attempts = await findFailedAttempts(context, story)
  const shown = attempts.slice(0, MAX_SENTENCES)
  const lines = shown.map((attempt): Line => [
    context.words('beside.failed', {
      count: attemptsOf(attempt),
      account: attempt.account === '' ? shared('unknown') : attempt.account,
      source: attempt.source === '' ? shared('unknown') : attempt.source,
      target: attempt.target === null ? shared('unknown') : printedName(attempt.target),
      at: context.time(attempt.from),
    }),
    ...citeAttempt(context, attempt),
  ])
  const rest = attempts.slice(MAX_SENTENCES)
  const [next] = rest
  return next === undefined
    ? lines
    : [...lines, [context.words('beside.failedMore', { count: rest.length }), ...citeAttempt(context, next)]]
}

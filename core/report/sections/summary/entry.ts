import type { ReportContext } from '../../context.ts'
import type { Line } from '../../document.ts'
import { printedName } from '../../entity-text.ts'
import { citeHop, citeSources } from '../../facts/citations.ts'
import { weightyFindings } from '../../facts/findings.ts'
import type { Story } from '../../facts/story.ts'
import { findVector, hasArrived, sourcesOfVector, type Vector } from '../../facts/vector.ts'
import { defangAddress } from '../../render/text.ts'
import { kindWords } from '../../words.ts'
import { timeWords } from './time-words.ts'

/** What is told of how it began. */
export interface Entry {
  /** Before the path: its own entry, or that none is known. */
  readonly before: readonly Line[]
  /** Behind it: the mail of another finding than the one whose path is told. */
  readonly after: readonly Line[]
}

/** What came in, and how many of those who got it touched it; apart from the path where it is not that of the path. */
export async function entryOf(context: ReportContext, story: Story | undefined): Promise<Entry> {
  const vector = await findVector(context)
  if (vector === undefined) return { before: await withoutVector(context, story), after: [] }
  const lines = await vectorLines(context, vector)
  const isOfPath = story === undefined || story.finding === null || vector.finding === story.finding
  return isOfPath ? { before: lines, after: [] } : { before: await beginning(context, story), after: lines }
}

/** The asset a path begins with that no mail leads into. */
async function beginning(context: ReportContext, story: Story): Promise<readonly Line[]> {
  const [first] = story.path.hops
  if (first === undefined) return []
  return [
    [
      context.words('entryOther', { kind: kindWords(story.from.kind), name: printedName(story.from) }),
      ...(await citeHop(context, first)),
    ],
  ]
}

async function withoutVector(context: ReportContext, story: Story | undefined): Promise<readonly Line[]> {
  const { words } = context
  if (story !== undefined && story.path.hops.length > 0) return beginning(context, story)
  const findings = await weightyFindings(context)
  if (findings.length === 0 || context.case.counts.messages === 0) return []
  const perhaps = findings.find(({ finding }) => finding.emailVector !== null)
  const named = perhaps?.finding.emailVector
  if (perhaps === undefined || !named) return [[words('noMail')]]
  const { sources } = await context.ask('mail.get', { id: named.message.id })
  return [
    [
      words('mailPerhaps', { n: perhaps.number, subject: printedName(named.message) }),
      ...citeSources(context, sources.slice(0, 2), sources.length),
    ],
  ]
}

async function vectorLines(context: ReportContext, vector: Vector): Promise<readonly Line[]> {
  const { words } = context
  const { message, finding, isPerhaps } = vector
  const sources = citeSources(
    context,
    (await sourcesOfVector(context, message)).slice(0, 3),
    message.sources.length,
  )
  const isDelivered = await hasArrived(context, message)
  const arrivals = message.recipients.flatMap(({ deliveredAt }) => deliveredAt ?? [])
  const deliveredAt = [...arrivals, ...(message.deliveredAt === null ? [] : [message.deliveredAt])].sort()[0]
  const params = {
    entry: finding === null ? words('entry') : words('entryOf', { n: finding }),
    subject: printedName({ kind: 'message', name: message.subject }),
    sender: defangAddress(message.from),
    at: timeWords(context, isDelivered ? (deliveredAt ?? message.sentAt) : message.sentAt),
    // Copies are listed by some exports only; others name recipients and when each got it.
    count: Math.max(message.mailboxes, arrivals.length),
  }
  const key = deliveredAt === undefined ? 'entryMailSent' : isDelivered ? 'entryMail' : 'entryMailNamed'
  const clicked = message.recipients.filter(
    (one) => one.clickedAt !== null && !one.perhaps.includes('clicked'),
  )
  const executed = message.recipients.filter(
    (one) => one.executedAt !== null && !one.perhaps.includes('executed'),
  )
  const sure = new Set([...clicked, ...executed])
  const perhaps = message.recipients.filter((one) => one.perhaps.length > 0 && !sure.has(one))
  return [
    [words(key, params), ...(isPerhaps ? [words('entryPerhaps')] : []), ...sources],
    [
      words('recipients', {
        total: words('recipients.total', { count: message.recipients.length }),
        clicked: clicked.length,
        executed: executed.length,
      }),
      ...(perhaps.length > 0 ? [words('recipientsPerhaps', { count: perhaps.length })] : []),
      ...sources,
    ],
  ]
}

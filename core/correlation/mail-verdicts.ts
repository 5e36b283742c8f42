import { readDetail } from './accounts.ts'
import { proofOf } from './drafts.ts'
import { type MailThreat, saidInAlert, saidInHeaders, threatIn } from './mail-threats.ts'
import { MessageNames, type NamesMessage } from './message-names.ts'
import type { RelationDraft } from './rule.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** What the tables of Defender and the headers of Exchange Online Protection do not say of themselves. */
const DEFENDER = 'Microsoft Defender for Office 365'
const EXCHANGE = 'Exchange Online'

/** A mail product's verdict on one message. */
export interface MailVerdict {
  /** Entity id of the message. */
  readonly message: number
  readonly threat: MailThreat
  /** In the words of the product. */
  readonly said: string
  readonly product: string
  readonly isSure: boolean
  readonly at: number | null
  readonly proof: RelationDraft['proof']
}

/** A verdict of a click whose message is not among the evidence (chats, documents, mail that was not exported). */
export interface ClickVerdict {
  readonly event: ViewEvent
  readonly said: string
}

/** All that mail products said of messages and clicks in the case. */
export interface Verdicts {
  readonly messages: readonly MailVerdict[]
  readonly clicks: readonly ClickVerdict[]
}

const judged = `SELECT m.entity_id AS message, m.event_id AS eventId, m.evidence_id AS evidenceId, m.record,
  coalesce(m.delivered_at, m.sent_at) AS at, m.headers FROM message m WHERE m.entity_id IS NOT NULL
  AND (m.headers LIKE '%"ThreatTypes"%' OR m.headers LIKE '%CAT:PH%' OR m.headers LIKE '%CAT:HPH%' OR m.headers LIKE '%CAT:MALW%'
  OR m.headers LIKE '%CAT:AMP%' OR m.headers LIKE '%CAT:INTOS%') ORDER BY m.id`
interface JudgedRow {
  readonly message: number
  readonly eventId: number
  readonly evidenceId: number
  readonly record: number
  readonly at: number | null
  readonly headers: string
}

const FIELDS = [
  'messageId',
  'networkMessageId',
  'provider',
  'rule',
  'severity',
  'detail',
  'account',
  'url',
  'outcome',
  'action',
] as const
/** Events that say what a product holds against a message. */
const KINDS = ['alert', 'malware-detected', 'mail-removed', 'url-click'] as const

/** Reads what mail products said: of their message tables, alerts, later removals and logs of clicks. */
export function readVerdicts(view: CorrelationView): Verdicts {
  const messages: MailVerdict[] = [...inHeaders(view)]
  const clicks: ClickVerdict[] = []
  const named = [...spoken(view)]
  const names = new MessageNames(
    view,
    named.map(({ event }) => event.fields),
  )
  for (const { event, said, threat, product, isSure } of named) {
    const found = names.of(event.fields)
    for (const message of found)
      messages.push({ message, threat, said, product, isSure, at: event.at, proof: proofOf(event) })
    if (found.length === 0 && event.kind === 'url-click') clicks.push({ event, said })
  }
  return { messages, clicks }
}

function* inHeaders(view: CorrelationView): Generator<MailVerdict> {
  for (const row of view.mailTables.prepare(judged).iterate() as IterableIterator<JudgedRow>) {
    const headers = new Map(
      (JSON.parse(row.headers) as { name: string; value: string }[]).map(({ name, value }) => [
        name.toLowerCase(),
        value,
      ]),
    )
    const said = saidInHeaders(headers)
    if (!said) continue
    const { message, at, eventId, evidenceId, record } = row
    const product = headers.has('threattypes') ? DEFENDER : EXCHANGE
    yield { message, ...said, product, at, proof: [{ eventId, evidenceId, record }] }
  }
}

type Spoken = Pick<MailVerdict, 'threat' | 'said' | 'product' | 'isSure'> & { readonly event: ViewEvent }

function* spoken(view: CorrelationView): Generator<Spoken> {
  for (const event of view.events(KINDS, FIELDS)) {
    const { fields } = event
    if (event.kind !== 'url-click' && !isNamed(fields)) continue
    if (event.kind === 'alert') {
      const said = saidInAlert(fields)
      if (said) yield { event, product: fields.provider ?? DEFENDER, ...said }
      continue
    }
    const said =
      event.kind === 'malware-detected'
        ? fields.rule
        : event.kind === 'mail-removed'
          ? readDetail(fields.detail, 'ThreatTypes')
          : fields.severity
    const threat = event.kind === 'malware-detected' ? 'malware' : threatIn(said)
    if (said === undefined || threat === undefined) continue
    const product = fields.provider ?? (event.kind === 'malware-detected' ? EXCHANGE : DEFENDER)
    yield { event, threat, said, product, isSure: true }
  }
}

const isNamed = ({ messageId, networkMessageId }: NamesMessage): boolean =>
  messageId !== undefined || networkMessageId !== undefined

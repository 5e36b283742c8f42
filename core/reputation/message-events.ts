import type { EventKind } from '../model/event.ts'
import { toAddressKey } from '../normalise/mail.ts'
import { parseUrl } from '../normalise/url.ts'
import { unwrapUrl } from '../normalise/url-unwrap.ts'
import { kindNumber, kindOfNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { type ActionRecord, type MailAction, toMailAction } from './action-history.ts'
import { oncePerState } from './case-cache.ts'

/** An event that names a message, or a click that names one of its links. */
export interface MessageEvent {
  readonly id: number
  readonly at: number | null
  readonly kind: EventKind
  readonly evidenceId: number
  readonly record: number
  readonly userId: number | null
  readonly endpointId: number | null
  /** Address of whose mailbox or click it is; '' when nobody is named. */
  readonly mailbox: string
  readonly action: string
  readonly outcome: string
  /** Normal form of the address that was clicked. */
  readonly url: string | null
}

/** Kinds that name messages, apart from the event that each stored copy is itself. */
const KINDS: readonly EventKind[] = [
  'mail-removed',
  'mail-released',
  'mailbox-access',
  'mailbox-change',
  'alert',
  'malware-action',
  'cloud-activity',
  'url-click',
]
const columns = `v.id, v.at, v.kind, v.evidence_id, v.record, v.user_id, v.endpoint_id, i.v AS message_id, n.v AS network_id,
  a.v AS action, o.v AS outcome, r.v AS rule, d.v AS detail, p.v AS recipient, x.v AS mail, c.v AS account, u.v AS url`
const joins = `LEFT JOIN str i ON i.id = v.message_id LEFT JOIN str n ON n.id = v.network_message_id LEFT JOIN str a ON a.id = v.action
  LEFT JOIN str o ON o.id = v.outcome LEFT JOIN str r ON r.id = v.rule LEFT JOIN str d ON d.id = v.detail
  LEFT JOIN str p ON p.id = v.recipient LEFT JOIN str x ON x.id = v.account_mail LEFT JOIN str c ON c.id = v.account
  LEFT JOIN str u ON u.id = v.url`
const ofKind = `SELECT ${columns} FROM event v ${joins} WHERE v.kind = ? AND (v.message_id IS NOT NULL OR v.network_message_id IS NOT NULL OR v.kind = ?)`
/** Steps that a mail log tells in kinds of their own way stand as `generic` in evidence that also holds messages. */
const generic = `SELECT ${columns} FROM (SELECT DISTINCT evidence_id FROM message) e CROSS JOIN event v ON v.evidence_id = e.evidence_id
  ${joins} WHERE +v.kind = ? AND (v.message_id IS NOT NULL OR v.network_message_id IS NOT NULL)`
const copies = 'SELECT entity_id, message_id, unique_id FROM message WHERE entity_id IS NOT NULL'

interface Row {
  id: number
  at: number | null
  kind: number
  evidence_id: number
  record: number
  user_id: number | null
  endpoint_id: number | null
  message_id: string | null
  network_id: string | null
  action: string | null
  outcome: string | null
  rule: string | null
  detail: string | null
  recipient: string | null
  mail: string | null
  account: string | null
  url: string | null
}

/** Events about messages: by the message they name, and clicks by the address alone. */
export interface MessageEvents {
  /** Entity id of the message -> events that name it by Message-ID or by the id of the mail system. */
  readonly ofMessage: ReadonlyMap<number, readonly MessageEvent[]>
  /** Normal form of a URL -> clicks that name no message. */
  readonly clicksOf: ReadonlyMap<string, readonly MessageEvent[]>
}

const EMPTY: MessageEvents = { ofMessage: new Map(), clicksOf: new Map() }

function push<K>(map: Map<K, MessageEvent[]>, key: K, event: MessageEvent): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [event])
  else known.push(event)
}

/** Whose mailbox or click: the address the source gives the account, the account when it is one, else the recipient. */
const ownerOf = (row: Row): string =>
  toAddressKey(row.mail ?? '') ?? toAddressKey(row.account ?? '') ?? toAddressKey(row.recipient ?? '') ?? ''

function normalUrl(text: string | null): string | null {
  if (text === null) return null
  return parseUrl(unwrapUrl(text) ?? text)?.text ?? null
}

/** All of the case, read once per state of it. */
export const messageEvents = oncePerState((db: ReadStore): MessageEvents => {
  const byId = new Map<string, number>()
  for (const row of db.prepare(copies).iterate() as IterableIterator<{
    entity_id: number
    message_id: string | null
    unique_id: string | null
  }>) {
    if (row.message_id !== null) byId.set(`i ${row.message_id}`, row.entity_id)
    if (row.unique_id !== null) byId.set(`n ${row.unique_id.toLowerCase()}`, row.entity_id)
  }
  if (byId.size === 0) return EMPTY
  const ofMessage = new Map<number, MessageEvent[]>()
  const clicksOf = new Map<string, MessageEvent[]>()
  const add = (row: Row): void => {
    const kind = kindOfNumber(row.kind)
    const message =
      (row.message_id === null ? undefined : byId.get(`i ${row.message_id}`)) ??
      (row.network_id === null ? undefined : byId.get(`n ${row.network_id.toLowerCase()}`))
    const event: MessageEvent = {
      id: row.id,
      at: row.at,
      kind,
      evidenceId: row.evidence_id,
      record: row.record,
      userId: row.user_id,
      endpointId: row.endpoint_id,
      mailbox: ownerOf(row),
      action: wordOf(row, kind),
      outcome: row.outcome ?? '',
      url: kind === 'url-click' ? normalUrl(row.url) : null,
    }
    if (message !== undefined) push(ofMessage, message, event)
    else if (event.url !== null && row.message_id === null && row.network_id === null)
      push(clicksOf, event.url, event)
  }
  const click = kindNumber('url-click')
  for (const kind of KINDS)
    for (const row of db.prepare(ofKind).iterate(kindNumber(kind), click) as IterableIterator<Row>) add(row)
  for (const row of db.prepare(generic).iterate(kindNumber('generic')) as IterableIterator<Row>) add(row)
  return { ofMessage, clicksOf }
})

/** The word that tells where the copy went: of a removal also its rule and details when the action alone does not say. */
function wordOf(row: Row, kind: EventKind): string {
  const action = row.action ?? ''
  if (kind !== 'mail-removed' || toMailAction(action) !== 'other') return action
  const told = [row.rule, row.detail].find((text) => text !== null && toMailAction(text) !== 'other')
  return told === undefined
    ? action
    : told === null
      ? action
      : [action, told]
          .filter((text) => text !== '')
          .join(' · ')
          .slice(0, 200)
}

const stepKinds: ReadonlySet<EventKind> = new Set([
  'mail-removed',
  'mail-released',
  'mailbox-change',
  'alert',
  'malware-action',
  'cloud-activity',
  'generic',
])

/** A copy that was given back is told so by its kind, whatever the word (`Redelivered`, `Move to inbox`). */
function meaningOf({ kind, action }: MessageEvent): MailAction {
  const meant = toMailAction(action)
  return kind === 'mail-released' && meant !== 'restored' ? 'released' : meant
}

/** What an event did to the copy; undefined when it did nothing to it. */
export function toActionRecord(event: MessageEvent): ActionRecord | undefined {
  if (!stepKinds.has(event.kind)) return undefined
  const meant = meaningOf(event)
  if (meant === 'other' && event.kind !== 'mail-removed') return undefined
  return {
    mailbox: event.mailbox,
    at: event.at,
    word: event.action === '' ? event.kind : event.action,
    action: meant === 'other' ? 'deleted' : meant,
    succeeded: event.outcome !== 'failure',
    event: event.id,
    source: { evidenceId: event.evidenceId, record: event.record },
  }
}

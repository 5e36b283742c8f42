import type { EventKind } from '../model/event.ts'
import { kindOfNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import type { ActionRecord } from './action-history.ts'

/** What put a copy into quarantine, as its record says it. */
export interface QuarantineCause {
  readonly filter: 'web-reputation' | 'other'
  /** The word of the evidence. */
  readonly word: string
}

const eventOf = `SELECT v.kind, r.v AS rule, d.v AS detail FROM event v LEFT JOIN str r ON r.id = v.rule LEFT JOIN str d ON d.id = v.detail
  WHERE v.id = ?`
const headersOf = 'SELECT headers FROM message WHERE entity_id = ? AND evidence_id = ? AND record = ?'

/** The filter by its names in the three languages of its console; Defender calls its own `URL malicious reputation`. */
const WEB_REPUTATION = /web\s*reputation|webレピュテーション|網頁信譽|\burl\b.*\breputation\b/i
/** Names of facts that tell the cause, most exact first: of the security events of a mail scanner, then of Defender's tables. */
const FACTS = [
  'filter',
  'virus',
  'ransomware',
  'data loss',
  'DetectionMethods',
  'detection',
  'ActionType',
  'ThreatTypes',
  'threats',
] as const
/** Of these the columns of a mail table. */
const COLUMNS = ['DetectionMethods', 'ThreatTypes'] as const
/** Headers that a mail itself brought could name any cause its sender likes. */
const OF_A_MAIL = /^(?:from|received|return-path|date|subject|to|message-id)$/i
/** What a security event is about when it names no filter: `virtualanalyzer`, `ransomware`, `dlp`. */
const OTHER_EVENT = /virtual|ransom|dlp|malware|virus|spam/i
/** A list of a hundred names is for the raw record. */
const MAX_WORD = 200

/** Reads what put copies into quarantine. W31 takes back what Web Reputation did, nothing else. */
export class QuarantineCauses {
  readonly #event
  readonly #headers
  constructor(db: ReadStore) {
    this.#event = db.prepare(eventOf)
    this.#headers = db.prepare(headersOf).pluck()
  }

  /**
   * @param message entity id of the message the record is about
   * @returns undefined when the record names no cause
   */
  of(message: number, record: ActionRecord): QuarantineCause | undefined {
    return this.#byEvent(record) ?? this.#byHeaders(message, record)
  }

  #byEvent({ event }: ActionRecord): QuarantineCause | undefined {
    type Row = { kind: number; rule: string | null; detail: string | null }
    const row = event === null ? undefined : (this.#event.get(event) as Row | undefined)
    if (row === undefined) return undefined
    const facts = toFacts(row.detail ?? '')
    const named = FACTS.map((name) => facts.get(name.toLowerCase())).find((word) => word !== undefined)
    if (named !== undefined) return toCause(named)
    const about = facts.get('event')
    if (about !== undefined && OTHER_EVENT.test(about)) return toCause(about)
    const kind: EventKind = kindOfNumber(row.kind)
    return kind === 'malware-action' ? toCause(row.rule ?? kind, 'other') : undefined
  }

  /** Mail tables keep what the product said of a message where other copies have their headers. */
  #byHeaders(message: number, { source }: ActionRecord): QuarantineCause | undefined {
    const text = this.#headers.get(message, source.evidenceId, source.record) as string | undefined
    if (text === undefined) return undefined
    const headers = JSON.parse(text) as { name: string; value: string }[]
    if (headers.some(({ name }) => OF_A_MAIL.test(name))) return undefined
    const named = COLUMNS.map((name) => headers.find((header) => header.name === name)?.value).find(
      (word) => word !== undefined,
    )
    return named === undefined ? undefined : toCause(named)
  }
}

/** `filter: Web Reputation; risk: …`, as importers write details. */
function toFacts(detail: string): ReadonlyMap<string, string> {
  const facts = new Map<string, string>()
  for (const part of detail.split('; ')) {
    const cut = part.indexOf(': ')
    const name = part.slice(0, Math.max(0, cut)).toLowerCase()
    const value = part.slice(cut + 2).trim()
    if (cut > 0 && value !== '' && !facts.has(name)) facts.set(name, value)
  }
  return facts
}

/** Web Reputation alone: of several methods (`{"Phish":["URL malicious reputation","File reputation"]}`) every one must be it. */
function toCause(named: string, filter?: 'other'): QuarantineCause {
  const lists = [...named.matchAll(/\[([^\]]*)\]/g)].map(([, inside]) => inside ?? '')
  const words = (lists.length > 0 ? lists.join(',') : named)
    .split(',')
    .map((word) => word.replace(/["']/g, '').trim())
    .filter((word) => word !== '')
  const isWeb = words.length > 0 && words.every((word) => WEB_REPUTATION.test(word))
  return {
    filter: filter ?? (isWeb ? 'web-reputation' : 'other'),
    word: (words.join(', ') || named).slice(0, MAX_WORD),
  }
}

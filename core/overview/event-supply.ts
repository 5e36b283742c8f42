import { Turn } from '../jobs/turn.ts'
import type { EventFieldName, EventKind } from '../model/event.ts'
import { EVENT_KINDS } from '../model/event.ts'
import { columnOf, kindNumber } from '../store/event-columns.ts'
import { hasEventCounts, HOUR_US } from '../store/event-counts.ts'
import type { ReadStore } from '../store/store.ts'

const kept = 'SELECT kind, sum(count) AS count FROM event_count GROUP BY kind'
const counted = 'SELECT kind, count(*) AS count FROM event GROUP BY kind'

/** Hours that are looked at for a field, the fullest of each evidence item, and rows of each. */
const MAX_HOURS = 100
const MAX_ROWS = 100
const hours = `SELECT hour, max(count) AS count FROM event_count WHERE kind = ? GROUP BY evidence_id ORDER BY count DESC LIMIT ${MAX_HOURS}`
const rowsWith = (column: string): string =>
  `SELECT count(value) FROM (SELECT ${column} AS value FROM event WHERE kind = ? AND at >= ? AND at < ? LIMIT ${MAX_ROWS})`

/** Which kinds of events the case holds, and whether they carry a field: what rules have to work with. */
export class EventSupply {
  readonly #db: ReadStore
  readonly #counts: ReadonlyMap<number, number>

  constructor(db: ReadStore) {
    this.#db = db
    const rows = db.prepare(hasEventCounts(db) ? kept : counted).all() as { kind: number; count: number }[]
    this.#counts = new Map(rows.map(({ kind, count }) => [kind, count]))
  }

  /** Events of any of the kinds. */
  count(kinds: readonly EventKind[]): number {
    return kinds.reduce((sum, kind) => sum + (this.#counts.get(kindNumber(kind)) ?? 0), 0)
  }

  /**
   * Whether some event of the kinds has the field. Looks at the fullest hour of each evidence item only, so that it takes no longer in a
   * large case, and answers others meanwhile; true where a case of an older version keeps no counts to find them by.
   */
  async carries(kinds: readonly EventKind[], field: EventFieldName): Promise<boolean> {
    if (!hasEventCounts(this.#db)) return true
    const rows = this.#db.prepare(rowsWith(columnOf(field))).pluck()
    const turn = new Turn()
    for (const kind of kinds.map(kindNumber))
      for (const { hour } of this.#db.prepare(hours).all(kind) as { hour: number }[]) {
        if (Number(rows.get(kind, hour * HOUR_US, (hour + 1) * HOUR_US)) > 0) return true
        await turn.end()
      }
    return false
  }
}

/** What rules read, by the export that brings it (the rules' own `needs`, grouped). */
export const SUPPLIES = {
  processes: ['process-start', 'process-end'],
  logons: ['logon', 'logoff', 'logon-failure', 'session-connect', 'explicit-credentials', 'system-start'],
  network: ['network-connection', 'dns-query', 'http-request', 'tls-connection'],
  clicks: ['url-click'],
  signIns: ['cloud-sign-in'],
  mailboxes: ['mailbox-access', 'mailbox-rule', 'mailbox-change', 'mail-sent', 'cloud-activity'],
  scripts: ['script-block', 'script-module'],
  files: ['file-create', 'file-modify', 'file-rename', 'file-stream'],
  settings: [
    'registry-set',
    'registry-rename',
    'service-install',
    'task-create',
    'wmi-filter',
    'wmi-consumer',
    'wmi-binding',
  ],
  memory: ['process-access', 'remote-thread', 'process-tamper', 'pipe-create', 'pipe-connect'],
  controllers: [
    'kerberos-tgt',
    'kerberos-service',
    'kerberos-failure',
    'ntlm-validation',
    'directory-access',
    'directory-query',
    'directory-change',
  ],
} as const satisfies Record<string, readonly EventKind[]>

/**
 * Kinds that rules read and that are rare by nature, or (loaded libraries) left out by sensors unless somebody asks for them: that none was recorded
 * says nothing of what was exported.
 */
export const OCCASIONAL: readonly EventKind[] = EVENT_KINDS.filter((kind) =>
  /^(?:generic|share-|object-access|log-clear|audit-change|malware-|protection-change|bits-transfer|account-|password-change|group-change|device-connect|mail-released|mail-removed|alert|image-load|driver-load|service-change)/.test(
    kind,
  ),
)

import type { MatrixCell, MatrixRow } from '../contract/nouns/exposure.ts'
import type { EntityRef } from '../contract/shapes.ts'
import type { RelationKind } from '../model/relation.ts'
import { type Exposure, Exposures } from '../reputation/exposure.ts'
import { type UnknownVisit, UnknownVisits } from '../reputation/unknown-visits.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'

const kindsOf = `SELECT id, kind, first_at FROM relation WHERE id IN (SELECT value FROM json_each(?)) ORDER BY first_at, id`
const between = 'SELECT id FROM relation WHERE kind = ? AND from_id = ? AND to_id = ?'
const copies = `SELECT DISTINCT evidence_id FROM message WHERE entity_id = ? AND (mailbox = ? OR ? IS NULL) ORDER BY evidence_id LIMIT 20`
const proofOf = `SELECT DISTINCT event_id AS event, evidence_id AS evidence FROM relation_proof WHERE relation_id IN (SELECT value FROM json_each(?)) LIMIT 50`
const eventsOf =
  'SELECT id, kind, evidence_id AS evidence FROM event WHERE id IN (SELECT value FROM json_each(?)) ORDER BY at, id'
/** Logons of a user that may be the one at a time. */
const logons = `SELECT id FROM relation WHERE kind = 'logged-on-to' AND from_id = ? AND first_at <= ? AND last_at >= ? ORDER BY first_at DESC LIMIT 5`
const nameOf = `SELECT id, kind, name FROM entity WHERE id = ?`

const CLICKS: ReadonlySet<RelationKind> = new Set<RelationKind>(['clicked-by', 'opened-on', 'downloaded-to'])
const RUNS: ReadonlySet<RelationKind> = new Set<RelationKind>(['executed-as'])
const SHOWN = 20
const MAILBOX_ACCESS = kindNumber('mailbox-access')

/** Builds the rows of recipients, each cell with where it is known from. Statements are prepared once for many messages. */
export class MatrixRows {
  readonly #exposures: Exposures
  readonly #visits: UnknownVisits
  readonly #kinds
  readonly #between
  readonly #copies
  readonly #proof
  readonly #events
  readonly #name
  readonly #uses
  readonly #logons

  constructor(db: ReadStore, now: number, many: boolean) {
    this.#exposures = new Exposures(db, now, many)
    this.#visits = new UnknownVisits(db, now)
    this.#kinds = db.prepare(kindsOf)
    this.#between = db.prepare(between).pluck()
    this.#copies = db.prepare(copies).pluck()
    this.#proof = db.prepare(proofOf)
    this.#events = db.prepare(eventsOf)
    this.#name = db.prepare(nameOf)
    this.#logons = db.prepare(logons).pluck()
    this.#uses = db.prepare('SELECT uses FROM relation WHERE id = ?').pluck()
  }

  /**
   * @param message entity id
   * @param mailboxes entity ids, when only what was done in these is asked for
   */
  of(message: number, mailboxes?: ReadonlySet<number>): MatrixRow[] {
    const row = this.#name.get(message) as { id: number; kind: EntityRef['kind']; name: string } | undefined
    if (!row) return []
    const ref = { id: String(row.id), kind: row.kind, name: row.name }
    const rows = this.#exposures.of(message, mailboxes).map((one) => this.#row(message, ref, one))
    // What nobody known did was not done in a mailbox that is asked for.
    return mailboxes ? rows : [...rows, ...this.#visits.of(message).map((visit) => this.#visit(ref, visit))]
  }

  #visit(message: EntityRef, visit: UnknownVisit): MatrixRow {
    const events = this.#events.all(JSON.stringify(visit.events)) as { id: number; evidence: number }[]
    const cell = cellOfEvents(visit.at, events)
    return {
      message,
      isRecipient: false,
      address: visit.source,
      mailbox: null,
      user: null,
      endpoint: null,
      recordedAction: null,
      delivered: null,
      opened: null,
      clicked: visit.isBlocked ? null : cell,
      blocked: visit.isBlocked ? cell : null,
      executed: null,
      perhaps: [],
      loggedOn: null,
      removedAt: null,
    }
  }

  #row(message: number, ref: EntityRef, one: Exposure): MatrixRow {
    type Row = { id: number; kind: RelationKind }
    const relations =
      one.relations.length === 0 ? [] : (this.#kinds.all(JSON.stringify(one.relations)) as Row[])
    const ofKinds = (kinds: ReadonlySet<RelationKind>) =>
      relations.filter((relation) => kinds.has(relation.kind)).map((relation) => relation.id)
    const events = this.#eventsOf(one.events)
    const clicks = ofKinds(CLICKS)
    return {
      message: ref,
      isRecipient: one.isRecipient,
      address: one.address,
      mailbox: one.mailbox,
      user: one.user,
      endpoint: one.endpoint,
      recordedAction: one.recordedAction,
      delivered: one.isDelivered ? this.#delivered(message, one) : null,
      opened: one.openedAt === null ? null : cellOfEvents(one.openedAt, events.get('mailbox-access') ?? []),
      clicked:
        one.clickedAt === null && clicks.length === 0
          ? null
          : clicks.length > 0
            ? this.#cell(one.clickedAt, clicks)
            : cellOfEvents(one.clickedAt, events.get('other') ?? []),
      blocked: one.blockedAt === null ? null : cellOfEvents(one.blockedAt, events.get('other') ?? []),
      executed: one.executedAt === null ? null : this.#cell(one.executedAt, ofKinds(RUNS)),
      perhaps: [...one.perhaps],
      loggedOn: this.#loggedOn(one),
      removedAt: toIsoOrNull(one.removedAt),
    }
  }

  #eventsOf(ids: readonly string[]): Map<'mailbox-access' | 'other', { id: number; evidence: number }[]> {
    type Row = { id: number; kind: number; evidence: number }
    const rows = this.#events.all(JSON.stringify(ids.map(Number))) as Row[]
    return Map.groupBy(rows, (row) => (MAILBOX_ACCESS === row.kind ? 'mailbox-access' : 'other'))
  }

  #delivered(message: number, one: Exposure): MatrixCell {
    const relation =
      one.mailbox &&
      (this.#between.get('delivered-to', message, Number(one.mailbox.id)) as number | undefined)
    if (relation != null) return this.#cell(one.deliveredAt, [relation])
    const evidence = this.#copies.all(message, one.address, one.address) as number[]
    return {
      at: toIsoOrNull(one.deliveredAt),
      source: 'copy',
      proof: { relations: [], detections: [], events: [], evidence: evidence.map(String) },
    }
  }

  /** The first logon since the delivery; where there is none, the one whose session it was done in. */
  #loggedOn(one: Exposure): MatrixCell | null {
    if (!one.user) return one.loggedOnAt === null ? null : this.#cell(one.loggedOnAt, [])
    const user = Number(one.user.id)
    const id = one.endpoint
      ? (this.#between.get('logged-on-to', user, Number(one.endpoint.id)) as number | undefined)
      : undefined
    if (id === undefined) {
      if (one.loggedOnAt === null) return null
      return this.#cell(one.loggedOnAt, this.#logons.all(user, one.loggedOnAt, one.loggedOnAt) as number[])
    }
    const acted = one.executedAt ?? one.clickedAt
    const at = one.loggedOnAt ?? (acted === null ? null : this.#lastUse(id, acted))
    return at === null ? null : this.#cell(at, [id])
  }

  #lastUse(relation: number, until: number): number | null {
    const blob = this.#uses.get(relation) as Buffer
    let last: number | null = null
    for (let byte = 0; byte + 8 <= blob.length; byte += 8) {
      const use = blob.readDoubleLE(byte)
      if (use <= until) last = use
    }
    return last
  }

  #cell(at: number | null, relations: readonly number[]): MatrixCell {
    type Row = { event: number | null; evidence: number }
    const rows = this.#proof.all(JSON.stringify(relations)) as Row[]
    return {
      at: toIsoOrNull(at),
      source: 'relation',
      proof: {
        relations: relations.slice(0, SHOWN).map(String),
        detections: [],
        events: [...new Set(rows.flatMap((row) => (row.event === null ? [] : [String(row.event)])))].slice(
          0,
          SHOWN,
        ),
        evidence: [...new Set(rows.map((row) => String(row.evidence)))].slice(0, SHOWN),
      },
    }
  }
}

function cellOfEvents(at: number | null, events: readonly { id: number; evidence: number }[]): MatrixCell {
  return {
    at: toIsoOrNull(at),
    source: 'event',
    proof: {
      relations: [],
      detections: [],
      events: events.slice(0, SHOWN).map((event) => String(event.id)),
      evidence: [...new Set(events.map((event) => String(event.evidence)))].slice(0, SHOWN),
    },
  }
}

/** Those who did most first; then in the order of time and address. */
export function compareRows(a: MatrixRow, b: MatrixRow): number {
  return (
    depthOf(b) - depthOf(a) ||
    textOrder(timeOf(a), timeOf(b)) ||
    textOrder(a.address, b.address) ||
    Number(a.message.id) - Number(b.message.id)
  )
}

const depthOf = (row: MatrixRow): number =>
  row.executed ? 5 : row.clicked ? 4 : row.blocked ? 3 : row.opened ? 2 : row.delivered ? 1 : 0
const timeOf = (row: MatrixRow): string =>
  (row.executed ?? row.clicked ?? row.blocked ?? row.opened ?? row.delivered)?.at ?? '~'
const textOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

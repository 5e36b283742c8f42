import type { PackedNetwork } from '../graph/packed-network.ts'
import type { EventKind } from '../model/event.ts'
import { KINDS_FROM_OUTSIDE, type Recorder, TOLD_BY_DIRECTORY } from '../model/recorder.ts'
import { kindOfNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { stringFinder } from '../store/strings.ts'
import type { Seed } from './seed.ts'
import { detectionsOf } from './source-counts.ts'

/**
 * A source that could not have made what another one recorded: who recorded it, and of endpoints which one. Several logs and sensors of
 * one endpoint are one source, several files of one log too; what an endpoint and a domain controller recorded of one logon are two.
 */
export interface Origin {
  readonly recorder: Recorder
  /** Row id of the endpoint that recorded. */
  readonly endpoint: number | null
}

/** A relation of thousands of uses is proved by the first as by the last. */
const MAX_PROOFS = 16
const proofs = `SELECT event_id AS event, evidence_id AS evidence FROM relation_proof
    WHERE relation_id IN (SELECT value FROM json_each(@relations)) AND position < ${MAX_PROOFS}
  UNION SELECT event_id, evidence_id FROM detection_proof
    WHERE detection_id IN (SELECT value FROM json_each(@detections)) AND position < ${MAX_PROOFS}`
const ofEvents = `SELECT DISTINCT e.kind, e.endpoint_id AS endpoint, e.process_path IS NOT NULL AS isAtProcess,
  coalesce(e.channel, 0) IN (SELECT value FROM json_each(@tables)) AS isTold
  FROM (${proofs}) p JOIN event e ON e.id = p.event`
const withoutEvent = `SELECT DISTINCT evidence FROM (${proofs}) WHERE event IS NULL`
const holdsDirectory = 'SELECT 1 FROM directory_object WHERE evidence_id = ? LIMIT 1'

interface Row {
  readonly kind: number
  readonly endpoint: number | null
  readonly isAtProcess: 0 | 1
  readonly isTold: 0 | 1
}

/** Counts the independent sources behind the steps of a story. */
export class IndependentSources {
  readonly #network: PackedNetwork
  readonly #ofEvents
  readonly #withoutEvent
  readonly #holdsDirectory
  readonly #tables: string

  constructor(db: ReadStore, network: PackedNetwork) {
    this.#network = network
    this.#ofEvents = db.prepare(ofEvents)
    this.#withoutEvent = db.prepare(withoutEvent).pluck()
    this.#holdsDirectory = db.prepare(holdsDirectory).pluck()
    const find = stringFinder(db)
    this.#tables = JSON.stringify(TOLD_BY_DIRECTORY.flatMap((name) => find(name) ?? []))
  }

  /** Each once: endpoints first, by id, then the others in the order of their names. */
  of(seeds: readonly Seed[], relations: readonly number[]): Origin[] {
    const asked = {
      relations: JSON.stringify(relations.map((relation) => this.#network.ids[relation] ?? 0)),
      detections: JSON.stringify(detectionsOf(seeds)),
    }
    const found = new Map<string, Origin>()
    const note = (origin: Origin): void => {
      found.set(`${origin.recorder}|${origin.endpoint ?? ''}`, origin)
    }
    for (const row of this.#ofEvents.all({ ...asked, tables: this.#tables }) as Row[]) note(originOf(row))
    for (const evidence of this.#withoutEvent.all(asked) as number[])
      note({
        recorder: this.#holdsDirectory.get(evidence) === undefined ? 'mail' : 'directory',
        endpoint: null,
      })
    return [...found.values()].sort(
      (a, b) => (a.endpoint ?? Infinity) - (b.endpoint ?? Infinity) || (a.recorder < b.recorder ? -1 : 1),
    )
  }
}

/** What the endpoint's own sensor wrote of a request names the program; a proxy knows none. */
const OF_NETWORK: ReadonlySet<EventKind> = new Set<EventKind>(['network-connection', 'dns-query'])

function originOf({ kind, endpoint, isAtProcess, isTold }: Row): Origin {
  const name = kindOfNumber(kind)
  const outside = isTold === 1 ? 'identity' : KINDS_FROM_OUTSIDE.get(name)
  if (outside !== undefined && !(outside === 'network' && isAtProcess === 1 && endpoint !== null))
    return { recorder: outside, endpoint: null }
  if (endpoint !== null) return { recorder: 'endpoint', endpoint }
  return { recorder: OF_NETWORK.has(name) ? 'network' : 'product', endpoint: null }
}

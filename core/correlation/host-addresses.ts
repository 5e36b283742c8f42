import type { BookEntity } from '../identity/entity-book.ts'
import type { CorrelationView } from './view.ts'

/** An address counts as the endpoint's this long before and after it was seen there: leases change, but not within hours. */
const HOLD_US = 12 * 3_600_000_000

const isOwnable = (ip: string) =>
  ip !== '127.0.0.1' &&
  ip !== '::1' &&
  !ip.startsWith('169.254.') &&
  !ip.startsWith('fe80') &&
  !ip.startsWith('224.') &&
  !ip.startsWith('ff02') &&
  ip !== '0.0.0.0'

/** An address of an endpoint from its first to its last sighting, with the record of the first one met. */
export interface AddressSpan {
  readonly endpointId: number
  first: number
  last: number
  readonly evidenceId: number
  readonly record: number
}

/** IP at a time -> endpoint. Learnt from what endpoints say of themselves; reused addresses do not fuse machines. */
export class HostAddresses {
  readonly #view: CorrelationView
  readonly #seen = new Map<string, AddressSpan[]>()

  constructor(view: CorrelationView) {
    this.#view = view
    for (const event of view.events(['network-connection'], ['sourceIp', 'destinationIp', 'action'])) {
      if (event.endpointId === null || event.at === null) continue
      const own = event.fields.action === 'inbound' ? event.fields.destinationIp : event.fields.sourceIp
      if (own !== undefined) this.#note(own, event.endpointId, event.at, event)
    }
    const hostIps = view.db
      .prepare(
        'SELECT s.v AS ip, e.endpoint_id AS endpointId, min(e.at) AS first, max(e.at) AS last, e.evidence_id AS evidenceId, min(e.record) AS record FROM event e JOIN str s ON s.id = e.host_ip WHERE e.endpoint_id IS NOT NULL AND e.at IS NOT NULL GROUP BY e.host_ip, e.endpoint_id',
      )
      .all() as ({ ip: string } & AddressSpan)[]
    for (const row of hostIps) {
      this.#note(row.ip, row.endpointId, row.first, row)
      this.#note(row.ip, row.endpointId, row.last, row)
    }
  }

  #note(ip: string, endpointId: number, at: number, proof: { evidenceId: number; record: number }): void {
    if (!isOwnable(ip)) return
    const list = this.#seen.get(ip) ?? []
    this.#seen.set(ip, list)
    const near = list.find(
      (span) => span.endpointId === endpointId && at >= span.first - HOLD_US && at <= span.last + HOLD_US,
    )
    if (near) {
      near.first = Math.min(near.first, at)
      near.last = Math.max(near.last, at)
    } else list.push({ endpointId, first: at, last: at, evidenceId: proof.evidenceId, record: proof.record })
  }

  /** The endpoint that had the address at the time; undefined when none or more than one did. */
  find(ip: string | undefined, at: number | null): BookEntity | undefined {
    if (ip === undefined) return undefined
    const spans = (this.#seen.get(ip) ?? []).filter(
      (span) => at === null || (at >= span.first - HOLD_US && at <= span.last + HOLD_US),
    )
    const ids = new Set(spans.map((span) => span.endpointId))
    const [only] = ids
    return ids.size === 1 && only !== undefined ? this.#view.entity(only) : undefined
  }

  /** Spans of all addresses, which become names of their endpoints. */
  spans(): readonly ({ ip: string } & AddressSpan)[] {
    return [...this.#seen].flatMap(([ip, list]) => list.map((span) => ({ ip, ...span })))
  }
}

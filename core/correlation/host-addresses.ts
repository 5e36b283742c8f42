import ipaddr from 'ipaddr.js'
import type { BookEntity } from '../identity/entity-book.ts'
import { FIRST_RECORD, toProof } from '../identity/first-record.ts'
import type { CorrelationView } from './view.ts'

/** An address counts as the endpoint's this long before and after it was seen there: leases change, but not within hours. */
const HOLD_US = 12 * 3_600_000_000

/** Sightings are read in buckets of this length: what lies between first and last of a bucket adds nothing. */
const BUCKET_US = HOLD_US / 2

/** Addresses one machine can have for others to see: not loopback, link-local, multicast (SSDP, LLMNR) or broadcast. */
const OWNABLE = new Set(['unicast', 'private', 'uniqueLocal', 'carrierGradeNat', 'reserved'])
const isOwnable = (ip: string): boolean => ipaddr.isValid(ip) && OWNABLE.has(ipaddr.process(ip).range())

const sightings = `SELECT s.v AS ip, e.endpoint_id AS endpointId, min(e.at) AS first, max(e.at) AS last, ${FIRST_RECORD} AS proof
  FROM event e JOIN str s ON s.id = e.host_ip WHERE e.endpoint_id IS NOT NULL AND e.at IS NOT NULL
  GROUP BY e.host_ip, e.endpoint_id, e.at / ${BUCKET_US} ORDER BY first, endpointId, s.v`

/** An address of an endpoint from its first to its last sighting, with the record of the first one met. */
export interface AddressSpan {
  readonly endpointId: number
  first: number
  last: number
  readonly evidenceId: number
  readonly record: number
}

interface Sighting {
  readonly ip: string
  readonly endpointId: number
  readonly first: number
  readonly last: number
  readonly proof: number
}

/** IP at a time -> endpoint. Learnt from what endpoints say of themselves; reused addresses do not fuse machines. */
export class HostAddresses {
  readonly #view: CorrelationView
  readonly #seen = new Map<string, AddressSpan[]>()

  constructor(view: CorrelationView) {
    this.#view = view
    for (const event of view.events(
      ['network-connection'],
      ['sourceIp', 'destinationIp', 'action', 'protocol'],
    )) {
      if (event.endpointId === null || event.at === null) continue
      // Sysmon calls a datagram inbound and still writes the answering server as its source.
      if (event.fields.action === 'inbound' && event.fields.protocol === 'udp') continue
      const own = event.fields.action === 'inbound' ? event.fields.destinationIp : event.fields.sourceIp
      if (own !== undefined) this.#note(own, event.endpointId, event.at, event)
    }
    for (const row of view.db.prepare(sightings).all() as Sighting[]) {
      this.#note(row.ip, row.endpointId, row.first, toProof(row.proof))
      this.#note(row.ip, row.endpointId, row.last, toProof(row.proof))
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

import ipaddr from 'ipaddr.js'
import type { BookEntity } from '../identity/entity-book.ts'
import { toIp } from '../normalise/host.ts'
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

/** Between sightings of two machines the nearer one had the address, when it is near and the other this much farther off. */
const NEAR_US = 3_600_000_000
const FARTHER = 3

/** Addresses of one answer; a machine has a few. */
const MAX_ANSWERS = 8

/** A machine that no other record of the case knows: a lease given to it ends that of the one before. */
const SOMEBODY = 0

/** An address of an endpoint from its first to its last sighting, with the record of the first one met. */
export interface AddressSpan {
  readonly endpointId: number
  first: number
  last: number
  /** The first sighting is the record of a DHCP server: nobody else had the address right after. */
  isLeased: boolean
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
    // Who looks up a machine of the case learns its address from the company's own name server.
    for (const event of view.events(['dns-query'], ['target', 'detail'])) {
      const { target, detail } = event.fields
      // Names without a domain are called out to the whole subnet, and anybody may answer.
      const named = target?.includes('.') === true ? view.findEndpoint(target) : undefined
      if (!named || event.at === null) continue
      for (const part of (detail ?? '').split(';', MAX_ANSWERS)) {
        const ip = toIp(part.trim())
        if (ip !== undefined) this.#note(ip, named.id, event.at, event)
      }
    }
    for (const event of view.events(['address-lease'], ['hostIp', 'sourceIp', 'sourceHost', 'action'])) {
      const { hostIp, sourceIp, sourceHost, action } = event.fields
      const ip = hostIp ?? sourceIp
      if (event.at === null || ip === undefined || NOT_GIVEN.test(action ?? '')) continue
      const named = sourceHost === undefined ? undefined : view.findEndpoint(sourceHost)?.id
      this.#note(ip, event.endpointId ?? named ?? SOMEBODY, event.at, event, true)
    }
  }

  #note(
    ip: string,
    endpointId: number,
    at: number,
    proof: { evidenceId: number; record: number },
    isLeased = false,
  ): void {
    if (!isOwnable(ip)) return
    const list = this.#seen.get(ip) ?? []
    this.#seen.set(ip, list)
    const near = list.find(
      (span) => span.endpointId === endpointId && at >= span.first - HOLD_US && at <= span.last + HOLD_US,
    )
    if (near) {
      if (at <= near.first) near.isLeased = isLeased || (at === near.first && near.isLeased)
      near.first = Math.min(near.first, at)
      near.last = Math.max(near.last, at)
    } else {
      const { evidenceId, record } = proof
      list.push({ endpointId, first: at, last: at, isLeased, evidenceId, record })
    }
  }

  /**
   * The endpoint that had the address at the time; undefined when none did, or more than one may have. Of two machines
   * with it on one day, the one whose sightings enclose the time had it; between their sightings a lease decides, else
   * nearness that leaves no doubt.
   */
  find(ip: string | undefined, at: number | null): BookEntity | undefined {
    if (ip === undefined) return undefined
    const spans = (this.#seen.get(ip) ?? []).filter(
      (span) => at === null || (at >= span.first - HOLD_US && at <= span.last + HOLD_US),
    )
    const ids = new Set(spans.map((span) => span.endpointId))
    const [only] = ids
    const holder = ids.size === 1 || at === null ? (ids.size === 1 ? only : undefined) : holderOf(spans, at)
    return holder === undefined || holder === SOMEBODY ? undefined : this.#view.entity(holder)
  }

  /** Spans of all addresses, which become names of their endpoints. */
  spans(): readonly ({ ip: string } & AddressSpan)[] {
    return [...this.#seen].flatMap(([ip, list]) =>
      list.flatMap((span) => (span.endpointId === SOMEBODY ? [] : [{ ip, ...span }])),
    )
  }
}

/** A DHCP server that refuses or takes back gives nothing. */
const NOT_GIVEN = /nak|decline|release|expire/i

/** Who of several machines had the address at the time. */
function holderOf(spans: readonly AddressSpan[], at: number): number | undefined {
  const around = spans.filter((span) => span.first <= at && at <= span.last)
  const [inside] = around
  if (inside) {
    // Two machines with it at once are two networks, or a conflict: then nobody can say.
    const rivals = spans.filter((span) => span.first <= inside.last && span.last >= inside.first)
    return rivals.length === 1 ? inside.endpointId : undefined
  }
  const before = spans.filter((span) => span.last < at).sort((a, b) => b.last - a.last)
  const after = spans.filter((span) => span.first > at).sort((a, b) => a.first - b.first)
  const [last, earlier] = before
  // The lease came after everybody else had been seen with it, or nobody got the address until later.
  const isHanded = last?.isLeased === true && (!earlier || last.first > earlier.last)
  if (last && isHanded && (after[0] === undefined || after[0].isLeased)) return last.endpointId
  if (last && !earlier && after[0]?.isLeased === true) return last.endpointId
  const [nearest, next] = [...before, ...after]
    .map((span) => ({ span, away: at > span.last ? at - span.last : span.first - at }))
    .sort((a, b) => a.away - b.away)
  return nearest && next && nearest.away <= NEAR_US && next.away >= FARTHER * nearest.away
    ? nearest.span.endpointId
    : undefined
}

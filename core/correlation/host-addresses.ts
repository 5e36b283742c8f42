import { hash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { BookEntity } from '../identity/entity-book.ts'
import { FIRST_RECORD, firstRecord, toProof } from '../identity/first-record.ts'
import { eventSlices } from '../identity/event-slices.ts'
import { toIp } from '../normalise/host.ts'
import { kindNumber } from '../store/event-columns.ts'
import { stringFinder } from '../store/strings.ts'
import type { CaseReader } from './case-reader.ts'

/** An address counts as the endpoint's this long before and after it was seen there: leases change, but not within hours. */
const HOLD_US = 12 * 3_600_000_000

/** Sightings are read in buckets of this length: what lies between first and last of a bucket adds nothing. */
const BUCKET_US = HOLD_US / 2

/** Addresses one machine can have for others to see: not loopback, link-local, multicast (SSDP, LLMNR) or broadcast. */
const OWNABLE = new Set(['unicast', 'private', 'uniqueLocal', 'carrierGradeNat', 'reserved'])
const isOwnable = (ip: string): boolean => ipaddr.isValid(ip) && OWNABLE.has(ipaddr.process(ip).range())

/** Between sightings of two machines the nearer one had the address, when it is near and the other this much farther off. */
const NEAR_US = 3_600_000_000
const FARTHER = 3

/** Addresses of one answer; a machine has a few. */
const MAX_ANSWERS = 8

/** A machine that no other record of the case knows: a lease given to it ends that of the one before. */
const SOMEBODY = 0

/** So many machines with one address in a day share it: a gateway has thousands, and every connection asks for it. */
const MAX_HOLDERS = 64

const grouped = (address: string, condition: string): string =>
  `SELECT s.v AS ip, g.endpoint_id AS endpointId, g.first, g.last, g.proof FROM (
    SELECT ${address} AS ip, endpoint_id, min(at) AS first, max(at) AS last, ${FIRST_RECORD} AS proof FROM event
    WHERE id BETWEEN @from AND @to AND ${condition} AND endpoint_id IS NOT NULL AND at IS NOT NULL AND ${address} IS NOT NULL
    GROUP BY ${address}, endpoint_id, at / ${BUCKET_US}) g JOIN str s ON s.id = g.ip`
const answers = `SELECT t.v AS target, d.v AS detail, g.first, g.last, g.proof FROM (
    SELECT target, detail, min(at) AS first, max(at) AS last, ${FIRST_RECORD} AS proof FROM event
    WHERE id BETWEEN @from AND @to AND +kind = ${kindNumber('dns-query')} AND at IS NOT NULL AND target IS NOT NULL AND detail IS NOT NULL
    GROUP BY target, detail, at / ${BUCKET_US}) g JOIN str t ON t.id = g.target JOIN str d ON d.id = g.detail`

/** An address of an endpoint from its first to its last sighting, with the first record that told of it. */
export interface AddressSpan {
  readonly endpointId: number
  readonly first: number
  readonly last: number
  /** The first sighting is the record of a DHCP server: nobody else had the address right after. */
  readonly isLeased: boolean
  readonly evidenceId: number
  readonly record: number
}

interface Sighting {
  readonly endpointId: number
  readonly first: number
  readonly last: number
  readonly proof: number
  readonly isLeased?: boolean
}
interface Answer extends Omit<Sighting, 'endpointId'> {
  readonly target: string
  readonly detail: string
}
/** From this time on (until the next one) these spans hold, with the time before and after them. */
interface Turn {
  readonly from: number
  spans: readonly AddressSpan[]
}

/** IP at a time -> endpoint. Learnt from what endpoints say of themselves; reused addresses do not fuse machines. */
export class HostAddresses {
  readonly #reader: CaseReader
  readonly #spans = new Map<string, AddressSpan[]>()
  /** Made when an address is first asked for. */
  readonly #turns = new Map<string, readonly Turn[]>()

  constructor(reader: CaseReader) {
    this.#reader = reader
    const sightings = new Map<string, Map<number, Sighting[]>>()
    const note = (ip: string, { endpointId, first, last, proof, isLeased = false }: Sighting): void => {
      const sighting = { endpointId, first, last, proof, isLeased }
      const endpoints = sightings.get(ip) ?? new Map<number, Sighting[]>()
      sightings.set(ip, endpoints)
      const list = endpoints.get(sighting.endpointId)
      if (list) list.push(sighting)
      else endpoints.set(sighting.endpointId, [sighting])
    }
    this.#readOwn(note)
    this.#readAnswers(note)
    this.#readLeases(note)
    for (const [ip, endpoints] of sightings) {
      if (!isOwnable(ip)) continue
      const spans = [...endpoints.values()].flatMap(joined)
      this.#spans.set(
        ip,
        spans.sort((a, b) => a.first - b.first || (this.#keyOf(a) < this.#keyOf(b) ? -1 : 1)),
      )
    }
  }

  /** What endpoints say of themselves. */
  #readOwn(note: (ip: string, sighting: Sighting) => void): void {
    const { db } = this.#reader
    const find = stringFinder(db)
    const [inbound, udp] = ['inbound', 'udp'].map((text) => find(text) ?? 0)
    const own = `CASE WHEN action IS ${Number(inbound)} THEN destination_ip ELSE source_ip END`
    // Sysmon calls a datagram inbound and still writes the answering server as its source.
    const connections = `+kind = ${kindNumber('network-connection')} AND NOT (action IS ${Number(inbound)} AND protocol IS ${Number(udp)})`
    for (const sql of [grouped(own, connections), grouped('host_ip', 'host_ip IS NOT NULL')]) {
      const statement = db.prepare(sql)
      for (const slice of eventSlices(db))
        for (const row of statement.iterate(slice) as IterableIterator<Sighting & { ip: string }>)
          note(row.ip, row)
    }
  }

  /** Who looks up a machine of the case learns its address from the company's own name server. */
  #readAnswers(note: (ip: string, sighting: Sighting) => void): void {
    const { db } = this.#reader
    const statement = db.prepare(answers)
    for (const slice of eventSlices(db))
      for (const row of statement.iterate(slice) as IterableIterator<Answer>) {
        // Names without a domain are called out to the whole subnet, and anybody may answer.
        const named = row.target.includes('.') ? this.#reader.findEndpoint(row.target, row.first) : undefined
        if (!named) continue
        const { first, last, proof } = row
        for (const part of row.detail.split(';', MAX_ANSWERS)) {
          const ip = toIp(part.trim())
          if (ip !== undefined) note(ip, { endpointId: named.id, first, last, proof })
        }
      }
  }

  /** What DHCP servers gave to whom. */
  #readLeases(note: (ip: string, sighting: Sighting) => void): void {
    const fields = ['hostIp', 'sourceIp', 'sourceHost', 'action'] as const
    for (const event of this.#reader.events(['address-lease'], fields, null)) {
      const { hostIp, sourceIp, sourceHost, action } = event.fields
      const ip = hostIp ?? sourceIp
      if (event.at === null || ip === undefined || NOT_GIVEN.test(action ?? '')) continue
      const named = sourceHost === undefined ? undefined : this.#reader.findEndpoint(sourceHost, event.at)?.id
      note(ip, {
        endpointId: event.endpointId ?? named ?? SOMEBODY,
        first: event.at,
        last: event.at,
        proof: firstRecord(event),
        isLeased: true,
      })
    }
  }

  #keyOf(span: AddressSpan): string {
    return span.endpointId === SOMEBODY ? '' : this.#reader.entity(span.endpointId).key
  }

  /**
   * The endpoint that had the address at the time; undefined when none did, or more than one may have. Of two machines
   * with it on one day, the one whose sightings enclose the time had it; between their sightings a lease decides, else
   * nearness that leaves no doubt.
   */
  find(ip: string | undefined, at: number | null): BookEntity | undefined {
    const all = ip === undefined ? undefined : this.#spans.get(ip)
    if (ip === undefined || all === undefined) return undefined
    const spans = at === null ? all : this.#around(ip, all, at)
    const ids = new Set(spans.map((span) => span.endpointId))
    const [only] = ids
    const holder =
      ids.size === 1 ? only : at === null || ids.size >= MAX_HOLDERS ? undefined : holderOf(spans, at)
    return holder === undefined || holder === SOMEBODY ? undefined : this.#reader.entity(holder)
  }

  /** Spans that may hold at the time. */
  #around(ip: string, all: readonly AddressSpan[], at: number): readonly AddressSpan[] {
    let turns = this.#turns.get(ip)
    if (turns === undefined) this.#turns.set(ip, (turns = turnsOf(all)))
    let low = 0
    let high = turns.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((turns[middle]?.from ?? 0) <= at) low = middle + 1
      else high = middle
    }
    return turns[low - 1]?.spans ?? []
  }

  /** Spans of all addresses, which become names of their endpoints. */
  spans(): readonly ({ ip: string } & AddressSpan)[] {
    return [...this.#spans].flatMap(([ip, list]) =>
      list.flatMap((span) => (span.endpointId === SOMEBODY ? [] : [{ ip, ...span }])),
    )
  }

  /** A text that differs when who had the address (or any, when left out) differs. */
  digest(ip?: string): string {
    const lists = ip === undefined ? [...this.#spans] : [[ip, this.#spans.get(ip) ?? []] as const]
    return hash(
      'sha1',
      JSON.stringify(lists.map(([one, spans]) => [one, spans.map((span) => [span, this.#keyOf(span)])])),
    )
  }
}

/** A DHCP server that refuses or takes back gives nothing. */
const NOT_GIVEN = /nak|decline|release|expire/i

/** Sightings of one address at one endpoint as spans: what lies nearer than a lease may last is one. */
function joined(sightings: readonly Sighting[]): AddressSpan[] {
  const spans: { endpointId: number; first: number; last: number; isLeased: boolean; proof: number }[] = []
  for (const { endpointId, first, last, proof, isLeased = false } of [...sightings].sort(
    (a, b) => a.first - b.first,
  )) {
    const before = spans.at(-1)
    if (before && first <= before.last + HOLD_US) {
      if (first === before.first) before.isLeased ||= isLeased
      before.last = Math.max(before.last, last)
      before.proof = Math.min(before.proof, proof)
    } else spans.push({ endpointId, first, last, isLeased, proof })
  }
  return spans.map(({ proof, ...span }) => ({ ...span, ...toProof(proof) }))
}

/** Which spans hold from when on, by sweeping over the beginnings and ends of all. */
function turnsOf(spans: readonly AddressSpan[]): Turn[] {
  const ends = spans
    .flatMap((span) => [
      { at: span.first - HOLD_US, span, isStart: true },
      { at: span.last + HOLD_US + 1, span, isStart: false },
    ])
    .sort((a, b) => a.at - b.at)
  const holding = new Set<AddressSpan>()
  const turns: Turn[] = []
  for (const { at, span, isStart } of ends) {
    if (isStart) holding.add(span)
    else holding.delete(span)
    const now: AddressSpan[] = []
    for (const one of holding) if (now.push(one) === MAX_HOLDERS) break
    const last = turns.at(-1)
    if (last?.from === at) last.spans = now
    else turns.push({ from: at, spans: now })
  }
  return turns
}

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

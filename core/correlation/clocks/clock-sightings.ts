import type { EventKind } from '../../model/event.ts'
import { kindNumber } from '../../store/event-columns.ts'
import { findAccount } from '../accounts.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'
import { MAX_RECURRING, type Sighting } from './clock-offsets.ts'

/** Things looked at of each sort; of more, every so-manieth is taken, by what it is and not by when. Attack: millions of connections. */
const MAX_THINGS = 60_000

/** Things that several clocks can have recorded, by what they are. */
class Things {
  readonly #byName = new Map<string, Sighting[]>()

  has(name: string): boolean {
    return this.#byName.has(name)
  }
  add(name: string, sighting: Sighting): void {
    const list = this.#byName.get(name)
    if (!list) this.#byName.set(name, [sighting])
    // One more than is used, for each of several clocks: what recurs endlessly is left out by the estimate.
    else if (list.length < 4 * MAX_RECURRING) list.push(sighting)
  }
  *seenTwice(): Generator<readonly Sighting[]> {
    for (const list of this.#byName.values()) if (list.length > 1) yield list
  }
}

const clockOf = ({ endpointId, evidenceId }: ViewEvent): number => endpointId ?? -evidenceId

/**
 * What was seen from both ends: network connections by both addresses and ports; logons by the one who logged on and the machine, as
 * the machine, the domain controller and the source write them; sites an endpoint asked for, as it and the proxy write them.
 */
export function* clockSightings(view: CorrelationView): Generator<readonly Sighting[]> {
  yield* connections(view).seenTwice()
  yield* logons(view).seenTwice()
  yield* visits(view).seenTwice()
}

const countOf = 'SELECT count(*) FROM event WHERE kind = ?'
const tuples = `SELECT id, at, endpoint_id, evidence_id, source_ip, source_port, destination_ip, destination_port FROM event
  WHERE kind = ? AND at IS NOT NULL AND source_port > 0 AND destination_port > 0 AND source_ip IS NOT NULL AND destination_ip IS NOT NULL`

/** How many things stand for one that is looked at. */
const stepOf = (view: CorrelationView, kind: EventKind): number =>
  Math.ceil(((view.db.prepare(countOf).pluck().get(kindNumber(kind)) as number) || 1) / MAX_THINGS)

function connections(view: CorrelationView): Things {
  const things = new Things()
  const kind = kindNumber('network-connection')
  const step = stepOf(view, 'network-connection')
  type Row = readonly [number, number, number | null, number, number, number, number, number]
  for (const row of view.db.prepare(tuples).raw().iterate(kind) as IterableIterator<Row>) {
    const [event, at, endpoint, evidence, ...tuple] = row
    if (step > 1 && tuple.reduce((sum, part) => (sum * 31 + part) % 1_000_003, 7) % step !== 0) continue
    things.add(tuple.join(' '), { clock: endpoint ?? -evidence, at, event })
  }
  return things
}

function logons(view: CorrelationView): Things {
  const things = new Things()
  const add = (event: ViewEvent, user: number | undefined, endpoint: number | undefined): void => {
    if (event.at === null || user === undefined || endpoint === undefined) return
    things.add(`${user} ${endpoint}`, { clock: clockOf(event), at: event.at, event: event.id })
  }
  for (const event of view.events(['logon'], []))
    if (event.endpointId !== null) add(event, event.userId ?? undefined, event.endpointId)
  for (const event of view.events(['kerberos-service'], ['account', 'target'])) {
    const { account, target } = event.fields
    if (target === undefined) continue
    // `WS-01$`, or the name of a service: `cifs/ws-01.example`.
    const host = target.split('/').at(1) ?? target
    add(event, event.userId ?? findAccount(view, account)?.id, view.findEndpoint(host, event.at)?.id)
  }
  for (const event of view.events(['explicit-credentials'], ['targetAccount', 'destinationHost'])) {
    const { targetAccount, destinationHost } = event.fields
    if (destinationHost === undefined) continue
    add(event, findAccount(view, targetAccount)?.id, view.findEndpoint(destinationHost, event.at)?.id)
  }
  return things
}

/** The proxy's side first: of what endpoints look up, only what it wrote too is of use. */
function visits(view: CorrelationView): Things {
  const things = new Things()
  let known = 0
  for (const event of view.events(['http-request', 'tls-connection'], ['sourceIp', 'destinationHost'])) {
    const { sourceIp, destinationHost } = event.fields
    if (event.at === null || event.endpointId !== null || destinationHost === undefined) continue
    const endpoint = view.addresses.find(sourceIp, event.at)
    if (endpoint === undefined) continue
    const name = `${endpoint.id} ${destinationHost.toLowerCase()}`
    if (!things.has(name) && (known += 1) > MAX_THINGS) continue
    things.add(name, { clock: clockOf(event), at: event.at, event: event.id })
  }
  if (known === 0) return things
  for (const event of view.events(['dns-query', 'http-request'], ['target', 'destinationHost'])) {
    const host = event.fields.destinationHost ?? event.fields.target
    if (event.at === null || event.endpointId === null || host === undefined) continue
    const name = `${event.endpointId} ${host.toLowerCase()}`
    if (things.has(name)) things.add(name, { clock: clockOf(event), at: event.at, event: event.id })
  }
  return things
}

import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { type BookEntity, foldAlias } from './entity-book.ts'
import { eventSlices } from './event-slices.ts'
import { FIRST_RECORD } from './first-record.ts'
import { type EventNames, isSensed } from './from-events.ts'
import type { ProductNames } from './product-ids.ts'

/** One sensor id of a machine, over all its records. Times in microseconds. */
export interface Sensor {
  readonly id: string
  /** String ids of its spellings. */
  readonly spellings: Set<number>
  first: number | null
  last: number | null
  proof: number
  isSensed: boolean
}
export interface Span {
  readonly first: number
  readonly last: number
  readonly sensor?: Sensor
}
/** Ids of one product on one endpoint; `bridges` are times that one record holds together. */
export interface Chain {
  readonly sensors: Map<string, Sensor>
  readonly bridges: Span[]
}

const sensors = (
  sensed: string,
): string => `SELECT g.host, g.host_id AS spelling, d.v AS id, v.format, g.first, g.last, g.proof, g.sensed
  FROM (SELECT host, host_id, evidence_id, min(at) AS first, max(at) AS last, ${FIRST_RECORD} AS proof, max(${sensed}) AS sensed FROM event
        WHERE id BETWEEN @from AND @to AND host_id IS NOT NULL AND (host IN (SELECT value FROM json_each(@hosts)) OR (host IS NULL AND host_id IN (SELECT value FROM json_each(@ids))))
        GROUP BY host, host_id, evidence_id) g
  JOIN str d ON d.id = g.host_id JOIN evidence v ON v.id = g.evidence_id`
const sameRecord = `SELECT json_group_array(DISTINCT host_id) FROM event WHERE host_id IN (SELECT value FROM json_each(?))
  GROUP BY evidence_id, record HAVING min(host_id) <> max(host_id)`
/** Inventories say which ids the product holds for one device. */
const inventories = `SELECT DISTINCT e.host_id AS spelling, d.v AS detail FROM event e JOIN str d ON d.id = e.detail
  WHERE e.kind = ${kindNumber('inventory')} AND e.host_id IN (SELECT value FROM json_each(?))`

/** Ids of one product look alike; formats that carry several products (or several ids of one) are told apart by it. */
const shapeOf = (id: string): string => (/^\d+$/.test(id) ? 'number' : id.replace(/[0-9a-z]/gi, 'x'))

/** Sensor ids of endpoints by product: when each was seen, and where. */
export function readSensors(
  db: ReadStore,
  hosts: ReadonlyMap<BookEntity, readonly number[]>,
  events: EventNames,
  products: ProductNames,
): Map<BookEntity, Map<string, Chain>> {
  const machines = new Map<BookEntity, Map<string, Chain>>()
  const statement = db.prepare(sensors(isSensed(db)))
  const of = {
    hosts: JSON.stringify([...hosts.values()].flat()),
    ids: JSON.stringify([...products.devices].flatMap(([id, entity]) => (hosts.has(entity) ? [id] : []))),
  }
  for (const slice of eventSlices(db))
    for (const row of statement.iterate({ ...of, ...slice }) as IterableIterator<SensorRow>)
      noteSensor(machines, row, events, products)
  return machines
}

interface SensorRow {
  host: number | null
  spelling: number
  id: string
  format: string
  first: number | null
  last: number | null
  proof: number
  sensed: number
}

function noteSensor(
  machines: Map<BookEntity, Map<string, Chain>>,
  row: SensorRow,
  events: EventNames,
  products: ProductNames,
): void {
  const entity = row.host === null ? products.devices.get(row.spelling) : events.hosts.get(row.host)
  if (!entity) return
  const chains = machines.get(entity) ?? new Map<string, Chain>()
  machines.set(entity, chains)
  const product = row.format === '' ? '' : `${row.format}|${shapeOf(row.id)}`
  const chain = chains.get(product) ?? { sensors: new Map<string, Sensor>(), bridges: [] }
  chains.set(product, chain)
  const id = foldAlias('device-id', row.id)
  const sensor = chain.sensors.get(id) ?? {
    id,
    spellings: new Set<number>(),
    first: null,
    last: null,
    proof: row.proof,
    isSensed: false,
  }
  chain.sensors.set(id, sensor)
  sensor.spellings.add(row.spelling)
  sensor.proof = Math.min(sensor.proof, row.proof)
  sensor.isSensed ||= row.sensed === 1
  if (row.first !== null && (sensor.first === null || row.first < sensor.first)) sensor.first = row.first
  if (row.last !== null && (sensor.last === null || row.last > sensor.last)) sensor.last = row.last
}

/** Ids that one record names together, or that an inventory calls one device, are no generations. */
export function addBridges(db: ReadStore, chains: readonly Chain[]): void {
  if (chains.length === 0) return
  const bySpelling = new Map<number, { chain: Chain; sensor: Sensor }[]>()
  for (const chain of chains)
    for (const sensor of chain.sensors.values())
      for (const spelling of sensor.spellings) {
        const places = bySpelling.get(spelling)
        if (places) places.push({ chain, sensor })
        else bySpelling.set(spelling, [{ chain, sensor }])
      }
  const ids = JSON.stringify([...bySpelling.keys()])
  for (const list of db.prepare(sameRecord).pluck().iterate(ids) as IterableIterator<string>) {
    const together = new Map<Chain, Sensor[]>()
    for (const spelling of JSON.parse(list) as number[])
      for (const { chain, sensor } of bySpelling.get(spelling) ?? [])
        together.set(chain, [...(together.get(chain) ?? []), sensor])
    for (const [chain, found] of together) addBridge(chain, found)
  }
  for (const row of db.prepare(inventories).iterate(ids) as IterableIterator<{
    spelling: number
    detail: string
  }>) {
    const named = new Set(row.detail.toLowerCase().match(/[0-9a-z-]{3,}/g))
    for (const { chain, sensor } of bySpelling.get(row.spelling) ?? [])
      addBridge(chain, [sensor, ...[...named].flatMap((id) => chain.sensors.get(id) ?? [])])
  }
}

function addBridge(chain: Chain, found: readonly Sensor[]): void {
  const spans = found.flatMap(spanOf)
  if (new Set(spans.map(({ sensor }) => sensor)).size < 2) return
  chain.bridges.push({
    first: spans.reduce((least, { first }) => Math.min(least, first), Infinity),
    last: spans.reduce((most, { last }) => Math.max(most, last), -Infinity),
  })
}

const spanOf = (sensor: Sensor): Span[] =>
  sensor.isSensed && sensor.first !== null && sensor.last !== null
    ? [{ first: sensor.first, last: sensor.last, sensor }]
    : []

/** Sensors in the turns in which they followed one another; those whose times touch are of one turn. */
export function turnsOf(chain: Chain): { since: number; sensors: Sensor[] }[] {
  const spans = [...[...chain.sensors.values()].flatMap(spanOf), ...chain.bridges].sort(
    (a, b) => a.first - b.first || ((a.sensor?.id ?? '') < (b.sensor?.id ?? '') ? -1 : 1),
  )
  const turns: { since: number; sensors: Sensor[] }[] = []
  let end = -Infinity
  for (const { first, last, sensor } of spans) {
    if (first > end) turns.push({ since: first, sensors: [] })
    end = Math.max(end, last)
    if (sensor) turns.at(-1)?.sensors.push(sensor)
  }
  return turns
}

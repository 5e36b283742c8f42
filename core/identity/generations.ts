import type { AliasKind } from '../model/relation.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { type BookAlias, type BookEntity, type EntityBook, foldAlias, type Turn } from './entity-book.ts'
import { type EventNames, isSensed } from './from-events.ts'
import { eventSlices } from './event-slices.ts'
import { FIRST_RECORD, toProof } from './first-record.ts'
import type { ProductNames } from './product-ids.ts'

/**
 * A machine that is set up anew keeps its name and gets a new sensor id. Ids of one product that follow one another under one
 * name are generations of it: each is an endpoint of its own, for nothing that ran before runs after.
 */

/** A name that so many machines had in turn is a pool of throw-away desktops, or made up; each turn copies the names. */
const MAX_GENERATIONS = 100
/** Names a generation takes over; a machine has a few, a crafted directory gives it thousands. */
const MAX_NAMES = 100
const EVENT_NAMES: ReadonlySet<AliasKind> = new Set<AliasKind>(['fqdn', 'netbios'])
const DIRECTORY_NAMES: ReadonlySet<AliasKind> = new Set<AliasKind>([
  'sid',
  'object-id',
  'guid',
  'account',
  'dn',
])
/** How sure a name is a later generation's; of a directory object nobody says which of them it means. */
const BY_EVENT = 0.8
const BY_DIRECTORY = 0.7

/** One sensor id of a machine, over all its records. Times in microseconds. */
interface Sensor {
  readonly id: string
  /** String ids of its spellings. */
  readonly spellings: Set<number>
  first: number | null
  last: number | null
  proof: number
  isSensed: boolean
}
interface Span {
  readonly first: number
  readonly last: number
  readonly sensor?: Sensor
}
/** Ids of one product on one endpoint; `bridges` are times that one record holds together. */
interface Chain {
  readonly sensors: Map<string, Sensor>
  readonly bridges: Span[]
}
/** Which generations one endpoint has, told without entities: the same when what an analyst joined is read as one. */
export interface GenerationPlan {
  /** String ids of the host names. */
  readonly hosts: readonly number[]
  readonly turns: readonly {
    readonly since: number
    readonly key: string
    readonly sensors: readonly Sensor[]
  }[]
  /** Ids of other products: they tell no generation. */
  readonly others: readonly Sensor[]
}
/** Generations in the book, oldest first, and which events are told apart by them. */
export interface Generations {
  readonly hosts: readonly number[]
  readonly turns: readonly (Turn & { readonly spellings: readonly number[] })[]
  /** Spellings of ids of other products that stand alone for this endpoint. */
  readonly alone: readonly number[]
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

/** Finds endpoints whose sensor ids follow one another. Linear in groups of events; nothing is read when no endpoint has two ids. */
export function planGenerations(
  db: ReadStore,
  book: EntityBook,
  events: EventNames,
  products: ProductNames,
): GenerationPlan[] {
  const hosts = new Map<BookEntity, number[]>()
  for (const entity of book.entities.values())
    if (entity.kind === 'endpoint' && hasTwoSensors(entity)) hosts.set(entity, [])
  if (hosts.size === 0) return []
  for (const [host, entity] of events.hosts) hosts.get(entity)?.push(host)
  const machines = readSensors(db, hosts, events, products)
  const all = [...machines.values()].flatMap((chains) => [...chains.values()])
  addBridges(
    db,
    all.filter((chain) => turnsOf(chain).length > 1),
  )
  return [...machines].flatMap(([entity, chains]) => planOf(entity, hosts.get(entity) ?? [], chains) ?? [])
}

function hasTwoSensors(entity: BookEntity): boolean {
  let count = 0
  for (const { kind } of entity.aliases.values()) if (kind === 'device-id' && ++count === 2) return true
  return false
}

function readSensors(
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
function addBridges(db: ReadStore, chains: readonly Chain[]): void {
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
function turnsOf(chain: Chain): { since: number; sensors: Sensor[] }[] {
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

function planOf(
  entity: BookEntity,
  hosts: readonly number[],
  chains: ReadonlyMap<string, Chain>,
): GenerationPlan | undefined {
  const [most] = [...chains]
    .filter(([product]) => product !== '')
    .map(([product, chain]) => ({ product, turns: turnsOf(chain) }))
    .sort((a, b) => b.turns.length - a.turns.length || (a.product < b.product ? -1 : 1))
  if (!most || most.turns.length < 2 || most.turns.length > MAX_GENERATIONS) return undefined
  const own = new Set(most.turns.flatMap((turn) => turn.sensors))
  return {
    hosts,
    turns: most.turns.map((turn, index) => ({
      ...turn,
      key: index === 0 ? entity.key : `${entity.key}#${turn.sensors[0]?.id ?? ''}`,
    })),
    others: [...chains.values()].flatMap((chain) =>
      [...chain.sensors.values()].filter((sensor) => !own.has(sensor)),
    ),
  }
}

/** Makes the planned generations. Those an analyst joined have one key in the book, and stay one. */
export function makeGenerations(
  book: EntityBook,
  plans: readonly GenerationPlan[],
  events: EventNames,
  products: ProductNames,
): Generations[] {
  return plans.flatMap((plan) => {
    const [base] = [
      ...plan.hosts.map((host) => events.hosts.get(host)),
      ...(plan.turns[0]?.sensors ?? []).flatMap(({ spellings }) =>
        [...spellings].map((id) => products.devices.get(id)),
      ),
    ].filter((entity) => entity !== undefined)
    if (!base) return []
    const names = [...base.aliases.values()]
    const turns = plan.turns.map(({ since, key, sensors: own }, index) => {
      const entity = index === 0 ? base : book.ensure('endpoint', key, base.name)
      const [first] = own
      if (entity !== base && first) takeNames(book, base, entity, names, first, since)
      for (const sensor of own) {
        if (entity !== base) moveId(book, base, [entity], sensor)
        for (const id of sensor.spellings)
          if (products.devices.get(id) === base) products.devices.set(id, entity)
      }
      return { since, entity, spellings: own.flatMap(({ spellings }) => [...spellings]) }
    })
    if (turns.every(({ entity }) => entity === base)) return []
    for (const sensor of plan.others) moveId(book, base, during(turns, sensor), sensor)
    book.addGenerations(turns)
    const alone = plan.others.flatMap(({ spellings }) =>
      [...spellings].filter((id) => products.devices.get(id) === base),
    )
    return [{ hosts: plan.hosts, turns, alone }]
  })
}

/** A later generation is called what the machine was called, less surely. */
function takeNames(
  book: EntityBook,
  base: BookEntity,
  entity: BookEntity,
  names: readonly BookAlias[],
  { id, proof }: Sensor,
  since: number,
): void {
  entity.attributes = { ...base.attributes, ...entity.attributes, hasSensor: true }
  const params = { since: toIso(since), id }
  const own = toProof(proof)
  let left = MAX_NAMES
  for (const alias of names) {
    const isDirectory = DIRECTORY_NAMES.has(alias.kind)
    if ((!isDirectory && !EVENT_NAMES.has(alias.kind)) || left-- <= 0) continue
    const confidence = Math.min(alias.confidence, isDirectory ? BY_DIRECTORY : BY_EVENT)
    const reason = isDirectory ? 'generation_directory' : 'generation'
    book.addAlias(
      entity,
      alias.kind,
      alias.value,
      isDirectory ? alias.proof : own,
      confidence,
      reason,
      params,
    )
  }
}

function moveId(book: EntityBook, base: BookEntity, to: readonly BookEntity[], { id, proof }: Sensor): void {
  const alias = base.aliases.get(`device-id|${id}`)
  if (!alias || to.length === 0) return
  if (!to.includes(base)) book.dropAlias(base, 'device-id', id)
  for (const entity of to)
    if (entity !== base) book.addAlias(entity, 'device-id', alias.value, toProof(proof), 0.95, 'event_device')
}

/** The generations in whose time a sensor was seen. */
const during = (turns: readonly Turn[], { first, last }: Sensor): BookEntity[] =>
  first === null || last === null
    ? []
    : turns.flatMap(({ since, entity }, index) =>
        (index === 0 || since <= last) && (turns[index + 1]?.since ?? Infinity) > first ? [entity] : [],
      )

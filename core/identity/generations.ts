import type { AliasKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import type { BookAlias, BookEntity, EntityBook, Turn } from './entity-book.ts'
import type { EventNames } from './from-events.ts'
import { toProof } from './first-record.ts'
import type { ProductNames } from './product-ids.ts'
import { type MachineTurn, readMachineTurns } from './machine-sids.ts'
import { addBridges, type Chain, readSensors, type Sensor, turnsOf } from './sensor-turns.ts'

/**
 * A machine that is set up anew keeps its name and gets a new sensor id and a new machine SID. Ids of one product that follow one another
 * under one name, and where sensors say nothing SIDs of the machine's own accounts, are generations of it: each is an endpoint of its own,
 * for nothing that ran before runs after.
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
/** When it was set up is only known to lie between two sightings. */
const BY_MACHINE_SID = 0.7

/** Which generations one endpoint has, told without entities: the same when what an analyst joined is read as one. */
export interface GenerationPlan {
  /** String ids of the host names. */
  readonly hosts: readonly number[]
  readonly turns: readonly {
    readonly since: number
    readonly key: string
    readonly sensors: readonly Sensor[]
    /** Its machine SID, where that tells the turns apart. */
    readonly machine?: MachineTurn
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
  const machineTurns = readMachineTurns(db, events)
  for (const entity of machineTurns.keys()) hosts.set(entity, [])
  if (hosts.size === 0) return []
  for (const [host, entity] of events.hosts) hosts.get(entity)?.push(host)
  const machines = readSensors(db, hosts, events, products)
  const all = [...machines.values()].flatMap((chains) => [...chains.values()])
  addBridges(
    db,
    all.filter((chain) => turnsOf(chain).length > 1),
  )
  return [...hosts].flatMap(([entity, ids]) => {
    const chains = machines.get(entity) ?? new Map<string, Chain>()
    const turns = machineTurns.get(entity)
    return planOf(entity, ids, chains) ?? (turns ? planBySid(entity, ids, turns, chains) : undefined) ?? []
  })
}

/** By machine SIDs, unless a sensor's id went on from one to the next: who kept it was not set up anew. */
function planBySid(
  entity: BookEntity,
  hosts: readonly number[],
  turns: readonly MachineTurn[],
  chains: ReadonlyMap<string, Chain>,
): GenerationPlan | undefined {
  const others = [...chains.values()].flatMap((chain) => [...chain.sensors.values()])
  const goesOn = others.some(
    ({ first, last, isSensed }) =>
      isSensed &&
      first !== null &&
      last !== null &&
      turns.slice(1).some(({ since }) => first < since && last >= since),
  )
  if (goesOn) return undefined
  return {
    hosts,
    turns: turns.map((machine, index) => ({
      since: machine.since,
      sensors: [],
      machine,
      key: index === 0 ? entity.key : `${entity.key}#${machine.id.toLowerCase()}`,
    })),
    others,
  }
}

function hasTwoSensors(entity: BookEntity): boolean {
  let count = 0
  for (const { kind } of entity.aliases.values()) if (kind === 'device-id' && ++count === 2) return true
  return false
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
    const turns = plan.turns.map(({ since, key, sensors: own, machine }, index) => {
      const entity = index === 0 ? base : book.ensure('endpoint', key, base.name)
      const told = machine ?? own[0]
      if (entity !== base && told) takeNames(book, base, entity, names, told, since, machine !== undefined)
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
  { id, proof }: Pick<Sensor, 'id' | 'proof'>,
  since: number,
  isBySid: boolean,
): void {
  entity.attributes = { ...base.attributes, ...entity.attributes, hasSensor: true }
  const params = { since: toIso(since), id }
  const own = toProof(proof)
  let left = MAX_NAMES
  for (const alias of names) {
    const isDirectory = DIRECTORY_NAMES.has(alias.kind)
    if ((!isDirectory && !EVENT_NAMES.has(alias.kind)) || left-- <= 0) continue
    const sure = isBySid ? BY_MACHINE_SID : BY_EVENT
    const confidence = Math.min(alias.confidence, isDirectory ? BY_DIRECTORY : sure)
    const reason = `${isDirectory ? 'generation_directory' : 'generation'}${isBySid ? '_sid' : ''}`
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

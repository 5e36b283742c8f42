import { listOffsets, type StoredOffset } from '../../../core/store/clocks.ts'
import type { ReadStore } from '../../../core/store/store.ts'
import type { RelationKind } from '../../../core/model/relation.ts'
import { POSSIBLE_RELATION_KINDS } from '../../../core/model/relation.ts'
import * as name from './names.ts'
import { relationKey, type TrueRelation } from './truth.ts'
import type { Process } from './machine.ts'
import type { World } from './world.ts'

interface EntityRow {
  readonly id: number
  readonly kind: string
  readonly name: string
  readonly key: string
  readonly attributes: string
}
interface RelationRow {
  readonly id: number
  readonly kind: RelationKind
  readonly from_id: number
  readonly to_id: number
  readonly confidence: number
  readonly rule: string
}

const entities = 'SELECT id, kind, name, key, attributes FROM entity'
const aliases = 'SELECT entity_id, kind, value FROM alias'
const relations =
  'SELECT id, kind, from_id, to_id, confidence, rule FROM relation WHERE observed = 1 ORDER BY id'

/** A relation the engine found, in the words of the truth. */
export interface FoundRelation {
  readonly id: number
  readonly kind: RelationKind
  readonly from: string
  readonly to: string
  readonly rule: string
  readonly confidence: number
  readonly truth: TrueRelation | undefined
  /** Another row already stands for the same relation: one thing in two entities. */
  readonly isDouble: boolean
}

/** What the engine made of a scenario, held against the truth. */
export interface Judgement {
  readonly found: readonly FoundRelation[]
  readonly byId: ReadonlyMap<number, FoundRelation>
  /** Required and not found. */
  readonly missing: readonly TrueRelation[]
  /** Engine's id of an entity -> its name in the truth. */
  readonly names: ReadonlyMap<number, string>
  readonly clocks: ClockJudgement
}

/** Clocks that are off, those the engine says so of, and what it says that is not so (by more than five seconds). */
export interface ClockJudgement {
  readonly off: number
  readonly found: number
  readonly wrong: readonly string[]
}

function judgeClocks(db: ReadStore, world: World, names: ReadonlyMap<number, string>): ClockJudgement {
  const said = listOffsets(db)
  const isTrue = ({ clock, ahead }: StoredOffset): boolean =>
    world.company.hosts.some(
      (host) =>
        name.endpointName(host) === names.get(clock) &&
        host.skew !== 0 &&
        Math.abs(host.skew - ahead) < 5_000_000,
    )
  return {
    off: world.company.hosts.filter(({ skew }) => skew !== 0).length,
    found: said.filter(isTrue).length,
    wrong: said
      .filter((one) => !isTrue(one))
      .map(({ clock, ahead }) => `${names.get(clock) ?? clock} ${ahead / 1e6} s`),
  }
}

/** Gives every entity its name in the truth and compares the relations. */
export function judge(db: ReadStore, world: World): Judgement {
  const names = nameEntities(db, world)
  const taken = new Set<string>()
  const found = (db.prepare(relations).all() as RelationRow[]).map((row): FoundRelation => {
    const from = names.get(row.from_id) ?? `?${row.from_id}`
    const to = names.get(row.to_id) ?? `?${row.to_id}`
    const key = relationKey(row.kind, from, to)
    const isDouble = taken.has(key)
    taken.add(key)
    const { id, kind, rule, confidence } = row
    return { id, kind, from, to, rule, confidence, truth: world.truth.relations.get(key), isDouble }
  })
  const missing = [...world.truth.relations.values()].filter(
    (relation) => relation.isRequired && !taken.has(relationKey(relation.kind, relation.from, relation.to)),
  )
  return {
    found,
    byId: new Map(found.map((one) => [one.id, one])),
    missing,
    names,
    clocks: judgeClocks(db, world, names),
  }
}

const isPossible = new Set<string>(POSSIBLE_RELATION_KINDS)
export const isObservedKind = (kind: string): boolean => !isPossible.has(kind)

function nameEntities(db: ReadStore, world: World): Map<number, string> {
  const known = new Map<number, Map<string, string[]>>()
  for (const row of db.prepare(aliases).iterate() as IterableIterator<{
    entity_id: number
    kind: string
    value: string
  }>) {
    const own = known.get(row.entity_id) ?? new Map<string, string[]>()
    own.set(row.kind, [...(own.get(row.kind) ?? []), row.value])
    known.set(row.entity_id, own)
  }
  const finder = new ProcessFinder(world)
  const names = new Map<number, string>()
  for (const row of db.prepare(entities).iterate() as IterableIterator<EntityRow>)
    names.set(row.id, nameOf(row, known.get(row.id) ?? new Map<string, string[]>(), finder))
  return names
}

function nameOf(
  row: EntityRow,
  aliases: ReadonlyMap<string, readonly string[]>,
  finder: ProcessFinder,
): string {
  const alias = (kind: string): string | undefined => aliases.get(kind)?.[0]
  const attributes = JSON.parse(row.attributes) as Record<string, string | number>
  const host = { netbios: String(attributes['endpoint'] ?? '?') }
  switch (row.kind) {
    case 'user':
      return name.userName({ sid: alias('sid') ?? row.name })
    case 'endpoint':
      return name.endpointName({ netbios: alias('netbios') ?? row.name })
    case 'mailbox':
      return name.mailboxName(alias('smtp') ?? row.name)
    case 'message':
      return name.messageName(alias('message-id') ?? row.name)
    case 'attachment':
      return name.attachmentName(alias('sha256') ?? row.name)
    case 'url':
      return name.urlName(row.name)
    case 'domain':
      return name.domainName(row.name)
    case 'ip':
      return name.ipName(row.name)
    case 'file':
      return name.fileName(host, String(attributes['path'] ?? row.name))
    case 'process':
      return finder.nameOf(row, attributes, alias('guid'))
    case 'service':
    case 'scheduled-task':
    case 'registry-key':
    case 'wmi-subscription':
      return name.thingName(row.kind, host, String(attributes['path'] ?? row.name))
    default:
      return `${row.kind}:${row.name}`
  }
}

/** Finds the process that an entity stands for: by GUID, by PID and start, or by PID and program. */
class ProcessFinder {
  readonly #byGuid = new Map<string, Process>()
  readonly #byPid = new Map<string, Process[]>()

  constructor(world: World) {
    for (const process of world.processes) {
      if (process.guid !== null) this.#byGuid.set(`${process.host.netbios}|${process.guid}`, process)
      const key = `${process.host.netbios}|${process.pid}`
      this.#byPid.set(key, [...(this.#byPid.get(key) ?? []), process])
    }
  }

  nameOf(row: EntityRow, attributes: Record<string, string | number>, guid: string | undefined): string {
    const host = String(attributes['endpoint'])
    const exact = guid === undefined ? undefined : this.#byGuid.get(`${host}|${guid}`)
    if (exact) return name.processName(exact.id)
    const fitting = (this.#byPid.get(`${host}|${attributes['pid']}`) ?? []).filter(
      ({ image }) => String(attributes['path'] ?? '').toLowerCase() === image.toLowerCase(),
    )
    const startedAt = attributes['startedAt']
    const [only] =
      typeof startedAt === 'number'
        ? fitting.filter(({ startAt, host: { skew } }) => Math.abs(startAt + skew - startedAt) < 2_000_000)
        : fitting
    return only ? name.processName(only.id) : `process:?${row.key}`
  }
}

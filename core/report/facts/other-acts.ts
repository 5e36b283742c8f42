import ipaddr from 'ipaddr.js'
import type { RelationRow } from '../../contract/nouns/graph.ts'
import type { EntityRef } from '../../contract/shapes.ts'
import type { RelationKind } from '../../model/relation.ts'
import type { ReportContext } from '../context.ts'
import { isInsideAddress } from '../../indicators/inside-address.ts'
import { placesOf, type Places } from './places.ts'
import { entitiesOfKind, type Path, type Story } from './story.ts'

/** Acts told beside the path, the gravest first. */
export const OTHER_ACTS = [
  'accessed-credentials',
  'remote-execution',
  'remote-logon',
  'installed-service',
  'created-task',
  'wrote-registry',
  'connected-to',
] as const satisfies readonly RelationKind[]
export type OtherAct = (typeof OTHER_ACTS)[number]

/** Generations of programs started by those of the path that are followed, and how many programs in all. */
const MAX_GENERATIONS = 3
const MAX_PROCESSES = 80
/** Relations read per entity and kind; a browser connects to thousands of places. */
const MAX_RELATIONS = 500

export interface OtherActs {
  readonly rows: readonly (RelationRow & { readonly kind: OtherAct })[]
  /** Endpoints of the processes, those of the path's children included. */
  readonly places: Places
}

/** Rules name domains and URLs as targets only when they are no endpoint of the case; addresses may be inside. */
const leadsOutside = ({ kind, name }: EntityRef): boolean =>
  kind === 'domain' || kind === 'url' || (ipaddr.isValid(name) && !isInsideAddress(name))

const DAY_MS = 86_400_000
const daysAfter = (at: string | null, days: number): string | null =>
  at === null ? null : new Date(Date.parse(at) + days * DAY_MS).toISOString()

/**
 * The path's own time: from its first step to one day after its last; open where the path has no time.
 * @param daysBefore as much earlier: who guesses a password does so before the path begins
 */
export function windowOf(
  path: Path,
  daysBefore = 0,
): { readonly from: string | null; readonly to: string | null } {
  return {
    from: daysBefore === 0 ? path.startAt : daysAfter(path.startAt, -daysBefore),
    to: daysAfter(path.endAt, 1),
  }
}

/**
 * What else the processes of the path, the programs they started and the endpoints they ran on did, besides the steps
 * of the path: acts of {@link OTHER_ACTS} within the path's time, one row per relation, gravest first, then by time.
 */
export async function findOtherActs(context: ReportContext, { path }: Story): Promise<OtherActs> {
  const processes = await programsOf(context, path)
  const endpoints = await endpointsOf(context, path)
  const { from, to } = windowOf(path)
  const onPath = new Set(path.hops.map((hop) => hop.relationId))
  const found = new Map<string, OtherActs['rows'][number]>()
  for (const entity of [...processes, ...endpoints]) {
    for (const kind of OTHER_ACTS) {
      const { rows } = await context.ask('relation.list', { entityId: entity.id, kind, limit: MAX_RELATIONS })
      for (const row of rows) {
        const inTime =
          row.lastAt === null ||
          ((from === null || row.lastAt >= from) && (to === null || (row.firstAt ?? '') <= to))
        const isActor = row.kind === kind && (row.from.id === entity.id || kind === 'accessed-credentials')
        if (!inTime || !isActor || onPath.has(row.id)) continue
        if (kind === 'connected-to' && !leadsOutside(row.to)) continue
        found.set(row.id, { ...row, kind })
      }
    }
  }
  const rows = [...found.values()].sort(byGravity)
  const reached = rows.flatMap(({ to }) => (to.kind === 'process' ? [to] : [])).slice(0, MAX_PROCESSES)
  return { rows, places: await placesOf(context, [...processes, ...reached]) }
}

const byGravity = (a: RelationRow, b: RelationRow): number =>
  OTHER_ACTS.findIndex((kind) => kind === a.kind) - OTHER_ACTS.findIndex((kind) => kind === b.kind) ||
  (a.firstAt ?? '').localeCompare(b.firstAt ?? '', 'en') ||
  Number(a.id) - Number(b.id)

/** Processes of the path and those they started, generation by generation. */
async function programsOf(context: ReportContext, path: Path): Promise<readonly EntityRef[]> {
  const all = new Map(entitiesOfKind(path, 'process').map((process) => [process.id, process]))
  let parents = [...all.values()]
  for (let generation = 0; generation < MAX_GENERATIONS && parents.length > 0; generation += 1) {
    const children: EntityRef[] = []
    for (const parent of parents) {
      const { rows } = await context.ask('relation.list', {
        entityId: parent.id,
        kind: 'spawned',
        limit: MAX_RELATIONS,
      })
      for (const { from, to } of rows) {
        if (from.id !== parent.id || all.has(to.id) || all.size >= MAX_PROCESSES) continue
        all.set(to.id, to)
        children.push(to)
      }
    }
    parents = children
  }
  return [...all.values()]
}

/** Endpoints that the path passes through or that its processes ran on. */
export async function endpointsOf(context: ReportContext, path: Path): Promise<readonly EntityRef[]> {
  return [...entitiesOfKind(path, 'endpoint'), ...(await ownersOf(context, path, 'ran-on'))].filter(once)
}

/** Accounts that the path passes through or that its processes ran as. */
export async function accountsOf(context: ReportContext, path: Path): Promise<readonly EntityRef[]> {
  return [...entitiesOfKind(path, 'user'), ...(await ownersOf(context, path, 'ran-as'))].filter(once)
}

const once = (ref: EntityRef, index: number, all: readonly EntityRef[]): boolean =>
  all.findIndex(({ id }) => id === ref.id) === index

async function ownersOf(
  context: ReportContext,
  path: Path,
  kind: 'ran-on' | 'ran-as',
): Promise<readonly EntityRef[]> {
  const wanted = kind === 'ran-on' ? 'endpoint' : 'user'
  const owners: EntityRef[] = []
  for (const process of entitiesOfKind(path, 'process')) {
    const { rows } = await context.ask('relation.list', { entityId: process.id, kind, limit: 10 })
    owners.push(
      ...rows.filter((row) => row.from.id === process.id && row.to.kind === wanted).map((row) => row.to),
    )
  }
  return owners
}

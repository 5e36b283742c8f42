import type { GraphEdge, GraphNode, GraphSlice } from '../contract/nouns/graph.ts'
import { atOnce, type Steps } from '../jobs/turn.ts'
import { STANDING_RELATIONS, type RelationKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { attributesOf, loadEntities, type StoredEntity } from './entity-rows.ts'
import { classOf } from './node-class.ts'
import type { StoredRelation } from './relation-rows.ts'

export interface SliceRequest {
  readonly entityIds: ReadonlySet<number>
  readonly ratings: ReadonlyMap<number, GraphNode['rating']>
  readonly relations: readonly StoredRelation[]
  readonly marks?: ReadonlyMap<number, GraphNode['marks'][number]>
  /** Marked as matched, beside any other mark. */
  readonly matched?: ReadonlySet<number>
  readonly pathRelations?: ReadonlySet<number>
  readonly total?: { nodes: number; edges: number }
  readonly grouped?: GraphSlice['grouped']
}

const degrees = `SELECT from_id AS id, kind, 'out' AS direction, count(*) AS count FROM relation WHERE from_id IN (SELECT value FROM json_each(@ids)) GROUP BY from_id, kind
  UNION ALL SELECT to_id, kind, 'in', count(*) FROM relation WHERE to_id IN (SELECT value FROM json_each(@ids)) GROUP BY to_id, kind`

/** Nodes and edges that are made between two steps. */
const STEP = 400

/** Entities and relations as neutral nodes and edges: no colours, no positions. */
export const buildSlice = (db: ReadStore, request: SliceRequest): GraphSlice =>
  atOnce(buildingSlice(db, request))

/** The same, step by step: a whole case has thousands. */
export function* buildingSlice(db: ReadStore, request: SliceRequest): Steps<GraphSlice> {
  const entities = loadEntities(db, request.entityIds)
  yield
  const shown = new Map<string, number>()
  for (const relation of request.relations) {
    shown.set(
      `${relation.from_id}|${relation.kind}|out`,
      (shown.get(`${relation.from_id}|${relation.kind}|out`) ?? 0) + 1,
    )
    shown.set(
      `${relation.to_id}|${relation.kind}|in`,
      (shown.get(`${relation.to_id}|${relation.kind}|in`) ?? 0) + 1,
    )
  }
  yield
  const hidden = new Map<number, GraphNode['hidden']>()
  const rows = db.prepare(degrees).all({ ids: JSON.stringify([...entities.keys()]) }) as {
    id: number
    kind: RelationKind
    direction: 'out' | 'in'
    count: number
  }[]
  for (const row of rows) {
    const left = row.count - (shown.get(`${row.id}|${row.kind}|${row.direction}`) ?? 0)
    if (left <= 0) continue
    const list = hidden.get(row.id) ?? []
    list.push({ kind: row.kind, direction: row.direction, count: left })
    hidden.set(row.id, list)
  }
  yield
  const nodes: GraphNode[] = []
  const inOrder = [...entities.values()].sort(
    (a, b) => (a.first_seen ?? Infinity) - (b.first_seen ?? Infinity) || a.id - b.id,
  )
  for (const entity of inOrder) {
    const attributes = attributesOf(entity)
    nodes.push({
      id: String(entity.id),
      kind: entity.kind,
      name: entity.name,
      at: toIsoOrNull(entity.first_seen),
      rating: request.ratings.get(entity.id) ?? 'unrated',
      marks: marksOf(entity, attributes, request.marks, request.matched),
      hidden: hidden.get(entity.id) ?? [],
      detail: detailOf(entity, attributes),
      nodeClass: classOf(entity.kind, entity.name),
    })
    if (nodes.length % STEP === 0) yield
  }
  const edges: GraphEdge[] = []
  for (const relation of request.relations) {
    if (!entities.has(relation.from_id) || !entities.has(relation.to_id)) continue
    edges.push({
      id: String(relation.id),
      from: String(relation.from_id),
      to: String(relation.to_id),
      kind: relation.kind,
      at: toIsoOrNull(relation.first_at),
      observed: relation.observed === 1,
      confidence: relation.confidence,
      count: relation.count,
      onPath: request.pathRelations?.has(relation.id) ?? false,
      type: STANDING_RELATIONS.has(relation.kind) ? 'association' : 'event',
    })
    if (edges.length % STEP === 0) yield
  }
  return {
    nodes,
    edges,
    total: request.total ?? { nodes: nodes.length, edges: edges.length },
    grouped: request.grouped ? [...request.grouped] : [],
  }
}

type Attributes = ReturnType<typeof attributesOf>

function marksOf(
  entity: StoredEntity,
  attributes: Attributes,
  marks: SliceRequest['marks'],
  matched: SliceRequest['matched'],
): GraphNode['marks'] {
  const mark = marks?.get(entity.id)
  const own: GraphNode['marks'] = mark === undefined ? [] : [mark]
  if (matched?.has(entity.id) === true && mark !== 'matched') own.push('matched')
  if (attributes['isHighValue'] === true || attributes['isDomainController'] === true) own.push('high-value')
  return own
}

/** Second line under the name. */
function detailOf(entity: StoredEntity, attributes: Attributes): string {
  const text = (name: string) => (attributes[name] === undefined ? '' : String(attributes[name]))
  switch (entity.kind) {
    case 'process':
      return [text('endpoint'), text('pid') === '' ? '' : `pid ${text('pid')}`]
        .filter((part) => part !== '')
        .join(' · ')
    case 'file':
    case 'registry-key':
    case 'service':
    case 'scheduled-task':
    case 'wmi-subscription':
      return text('endpoint')
    case 'user':
      return text('displayName') || text('mail') || text('domain')
    case 'endpoint':
      return text('operatingSystem') || text('domain')
    case 'message':
      return text('from')
    default:
      return ''
  }
}

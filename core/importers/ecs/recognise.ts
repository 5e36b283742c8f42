import type { Envelope } from '../endpoint/envelope.ts'
import { isObject, type JsonObject, member } from '../json/parse-object.ts'
import { EcsDocument } from './document.ts'

const BULK_ACTIONS: ReadonlySet<string> = new Set(['index', 'create', 'update', 'delete'])

/** The line above a document in the bulk format of Elasticsearch: `{"index":{"_index":"x","_id":"y"}}`. */
export function bulkAction(object: JsonObject): JsonObject | undefined {
  const [name, ...others] = Object.keys(object)
  if (name === undefined || others.length > 0 || !BULK_ACTIONS.has(name)) return undefined
  const action = member(object, name)
  return isObject(action) &&
    Object.keys(action).every((key) => key.startsWith('_') || key === 'require_alias')
    ? action
    : undefined
}

const KINDS: ReadonlySet<string> = new Set([
  'alert',
  'asset',
  'enrichment',
  'event',
  'metric',
  'state',
  'pipeline_error',
  'signal',
])

/** 0 for what is no ECS, and for Windows events of Winlogbeat, which their own importer reads. */
export function likeness(object: JsonObject): number {
  const document = new EcsDocument(object)
  if (!document.has('@timestamp') || document.isWindowsEvent) return 0
  if (document.text('ecs.version') !== undefined) return 0.92
  const kind = document.text('event.kind')?.toLowerCase()
  const isKnown = kind !== undefined && KINDS.has(kind)
  if (isKnown || document.has('event.category')) return 0.9
  if (document.has('kibana.alert.uuid')) return 0.9
  return document.has('event.dataset') || document.has('event.module') || document.has('data_stream.dataset')
    ? 0.8
    : 0
}

export const ECS_ENVELOPE: Envelope = {
  arrays: new Set(['hits.hits', 'rawResponse.hits.hits', 'response.hits.hits']),
  isRecord: (object) => likeness(object) > 0 || bulkAction(object) !== undefined,
}

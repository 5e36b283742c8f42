import { isObject, type JsonObject, member } from '../json/parse-object.ts'
import { azureEvent } from './dialects/azure-event.ts'
import { detections } from './dialects/detections.ts'
import type { Dialect, Rendering, Times } from './dialects/dialect.ts'
import { eventObject } from './dialects/event-object.ts'
import { evtxecmd } from './dialects/evtxecmd.ts'
import { fluentdClassic } from './dialects/fluentd-classic.ts'
import { flat, nxlog } from './dialects/flat.ts'
import { textOf } from './dialects/members.ts'
import { powershellExport } from './dialects/powershell-export.ts'
import { splunk } from './dialects/splunk.ts'
import { velociraptorEvent } from './dialects/velociraptor-event.ts'
import { wazuh } from './dialects/wazuh.ts'
import { winlog } from './dialects/winlog.ts'
import { xmlText } from './dialects/xml-text.ts'

/** NXLog first because it is quickly told, then most telling first: `flat` takes whatever has an event id and a channel. */
const DIALECTS: readonly Dialect[] = [
  nxlog,
  detections,
  eventObject,
  winlog,
  wazuh,
  evtxecmd,
  powershellExport,
  azureEvent,
  velociraptorEvent,
  splunk,
  fluentdClassic,
  flat,
  xmlText,
]

/**
 * A Windows event out of one object of named members, whichever tool rendered it (formats.md A4); undefined when it is
 * none. Elasticsearch's `_source` and Kibana's `fields` are unwrapped.
 */
export function fromJson(object: JsonObject, times: Times): Rendering | undefined {
  const document = unwrap(object)
  for (const dialect of DIALECTS) {
    const rendering = dialect(document, times)
    if (rendering === undefined) continue
    const client = textOf(document, 'ClientId')
    return client === '' ? rendering : { ...rendering, origin: { ...rendering.origin, hostId: client } }
  }
  return undefined
}

/** Elasticsearch's and Kibana's wrappers, and GELF's underscores before every name of its own. */
function unwrap(object: JsonObject): JsonObject {
  if (member(object, '_EventID') !== undefined) return fromGelf(object)
  const source = member(object, '_source')
  if (isObject(source)) return source
  const fields = member(object, 'fields')
  return isObject(fields) && member(object, '_index') !== undefined ? fields : object
}

function fromGelf(object: JsonObject): JsonObject {
  const plain = Object.create(null) as Record<string, unknown>
  for (const [name, value] of Object.entries(object)) plain[name.replace(/^_/, '')] = value
  plain['Hostname'] ??= plain['host']
  return plain
}

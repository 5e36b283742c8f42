import type { EventItem } from '../../model/event.ts'
import { toGenericEvent } from '../json/generic-event.ts'
import type { JsonObject } from '../json/parse-object.ts'
import type { Times } from '../windows/dialects/dialect.ts'
import type { Artifact } from './artifact.ts'
import { FORENSICS } from './forensics.ts'
import { LIVE } from './live.ts'
import { PERSISTENCE } from './persistence.ts'
import { ArtifactRow } from '../artifact/row.ts'
import { originOf } from './origin.ts'

const ARTIFACTS: readonly Artifact[] = [...LIVE, ...PERSISTENCE, ...FORENSICS]

/** The artifact whose columns the row has. */
export function artifactOf(object: JsonObject, times: Times): Artifact | undefined {
  const row = new ArtifactRow(object, times)
  return ARTIFACTS.find((artifact) => artifact.is(row))
}

/** Whether a row carries what the server adds: its artifact, client or flow. */
export function hasOrigin(object: JsonObject): boolean {
  const row = new ArtifactRow(object, { zone: 'UTC', dateOrder: null })
  return (
    /^(?:Windows|Generic|Linux|MacOS|Custom|Exchange|Server|System|Admin|Network)\./.test(
      row.text('_Source') ?? '',
    ) ||
    /^C\.[0-9a-f]{16}/i.test(row.text('ClientId', 'client_id') ?? '') ||
    /^F\.[0-9A-Z]{10,}/.test(row.text('FlowId', 'flow_id') ?? '')
  )
}

/**
 * Items of one row; rows of artifacts not known here keep what stands under well-known names.
 * @returns also the time that could not be read, if there was one
 */
export function readArtifact(
  object: JsonObject,
  times: Times,
): { readonly items: EventItem[]; readonly oddTime: string | undefined } {
  const row = new ArtifactRow(object, times)
  const artifact = ARTIFACTS.find((one) => one.is(row))
  const items = artifact === undefined ? readUnknown(object, row, times) : artifact.read(row)
  return { items, oddTime: row.oddTime }
}

function readUnknown(object: JsonObject, row: ArtifactRow, times: Times): EventItem[] {
  const generic = toGenericEvent(object, times.zone)
  const origin = Object.fromEntries(
    Object.entries(originOf(row, '')).filter(([, value]) => value !== undefined && value !== ''),
  )
  const fields = { ...generic.fields, ...origin }
  return [{ ...generic, kind: generic.at === null ? 'inventory' : 'generic', fields }]
}

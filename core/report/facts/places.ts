import type { EntityRef } from '../../contract/shapes.ts'
import type { ReportContext } from '../context.ts'
import { printedName } from '../entity-text.ts'
import { entitiesOfKind, type Path } from './story.ts'

/** Names of the endpoints that the processes and files of a path belong to, by entity id. */
export type Places = ReadonlyMap<string, string>

export async function placesOf(context: ReportContext, path: Path): Promise<Places> {
  const rows = await Promise.all(
    entitiesOfKind(path, 'process', 'file').map(({ id }) => context.ask('entity.get', { id })),
  )
  const places = new Map<string, string>()
  for (const { id, attributes } of rows) {
    const endpoint = attributes['endpoint']
    if (typeof endpoint === 'string' && endpoint !== '') places.set(id, endpoint)
  }
  return places
}

/** `hpsvc.exe (SRV-1)`: a name with the endpoint it belongs to. */
export function placedName(entity: EntityRef, places: Places): string {
  const place = places.get(entity.id)
  return place === undefined ? printedName(entity) : `${printedName(entity)} (${place})`
}

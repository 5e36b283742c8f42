import type { EntityRef } from '../../contract/shapes.ts'
import type { ReportContext } from '../context.ts'
import { printedName } from '../entity-text.ts'
import { entitiesOfKind, type Path } from './story.ts'

/** Names of endpoints by the id of the process or file that belongs to them. */
export type Places = ReadonlyMap<string, string>

/** Where the processes and files of a path, or those given, are. */
export async function placesOf(context: ReportContext, of: Path | readonly EntityRef[]): Promise<Places> {
  const refs = 'hops' in of ? entitiesOfKind(of, 'process', 'file') : of
  const rows = await Promise.all(refs.map(({ id }) => context.ask('entity.get', { id })))
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

import { baseName } from '../normalise/path.ts'
import type { EntityHandle } from './rule.ts'
import type { ViewEvent } from './view.ts'

/** What one process writes under one added extension, or as notes. */
export interface Writing {
  readonly first: ViewEvent
  readonly extension: string
  readonly handle: EntityHandle
  readonly path: string
  readonly times: number[]
  readonly kinds: Set<string>
  readonly folders: Set<string>
  readonly cited: ViewEvent[]
  count: number
  until: number
  isMass: boolean
  note: ViewEvent | undefined
}

/** Name of the program that writes. */
export const nameOf = ({ path }: Writing): string => (path === '' ? '?' : baseName(path))
/** The folder a file lies in, in lower case. */
export const folderOf = (path: string): string =>
  path.slice(0, Math.max(0, path.length - baseName(path).length)).toLowerCase()
/** The process that wrote, as its events name it. */
export const writerOf = ({ endpointId, fields }: ViewEvent): string =>
  `${endpointId}|${fields.processGuid ?? `${fields.pid ?? ''}|${fields.processPath ?? ''}`}`

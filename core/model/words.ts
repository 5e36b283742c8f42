import type { Texts } from './text.ts'

/** Words of a room that are no extension (reasons, job steps, readiness): `<name>.words.ts`, found by core/catalog.ts. */
export interface Words {
  /** Put before each key with a dot. */
  readonly prefix: string
  readonly texts: Texts
}

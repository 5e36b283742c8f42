import type { EventFields, EventItem } from '../../model/event.ts'
import type { ArtifactRow } from '../artifact/row.ts'

/** One kind of table that a tool writes: told by its columns, whatever the file is called. */
export interface Table {
  /** Tool and artifact, stored as provider. */
  readonly name: string
  /** Columns that make it this table; it may have others. */
  readonly columns: readonly string[]
  readonly read: (row: ArtifactRow) => EventItem[]
}

/** What every item of a table has: who wrote it and which artifact it is. */
export const said = (table: string, action: string): EventFields => ({ provider: table, action })

/** Folders that the volume with Windows has: where one lies at the root, the letter is `C:` as good as always (`toPath`). */
const OF_SYSTEM = /^\\(?:Windows|Users|ProgramData|Program Files(?: \(x86\))?)(?:\\|$)/i

/** A path without its drive, with the letter put before it where the folders of Windows tell it. */
export const onSystemDrive = (path: string): string => (OF_SYSTEM.test(path) ? `C:${path}` : path)

/** The SID in a path or key that is kept by account: `$Recycle.Bin\S-1-5-21-...`, `bam\State\UserSettings\S-1-5-21-...`. */
export const sidIn = (text: string | undefined): string | undefined =>
  /(?:^|[\\/])(S-1-5-21-[\d-]{10,60})(?:[\\/]|$)/i.exec(text ?? '')?.[1]?.toUpperCase()

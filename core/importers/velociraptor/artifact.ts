import type { EventItem } from '../../model/event.ts'
import type { ArtifactRow } from '../artifact/row.ts'

/** How the rows of one artifact, or of a family with the same columns, are read. */
export interface Artifact {
  /** Name of the artifact, used as provider where the rows do not name theirs. */
  readonly name: string
  /** Whether a row has the columns of this artifact. */
  readonly is: (row: ArtifactRow) => boolean
  readonly read: (row: ArtifactRow) => EventItem[]
}

import type { EvidenceRow } from '../../core/contract/nouns/evidence.ts'

export type ImportState = EvidenceRow['status'] | 'cut-off'

/** How far the import of an item came: a row that says `importing` while nothing imports was cut off. */
export const importStateOf = (row: Pick<EvidenceRow, 'status'>, isImporting: boolean): ImportState =>
  row.status === 'importing' && !isImporting ? 'cut-off' : row.status

const UNFINISHED: ReadonlySet<ImportState> = new Set(['cancelled', 'failed', 'cut-off'])

/** Only a part of the file is in the case, and importing the same file again goes on with it. */
export const isUnfinished = (state: ImportState): boolean => UNFINISHED.has(state)

/** Nothing is lost: every byte was read, and every record is accounted for. */
export const isWhole = (
  row: Pick<EvidenceRow, 'read' | 'stored' | 'duplicate' | 'rejected' | 'bytes' | 'bytesRead'>,
): boolean => row.read === row.stored + row.duplicate + row.rejected && row.bytesRead === row.bytes

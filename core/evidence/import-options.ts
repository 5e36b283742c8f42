import type { DateOrder } from '../model/date-order.ts'
import type { Mapping } from '../model/mapping.ts'
import type { Beside } from './folder-files.ts'

/** What an import is asked to do, and who hears of it. */
export interface ImportOptions {
  readonly format: string | null
  readonly zone: string
  readonly dateOrder: DateOrder | null
  /** How to read a table no importer knows; it takes the place of detection. */
  readonly mapping: Mapping | null
  /** What text is written in that is neither UTF-8 nor UTF-16; null: found out. */
  readonly encoding?: string | null
  /** What lies beside the file, where a folder is imported; what it says is settled before anything is written, and kept. */
  readonly beside?: Beside | undefined
  /** Endpoint the file was collected from: as the analyst says, or as settled from what its collector left beside it. */
  readonly collectedFrom?: string | undefined
  /** Tried on locked archives beside the usual `infected`; never stored. */
  readonly passwords: readonly string[]
  readonly now: () => number
  readonly signal: AbortSignal
  /** Called after every batch with bytes and records so far. */
  readonly onProgress: (state: { bytes: number; totalBytes: number; records: number }) => void
}

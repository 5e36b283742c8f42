import { compressBlockSync, RawFramer, RawWriter } from '../../core/store/raw-writer.ts'
import type { WriteStore } from '../../core/store/store.ts'

/** Stores raw records (locator and text) as an import would, numbered from `first`. */
export function storeRaw(
  db: WriteStore,
  evidenceId: number,
  first: number,
  records: readonly (readonly [locator: string, raw: string])[],
): void {
  const writer = new RawWriter(db, evidenceId)
  const framer = new RawFramer((block) => writer.write(first, compressBlockSync(block), new Uint8Array(0)))
  for (const [locator, raw] of records) framer.add(locator, raw)
  framer.end()
}

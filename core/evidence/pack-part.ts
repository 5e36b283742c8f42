import type { ImportContext, Importer, PartSource } from '../importers/importer.ts'
import { BatchPacker } from './batch-packer.ts'
import type { PackedBatch } from './packed-batch.ts'

/** What is to be parsed: a part of an evidence file, from the unit on that is not stored yet. */
export interface PartTask {
  readonly part: PartSource & { readonly prefix: string }
  readonly importer: Importer
  readonly context: ImportContext
  /** Units an earlier run of the import has stored. */
  readonly skip: number
}

/**
 * Parses a part into batches for the writer, the blocks of one being compressed while the next is read.
 * @param reached furthest byte of the evidence file read so far
 * @throws what the importer throws, after the batch with everything read before it
 */
export async function* packPart(
  { part, importer, context, skip }: PartTask,
  reached: () => number,
): AsyncGenerator<PackedBatch> {
  const packer = new BatchPacker(part.prefix, true, importer.id)
  try {
    const failure = yield* packUnits(packer, { part, importer, context, skip }, reached)
    if (failure) throw failure.thrown
  } finally {
    packer.close()
  }
}

/** Every batch, the last one too when the importer throws; returns what it threw. */
async function* packUnits(
  packer: BatchPacker,
  { part, importer, context, skip }: PartTask,
  reached: () => number,
): AsyncGenerator<PackedBatch, { readonly thrown: unknown } | undefined> {
  let ready: Promise<PackedBatch> | undefined
  let left = skip
  let failure: { readonly thrown: unknown } | undefined
  try {
    for await (const units of importer.parse(part, context)) {
      for (const unit of units) {
        if (left > 0) {
          left -= 1
          packer.skip()
          continue
        }
        if (!packer.add(unit)) continue
        if (ready) yield await ready
        ready = packer.take(reached())
      }
    }
  } catch (thrown) {
    failure = { thrown }
  }
  if (ready) yield await ready
  yield await packer.take(reached())
  return failure
}

import type { ImportContext, Importer, PartSource } from '../importers/importer.ts'
import type { Share } from '../importers/share.ts'
import { BatchPacker } from './batch-packer.ts'
import { Dictionary } from './dictionary.ts'
import { onEndpoint } from './on-endpoint.ts'
import type { PackedBatch } from './packed-batch.ts'

/** What is to be parsed: a part of an evidence file, from the unit on that is not stored yet. */
export interface PartTask {
  readonly part: PartSource & { readonly prefix: string }
  readonly importer: Importer
  readonly context: ImportContext
  /** Units an earlier run of the import has stored. */
  readonly skip: number
  /** Hash of its bytes where the case has them: see repeated-parts.ts. */
  readonly repeats?: string | undefined
  /** Of the reader that packs; none where one reads it all. */
  readonly share?: Share | undefined
}

/**
 * Parses a part into batches for the writer, the blocks of one being compressed while the next is read.
 * @param reached furthest byte of the evidence file read so far
 * @throws what the importer throws, after the batch with everything read before it
 */
export async function* packPart(task: PartTask, reached: () => number): AsyncGenerator<PackedBatch> {
  const { part, importer, repeats = null } = task
  const packer = new BatchPacker(part.prefix, true, importer.id, new Dictionary(), repeats)
  try {
    const failure = yield* packUnits(packer, task, reached)
    if (failure) throw failure.thrown
  } finally {
    packer.close()
  }
}

/** Every batch, the last one too when the importer throws; returns what it threw. */
async function* packUnits(
  packer: BatchPacker,
  { part, importer, context, skip, share }: PartTask,
  reached: () => number,
): AsyncGenerator<PackedBatch, { readonly thrown: unknown } | undefined> {
  let ready: Promise<PackedBatch> | undefined
  let left = skip
  let ended = 0
  let failure: { readonly thrown: unknown } | undefined
  try {
    for await (const units of onEndpoint(importer.parse(part, context, share), importer, context)) {
      for (const unit of units) {
        if (left > 0) {
          left -= 1
          packer.skip(unit)
          continue
        }
        if (!packer.add(unit)) continue
        if (ready) yield await ready
        ready = packer.take(reached())
      }
      // Whose turn it is next depends on the ends of segments, also of those without a record.
      for (; share !== undefined && ended < share.ended; ended++) {
        if (ready) yield await ready
        ready = packer.take(reached(), true)
      }
    }
  } catch (thrown) {
    failure = { thrown }
  }
  if (ready) yield await ready
  yield await packer.take(reached())
  return failure
}

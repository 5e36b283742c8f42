import type { EvidenceFile } from './evidence-file.ts'
import { packPart, type PartTask } from './pack-part.ts'
import type { PackedBatch } from './packed-batch.ts'
import { threadBatches } from './thread-batches.ts'

/**
 * The batches of a part. What is large is parsed on a thread of its own while this one writes; a member of an archive is unpacked
 * here and its bytes handed over.
 * @param reached told the furthest byte of the file read so far
 */
export async function* batchesOf(
  task: PartTask,
  file: EvidenceFile,
  reached: (position: number) => void,
): AsyncGenerator<PackedBatch> {
  const threaded = threadBatches(task, file)
  if (threaded === undefined) yield* packPart(task, () => 0)
  else
    for await (const batch of threaded) {
      reached(batch.reached)
      yield batch
    }
}

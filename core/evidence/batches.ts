import type { EvidenceFile } from './evidence-file.ts'
import { packPart, type PartTask } from './pack-part.ts'
import type { PackedBatch } from './packed-batch.ts'
import { parseThreadUrl, THREAD_BYTES, threadBatches } from './thread-batches.ts'

/**
 * The batches of a part. A large file is parsed on a thread of its own while this one writes; a member of an archive
 * is parsed here, because its bytes come out of the archive here.
 * @param reached told the furthest byte of the file read so far
 */
export async function* batchesOf(
  task: PartTask,
  file: EvidenceFile,
  reached: (position: number) => void,
): AsyncGenerator<PackedBatch> {
  const { part } = task
  const isFileItself = part.prefix === '' && part.size === file.bytes
  const url = isFileItself && file.bytes >= THREAD_BYTES ? parseThreadUrl() : undefined
  if (url === undefined) yield* packPart(task, () => 0)
  else {
    for await (const batch of threadBatches(url, task, file)) {
      reached(batch.reached)
      yield batch
    }
  }
}

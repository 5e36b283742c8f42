import type { ImportContext, Importer } from '../importers/importer.ts'
import { WorkbenchError } from '../model/errors.ts'
import { batchesOf } from './batches.ts'
import { problemCode } from './containers/walk.ts'
import { type ImportRun, issueOf } from './import-run.ts'
import type { PackedBatch } from './packed-batch.ts'
import type { EvidencePart } from './parts.ts'

/** Up to this size the records of a file wait for its end. */
const SMALL_BYTES = 1024 * 1024

/** A part, what reads it, and which of its file it is. */
export interface ChosenPart {
  readonly part: EvidencePart
  readonly importer: Importer
  readonly index: number
  /** Units that an earlier run has stored. */
  readonly skip: number
}

/**
 * Stores the records of one part. What is wrong with a member of an archive becomes an issue.
 * @throws what the importer throws for a part that is the file itself; `store.*`; that the import was cancelled
 */
export async function parsePart(run: ImportRun, { part, importer, index, skip }: ChosenPart): Promise<void> {
  const { sink, options, repeated, file } = run
  let isFirst = true
  const store = (batch: PackedBatch) => {
    if (isFirst && skip === 0) sink.setHeading(null)
    isFirst = false
    sink.write(batch)
  }
  const write = (batch: PackedBatch) =>
    run.commit({ part: index, records: batch.units, importer: importer.id }, () => store(batch))
  const isMember = part.prefix !== ''
  // The last batch of a small file is stored with the end of its import: a folder of mail is thousands of them.
  const isSmall = !isMember && file.bytes < SMALL_BYTES
  let last: PackedBatch | undefined
  try {
    const context: ImportContext = {
      zone: options.zone,
      dateOrder: options.dateOrder,
      mapping: options.mapping,
      encoding: options.encoding,
      collectedFrom: options.collectedFrom,
    }
    const settled = (await importer.settle?.(part, context)) ?? context
    const names = importer.readsName ? [part.name.split(/[\\/]/).at(-1) ?? ''] : []
    const begun = { index, importer: importer.id, origin: [settled.collectedFrom ?? '', ...names].join('|') }
    const { repeats, note } = await repeated.look(part, begun, skip)
    run.later(note)
    const task = { part, importer, context: settled, skip, repeats }
    for await (const batch of batchesOf(task, file, run.reach.to)) {
      options.signal.throwIfAborted()
      if (last) write(last)
      last = isSmall ? batch : undefined
      if (!isSmall) write(batch)
    }
    if (part.failure) throw part.failure
    if (last) run.later(() => store(last!))
    run.later(repeated.end(part, begun))
  } catch (thrown) {
    if (
      !(thrown instanceof Error) ||
      options.signal.aborted ||
      (thrown instanceof WorkbenchError && thrown.code.startsWith('store.'))
    )
      throw thrown
    if (last) write(last)
    if (!isMember) throw thrown
    // One broken member must not cost the others: what was read is kept, the rest is an issue.
    run.commit({ part: index + 1, records: 0, importer: null }, () =>
      sink.addIssue('', issueOf(part.name, problemCode(thrown), thrown.message)),
    )
  }
}

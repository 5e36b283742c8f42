import type { AloneFrom } from '../importers/share.ts'
import { WorkbenchError } from '../model/errors.ts'
import { BatchPacker } from './batch-packer.ts'
import type { PartTask } from './pack-part.ts'
import type { PackedBatch } from './packed-batch.ts'
import type { FromParseThread, ParseThreadStart } from './parse-port.ts'

/** Somebody who parses a part, or a share of it. */
export interface Reader {
  /** Batches in order, then the end. */
  next(): Promise<FromParseThread>
  /** Says that the last batch was taken: another may come. */
  taken(): void
  stop(): Promise<void>
}

/** Sets a reader to work behind the first `skip` units of its share. */
export type BeginReader = (skip: number, share: ParseThreadStart['share']) => Reader

/**
 * The batches of a part in the order of its records, whoever has read them: what one reader alone would give, apart from where
 * one batch ends and the next begins.
 * @param count how many readers share the part; above 1 for importers with `sharing` and from its beginning only
 * @throws what a reader's importer threw, when it is its turn
 */
export async function* batchesOfReaders(
  { importer, part, skip }: PartTask,
  count: number,
  begin: BeginReader,
): AsyncGenerator<PackedBatch> {
  let readers: Reader[] = []
  const stop = async (): Promise<void> => {
    const all = readers
    readers = []
    await Promise.all(all.map((reader) => reader.stop()))
  }
  const order = new Order(skip)
  try {
    if (count > 1) {
      for (let index = 0; index < count; index++) readers.push(begin(0, { index, count, from: 0 }))
      const alone = yield* byTurns(readers, order)
      if (alone !== undefined) {
        await stop()
        const from = order.goOnAlone(alone, count)
        readers.push(begin(from.skip, from.share))
        yield* ofOne(readers[0]!, count, order)
      }
      if (alone === 'start') return
      const packer = new BatchPacker(part.prefix, false)
      for (const issue of importer.sharing?.ofCount?.(order.records) ?? []) packer.add(issue)
      if (!packer.isEmpty) yield order.take(packer.takeSync(), count + 1)
    } else {
      readers.push(begin(skip, null))
      yield* ofOne(readers[0]!, 0, order)
    }
  } finally {
    await stop()
  }
}

/** Segment after segment; returns from where one reader has to go on alone. */
async function* byTurns(
  readers: readonly Reader[],
  order: Order,
): AsyncGenerator<PackedBatch, AloneFrom | undefined> {
  const done = new Set<Reader>()
  for (let turn = 0; done.size < readers.length; turn = (turn + 1) % readers.length) {
    const reader = readers[turn]!
    while (!done.has(reader)) {
      const message = await reader.next()
      if (message.type === 'end') {
        if (message.alone !== undefined) return message.alone
        assertWell(message)
        done.add(reader)
        break
      }
      yield order.take(message.batch, turn)
      reader.taken()
      if (message.batch.endsSegment) break
    }
    order.nextSegment()
  }
  return undefined
}

async function* ofOne(reader: Reader, number: number, order: Order): AsyncGenerator<PackedBatch> {
  for (;;) {
    const message = await reader.next()
    if (message.type === 'end') {
      assertWell(message)
      return
    }
    yield order.take(message.batch, number)
    reader.taken()
  }
}

function assertWell(end: Extract<FromParseThread, { type: 'end' }>): void {
  if (end.error) throw new WorkbenchError(end.error.code, end.error.params)
  if (end.bug === undefined) return
  const [message, ...frames] = end.bug.split('\n')
  const defect = new Error(message)
  defect.stack = [message, ...frames].join('\n')
  throw defect
}

/** Counts what was handed on. Readers count the units of their share, the cursor of an import those of the part. */
class Order {
  /** What each reader has counted so far. */
  readonly #counted = new Map<number, number>()
  #units: number
  #segment = 0
  #unitsOfSegment = 0
  /** Records handed on. */
  records = 0
  /** @param skip units of the part before the first batch; a reader of all of it counts them */
  constructor(skip: number) {
    this.#units = skip
    this.#counted.set(0, skip)
  }

  take(batch: PackedBatch, reader: number): PackedBatch {
    const more = batch.units - (this.#counted.get(reader) ?? 0)
    this.#counted.set(reader, batch.units)
    this.#units += more
    this.#unitsOfSegment += more
    this.records += batch.records
    return { ...batch, units: this.#units, reader }
  }

  nextSegment(): void {
    this.#segment += 1
    this.#unitsOfSegment = 0
  }

  /** What the one that goes on alone skips: what it counts are the units of all it reads. */
  goOnAlone(from: AloneFrom, reader: number): { skip: number; share: ParseThreadStart['share'] } {
    const skip = from === 'start' ? this.#units : this.#unitsOfSegment
    this.#counted.set(reader, skip)
    return { skip, share: from === 'start' ? null : { index: 0, count: 1, from: this.#segment } }
  }
}

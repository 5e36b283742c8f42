import { parentPort } from 'node:worker_threads'
import { findImporter } from '../importers/registry.ts'
import { CannotShare, Share } from '../importers/share.ts'
import { toPlainError, WorkbenchError } from '../model/errors.ts'
import { streamFile } from './evidence-file.ts'
import { packPart } from './pack-part.ts'
import {
  BATCHES_AHEAD,
  type FromParseThread,
  type ParseThreadStart,
  type ToParseThread,
} from './parse-port.ts'
import type { PackedBatch } from './packed-batch.ts'

/**
 * The parse thread: reads one evidence file and hands over batches for the writer. It never sees the case. It is started
 * before it is known what the file is.
 */
const port = parentPort
if (!port) throw new Error('parse-thread runs as a worker')

let credit = BATCHES_AHEAD
let wake: () => void = () => undefined
port.on('message', (message: ToParseThread) => {
  if (message.type === 'start') void parse(message).finally(() => port.close())
  else {
    credit += 1
    wake()
  }
})

const send = (message: FromParseThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
const buffersOf = ({ events, keys, strings, raw }: PackedBatch): ArrayBuffer[] =>
  [events, keys, strings.bytes, strings.ends, strings.hashes, ...raw.map((block) => block.data)].map(
    (view) => view.buffer as ArrayBuffer,
  )

async function parse(start: ParseThreadStart): Promise<void> {
  let position = 0
  const part = {
    name: start.name,
    size: start.bytes,
    prefix: '',
    file: start.path,
    progress: (bytes: number) => void (position = Math.max(position, bytes)),
    open: () => {
      position = 0
      return streamFile(start, (count) => (position += count))
    },
  }
  try {
    const importer = findImporter(start.importer)
    if (!importer) throw new Error(`no importer ${start.importer}`)
    const share =
      start.share === null ? undefined : new Share(start.share.index, start.share.count, start.share.from)
    const task = { part, importer, context: start.context, skip: start.skip, share }
    for await (const batch of packPart(task, () => position)) {
      while (credit === 0) await new Promise<void>((resolve) => (wake = resolve))
      credit -= 1
      send({ type: 'batch', batch }, buffersOf(batch))
    }
    send({ type: 'end' })
  } catch (thrown) {
    send(endWith(thrown))
  }
}

function endWith(thrown: unknown): FromParseThread {
  if (thrown instanceof CannotShare) return { type: 'end', alone: thrown.from }
  if (thrown instanceof WorkbenchError) return { type: 'end', error: toPlainError(thrown) }
  return { type: 'end', bug: thrown instanceof Error ? String(thrown.stack) : String(thrown) }
}

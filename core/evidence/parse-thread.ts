import { parentPort, workerData } from 'node:worker_threads'
import { findImporter } from '../importers/registry.ts'
import { toPlainError, WorkbenchError } from '../model/errors.ts'
import { streamFile } from './evidence-file.ts'
import { packPart } from './pack-part.ts'
import { BATCHES_AHEAD, type FromParseThread, type ParseThreadStart } from './parse-port.ts'
import type { PackedBatch } from './packed-batch.ts'

/** The parse thread: reads one evidence file and hands over batches for the writer. It never sees the case. */
const port = parentPort
if (!port) throw new Error('parse-thread runs as a worker')
const start = workerData as ParseThreadStart
const importer = findImporter(start.importer)
if (!importer) throw new Error(`no importer ${start.importer}`)

let credit = BATCHES_AHEAD
let wake: () => void = () => undefined
port.on('message', () => {
  credit += 1
  wake()
})

const send = (message: FromParseThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
const buffersOf = ({ events, keys, strings, raw }: PackedBatch): ArrayBuffer[] =>
  [events, keys, strings.bytes, strings.ends, strings.hashes, ...raw.map((block) => block.data)].map(
    (view) => view.buffer as ArrayBuffer,
  )

let position = 0
const part = {
  name: start.name,
  size: start.bytes,
  prefix: '',
  open: () => {
    position = 0
    return streamFile(start.path, (count) => (position += count))
  },
}
try {
  const task = { part, importer, context: start.context, skip: start.skip }
  for await (const batch of packPart(task, () => position)) {
    while (credit === 0) await new Promise<void>((resolve) => (wake = resolve))
    credit -= 1
    send({ type: 'batch', batch }, buffersOf(batch))
  }
  send({ type: 'end' })
} catch (thrown) {
  send(
    thrown instanceof WorkbenchError
      ? { type: 'end', error: toPlainError(thrown) }
      : { type: 'end', bug: thrown instanceof Error ? String(thrown.stack) : String(thrown) },
  )
} finally {
  port.close()
}

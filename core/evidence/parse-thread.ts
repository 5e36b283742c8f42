import { parentPort } from 'node:worker_threads'
import { findImporter } from '../importers/registry.ts'
import { CannotShare, Share } from '../importers/share.ts'
import { toPlainError, WorkbenchError } from '../model/errors.ts'
import { streamFile } from './evidence-file.ts'
import { packPart, type PartTask } from './pack-part.ts'
import { AskedBytes } from './member-bytes.ts'
import {
  BATCHES_AHEAD,
  type BytesRequest,
  type FromParseThread,
  type ParseThreadStart,
  type ToParseThread,
} from './parse-port.ts'
import type { PackedBatch } from './packed-batch.ts'

/**
 * The parse thread: reads one evidence file, or members of an archive one after the other, and hands over batches for the
 * writer. It never sees the case. It is started before it is known what the file is.
 */
const port = parentPort
if (!port) throw new Error('parse-thread runs as a worker')

let credit = BATCHES_AHEAD
let wake: () => void = () => undefined
port.on('message', (message: ToParseThread) => {
  if (message.type === 'start') void begin(message)
  else if (message.type === 'bytes') member.take(message)
  else {
    credit += 1
    wake()
  }
})

const send = (message: FromParseThread | BytesRequest, transfer: ArrayBuffer[] = []) =>
  port.postMessage(message, transfer)
const member = new AskedBytes(send)
const buffersOf = ({ events, keys, strings, raw }: PackedBatch): ArrayBuffer[] =>
  [events, keys, strings.bytes, strings.ends, strings.hashes, ...raw.map((block) => block.data)].map(
    (view) => view.buffer as ArrayBuffer,
  )

/** Of an archive the next member follows; a file is read once, and the thread is done. */
async function begin(start: ParseThreadStart): Promise<void> {
  const { path, bytes } = start
  await parse(start, path === null || bytes === null ? memberPart(start) : filePart(start, path, bytes))
  if (path !== null) port?.close()
}

interface ReadPart {
  readonly part: PartTask['part']
  /** Furthest byte of the evidence file read so far; of a member those know it who unpack it. */
  reached(): number
}

function filePart({ name, prefix }: ParseThreadStart, path: string, bytes: number): ReadPart {
  let position = 0
  const part = {
    name,
    size: bytes,
    prefix,
    file: path,
    progress: (count: number) => void (position = Math.max(position, count)),
    open: () => {
      position = 0
      return streamFile({ path, bytes }, (count) => (position += count))
    },
  }
  return { part, reached: () => position }
}

const memberPart = ({ name, prefix, bytes }: ParseThreadStart): ReadPart => ({
  part: { name, size: bytes, prefix, open: () => member.open() },
  reached: () => 0,
})

async function parse(start: ParseThreadStart, { part, reached }: ReadPart): Promise<void> {
  try {
    const importer = findImporter(start.importer)
    if (!importer) throw new Error(`no importer ${start.importer}`)
    const share =
      start.share === null ? undefined : new Share(start.share.index, start.share.count, start.share.from)
    const { context, skip, repeats } = start
    const task = { part, importer, context, skip, repeats, share }
    for await (const batch of packPart(task, reached)) {
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

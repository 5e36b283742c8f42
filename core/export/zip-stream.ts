import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** One file of an archive: its name is ours, never one of evidence. */
export interface ZipEntry {
  readonly name: string
  readonly content: AsyncIterable<string | Uint8Array>
  /** False for what is compressed already. */
  readonly compress?: boolean
}

/** ZIP tells times in the zone of the machine; the earliest one it knows is the same everywhere, and the same rows give the same bytes. */
const NO_TIME = new Date(0)

/**
 * Several files as one ZIP, streamed: entries are read one after the other while it is written. Sizes stand behind each entry, so
 * nothing is read twice; ZIP64 where it is needed.
 */
export async function* zipStream(
  entries: readonly ZipEntry[],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile()
  const out = zip.outputStream
  if (!(out instanceof Readable)) throw new TypeError('The ZIP writer has no stream to read')
  const sources = entries.map(({ name, content, compress = true }) => {
    const stream = Readable.from(toBytes(content), { objectMode: true, highWaterMark: 4 })
    // An error of one file is that of the whole.
    stream.on('error', (cause) => out.destroy(cause))
    zip.addReadStream(stream, name, { mtime: NO_TIME, compress, mode: 0o100600, forceDosTimestamp: true })
    return stream
  })
  zip.end()
  const stop = (): void => void out.destroy(signal.reason as Error)
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    for await (const chunk of out) yield chunk as Uint8Array
  } finally {
    signal.removeEventListener('abort', stop)
    for (const stream of sources) stream.destroy()
  }
}

/** Text gathered before it is compressed. */
const CHUNK = 64 * 1024

async function* toBytes(parts: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  let text = ''
  for await (const part of parts) {
    if (typeof part === 'string') {
      text += part
      if (text.length < CHUNK) continue
    }
    if (text !== '') yield Buffer.from(text, 'utf8')
    text = ''
    if (typeof part !== 'string') yield part
  }
  if (text !== '') yield Buffer.from(text, 'utf8')
}

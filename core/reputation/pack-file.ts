import { closeSync, openSync, readSync } from 'node:fs'
import { findContainer } from '../evidence/containers/registry.ts'
import { decodeHead } from '../evidence/decode-head.ts'
import { readHead, type FoundFile } from '../evidence/evidence-file.ts'
import { openParts } from '../evidence/parts.ts'
import { WorkbenchError } from '../model/errors.ts'

const HEAD_BYTES = 64 * 1024
const CHUNK = 1024 * 1024
/** A pack is unpacked into memory; beyond this it is no list of patterns but an attack on the machine. */
const MAX_UNPACKED = 1024 * 1024 * 1024

/** The contents of a pack file. */
export interface PackContent {
  /** File name without the ending of its packing; of an archive the name of its member. */
  readonly name: string
  /** Its beginning as text, for {@link detectPackReader}. */
  readonly head: string
  /**
   * Reads synchronously, from the beginning: a pack is stored inside one transaction.
   * @param onFile told the bytes of the file itself as they are read; never called for what was unpacked before
   */
  chunks(onFile?: (chunk: Uint8Array) => void): Iterable<Uint8Array>
  readonly isPacked: boolean
}

/**
 * Opens a pack file, plain or packed (gzip, zstd, or an archive with one member).
 * @throws WorkbenchError `pack.invalid` (reason `several-members`, `no-members`, `too-large`), `evidence.archive_broken`,
 *   `evidence.encrypted`, `limit.expansion`
 */
export async function openPackFile(file: FoundFile): Promise<PackContent> {
  const head = readHead(file.path, HEAD_BYTES)
  if (findContainer(head) === undefined)
    return {
      name: file.name,
      head: decodeHead(head),
      isPacked: false,
      chunks: (onFile) => readChunks(file.path, onFile),
    }
  const { name, parts } = await unpack(file)
  const [first = new Uint8Array()] = parts
  return { name, head: decodeHead(first.subarray(0, HEAD_BYTES)), isPacked: true, chunks: () => parts }
}

async function unpack(file: FoundFile): Promise<{ name: string; parts: Uint8Array[] }> {
  const refuse = (reason: string): WorkbenchError =>
    new WorkbenchError('pack.invalid', { file: file.name, reason })
  let found: { name: string; bytes: Buffer } | undefined
  const { items } = await openParts(file, { passwords: [] })
  for await (const part of items) {
    if (part.kind !== 'part') throw refuse('packing')
    if (found !== undefined) throw refuse('several-members')
    const pieces: Uint8Array[] = []
    let size = 0
    for await (const chunk of part.open()) {
      size += chunk.length
      if (size > MAX_UNPACKED) throw refuse('too-large')
      // the stream may use its buffer again
      pieces.push(Uint8Array.from(chunk))
    }
    if (part.failure !== undefined) throw refuse('packing')
    found = { name: part.name.split('/').at(-1) ?? part.name, bytes: Buffer.concat(pieces) }
  }
  if (found === undefined) throw refuse('no-members')
  const parts: Uint8Array[] = []
  for (let at = 0; at < found.bytes.length; at += CHUNK) parts.push(found.bytes.subarray(at, at + CHUNK))
  return { name: found.name.replace(/\.(?:gz|zst|zip|tgz)$/i, ''), parts }
}

function* readChunks(
  path: string,
  onFile: (chunk: Uint8Array) => void = () => undefined,
): Iterable<Uint8Array> {
  const fd = openSync(path, 'r')
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK)
      const length = readSync(fd, chunk, 0, CHUNK, null)
      if (length === 0) return
      const part = chunk.subarray(0, length)
      onFile(part)
      yield part
    }
  } finally {
    closeSync(fd)
  }
}

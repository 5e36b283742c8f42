import { createHash } from 'node:crypto'
import { createReadStream, openSync, closeSync, fstatSync, readSync, statSync, type Stats } from 'node:fs'
import { basename } from 'node:path'
import { WorkbenchError } from '../model/errors.ts'

/** A file as it was found, not yet hashed. */
export interface FoundFile {
  readonly path: string
  readonly name: string
  readonly bytes: number
  readonly mtimeUs: number
}

/** An evidence file as it was found: read-only, hashed, with size and time of last change. */
export interface EvidenceFile extends FoundFile {
  readonly sha256: string
}

const CHUNK = 1024 * 1024
/** What is parsed at once: everything made of it lives together, so less is faster and smaller than a whole megabyte. */
const PARSE_CHUNK = 256 * 1024

const notAFile = (path: string) => new WorkbenchError('evidence.not_a_file', { name: basename(path) })

/**
 * Opens read-only and reads size and change time. It looks before it opens: opening a pipe waits for a writer who may
 * never come, and opening a device may do things.
 * @throws WorkbenchError `evidence.unreadable` with the system's code, `evidence.file_name`, `evidence.not_a_file`
 */
function statReadOnly(path: string): Stats {
  try {
    const found = statSync(path)
    // A folder may be opened: that tells one that is closed to us from one that is simply no file.
    if (!found.isFile() && !found.isDirectory()) throw notAFile(path)
    const fd = openSync(path, 'r')
    try {
      return fstatSync(fd)
    } finally {
      closeSync(fd)
    }
  } catch (cause) {
    if (cause instanceof WorkbenchError) throw cause
    const name = basename(path)
    // What a folder lists of a name that is no UTF-8 is not its name.
    if (codeOf(cause) === 'ENOENT' && path.includes('\ufffd'))
      throw new WorkbenchError('evidence.file_name', { name }, { cause })
    throw new WorkbenchError('evidence.unreadable', { name, reason: codeOf(cause) }, { cause })
  }
}
const codeOf = (thrown: unknown) => (thrown as { code?: string }).code ?? 'unknown'

/**
 * Looks at a file without reading it.
 * @throws WorkbenchError `evidence.unreadable`, `evidence.not_a_file`, `evidence.empty`
 */
export function findFile(path: string): FoundFile {
  const stat = statReadOnly(path)
  if (!stat.isFile()) throw notAFile(path)
  if (stat.size === 0) throw new WorkbenchError('evidence.empty', { name: basename(path) })
  return { path, name: basename(path), bytes: stat.size, mtimeUs: Math.round(stat.mtimeMs * 1000) }
}

/**
 * Hashes a file before it is imported: the hash decides whether it is already in the case. What is written behind its end
 * meanwhile is no part of it.
 * @param most hash no more than so many bytes of its beginning
 * @throws WorkbenchError `evidence.unreadable`, `evidence.not_a_file`, `evidence.empty`
 */
export async function inspectEvidence(
  path: string,
  signal: AbortSignal,
  most = Number.MAX_SAFE_INTEGER,
): Promise<EvidenceFile> {
  const found = findFile(path)
  const bytes = Math.min(found.bytes, most)
  const hash = createHash('sha256')
  let hashed = 0
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK, end: bytes - 1 })) {
      signal.throwIfAborted()
      hash.update(chunk as Buffer)
      hashed += (chunk as Buffer).length
    }
  } catch (cause) {
    if (signal.aborted) throw cause
    throw new WorkbenchError(
      'evidence.unreadable',
      { name: basename(path), reason: codeOf(cause) },
      { cause },
    )
  }
  return { ...found, bytes: hashed, sha256: hash.digest('hex') }
}

/**
 * Whether the bytes that were hashed are still the file, or still its beginning: a log that somebody writes to grows. Read
 * again only when size or change time are others.
 */
export async function isStillThere(file: EvidenceFile, signal: AbortSignal): Promise<boolean> {
  const { size, mtimeMs } = statReadOnly(file.path)
  if (size === file.bytes && Math.round(mtimeMs * 1000) === file.mtimeUs) return true
  return size >= file.bytes && (await inspectEvidence(file.path, signal, file.bytes)).sha256 === file.sha256
}

/** First bytes of a file. */
export function readHead(path: string, bytes: number): Uint8Array {
  const fd = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(bytes)
    return buffer.subarray(0, readSync(fd, buffer, 0, bytes, 0))
  } finally {
    closeSync(fd)
  }
}

/**
 * Streams what was hashed of a file, and nothing that was written behind it since.
 * @param onBytes counts what was really read (conservation of bytes)
 * @param from first byte
 */
export async function* streamFile(
  { path, bytes }: Pick<FoundFile, 'path' | 'bytes'>,
  onBytes: (count: number) => void,
  from = 0,
): AsyncIterable<Uint8Array> {
  if (from >= bytes) return
  const range = { start: from, end: bytes - 1, highWaterMark: PARSE_CHUNK }
  for await (const chunk of createReadStream(path, range)) {
    onBytes((chunk as Buffer).length)
    yield chunk as Buffer
  }
}

import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { open } from 'node:fs/promises'

/** The first bytes of every SQLite file. */
const HEADER = 100
/**
 * Fields of the header that opening and closing a case moves though nothing in it changed (SQLite file format, 1.3): versions of
 * writer and reader (18, 19), change counter (24), version-valid-for (92), library version (96).
 */
const COUNTERS: readonly (readonly [number, number])[] = [
  [18, 20],
  [24, 28],
  [92, 100],
]

export interface CaseBytes {
  readonly bytes: number
  readonly sha256: string
  /** The hash with those fields as zeros: equal as long as nothing was written to the case. */
  readonly calm: string
  /** The two counters agree, and the file was closed properly. */
  readonly isHeaderSound: boolean
}

/** Where the header says that a journal beside the file belongs to it: 2 in both (SQLite file format, 1.3.3). */
const [WRITE_VERSION, READ_VERSION, WITH_WAL] = [18, 19, 2]

/**
 * True when a journal lies beside the file: somebody works on it, or a crash left it. An empty one counts when the header names it: a case
 * that is open elsewhere has one until something is written, and again after each time it was folded in.
 */
export async function isInUse(path: string): Promise<boolean> {
  const sizeOf = (beside: string): number => statSync(beside, { throwIfNoEntry: false })?.size ?? -1
  const wal = sizeOf(`${path}-wal`)
  if (wal > 0 || sizeOf(`${path}-journal`) > 0) return true
  if (wal < 0) return false
  const head = await readHeader(path)
  return head.readUInt8(WRITE_VERSION) === WITH_WAL && head.readUInt8(READ_VERSION) === WITH_WAL
}

async function readHeader(path: string): Promise<Buffer> {
  const file = await open(path, 'r')
  const head = Buffer.alloc(HEADER)
  try {
    await file.read(head, 0, HEADER, 0)
  } finally {
    await file.close()
  }
  return head
}

/** Hashes a case file as it lies there. */
export async function hashCaseFile(path: string, signal?: AbortSignal): Promise<CaseBytes> {
  const head = await readHeader(path)
  const quiet = Buffer.from(head)
  for (const [from, to] of COUNTERS) quiet.fill(0, from, to)
  const exact = createHash('sha256')
  const calm = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted()
    exact.update(chunk)
    const first = bytes < HEADER ? Math.min(HEADER - bytes, chunk.byteLength) : 0
    if (first > 0) calm.update(quiet.subarray(bytes, bytes + first))
    calm.update(chunk.subarray(first))
    bytes += chunk.byteLength
  }
  const isHeaderSound =
    head.readUInt32BE(24) === head.readUInt32BE(92) &&
    head.readUInt8(WRITE_VERSION) === 1 &&
    head.readUInt8(READ_VERSION) === 1
  return { bytes, sha256: exact.digest('hex'), calm: calm.digest('hex'), isHeaderSound }
}

/** SHA-256 and size of any file, streamed. */
export async function hashFile(
  path: string,
  signal?: AbortSignal,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted()
    hash.update(chunk)
    bytes += chunk.byteLength
  }
  return { bytes, sha256: hash.digest('hex') }
}

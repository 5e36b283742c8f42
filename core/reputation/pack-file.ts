import { closeSync, openSync, readSync } from 'node:fs'
import { findContainer } from '../evidence/containers/registry.ts'
import { decodeHead } from '../evidence/decode-head.ts'
import { readHead, type FoundFile } from '../evidence/evidence-file.ts'
import { openParts } from '../evidence/parts.ts'
import { WorkbenchError } from '../model/errors.ts'
import { ofFile, packTooLarge } from './pack-refusal.ts'
import { feedChunks, MANIFEST, readManifest } from './packs/misp-feed.ts'

const HEAD_BYTES = 64 * 1024
const CHUNK = 1024 * 1024
/** A pack is unpacked into memory; beyond this it is no list of patterns but an attack on the machine. */
const MAX_UNPACKED = 1024 * 1024 * 1024

/** The contents of a pack file. */
export interface PackContent {
  /** File name without the ending of its packing; of an archive the name of its member, of a workbook its own. */
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
 * Opens a pack file, plain or packed (gzip, zstd, an archive with one member, or with a MISP feed; a workbook with one sheet).
 * @throws WorkbenchError `pack.several_members`, `pack.no_patterns`, `pack.too_large`, `pack.damaged`,
 *   `evidence.archive_broken`, `evidence.encrypted`, `limit.expansion`
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

interface Unpacked {
  readonly name: string
  readonly bytes: Buffer
}

/** Several members are one pack only when they are a MISP feed: a manifest and the events it names. */
function toFeed(members: readonly Unpacked[], archive: string): Unpacked | undefined {
  const manifest = members.find(({ name }) => name.split('/').at(-1) === MANIFEST)
  if (manifest === undefined) return undefined
  const uuids = readManifest(manifest.bytes.toString('utf8'))
  if (uuids === undefined) return undefined
  const folder = manifest.name.slice(0, -MANIFEST.length)
  const byName = new Map(members.map(({ name, bytes }) => [name.toLowerCase(), bytes]))
  const chunks = feedChunks(uuids, (uuid) => byName.get(`${folder}${uuid}.json`.toLowerCase()))
  return { name: archive.replace(/\.(?:zip|tar|tgz|tar\.gz|7z)$/i, ''), bytes: Buffer.concat([...chunks]) }
}

async function unpack(file: FoundFile): Promise<{ name: string; parts: Uint8Array[] }> {
  const refuse = (code: 'pack.damaged' | 'pack.no_patterns' | 'pack.several_members') =>
    new WorkbenchError(code, { file: file.name })
  const members: Unpacked[] = []
  let total = 0
  const { items } = await openParts(file, { passwords: [] })
  for await (const part of items) {
    if (part.kind !== 'part') throw refuse('pack.damaged')
    const pieces: Uint8Array[] = []
    for await (const chunk of part.open()) {
      total += chunk.length
      if (total > MAX_UNPACKED) throw ofFile(packTooLarge(MAX_UNPACKED), file.name)
      // the stream may use its buffer again
      pieces.push(Uint8Array.from(chunk))
    }
    if (part.failure !== undefined) throw refuse('pack.damaged')
    members.push({ name: part.name, bytes: Buffer.concat(pieces) })
  }
  const [first] = members
  if (first === undefined) throw refuse('pack.no_patterns')
  const found = members.length === 1 ? first : toFeed(members, file.name)
  if (found === undefined) throw refuse('pack.several_members')
  const parts: Uint8Array[] = []
  for (let at = 0; at < found.bytes.length; at += CHUNK) parts.push(found.bytes.subarray(at, at + CHUNK))
  // A sheet is called Sheet1 more often than not.
  const isSheet = findContainer(readHead(file.path, HEAD_BYTES))?.id === 'workbook'
  const name = (isSheet ? file.name : found.name).split('/').at(-1) ?? found.name
  return { name: name.replace(/\.(?:gz|zst|zip|tgz)$/i, ''), parts }
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

import { promisify } from 'node:util'
import yauzl from 'yauzl'
import { WorkbenchError } from '../model/errors.ts'
import type { EvidencePart, PartProblem, Parts } from './parts.ts'

/** A ZIP can declare millions of empty members; beyond this the rest is an issue. */
const MAX_MEMBERS = 10_000
/** Zip bomb: a member may not inflate to more than this times its packed size once it is past the floor. */
const MAX_RATIO = 200
const RATIO_FLOOR = 10 * 1024 * 1024

/** Local file header, or the end record of an empty archive. */
export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 &&
  head[1] === 0x4b &&
  ((head[2] === 0x03 && head[3] === 0x04) || (head[2] === 0x05 && head[3] === 0x06))

const fromPath = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)

/**
 * Lists a ZIP as parts. Names stay data (never a path on disk); encrypted members, nested archives' limits and broken
 * entries become problems. A ZIP whose directory cannot be read is `evidence.archive_broken`.
 */
export async function listZip(
  path: string,
  bytes: number,
  headBytes: number,
  onBytes: (count: number) => void,
): Promise<Parts> {
  const entries: yauzl.Entry[] = []
  const problems: PartProblem[] = []
  let zip: yauzl.ZipFile
  try {
    zip = await fromPath(path, {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: true,
      validateEntrySizes: true,
      strictFileNames: false,
    })
    await new Promise<void>((resolve, reject) => {
      zip.on('entry', (entry: yauzl.Entry) => {
        if (entries.length >= MAX_MEMBERS) {
          problems.push({
            locator: entry.fileName,
            code: 'archive.too_many_members',
            excerpt: String(zip.entryCount),
          })
          resolve()
          return
        }
        if (!entry.fileName.endsWith('/')) entries.push(entry)
        zip.readEntry()
      })
      zip.on('end', resolve)
      zip.on('error', reject)
      zip.readEntry()
    })
  } catch (cause) {
    throw new WorkbenchError(
      'evidence.archive_broken',
      { name: path.split(/[\\/]/).at(-1) ?? path, reason: (cause as Error).message },
      { cause },
    )
  }
  const parts: EvidencePart[] = []
  for (const entry of entries) {
    if (entry.isEncrypted()) {
      problems.push({ locator: entry.fileName, code: 'archive.encrypted_member', excerpt: '' })
      continue
    }
    const open = () => inflate(path, zip, entry)
    parts.push({
      name: entry.fileName,
      size: entry.uncompressedSize,
      prefix: `${entry.fileName} · `,
      open,
      head: () => takeHead(open(), headBytes),
    })
  }
  // The central directory and the members together are the file: reading it as a whole is counted once.
  onBytes(bytes)
  return { isArchive: true, parts, problems }
}

async function* inflate(path: string, zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncIterable<Uint8Array> {
  let out = 0
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => {
      if (error) reject(error)
      else resolve(opened)
    })
  })
  for await (const chunk of stream) {
    const bytes = chunk as Buffer
    out += bytes.length
    if (out > RATIO_FLOOR && out > entry.compressedSize * MAX_RATIO) {
      throw new WorkbenchError('limit.expansion', {
        name: `${path.split(/[\\/]/).at(-1)}: ${entry.fileName}`,
        limit: String(MAX_RATIO),
      })
    }
    yield bytes
  }
}

async function takeHead(stream: AsyncIterable<Uint8Array>, bytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let have = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    have += chunk.length
    if (have >= bytes) break
  }
  return Buffer.concat(chunks).subarray(0, bytes)
}

import { once } from 'node:events'
import { closeSync, createWriteStream, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { PartSource } from '../../importer.ts'

/** Begins the name of a folder for a store out of an archive: an import that begins takes away what a killed one left. */
export const STORE_PREFIX = 'redthread-store-'
/** Members of archives up to this size stay in memory; larger ones go to an own temporary file while they are read. */
const MAX_IN_MEMORY = 64 << 20

/** Bytes that can be read anywhere: stores are trees of blocks that point across the whole file. */
export interface RandomAccess {
  readonly size: number
  /** At most `length` bytes from `at`; fewer at the end. The caller may change them. */
  read(at: number, length: number): Buffer
  close(): void
}

/** Opens a plain file in place, anything else through memory or a temporary file that `close` removes. */
export async function openRandomAccess(part: PartSource): Promise<RandomAccess> {
  if (part.file !== undefined) return openFile(part.file)
  const pieces: Buffer[] = []
  let size = 0
  let folder: string | undefined
  let spill: ReturnType<typeof createWriteStream> | undefined
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (spill !== undefined && !spill.write(bytes)) await once(spill, 'drain')
  }
  try {
    for await (const chunk of part.open()) {
      size += chunk.length
      const copy = Buffer.from(chunk)
      if (spill === undefined && size > MAX_IN_MEMORY) {
        folder = mkdtempSync(join(tmpdir(), STORE_PREFIX))
        spill = createWriteStream(join(folder, 'store'), { mode: 0o600 })
        for (const piece of pieces.splice(0)) await write(piece)
      }
      if (spill === undefined) pieces.push(copy)
      else await write(copy)
    }
    if (spill === undefined || folder === undefined) return openMemory(Buffer.concat(pieces))
    spill.end()
    await finished(spill)
    return openFile(join(folder, 'store'), folder)
  } catch (error) {
    spill?.destroy()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function openMemory(bytes: Buffer): RandomAccess {
  return {
    size: bytes.length,
    read: (at, length) => Buffer.from(bytes.subarray(at, at + length)),
    close: () => undefined,
  }
}

/** @param folder removed when it is closed */
function openFile(path: string, folder?: string): RandomAccess {
  const file = openSync(path, 'r')
  const { size } = fstatSync(file)
  return {
    size,
    read(at, length) {
      const room = Math.max(0, Math.min(length, size - at))
      const bytes = Buffer.allocUnsafe(room)
      let have = 0
      while (have < room) {
        const got = readSync(file, bytes, have, room - have, at + have)
        if (got === 0) break
        have += got
      }
      return bytes.subarray(0, have)
    },
    close() {
      closeSync(file)
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

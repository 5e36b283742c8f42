import { WorkbenchError } from '../../model/errors.ts'
import { collectBytes } from './byte-stream.ts'
import { reasonOf, type Source } from './container.ts'

/** The whole archive is held in memory, and so is the dictionary it was packed with. */
const MAX_BYTES = 512 * 1024 * 1024
/** Bytes unpacked at once. */
const PIECE = 256 * 1024
const FILE_TYPE = 0o170000
const FOLDER = 0o040000
const REGULAR = 0o100000

type Library = Awaited<ReturnType<(typeof import('libarchive-wasm'))['libarchiveWasm']>>

export interface SealedEntry {
  readonly name: string
  readonly size: number
  readonly type: 'file' | 'folder' | 'link'
  readonly link: string
  readonly isLocked: boolean
}

/** An archive in libarchive's own memory. It reads forward only; going back opens it anew from there. */
export class SealedArchive {
  readonly #library: Library
  readonly #bytes: number
  readonly #length: number
  #handle: number
  /** Members whose header has been read. */
  #read = 0
  #isFree = false
  failure: string | undefined

  private constructor(library: Library, bytes: number, length: number, handle: number) {
    this.#library = library
    this.#bytes = bytes
    this.#length = length
    this.#handle = handle
  }

  /**
   * Copies the archive into the library's memory piece by piece and opens it.
   * @param maxWhole bytes above which it is left shut
   * @throws WorkbenchError `evidence.archive_broken`, `evidence.too_large`
   */
  static async open(source: Source, maxWhole = MAX_BYTES): Promise<SealedArchive> {
    if (source.size !== null && source.size > maxWhole) throw tooLarge(source, maxWhole)
    const { libarchiveWasm } = await import('libarchive-wasm')
    const library = await libarchiveWasm()
    const { pointer, length } = await copyIn(library, source)
    let handle: number
    try {
      handle = library.read_new_memory(pointer, length)
    } catch (cause) {
      // The library has no words for an archive it could not even begin.
      throw new WorkbenchError(
        'evidence.archive_broken',
        { name: source.name, reason: 'no archive inside' },
        { cause },
      )
    }
    return new SealedArchive(library, pointer, length, handle)
  }

  /** The next member; undefined at the end, and then `failure` tells whether it was the right one. */
  next(): SealedEntry | undefined {
    try {
      return this.#next()
    } catch (thrown) {
      // A damaged archive can run the library out of its memory: it is at its end then, and nothing else is touched.
      this.failure = reasonOf(thrown)
      return undefined
    }
  }

  #next(): SealedEntry | undefined {
    const entry = this.#library.read_next_entry(this.#handle)
    if (entry === 0) {
      // libarchive has no words for a proper end.
      this.failure = this.#library.error_string(this.#handle) || undefined
      return undefined
    }
    this.#read += 1
    const type = this.#library.entry_filetype(entry) & FILE_TYPE
    const link = this.#library.entry_symlink(entry) || this.#library.entry_hardlink(entry) || ''
    return {
      name: this.#library.entry_pathname(entry) || `member ${this.#read}`,
      size: this.#library.entry_size(entry),
      type: type === FOLDER ? 'folder' : type === REGULAR && link === '' ? 'file' : 'link',
      link,
      isLocked: this.#library.entry_is_encrypted(entry) !== 0,
    }
  }

  /** Makes `next()` give member `ordinal` (from 0), whatever was read before. */
  seek(ordinal: number): void {
    if (this.#read > ordinal) {
      this.#library.read_free(this.#handle)
      this.#handle = this.#library.read_new_memory(this.#bytes, this.#length)
      this.#read = 0
    }
    while (this.#read < ordinal && this.next());
  }

  /** The content of the member that `next()` gave last. */
  async *content(): AsyncGenerator<Uint8Array> {
    const target = this.#library.module._malloc(PIECE)
    try {
      for (;;) {
        const count = this.#library.read_data(this.#handle, target, PIECE)
        if (count === 0) return
        yield this.#library.module.HEAPU8.slice(target, target + count)
      }
    } finally {
      if (!this.#isFree) this.#library.module._free(target)
    }
  }

  close(): void {
    if (this.#isFree) return
    this.#isFree = true
    // The memory belongs to this archive alone and goes with it; only a sound library can be asked to tidy up.
    if (this.failure !== undefined) return
    this.#library.read_free(this.#handle)
    this.#library.module._free(this.#bytes)
  }
}

const tooLarge = (source: Source, limit = MAX_BYTES): WorkbenchError =>
  new WorkbenchError('evidence.too_large', { name: source.name, limit: `${limit / 1024 / 1024} MiB` })

async function copyIn(library: Library, source: Source): Promise<{ pointer: number; length: number }> {
  if (source.size === null) {
    const bytes = await collectBytes(source.open(), MAX_BYTES)
    if (!bytes) throw tooLarge(source)
    const pointer = library.module._malloc(bytes.length)
    if (pointer === 0) throw tooLarge(source)
    library.module.HEAPU8.set(bytes, pointer)
    return { pointer, length: bytes.length }
  }
  const pointer = source.size > MAX_BYTES ? 0 : library.module._malloc(source.size)
  if (pointer === 0) throw tooLarge(source)
  let length = 0
  for await (const chunk of source.open()) {
    // A member may be longer than its container says.
    if (length + chunk.length > source.size) throw tooLarge(source)
    library.module.HEAPU8.set(chunk, pointer + length)
    length += chunk.length
  }
  return { pointer, length }
}

import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTemporaryFolder, removeFolder } from '../../jobs/temporary-folder.ts'

/** Characters of one report kept in memory, all its pieces together, before further ones go to files: a short report never touches the disk. */
const IN_MEMORY = 4 * 1024 * 1024

/** The parts of one report while it is made. In a folder they are files that only their owner can read, removed at the end. */
export class Spools {
  readonly #parent: string | null
  #folder: string | undefined
  #made = 0
  #held = 0
  /** @param parent folder for temporary files; null keeps everything in memory */
  constructor(parent: string | null) {
    this.#parent = parent
  }
  create(): Spool {
    return new Spool(this)
  }
  /**
   * Counts what a piece keeps in memory; a negative number when it has given it back.
   * @returns whether all pieces together keep no more than they may
   */
  hold(characters: number): boolean {
    this.#held += characters
    return this.#held <= IN_MEMORY
  }
  /** Path of a new file; null: there is no folder for files. */
  async place(): Promise<string | null> {
    if (this.#parent === null) return null
    this.#folder ??= await makeTemporaryFolder(this.#parent, '.redthread-report-')
    this.#made += 1
    return join(this.#folder, `${this.#made}.part`)
  }
  async remove(): Promise<void> {
    if (this.#folder !== undefined) await removeFolder(this.#folder)
  }
}

/** Text that is written once and read as often as wanted, in order. */
export class Spool {
  readonly #spools: Spools
  #chunks: string[] = []
  #size = 0
  #path: string | null = null
  #file: FileHandle | undefined
  #staysInMemory = false
  /** Length of all that was added. */
  characters = 0
  constructor(spools: Spools) {
    this.#spools = spools
  }
  async add(text: string): Promise<void> {
    this.#chunks.push(text)
    this.#size += text.length
    this.characters += text.length
    if (this.#spools.hold(text.length) || this.#staysInMemory) return
    // Small pieces are gathered, so that a file is not written row by row.
    if (this.#file !== undefined && this.#size < AT_ONCE) return
    await this.#toFile()
  }
  async #toFile(): Promise<void> {
    if (this.#file === undefined) {
      this.#path = await this.#spools.place()
      if (this.#path === null) {
        this.#staysInMemory = true
        return
      }
      this.#file = await open(this.#path, 'wx', 0o600)
    }
    await this.#file.writeFile(this.#chunks.join(''))
    this.#spools.hold(-this.#size)
    this.#chunks = []
    this.#size = 0
  }
  /** Nothing is added after this. */
  async end(): Promise<void> {
    if (this.#file === undefined) return
    await this.#toFile()
    await this.#file.close()
    this.#file = undefined
  }
  async *read(): AsyncGenerator<string> {
    if (this.#path !== null)
      for await (const chunk of createReadStream(this.#path, {
        encoding: 'utf8',
        highWaterMark: 1 << 20,
      }) as AsyncIterable<string>)
        yield chunk
    yield* this.#chunks
  }
}

/** Characters written to a file at once. */
const AT_ONCE = 256 * 1024

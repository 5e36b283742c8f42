import type { ContainerContext, Source } from './containers/container.ts'
import { findContainer } from './containers/registry.ts'

/** What a collector says of its run is short; a crafted one could be the whole archive. */
export const MAX_BESIDE_BYTES = 1 << 20
/** A hunt over a company has one for each machine. */
const MAX_FILES = 20_000

/** Files of an archive that say something of all the others around them, found by their name alone. */
export class CollectionFiles {
  readonly #source: Source
  readonly #context: ContainerContext
  readonly #found = new Map<string, Promise<ReadonlyMap<string, Uint8Array>>>()

  constructor(source: Source, context: ContainerContext) {
    this.#source = source
    this.#context = context
  }

  /**
   * The file of that name in the folder of a member, or in the nearest folder above it.
   * @param member path inside the archive
   * @returns undefined when there is none, or the archive is of a kind that has to be unpacked to be looked through
   */
  async nearest(member: string, name: string): Promise<Uint8Array | undefined> {
    let found = this.#found.get(name)
    if (found === undefined) this.#found.set(name, (found = this.#list(name)))
    const files = await found
    let folder = member
    while (folder !== '') {
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))
      const file = files.get(folder)
      if (file !== undefined) return file
    }
    return undefined
  }

  /** Folder -> its file. */
  async #list(name: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const files = new Map<string, Uint8Array>()
    const container = findContainer(await this.#source.head())
    if (container?.id !== 'zip') return files
    for await (const member of container.list(this.#source, this.#context)) {
      if (member.kind !== 'member' || files.size >= MAX_FILES) continue
      const cut = member.name.lastIndexOf('/')
      if (member.name.slice(cut + 1).toLowerCase() !== name) continue
      const bytes = await readSmall(member)
      if (bytes !== undefined) files.set(member.name.slice(0, Math.max(0, cut)), bytes)
    }
    return files
  }
}

/** Undefined when it is too large or cannot be read: its own import says so. */
async function readSmall(source: Source): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of source.open()) {
      size += piece.length
      if (size > MAX_BESIDE_BYTES) return undefined
      pieces.push(piece)
    }
  } catch (thrown) {
    if (thrown instanceof Error) return undefined
    throw thrown
  }
  return Buffer.concat(pieces)
}

import type yauzl from 'yauzl'
import { WorkbenchError } from '../../model/errors.ts'
import type { Budget } from './budget.ts'
import { problem, type Member, type Problem, type Source } from './container.ts'
import { memberName } from './member-name.ts'
import { SealedArchive } from './sealed-archive.ts'
import { listSealed, sealedMember } from './sealed-members.ts'

/**
 * Members of a ZIP without a directory at its end, by the header before each: what a download that was cut off still
 * holds.
 * @throws WorkbenchError the error given, when there is no whole member either
 */
export async function* salvage(
  source: Source,
  budget: Budget,
  broken: WorkbenchError,
  maxWhole?: number,
): AsyncGenerator<Member | Problem> {
  const archive = await SealedArchive.open(source, maxWhole).catch((thrown: unknown) => {
    // Left shut for its size: nobody knows that it is broken.
    if (maxWhole !== undefined && thrown instanceof WorkbenchError && thrown.code === 'evidence.too_large')
      throw thrown
    return undefined
  })
  if (!archive) throw broken
  try {
    // Said before the first member, so that whoever reads the issues knows how the others came about.
    let isSaid = false
    const members = listSealed(archive, budget, { areSizesKnown: false })
    for (let next = await members.next(); next.done !== true; next = await members.next()) {
      if (!isSaid) yield problem('', 'archive.no_directory', String(broken.params['reason'] ?? ''))
      isSaid = true
      yield next.value
    }
    if (!isSaid) throw broken
    if (archive.failure !== undefined) yield problem('', 'archive.cut_off', archive.failure)
  } finally {
    archive.close()
  }
}

/** Members packed in a way that is read through libarchive only (LZMA, bzip2, xz, PPMd). */
export class RareMembers {
  readonly #source: Source
  readonly #budget: Budget
  readonly #maxWhole: number | undefined
  #archive: SealedArchive | undefined
  #ordinals: Map<string, number> | undefined

  constructor(source: Source, budget: Budget, maxWhole?: number) {
    this.#source = source
    this.#budget = budget
    this.#maxWhole = maxWhole
  }

  /** The member under this name; undefined when libarchive does not find or read it, or it is one of two of that name. */
  async find(entry: yauzl.Entry, name: string): Promise<Member | undefined> {
    try {
      const archive = (this.#archive ??= await SealedArchive.open(this.#source, this.#maxWhole))
      const ordinal = (this.#ordinals ??= ordinalsOf(archive)).get(name)
      if (ordinal === undefined) return undefined
      archive.seek(ordinal)
      const found = archive.next()
      if (found?.size !== entry.uncompressedSize) return undefined
      const member = sealedMember(archive, ordinal, name, found.size, this.#budget)
      // One look tells whether this way of packing is read at all.
      await member.head()
      return member
    } catch {
      // Too large for memory, or a coding the library was built without: the member is told as unread.
      return undefined
    }
  }

  close(): void {
    this.#archive?.close()
  }
}

function ordinalsOf(archive: SealedArchive): Map<string, number> {
  const ordinals = new Map<string, number>()
  const doubled = new Set<string>()
  let ordinal = 0
  for (let entry = archive.next(); entry; entry = archive.next()) {
    const name = memberName(entry.name)
    if (ordinals.has(name)) doubled.add(name)
    ordinals.set(name, ordinal)
    ordinal += 1
    archive.seek(ordinal)
  }
  for (const name of doubled) ordinals.delete(name)
  return ordinals
}

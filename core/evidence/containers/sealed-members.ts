import type { Budget } from './budget.ts'
import { ByteReader, dropFirst } from './byte-stream.ts'
import { problem, type Member, type Problem } from './container.ts'
import { memberName, NameCounter } from './member-name.ts'
import { PassMember } from './pass-member.ts'
import type { SealedArchive } from './sealed-archive.ts'

/** Beyond this the rest of the members is an issue. */
const MAX_MEMBERS = 100_000

/**
 * Files of an archive that libarchive reads, in its order; links and locked ones are problems.
 * @param options.areSizesKnown false where a member may not say how long it is (a ZIP read without its directory)
 * @returns how many members there were, folders included
 */
export async function* listSealed(
  archive: SealedArchive,
  budget: Budget,
  options: { readonly areSizesKnown: boolean },
): AsyncGenerator<Member | Problem, number> {
  const names = new NameCounter()
  let ordinal = 0
  for (let entry = archive.next(); entry; entry = archive.next()) {
    if (ordinal >= MAX_MEMBERS) {
      yield problem('', 'archive.too_many_members', String(MAX_MEMBERS))
      return ordinal
    }
    if (entry.type !== 'folder') {
      const name = names.next(memberName(entry.name))
      const size = options.areSizesKnown || entry.size > 0 ? entry.size : null
      if (entry.type === 'link') yield problem(name, 'archive.link_member', memberName(entry.link))
      else if (entry.isLocked) yield problem(name, 'archive.sealed_member', `${entry.size} bytes`)
      else yield sealedMember(archive, ordinal, name, size, budget)
    }
    ordinal += 1
    archive.seek(ordinal)
  }
  return ordinal
}

/** Member `ordinal`, which the archive has just given. */
export function sealedMember(
  archive: SealedArchive,
  ordinal: number,
  name: string,
  size: number | null,
  budget: Budget,
): Member {
  const meter = budget.meter()
  return new PassMember(name, size, new ByteReader(meter(archive.content())), (from) => {
    archive.seek(ordinal)
    archive.next()
    return dropFirst(meter(archive.content()), from)
  })
}

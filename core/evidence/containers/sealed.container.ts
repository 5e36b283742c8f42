import { WorkbenchError } from '../../model/errors.ts'
import type { Budget } from './budget.ts'
import { ByteReader, dropFirst } from './byte-stream.ts'
import { hasBytes, problem, type Container } from './container.ts'
import { memberName, NameCounter } from './member-name.ts'
import { PassMember } from './pass-member.ts'
import { SealedArchive } from './sealed-archive.ts'

const MAX_MEMBERS = 100_000

const SIGNATURES = [
  [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], // 7z
  [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], // RAR 4 and 5
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], // xz
]
/** bzip2: `BZh`, a digit, and the first six digits of pi. */
const isBzip2 = (head: Uint8Array) =>
  hasBytes(head, [0x42, 0x5a, 0x68]) && hasBytes(head, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], 4)

/** xz and bzip2 hold a tar, or one file by itself, which libarchive does not give out. */
const isSingleFile = (head: Uint8Array) => hasBytes(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a]) || isBzip2(head)

/**
 * 7z and RAR, and tars under xz or bzip2, through libarchive, which runs as WebAssembly: what a hostile archive breaks
 * stays inside. It opens no locked 7z or RAR.
 */
const container: Container = {
  id: 'sealed',
  isCoding: false,
  recognises: (head) => SIGNATURES.some((bytes) => hasBytes(head, bytes)) || isBzip2(head),
  async *list(source, { budget }) {
    const archive = await SealedArchive.open(source)
    try {
      const names = new NameCounter()
      let ordinal = 0
      for (let entry = archive.next(); entry; entry = archive.next()) {
        if (ordinal >= MAX_MEMBERS) {
          yield problem('', 'archive.too_many_members', String(MAX_MEMBERS))
          return
        }
        if (entry.type !== 'folder') {
          const name = names.next(memberName(entry.name))
          if (entry.type === 'link') yield problem(name, 'archive.link_member', memberName(entry.link))
          else if (entry.isLocked) yield problem(name, 'archive.encrypted_member', `${entry.size} bytes`)
          else yield memberOf(archive, ordinal, name, entry.size, budget)
        }
        ordinal += 1
        archive.seek(ordinal)
      }
      const failure = archive.failure
      if (failure === undefined) return
      if (ordinal > 0) yield problem('', 'archive.cut_off', failure)
      else if (/encrypt/i.test(failure)) throw new WorkbenchError('evidence.encrypted', { name: source.name })
      else if (isSingleFile(await source.head()))
        throw new WorkbenchError('evidence.archive_unsupported', { name: source.name })
      else throw new WorkbenchError('evidence.archive_broken', { name: source.name, reason: failure })
    } finally {
      archive.close()
    }
  },
}
export default container

function memberOf(
  archive: SealedArchive,
  ordinal: number,
  name: string,
  size: number,
  budget: Budget,
): PassMember {
  const meter = budget.meter()
  return new PassMember(name, size, new ByteReader(meter(archive.content())), (from) => {
    archive.seek(ordinal)
    archive.next()
    return dropFirst(meter(archive.content()), from)
  })
}

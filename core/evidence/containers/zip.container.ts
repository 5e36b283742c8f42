import { WorkbenchError } from '../../model/errors.ts'
import { dropFirst, takeHead } from './byte-stream.ts'
import { problem, reasonOf, type Container, type Member } from './container.ts'
import { openContent, unlock } from './zip-content.ts'
import { RareMembers, salvage } from './zip-salvage.ts'
import { contradiction, listEntries, openZip } from './zip-entries.ts'
import { isArchive } from './zip-kind.ts'

/**
 * ZIP (APPNOTE 6.3), also ZIP64, and members under the traditional cipher or WinZip's AES. The directory at the end is
 * what counts; a local header that says otherwise is named, and members that share bytes with another are left out. Without
 * a directory (a copy that was cut off) the members are told by their own headers.
 */
const container: Container = {
  id: 'zip',
  isCoding: false,
  recognises: isArchive,
  async *list(source, { budget, keyring, maxWhole }) {
    const zip = await openZip(source).catch((thrown: unknown) => {
      if (thrown instanceof WorkbenchError && thrown.code === 'evidence.archive_broken') return thrown
      throw thrown
    })
    if (zip instanceof WorkbenchError) {
      yield* salvage(source, budget, zip, maxWhole)
      return
    }
    const rare = new RareMembers(source, budget, maxWhole)
    try {
      const { items, problems } = await listEntries(zip)
      yield* problems
      for (const { entry, name, isOverlapping } of items) {
        if (isOverlapping) {
          yield problem(name, 'archive.overlapping_member')
          continue
        }
        try {
          const other = await contradiction(zip, entry)
          if (other !== undefined) yield problem(name, 'archive.contradiction', other)
          const unlocked = await unlock(zip, entry, keyring)
          if (unlocked === 'locked') {
            yield problem(name, 'archive.encrypted_member', `${entry.uncompressedSize} bytes`)
            continue
          }
          if (!('decipher' in unlocked)) {
            const member = entry.isEncrypted() ? undefined : await rare.find(entry, name)
            yield member ?? problem(name, 'archive.unknown_compression', `method ${unlocked.method}`)
            continue
          }
          const meter = budget.meter()
          const reached = (packed: number) => source.reached?.(entry.relativeOffsetOfLocalHeader + packed)
          const open = (from = 0) => dropFirst(meter(openContent(zip, entry, unlocked, reached)), from)
          let head: Promise<Uint8Array> | undefined
          const member: Member = {
            kind: 'member',
            name,
            size: entry.uncompressedSize,
            open,
            head: () => (head ??= takeHead(open())),
          }
          yield member
        } catch (thrown) {
          yield problem(name, 'archive.broken_member', reasonOf(thrown))
        }
      }
    } finally {
      rare.close()
      zip.close()
    }
  },
}
export default container

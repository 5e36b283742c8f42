import { WorkbenchError } from '../../model/errors.ts'
import { hasBytes, problem, type Container } from './container.ts'
import { SealedArchive } from './sealed-archive.ts'
import { listSealed } from './sealed-members.ts'

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
  async *list(source, { budget, maxWhole }) {
    const archive = await SealedArchive.open(source, maxWhole)
    try {
      const ordinal = yield* listSealed(archive, budget, { areSizesKnown: true })
      const failure = archive.failure
      if (failure === undefined) return
      if (ordinal > 0) yield problem('', 'archive.cut_off', failure)
      else if (/encrypt/i.test(failure))
        throw new WorkbenchError('evidence.archive_locked', { name: source.name })
      else if (isSingleFile(await source.head()))
        throw new WorkbenchError('evidence.archive_unsupported', { name: source.name })
      else throw new WorkbenchError('evidence.archive_broken', { name: source.name, reason: failure })
    } finally {
      archive.close()
    }
  },
}
export default container

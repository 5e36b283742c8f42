import yauzl from 'yauzl'
import { WorkbenchError } from '../../model/errors.ts'
import { collectBytes } from './byte-stream.ts'
import { problem, reasonOf, type Problem, type Source } from './container.ts'
import { memberName, NameCounter } from './member-name.ts'
import { pageOf, zipName } from './zip-name.ts'

/** A ZIP can declare millions of empty members; beyond this the rest is an issue. A triage of a whole disk holds 30,000. */
export const MAX_MEMBERS = 100_000
/** An archive inside another is held in memory; a larger one has to be unpacked first. */
const MAX_NESTED_BYTES = 256 * 1024 * 1024
const LOCAL_HEADER = 30
/** Flag: sizes and CRC stand behind the member, not in its local header. */
const SIZES_FOLLOW = 8

/** A member as the directory tells it. `isOverlapping`: its bytes belong to another member already. */
export interface ZipItem {
  readonly entry: yauzl.Entry
  readonly name: string
  readonly isOverlapping: boolean
}

const OPTIONS = {
  lazyEntries: true,
  autoClose: false,
  // Names are read here: yauzl would refuse the whole archive for one name such as `../x`.
  decodeStrings: false,
  validateEntrySizes: false,
}

/** @throws WorkbenchError `evidence.archive_broken`, `evidence.too_large` for a nested one beyond the limit */
export async function openZip(source: Source): Promise<yauzl.ZipFile> {
  let bytes: Buffer | undefined
  if (source.path === undefined) {
    bytes = await collectBytes(source.open(), MAX_NESTED_BYTES)
    if (!bytes)
      throw new WorkbenchError('evidence.too_large', {
        name: source.name,
        limit: `${MAX_NESTED_BYTES / 1024 / 1024} MiB`,
      })
  }
  try {
    return await (bytes
      ? yauzl.fromBufferPromise(bytes, OPTIONS)
      : yauzl.openPromise(source.path ?? '', OPTIONS))
  } catch (cause) {
    throw new WorkbenchError(
      'evidence.archive_broken',
      { name: source.name, reason: reasonOf(cause) },
      { cause },
    )
  }
}

/** The directory of a ZIP: files in its order; folders hold nothing. What cannot be listed is a problem. */
export async function listEntries(
  zip: yauzl.ZipFile,
): Promise<{ items: readonly ZipItem[]; problems: readonly Problem[] }> {
  const entries: yauzl.Entry[] = []
  const problems: Problem[] = []
  try {
    for await (const entry of zip.eachEntry()) {
      if (entries.length >= MAX_MEMBERS) {
        problems.push(problem('', 'archive.too_many_members', String(zip.entryCount)))
        break
      }
      entries.push(entry)
    }
  } catch (thrown) {
    problems.push(problem('', 'archive.cut_off', reasonOf(thrown)))
  }
  const overlapping = findOverlaps(entries)
  const page = pageOf(entries)
  const names = new NameCounter()
  const items: ZipItem[] = []
  for (const entry of entries) {
    const raw = zipName(entry, page)
    if (raw.endsWith('/') && entry.uncompressedSize === 0) continue
    items.push({ entry, name: names.next(memberName(raw)), isOverlapping: overlapping.has(entry) })
  }
  return { items, problems }
}

/** Many members made of the same packed bytes: a small file that unpacks to terabytes. The first one keeps them. */
function findOverlaps(entries: readonly yauzl.Entry[]): ReadonlySet<yauzl.Entry> {
  const overlapping = new Set<yauzl.Entry>()
  let end = 0
  for (const entry of [...entries].sort(
    (a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader,
  )) {
    const start = entry.relativeOffsetOfLocalHeader
    if (start < end) overlapping.add(entry)
    else end = start + LOCAL_HEADER + entry.fileNameRaw.length + entry.compressedSize
  }
  return overlapping
}

/** What the header before the member says otherwise than the directory; undefined when they agree. */
export async function contradiction(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<string | undefined> {
  const local = await zip.readLocalFileHeaderPromise(entry)
  const said: string[] = []
  if (!local.fileName.equals(entry.fileNameRaw)) said.push(memberName(local.fileName.toString('utf8')))
  if (local.compressionMethod !== entry.compressionMethod) said.push(`method ${local.compressionMethod}`)
  const followsOrHuge =
    (local.generalPurposeBitFlag & SIZES_FOLLOW) !== 0 || local.uncompressedSize === 0xffffffff
  if (!followsOrHuge && local.crc32 !== entry.crc32) said.push('CRC-32')
  if (!followsOrHuge && local.uncompressedSize !== entry.uncompressedSize)
    said.push(`${local.uncompressedSize} bytes`)
  return said.length > 0 ? said.join(', ') : undefined
}

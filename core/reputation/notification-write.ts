import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { WorkbenchError } from '../model/errors.ts'

/** A draft under its file name. */
export interface DraftFile {
  readonly name: string
  readonly text: string
}

const UNWRITABLE: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ENOTEMPTY',
])

/**
 * Writes drafts into a new (or empty) folder, or into one .zip file when the path ends so. Nothing that is there is overwritten but
 * a .zip the user chose to replace.
 * @throws WorkbenchError `store.unwritable`, `store.disk_full`, `output.not_empty`
 */
export async function writeDrafts(
  path: string,
  files: readonly DraftFile[],
  signal: AbortSignal,
): Promise<void> {
  try {
    if (/\.zip$/i.test(path)) await writeZip(path, files)
    else await writeFolder(path, files, signal)
  } catch (cause) {
    if (cause instanceof WorkbenchError) throw cause
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const params = { file: basename(path), reason: code }
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new WorkbenchError('store.disk_full', params, { cause })
    if (UNWRITABLE.has(code)) throw new WorkbenchError('store.unwritable', params, { cause })
    throw cause
  }
}

async function writeFolder(path: string, files: readonly DraftFile[], signal: AbortSignal): Promise<void> {
  await mkdir(path, { recursive: true })
  // Drafts of two runs in one folder would be sent as one.
  if ((await readdir(path)).some((name) => name.endsWith('.eml')))
    throw new WorkbenchError('output.not_empty', { file: basename(path), folder: dirname(path) })
  for (const { name, text } of files) {
    signal.throwIfAborted()
    await writeNew(join(path, name), Buffer.from(text))
  }
}

async function writeZip(path: string, files: readonly DraftFile[]): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  await rm(beside, { force: true })
  await writeNew(beside, zip(files))
  await rename(beside, path)
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
  } finally {
    await file.close()
  }
}

/** 1980-01-01, the first day ZIP knows: the same drafts give the same bytes. */
const ZIP_DATE = 0x21
/** Names are UTF-8 (APPNOTE 4.4.4, bit 11). */
const ZIP_UTF8 = 0x0800

/** A ZIP of stored files (APPNOTE 6.3.10); drafts are few and small. */
function zip(files: readonly DraftFile[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, text } of files) {
    const bytes = Buffer.from(text)
    const title = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(ZIP_UTF8, 2)
    common.writeUInt16LE(ZIP_DATE, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(bytes.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(title.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, title, bytes])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, title]))
    locals.push(local)
    offset += local.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, listed, end])
}

import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, readdirSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import type { Manifest } from '../../contract/nouns/verify.ts'
import type { ResultOf } from '../../contract/types.ts'
import { WorkbenchError } from '../../model/errors.ts'
import type { Attended } from '../../jobs/caseless-work.ts'
import { toFileError } from '../../jobs/file-error.ts'
import { Findings } from '../verify/findings.ts'
import { readManifest } from '../verify/manifest.ts'
import { decrypted } from './age-streams.ts'
import { AGE_MAGIC, CASE_NAME, EVIDENCE_NAME, evidenceName, MANIFEST_NAME, README_NAME } from './layout.ts'

type Restored = ResultOf<'archive.restore'>

/** A manifest is small; a ZIP may say otherwise and unpack to gigabytes. */
const MAX_MANIFEST = 64 * 1024 * 1024

/** Share of the work that opening the lock takes. */
const DECRYPTING = 0.4

/** Thrown inside to stop at once; becomes a finding, never an error of ours. */
class Unreadable extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/**
 * Unpacks an archive into a new or empty folder. Every file is hashed while it is written and gets its name only when it is the one
 * that the manifest names; whatever else is wrong with the archive is a finding.
 * @throws WorkbenchError `request.not_found`, `store.unwritable`, `store.disk_full`
 */
export async function restoreArchive(
  path: string,
  folder: string,
  passphrase: string | null,
  { signal, progress }: Partial<Attended> = {},
): Promise<Restored> {
  const watch: Attended = {
    signal: signal ?? new AbortController().signal,
    progress: progress ?? (() => undefined),
  }
  const findings = new Findings()
  const files: Restored['files'] = []
  let isOurs = false
  const plain = join(folder, `.${process.pid}.zip.part`)
  try {
    mkdirSync(folder, { recursive: true })
    if (readdirSync(folder).length > 0)
      throw new WorkbenchError('output.not_empty', { file: basename(folder), folder: dirname(folder) })
    isOurs = true
    const isLocked = await isEncrypted(path)
    if (isLocked && passphrase === null) throw new Unreadable('archive.locked')
    if (isLocked) await decrypt(path, passphrase ?? '', plain, watch)
    await unpack(isLocked ? plain : path, folder, findings, files, {
      ...watch,
      from: isLocked ? DECRYPTING : 0,
    })
  } catch (cause) {
    // The folder was empty: what is in it now is ours.
    if (isOurs && watch.signal.aborted)
      for (const name of readdirSync(folder)) await rm(join(folder, name), { recursive: true, force: true })
    if (!(cause instanceof Unreadable)) throw toFileError(cause, folder)
    findings.problem(cause.code, basename(path))
  } finally {
    if (isOurs) await rm(plain, { force: true })
  }
  return { ok: !findings.hasProblem, findings: findings.list(), folder, files }
}

async function isEncrypted(path: string): Promise<boolean> {
  let file
  try {
    file = await open(path, 'r')
  } catch (cause) {
    throw new WorkbenchError('file.missing', { file: basename(path) }, { cause })
  }
  try {
    const head = Buffer.alloc(AGE_MAGIC.length)
    await file.read(head, 0, head.length, 0)
    return head.toString('latin1') === AGE_MAGIC
  } finally {
    await file.close()
  }
}

/** Opens the age layer into a file beside: a ZIP is read from its end. Authenticated, so that a changed byte stops it. */
async function decrypt(path: string, passphrase: string, to: string, watch: Attended): Promise<void> {
  let stream: AsyncIterable<Uint8Array>
  const source = createReadStream(path, { highWaterMark: 1 << 20 })
  const { size } = await stat(path)
  const counted = counting(source as AsyncIterable<Buffer>, watch, (bytes) =>
    watch.progress((DECRYPTING * bytes) / Math.max(1, size), 'verify.step.decrypting'),
  )
  try {
    stream = await decrypted(counted, passphrase)
  } catch (cause) {
    source.destroy()
    if (isFileError(cause)) throw cause
    // The library says which of the two in words only.
    const isWrong = cause instanceof Error && /identit|passphrase/i.test(cause.message)
    throw new Unreadable(isWrong ? 'archive.passphrase' : 'archive.unreadable')
  }
  try {
    await pipeline(Readable.from(stream), createWriteStream(to, { flags: 'wx', mode: 0o600 }))
  } catch (cause) {
    source.destroy()
    if (isFileError(cause)) throw cause
    throw new Unreadable('archive.unreadable')
  }
}

/** A fault of the disk, or a cancel: neither says anything about the archive. */
const isFileError = (cause: unknown): boolean =>
  cause instanceof WorkbenchError ||
  (cause instanceof Error && 'code' in cause && /^E[A-Z]+$/.test(String(cause.code)))

/** Passes chunks on, tells how many bytes went by, and stops when it is cancelled. */
async function* counting(
  source: AsyncIterable<Buffer>,
  { signal }: Attended,
  told: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of source) {
    signal.throwIfAborted()
    bytes += chunk.byteLength
    told(bytes)
    yield chunk
  }
}

async function unpack(
  zipPath: string,
  folder: string,
  findings: Findings,
  files: Restored['files'],
  /** `from`: share of the work that is done already. */
  watch: Attended & { readonly from: number },
): Promise<void> {
  const entries = new Map<string, Entry>()
  let zip: ZipFile
  try {
    zip = await openPromise(zipPath, {
      autoClose: false,
      lazyEntries: true,
      strictFileNames: true,
      validateEntrySizes: true,
    })
  } catch (cause) {
    if (isFileError(cause)) throw cause
    throw new Unreadable('archive.unreadable')
  }
  try {
    try {
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
    } catch (cause) {
      if (isFileError(cause)) throw cause
      throw new Unreadable('archive.unreadable')
    }
    const manifest = await takeManifest(zip, entries, folder, findings)
    const wanted = wantedOf(manifest)
    const total = [...wanted.values()].reduce((sum, { bytes }) => sum + bytes, 1)
    const { from } = watch
    let before = 0
    for (const name of entries.keys())
      if (name !== MANIFEST_NAME && name !== README_NAME && !wanted.has(name))
        findings.problem('archive.foreign', shownName(name))
    for (const [name, file] of wanted) {
      const entry = entries.get(name)
      if (entry === undefined) findings.problem('archive.missing', name)
      else {
        const told = (bytes: number): void => {
          watch.signal.throwIfAborted()
          watch.progress(from + ((1 - from) * (before + bytes)) / total, 'verify.step.unpacking')
        }
        const isTaken = await takeFile(zip, entry, join(folder, name), file, folder, told)
        if (isTaken) files.push({ name, ...file })
        else findings.problem('archive.changed', name)
      }
      before += file.bytes
    }
  } finally {
    zip.close()
  }
}

interface Wanted {
  readonly role: string
  readonly sha256: string
  readonly bytes: number
}

/** Files that a manifest of ours can name; names that lead elsewhere are not among them. */
function wantedOf(manifest: Manifest): Map<string, Wanted> {
  const { file } = manifest.case
  return new Map<string, Wanted>([
    ...(file === null
      ? []
      : [[CASE_NAME, { role: 'case', sha256: file.sha256, bytes: file.bytes }] as const]),
    ...manifest.files
      .filter(({ name, sha256 }) => EVIDENCE_NAME.test(name) && name === evidenceName(sha256))
      .map(({ name, role, sha256, bytes }) => [name, { role, sha256, bytes }] as const),
  ])
}

/** Names in an archive may be long and odd. */
const shownName = (name: string): string => (name.length > 100 ? `${name.slice(0, 100)}…` : name)

async function takeManifest(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  folder: string,
  findings: Findings,
): Promise<Manifest> {
  const entry = entries.get(MANIFEST_NAME)
  if (entry === undefined || entry.uncompressedSize > MAX_MANIFEST) throw new Unreadable('archive.unreadable')
  const path = join(folder, MANIFEST_NAME)
  if ((await writeEntry(zip, entry, path, entry.uncompressedSize)) === undefined)
    throw new Unreadable('archive.unreadable')
  const { manifest, isWhole } = await readManifest(path)
  if (manifest === undefined) throw new Unreadable('archive.unreadable')
  if (!isWhole) findings.problem('archive.manifest_changed', MANIFEST_NAME)
  return manifest
}

/** Writes one file under its name if it is the one that is wanted. */
async function takeFile(
  zip: ZipFile,
  entry: Entry,
  path: string,
  { sha256, bytes }: Wanted,
  folder: string,
  told: (bytes: number) => void,
): Promise<boolean> {
  if (entry.uncompressedSize !== bytes) return false
  if (path !== join(folder, CASE_NAME)) mkdirSync(join(folder, 'evidence'), { recursive: true })
  const part = `${path}.part`
  if ((await writeEntry(zip, entry, part, bytes, told)) !== sha256) {
    await rm(part, { force: true })
    return false
  }
  await rename(part, path)
  return true
}

/** Unpacks to a new file and returns its SHA-256; undefined when the entry cannot be unpacked (changed bytes, wrong checksum). */
async function writeEntry(
  zip: ZipFile,
  entry: Entry,
  path: string,
  limit: number,
  told: (bytes: number) => void = () => undefined,
): Promise<string | undefined> {
  const hash = createHash('sha256')
  let bytes = 0
  const hashed = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      bytes += chunk.byteLength
      // The size in the table of contents may lie.
      if (bytes > limit) throw new Unreadable('archive.unreadable')
      told(bytes)
      hash.update(chunk)
      yield chunk
    }
  }
  try {
    const stream = await zip.openReadStreamPromise(entry)
    await pipeline(stream, hashed, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
  } catch (cause) {
    await rm(path, { force: true })
    if (isFileError(cause)) throw cause
    return undefined
  }
  return hash.digest('hex')
}

import { createReadStream, existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createHash } from 'node:crypto'
import type { Manifest } from '../../contract/nouns/verify.ts'
import { WorkbenchError } from '../../model/errors.ts'
import { verifyAudit } from '../../store/audit.ts'
import { openForReading } from '../../store/case-file.ts'
import { copyCase } from '../../store/copy-case.ts'
import type { ReadStore } from '../../store/store.ts'
import { toFileError } from '../../jobs/file-error.ts'
import { expectWritable, writeStream, type Written } from '../../jobs/write-file.ts'
import { hashCaseFile } from '../verify/case-bytes.ts'
import { digestCase } from '../verify/case-digest.ts'
import { writeManifest } from '../verify/manifest.ts'
import { findOriginals, listOriginals, type Original } from '../verify/originals.ts'
import { describeCase } from '../verify/verify.ts'
import { type ZipEntry, zipStream } from '../zip-stream.ts'
import { encrypted } from './age-streams.ts'
import { CASE_NAME, evidenceName, MANIFEST_NAME, README, README_NAME } from './layout.ts'

export interface ArchiveRequest {
  readonly path: string
  readonly casePath: string
  readonly folders: readonly string[]
  readonly passphrase: string | null
  readonly now: number
  readonly signal: AbortSignal
  readonly progress: (done: number, step: string) => void
}
export interface WrittenArchive extends Written {
  readonly case: { readonly sha256: string; readonly bytes: number }
  readonly evidence: readonly Original[]
  readonly missing: readonly Original[]
}

/**
 * A copy of the case is made beside the archive, hashed, described in a manifest and packed with the originals that were found by
 * hash. The copy holds everything up to now; it is removed again, whatever happens.
 */
export async function writeArchive(db: ReadStore, request: ArchiveRequest): Promise<WrittenArchive> {
  const { path, casePath, signal, progress } = request
  // A case has gigabytes: what is wrong with the place or the folders is said before it is copied.
  await expectWritable(path)
  for (const folder of request.folders)
    if (!existsSync(folder)) throw new WorkbenchError('request.not_found', { what: basename(folder) })
  const copy = join(dirname(path), `.${basename(path)}.${process.pid}.case`)
  try {
    await rm(copy, { force: true })
    progress(0, 'copying')
    await copyCase(db, copy, (done) => progress(done * 0.3, 'copying'), signal)
    const bytes = await hashCaseFile(copy)
    const { manifest, found, missing } = await describe(copy, basename(casePath), bytes, request)
    progress(0.5, 'packing')
    const total = bytes.bytes + found.reduce((sum, { original }) => sum + original.bytes, 0)
    let done = 0
    const count = (size: number): void =>
      progress(0.5 + (0.5 * (done += size)) / Math.max(total, 1), 'packing')
    const entries: ZipEntry[] = [
      { name: README_NAME, content: text(README) },
      { name: MANIFEST_NAME, content: text(manifest) },
      { name: CASE_NAME, content: fileContent(copy, bytes.sha256, CASE_NAME, count) },
      ...found.map(({ original, path: from }) => ({
        name: evidenceName(original.sha256),
        content: fileContent(from, original.sha256, original.name, count),
      })),
    ]
    const plain = zipStream(entries, signal)
    const written = await writeStream(
      path,
      request.passphrase === null ? plain : encrypted(plain, request.passphrase),
      signal,
    )
    return {
      ...written,
      case: { sha256: bytes.sha256, bytes: bytes.bytes },
      evidence: found.map(({ original }) => original),
      missing,
    }
  } catch (cause) {
    throw toFileError(cause, path)
  } finally {
    await rm(copy, { force: true })
    await rm(`${copy}-journal`, { force: true })
  }
}

/** The manifest of the copy, and where the originals are; the same bytes under two names are packed once. */
async function describe(
  copy: string,
  name: string,
  bytes: Awaited<ReturnType<typeof hashCaseFile>>,
  { folders, now, signal, progress }: ArchiveRequest,
) {
  const opened = openForReading(copy)
  try {
    progress(0.3, 'hashing')
    const digest = await digestCase(opened.db, signal)
    const { head, entries } = verifyAudit(opened.db)
    progress(0.4, 'searching')
    const originals = listOriginals(opened.db)
    const { paths } = await findOriginals(originals, folders, signal)
    const found = originals.flatMap((original) => {
      const path = paths.get(original.id)
      return path === undefined ? [] : [{ original, path }]
    })
    const missing = originals.filter(({ id }) => !paths.has(id))
    const files: Manifest['files'] = found.map(({ original }) => ({
      role: 'evidence',
      name: evidenceName(original.sha256),
      sha256: original.sha256,
      bytes: original.bytes,
    }))
    const manifest = describeCase(opened.db, name, digest, { head, entries }, bytes, files, now)
    return { manifest: writeManifest(manifest), found, missing }
  } finally {
    opened.close()
  }
}

async function* text(content: string): AsyncGenerator<string> {
  yield await Promise.resolve(content)
}

/** The bytes of a file, hashed again on their way: what is packed is what the manifest says. */
async function* fileContent(
  path: string,
  sha256: string,
  name: string,
  onBytes: (size: number) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    onBytes(chunk.byteLength)
    yield chunk
  }
  const actual = hash.digest('hex')
  if (actual !== sha256) throw new WorkbenchError('evidence.changed', { name, expected: sha256, actual })
}

import { closeSync, openSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { z } from 'zod'
import type { Manifest } from '../../contract/nouns/verify.ts'
import type { ParsedInputOf, ResultOf } from '../../contract/types.ts'
import type { CommandContext } from '../../jobs/handlers.ts'
import { WorkbenchError } from '../../model/errors.ts'
import { toReadRefusal } from '../../model/file-refusal.ts'
import { expectOutput } from '../../jobs/output-place.ts'
import { appendAudit, verifyAudit } from '../../store/audit.ts'
import type { ReadStore } from '../../store/store.ts'
import { writeStream } from '../../jobs/write-file.ts'
import { hashFile } from './case-bytes.ts'
import { digestCase } from './case-digest.ts'
import { writeManifest } from './manifest.ts'
import { keyFingerprint, readPrivateKey } from './signing.ts'
import { createPublicKey } from 'node:crypto'
import { describeCase } from './verify.ts'

type Files = Manifest['files']

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Written = z.object({ file: z.string(), sha256: Sha256, bytes: z.number() })
/** What the log says of a report: its file, further parts, and the drawings in it. */
const WrittenReport = Written.extend({
  parts: z.array(Written).optional(),
  figures: z.array(z.object({ name: z.string(), sha256: Sha256, bytes: z.number() })).optional(),
})

const entries = 'SELECT details FROM audit WHERE action = ? ORDER BY seq'
const details = (db: ReadStore, action: string): unknown[] =>
  (db.prepare(entries).pluck().all(action) as string[]).map((text): unknown => JSON.parse(text))

/** Exports and figures that the log names, and what the files given are by it. */
function logged(db: ReadStore): { exports: Files; reports: z.infer<typeof WrittenReport>[] } {
  const exports = ['export.written', 'plan.exported'].flatMap((action) =>
    details(db, action).flatMap((entry): Files => {
      const { data } = Written.safeParse(entry)
      return data === undefined
        ? []
        : [{ role: 'export', name: data.file, sha256: data.sha256, bytes: data.bytes }]
    }),
  )
  const reports = details(db, 'report.written').flatMap((entry) => WrittenReport.safeParse(entry).data ?? [])
  return { exports, reports }
}

/** Writes a manifest of the open case and of what was made of it (see the contract). */
export async function writeCaseManifest(
  context: CommandContext,
  input: ParsedInputOf<'manifest.write'>,
): Promise<ResultOf<'manifest.write'>> {
  const { db, signal } = context
  const path = context.resolveGrant(input.grant, 'write')
  const read = [...input.files, ...(input.key == null ? [] : [input.key])]
  const inputs = read.map((grant) => context.resolveGrant(grant, 'read'))
  expectOutput(path, { inputs })
  // What is wrong with a file that was named is said of that file, before the case is read.
  for (const place of inputs) expectReadable(place)
  const key =
    input.key == null
      ? null
      : await readPrivateKey(context.resolveGrant(input.key, 'read'), input.passphrase ?? null)
  const { exports, reports } = logged(db)
  const given: Files = []
  for (const grant of input.files) {
    const place = context.resolveGrant(grant, 'read')
    const { bytes, sha256 } = await hashFile(place, signal)
    const isReport = reports.some(
      (one) => one.sha256 === sha256 || one.parts?.some((part) => part.sha256 === sha256),
    )
    const role = isReport ? 'report' : exports.some((one) => one.sha256 === sha256) ? 'export' : 'other'
    given.push({ role, name: basename(place), sha256, bytes })
  }
  const wanted = new Set(given.map(({ sha256 }) => sha256))
  const figures = reports
    .filter((one) => wanted.has(one.sha256))
    .flatMap(({ file, figures: drawn = [] }): Files =>
      drawn.map((figure) => ({ role: 'figure', ...figure, name: `${file}#${figure.name}` })),
    )
  const files = [...given, ...figures, ...exports.filter(({ sha256 }) => !wanted.has(sha256))]
  const { head, entries: count } = verifyAudit(db)
  context.progress({ done: 0.1, step: { key: 'verify.step.content', params: {} } })
  const digest = await digestCase(db, signal, (done) => context.progress({ done: 0.1 + done * 0.8 }))
  const [rules, packs] = await Promise.all([context.ask('rule.list', {}), context.ask('pack.list', {})])
  const manifest = {
    ...describeCase(
      db,
      basename(context.casePath),
      digest,
      { head, entries: count },
      null,
      files,
      context.now(),
    ),
    rules: rules.map(({ id }) => id).sort(),
    packs: packs.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
  }
  const written = await writeStream(path, once(writeManifest(manifest, key)), signal)
  const signer = key === null ? null : keyFingerprint(createPublicKey(key))
  if (!context.isReadOnly) {
    const noted = { file: basename(path), ...written, files: files.length, signer }
    db.transaction(() => appendAudit(db, { at: context.now(), action: 'manifest.written', details: noted }))()
    context.changed('audit')
  }
  return { path, ...written, files: files.length, signer }
}

/** @throws WorkbenchError `file.*` */
function expectReadable(path: string): void {
  try {
    closeSync(openSync(path, 'r'))
  } catch (cause) {
    throw toReadRefusal(cause, basename(path))
  }
  if (statSync(path).isDirectory()) throw new WorkbenchError('file.is_folder', { file: basename(path) })
}

async function* once(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text)
}

import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { tmpdir } from 'node:os'
import type { ImportResult } from '../contract/nouns/evidence.ts'
import { STORE_PREFIX } from '../importers/mail/pst/random-access.ts'
import { importers } from '../importers/registry.ts'
import { type CommandContext, defineHandlers } from '../jobs/handlers.ts'
import { grantWithin } from '../jobs/grants.ts'
import { removeLeftBehind } from '../jobs/temporary-folder.ts'
import { isEncoding } from '../model/encoding.ts'
import { toPlainError, WorkbenchError } from '../model/errors.ts'
import { toHost } from '../normalise/host.ts'
import { listAudit, verifyAudit } from '../store/audit.ts'
import { beginLoad } from '../store/bulk-load.ts'
import { markStale, readInfo } from '../store/case-info.ts'
import {
  type EvidenceRecord,
  findEvidence,
  findUnfinishedAt,
  type ImportChoices,
  isUnfinished,
  listEvidence,
  listInterrupted,
} from '../store/evidence.ts'
import { listIssues } from '../store/issues.ts'
import { findHeading, otherSources, RawReader } from '../store/raw.ts'
import type { ReadStore } from '../store/store.ts'
import { collectFiles } from './collect-files.ts'
import { FolderFiles } from './folder-files.ts'
import { importFile, resumeFile } from './import-file.ts'
import { inspectFile } from './inspect.ts'
import type { ImportOptions } from './import-options.ts'
import { Refusals } from './refusals.ts'
import { removeEvidence } from './remove.ts'
import './raw-forms.ts'

const readers = new WeakMap<ReadStore, RawReader>()
const readerOf = (db: ReadStore) => readers.get(db) ?? readers.set(db, new RawReader(db)).get(db)

/** One file to take in, and how. */
interface Task {
  readonly path: string
  /** Grant to ask for this very file again, should it be refused. */
  readonly grant: string | null
  readonly run: (options: ImportOptions) => Promise<number>
  readonly choice: Pick<
    ImportOptions,
    'format' | 'zone' | 'dateOrder' | 'mapping' | 'encoding' | 'collectedFrom' | 'passwords'
  >
}

/** Imports the files of one job; the event indexes are built once, when all are in. */
async function importAll(
  context: CommandContext,
  tasks: readonly Task[],
  refusals = new Refusals(context.db, context.now),
): Promise<ImportResult> {
  const load = beginLoad(
    context.db,
    tasks.reduce((sum, { path }) => sum + sizeOf(path), 0),
  )
  try {
    return await importEach(context, tasks, refusals)
  } finally {
    refusals.end()
    load.finish()
  }
}

/** Bytes of a file; 0 when it is gone or closed to us, which its import will tell. */
const sizeOf = (path: string): number => {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}

/** Imports files one after the other; a file that is not taken is listed and the others go on. */
async function importEach(
  context: CommandContext,
  tasks: readonly Task[],
  refusals: Refusals,
): Promise<ImportResult> {
  const { db, signal } = context
  const sizes = tasks.map(({ path }) => sizeOf(path))
  const allBytes = sizes.reduce((sum, size) => sum + size, 0)
  /** Of the files before the one that is read. */
  let bytesBefore = 0
  let recordsBefore = 0
  // By bytes: of two hundred files one holds most of the work, and the time that is left is worked out from this.
  const done = (index: number, bytes: number): number =>
    allBytes === 0 ? index / tasks.length : Math.min(1, (bytesBefore + bytes) / allBytes)
  const result: ImportResult = {
    case: context.casePath,
    evidence: [],
    refused: refusals.list,
    totals: { files: 0, bytes: 0, read: 0, stored: 0, duplicate: 0, rejected: 0 },
  }
  for (const [index, { path, grant, run, choice }] of tasks.entries()) {
    signal.throwIfAborted()
    const name = path.split(/[\\/]/).at(-1) ?? path
    let recordsHere = 0
    context.progress({ done: done(index, 0), step: { key: 'job.importing', params: { name } } })
    try {
      const id = await run({
        ...choice,
        now: context.now,
        signal,
        onProgress: ({ bytes, records }) => {
          recordsHere = records
          context.progress({
            done: done(index, bytes),
            counters: {
              files: index + 1,
              filesTotal: tasks.length,
              bytes: bytesBefore + bytes,
              totalBytes: allBytes,
              records: recordsBefore + records,
            },
          })
          context.changed('evidence', 'event')
        },
      })
      markStale(db)
      const [row] = listEvidence(db, id)
      if (row) result.evidence.push(row)
    } catch (thrown) {
      if (signal.aborted) throw thrown
      if (!(thrown instanceof WorkbenchError) || thrown.code.startsWith('store.')) throw thrown
      // Of what was begun the evidence itself says how it ended.
      const isKept = findUnfinishedAt(db, path) !== undefined
      refusals.add({ name, code: thrown.code, params: toPlainError(thrown).params, grant }, path, isKept)
    } finally {
      bytesBefore += sizes[index] ?? 0
      recordsBefore += recordsHere
      context.changed('evidence', 'event', 'message', 'audit', 'case')
    }
  }
  for (const row of result.evidence) {
    result.totals.files += 1
    for (const figure of ['bytes', 'read', 'stored', 'duplicate', 'rejected'] as const)
      result.totals[figure] += row[figure]
  }
  return result
}

/** @throws WorkbenchError `request.not_found`, also for an item that is read to its end */
function unfinished(db: ReadStore, id: string): EvidenceRecord {
  const row = findEvidence(db, Number(id))
  if (row === undefined || !isUnfinished(row)) throw new WorkbenchError('request.not_found', { what: id })
  return row
}

/** @throws WorkbenchError `request.invalid` for what no computer can be called */
function endpointOf(said: string | null | undefined): string | undefined {
  if (said == null) return undefined
  const host = toHost(said)
  if (host === undefined || /[\s/\\:*?"<>|]/.test(host))
    throw new WorkbenchError('request.invalid', { field: 'endpoint', problem: said })
  return host
}

export default defineHandlers({
  'evidence.import': async (context, input) => {
    const zone = input.zone ?? readInfo(context.db, 'zone') ?? 'UTC'
    if (input.encoding != null && !isEncoding(input.encoding))
      throw new WorkbenchError('request.not_found', { what: input.encoding })
    // Another importer would read the file past what the analyst said of its columns.
    if (input.mapping != null && input.format != null && input.format !== 'mapping')
      throw new WorkbenchError('request.invalid', { field: 'format', problem: input.format })
    const choice = {
      format: input.format ?? (input.mapping ? 'mapping' : null),
      zone,
      dateOrder: input.dateOrder ?? null,
      mapping: input.mapping ?? null,
      encoding: input.encoding ?? null,
      collectedFrom: endpointOf(input.endpoint),
      passwords: input.passwords ?? [],
    }
    const granted = new Map<string, string>()
    const refusals = new Refusals(context.db, context.now)
    for (const grant of input.grants) {
      const base = context.resolveGrant(grant, 'read')
      const found = collectFiles([base])
      for (const path of found.files)
        if (!granted.has(path)) granted.set(path, grantWithin(grant, base, path))
      for (const { path, code } of found.leftOut) {
        const name = basename(path)
        refusals.add({ name, code, params: { name }, grant: null }, path)
      }
    }
    const folders = new FolderFiles([...granted.keys()])
    await removeLeftBehind(tmpdir(), STORE_PREFIX)
    const result = await importAll(
      context,
      [...granted].map(([path, grant]) => ({
        path,
        grant,
        choice,
        run: (options) => importFile(context.db, path, { ...options, beside: folders.beside(path) }),
      })),
      refusals,
    )
    if (input.correlate && result.evidence.length > 0) await context.ask('correlation.run', {})
    return result
  },
  'evidence.resume': (context, { evidenceIds, passwords }) =>
    importAll(
      context,
      (evidenceIds?.map((id) => unfinished(context.db, id)) ?? listInterrupted(context.db)).map((row) => ({
        path: row.path,
        grant: null,
        choice: {
          format: row.format_override,
          zone: row.zone,
          ...(JSON.parse(row.choices) as ImportChoices),
          passwords: passwords ?? [],
        },
        run: (options) => resumeFile(context.db, row, options),
      })),
    ),
  'evidence.inspect': (context, { grant }) =>
    inspectFile(context.resolveGrant(grant, 'read'), readInfo(context.db, 'zone') ?? 'UTC'),
  'evidence.list': ({ db }) => listEvidence(db),
  'evidence.issues': ({ db }, input) => listIssues(db, input),
  'evidence.remove': (context, { evidenceId }) => {
    removeEvidence(context.db, Number(evidenceId), context.now())
    markStale(context.db)
    context.changed('evidence', 'event', 'message', 'entity', 'relation', 'audit', 'case')
    return { removed: true }
  },
  'evidence.formats': () =>
    importers.map(({ id }) => ({
      id,
      title: { key: `importer.${id}.title`, params: {} },
      description: { key: `importer.${id}.description`, params: {} },
    })),
  'record.get': ({ db }, { evidenceId, record }) => {
    const evidence = findEvidence(db, Number(evidenceId))
    const found = evidence && readerOf(db)?.find(evidence.id, record)
    if (!evidence || !found)
      throw new WorkbenchError('request.not_found', { what: `${evidenceId}:${record}` })
    const alsoIn = otherSources(db, evidence.id, record).map((source) => ({
      evidenceId: String(source.evidenceId),
      evidenceName: findEvidence(db, source.evidenceId)?.name ?? '',
      record: source.record,
      locator: readerOf(db)?.find(source.evidenceId, source.record)?.locator ?? '',
    }))
    return {
      evidenceId,
      evidenceName: evidence.name,
      sha256: evidence.sha256,
      record,
      ...found,
      heading: findHeading(db, evidence.id, record),
      alsoIn,
    }
  },
  'audit.list': ({ db }, input) => listAudit(db, input),
  'audit.verify': ({ db }) => verifyAudit(db),
})

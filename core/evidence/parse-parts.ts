import { findImporter } from '../importers/registry.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ImportChoices, ImportCursor } from '../store/evidence.ts'
import type { WriteStore } from '../store/store.ts'
import { choosePart, type Unread } from './choose-importer.ts'
import type { Key } from './containers/keyring.ts'
import type { EvidenceFile } from './evidence-file.ts'
import type { ImportOptions } from './import-options.ts'
import { ImportRun, Reach } from './import-run.ts'
import { findOddTimes } from './odd-times.ts'
import { parsePart } from './parse-part.ts'
import { openParts, type EvidencePart } from './parts.ts'
import { dropThreads } from './thread-batches.ts'

/** A file that was read to its end. */
interface ReadFile {
  readonly isArchive: boolean
  readonly key: Key | null
  /** Stores what waited for the end: to be called in the transaction that ends the import, and `closed` behind it. */
  readonly close: () => void
  readonly closed: () => void
}

const nextPart = (part: number): ImportCursor => ({ part, records: 0, importer: null })

/** Parses every part of a file from its cursor on, in batches that each write records, figures and cursor together. */
export async function parseParts(
  db: WriteStore,
  id: number,
  file: EvidenceFile,
  options: ImportOptions,
): Promise<ReadFile> {
  const reach = new Reach()
  const { items, isArchive, key } = await openParts(file, {
    passwords: options.passwords,
    encoding: options.encoding ?? null,
    reached: reach.to,
  })
  const run = new ImportRun(db, id, file, options, reach)
  const { start, row } = run
  const { hadPasswords } = JSON.parse(row.choices) as ImportChoices
  /** The import was cut off behind this lock, or goes on without any of the passwords it began with. */
  const isLockedAgain = (part: number) =>
    (part === start.part && start.importer !== null) ||
    (hadPasswords === true && options.passwords.length === 0)

  let index = -1
  for await (const item of items) {
    index += 1
    options.signal.throwIfAborted()
    if (index < start.part) continue
    if (item.kind === 'problem') {
      if (item.code === 'archive.encrypted_member' && isLockedAgain(index))
        throw new WorkbenchError('evidence.encrypted', { name: file.name })
      run.note(item.locator === '' ? file.name : item.locator, item.code, item.excerpt)
      continue
    }
    const resumed = index === start.part ? start : undefined
    const kept = resumed?.importer == null ? undefined : findImporter(resumed.importer)
    const choice = kept
      ? { importer: kept, confidence: run.confidence }
      : await choosePart(item, isArchive, options.format ?? row.format_override, file.name)
    if (!('importer' in choice)) {
      noteUnread(run, item, choice)
      continue
    }
    const { importer, confidence } = choice
    run.reads(importer.id, confidence)
    await parsePart(run, { part: item, importer, index, skip: resumed?.records ?? 0 })
  }
  // What they hold is given back before the keys are sorted.
  await dropThreads()
  options.signal.throwIfAborted()
  const finish = () => sumUp(db, run, index + 1)
  return {
    isArchive,
    key: key(),
    close: () => run.write(nextPart(Math.max(index + 2, start.part)), finish),
    closed: () => run.told(),
  }
}

/** What only the whole file tells. */
function sumUp(db: WriteStore, { sink, start, row, file, repeated, unread }: ImportRun, parts: number): void {
  sink.finish()
  // One part more than there are: what was left out is summed up, once.
  if (parts < start.part) return
  const say = (code: string, excerpt: string) =>
    sink.addIssue('', { kind: 'issue', locator: file.name, code, excerpt, records: 0 })
  repeated.close()
  for (const { excerpt } of unread.lines()) say('archive.unread_kind', excerpt)
  // An import that went on does not know the times it stored before.
  if (start.records + start.part > 0 || sink.times.isOdd(row.imported_at))
    for (const { code, excerpt } of findOddTimes(db, row.id, row.imported_at)) say(code, excerpt)
}

/** A member nobody reads: listed on its own, or counted among its kind. */
function noteUnread(run: ImportRun, part: EvidencePart, unread: Unread): void {
  const size = part.size === null ? '' : `${part.size} bytes`
  if (unread.why === 'known-kind') run.unread.add(unread.kind, part.name, part.size)
  else if (run.unread.list(unread.why, part.name, part.size))
    run.note(
      part.name,
      UNREAD_CODES[unread.why],
      unread.why === 'ambiguous' ? unread.formats.join(', ') : size,
    )
}
const UNREAD_CODES = {
  ambiguous: 'archive.ambiguous_member',
  'needs-mapping': 'archive.needs_mapping',
  unrecognised: 'archive.unrecognised_member',
} as const

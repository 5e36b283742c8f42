import { sniffCsv } from '../importers/csv/sniff-csv.ts'
import type { Importer } from '../importers/importer.ts'
import { detectFormat, findImporter } from '../importers/registry.ts'
import { WorkbenchError } from '../model/errors.ts'
import { MAX_RATIO } from './containers/budget.ts'
import type { EvidenceFile } from './evidence-file.ts'
import { detectInput, openParts, type EvidencePart, type OpenOptions } from './parts.ts'
import { collectorRecord, unreadKind, UNREAD_WORKBOOK } from './unread-kinds.ts'

/** Below this the analyst is asked which format it is. */
const MIN_CONFIDENCE = 0.15
/** Two formats closer than this are a tie. */
const TIE = 0.02
/** An importer this sure knows the product; below, what is known of the collector's own files goes first. */
const SURE = 0.5
/** The importer that reads what a mapping tells it. */
const MAPPED = 'mapping'

export interface Choice {
  readonly importer: Importer
  readonly confidence: number
}
/** Why no importer reads a part: a question for a lone file, an issue for a member of an archive. */
export type Unread =
  | { readonly why: 'ambiguous'; readonly formats: readonly string[] }
  | { readonly why: 'needs-mapping' | 'unrecognised' }
  | { readonly why: 'known-kind'; readonly kind: string }

/** What detection makes of a part. */
export async function detectPart(part: EvidencePart): Promise<Choice | Unread> {
  const input = await detectInput(part)
  const [best, second] = detectFormat(input)
  if (!best || best.confidence < SURE) {
    const kind = collectorRecord(part.name, input.head)
    if (kind !== undefined) return { why: 'known-kind', kind }
  }
  if (best && best.confidence >= MIN_CONFIDENCE) {
    return second && best.confidence - second.confidence < TIE
      ? { why: 'ambiguous', formats: [best.importer.id, second.importer.id] }
      : best
  }
  const kind = unreadKind(part.name, input.head)
  if (kind !== undefined) return { why: 'known-kind', kind }
  return { why: (sniffCsv(input.text)?.rows.length ?? 0) > 0 ? 'needs-mapping' : 'unrecognised' }
}

/**
 * The importer of a part. A format the analyst named is taken for everything, but a mapping in an archive only for the
 * tables no importer knows: the rest of the archive is read as ever.
 * @param fileName of the evidence file, for a question about it
 * @throws WorkbenchError `evidence.ambiguous`, `evidence.needs_mapping`, `evidence.unrecognised` for a lone file
 */
export async function choosePart(
  part: EvidencePart,
  isArchive: boolean,
  format: string | null,
  fileName = part.name,
): Promise<Choice | Unread> {
  const forced = format === null ? undefined : findImporter(format)
  if (forced && !(isArchive && format === MAPPED)) return { importer: forced, confidence: 1 }
  const found = await detectPart(part)
  if ('importer' in found) return found
  if (forced && found.why === 'needs-mapping') return { importer: forced, confidence: 1 }
  if (isArchive) return found
  throw questionOf(found, fileName)
}

/** The question a lone file poses. */
export function questionOf(unread: Unread, name: string): WorkbenchError {
  if (unread.why === 'known-kind' && unread.kind === UNREAD_WORKBOOK)
    return new WorkbenchError('evidence.workbook', { name })
  if (unread.why === 'ambiguous')
    return new WorkbenchError('evidence.ambiguous', { name, formats: unread.formats })
  return new WorkbenchError(
    unread.why === 'needs-mapping' ? 'evidence.needs_mapping' : 'evidence.unrecognised',
    { name },
  )
}

/** A file no importer knows, or that poses a question, is refused before anything is written. */
export async function assertRecognised(
  file: EvidenceFile,
  format: string | null,
  { passwords, encoding }: Pick<OpenOptions, 'passwords' | 'encoding'>,
): Promise<void> {
  if (format !== null && !findImporter(format))
    throw new WorkbenchError('request.not_found', { what: format })
  const { items, isArchive } = await openParts(file, { passwords, encoding: encoding ?? null })
  const codes = new Set<string>()
  for await (const item of items) {
    if (item.kind === 'problem') codes.add(item.code)
    else {
      const choice = await choosePart(item, isArchive, format, file.name)
      if ('importer' in choice) return
      codes.add(choice.why)
    }
  }
  throw nothingRead(file.name, codes)
}

/** Nothing of an archive can be read: the reason that helps most. */
export function nothingRead(name: string, codes: ReadonlySet<string>): WorkbenchError {
  if (codes.has('archive.encrypted_member')) return new WorkbenchError('evidence.encrypted', { name })
  if (codes.has('archive.sealed_member')) return new WorkbenchError('evidence.archive_locked', { name })
  if (codes.has('archive.expansion'))
    return new WorkbenchError('limit.expansion', { name, limit: String(MAX_RATIO) })
  if (codes.has('needs-mapping')) return new WorkbenchError('evidence.needs_mapping', { name })
  if (codes.has('archive.unknown_compression'))
    return new WorkbenchError('evidence.archive_unsupported', { name })
  const broken = [...codes].find((code) => BROKEN.has(code))
  if (broken !== undefined)
    return new WorkbenchError('evidence.archive_broken', { name, reason: broken.replace('archive.', '') })
  return new WorkbenchError('evidence.unrecognised', { name })
}
const BROKEN = new Set([
  'archive.cut_off',
  'archive.broken_header',
  'archive.broken_member',
  'archive.broken_archive',
  'archive.unknown_compression',
])

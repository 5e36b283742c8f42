import type { Inspection } from '../contract/nouns/evidence.ts'
import { detectFormat } from '../importers/registry.ts'
import { WorkbenchError } from '../model/errors.ts'
import { detectPart } from './choose-importer.ts'
import { findFile } from './evidence-file.ts'
import { detectInput, openParts, type EvidencePart } from './parts.ts'

/** Looking is to be quick: after so many parts of an archive, or so long, what was seen is the answer. */
const MAX_PARTS = 200
const MAX_MILLISECONDS = 3000
/** A 7z or RAR is read whole before its first member shows: a larger one is told to be an archive, the import will see. */
const MAX_WHOLE = 16 * 1024 * 1024

/**
 * What detection thinks of a file, without hashing or importing it: importers best first (of an archive: the best score
 * of any part), and what has to be answered before it can be imported.
 * @throws WorkbenchError `evidence.unreadable`, `evidence.not_a_file`, `evidence.empty`, `evidence.archive_broken`,
 *   `evidence.archive_locked`
 */
export async function inspectFile(path: string, zone: string): Promise<Inspection> {
  const file = findFile(path)
  const shown = { name: file.name, bytes: file.bytes }
  const opened = await openParts(file, { passwords: [], maxWhole: MAX_WHOLE })
  const best = new Map<string, number>()
  const until = performance.now() + MAX_MILLISECONDS
  let parts = 0
  let isLocked = false
  let question: Inspection['question'] = null
  let isRead = false
  let isLeftShut = false
  let isSealed = false
  try {
    for await (const item of opened.items) {
      if (item.kind === 'problem') {
        isLocked ||= item.code === 'archive.encrypted_member'
        isLeftShut ||= item.code === 'archive.too_large'
        isSealed ||= item.code === 'archive.sealed_member'
        continue
      }
      parts += 1
      for (const { importer, confidence } of detectFormat(await detectInput(item)))
        best.set(importer.id, Math.max(best.get(importer.id) ?? 0, confidence))
      const answer = await questionOf(item, opened.isArchive, zone)
      if (answer === null) isRead = true
      else question ??= answer
      if (!opened.isArchive || parts >= MAX_PARTS || performance.now() > until) break
    }
  } catch (thrown) {
    if (!(thrown instanceof WorkbenchError)) throw thrown
    if (thrown.code === 'evidence.encrypted') isLocked = true
    else if (thrown.code === 'evidence.too_large' && file.bytes > MAX_WHOLE) isLeftShut = true
    else throw thrown
  }
  if (isSealed && parts === 0) throw new WorkbenchError('evidence.archive_locked', { name: file.name })
  // One readable member is enough to import an archive; locked ones inside it become issues.
  if (isRead) question = null
  else if (isLocked) question = 'password'
  return {
    ...shown,
    isArchive: opened.isArchive,
    parts,
    candidates: [...best]
      .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], 'en'))
      .map(([id, confidence]) => ({ id, title: { key: `importer.${id}.title`, params: {} }, confidence })),
    question: isRead || isLocked || isLeftShut || parts > 0 ? question : 'format',
  }
}

async function questionOf(
  part: EvidencePart,
  isArchive: boolean,
  zone: string,
): Promise<Inspection['question']> {
  const found = await detectPart(part)
  if (!('importer' in found)) return found.why === 'needs-mapping' ? 'mapping' : 'format'
  if (isArchive || !found.importer.settle) return null
  try {
    await found.importer.settle(part, { zone, dateOrder: null, mapping: null })
    return null
  } catch (thrown) {
    if (thrown instanceof WorkbenchError && thrown.code === 'evidence.date_order') return 'date-order'
    throw thrown
  }
}

import { readFileSync } from 'node:fs'
import { reasonOf } from '../evidence/containers/container.ts'
import { findContainer } from '../evidence/containers/registry.ts'
import { decodeHead } from '../evidence/decode-head.ts'
import { findFile, readHead } from '../evidence/evidence-file.ts'
import { openParts, type EvidencePart } from '../evidence/parts.ts'
import { WorkbenchError } from '../model/errors.ts'
import { type IndicatorText, holdsIndicators } from './read-criteria.ts'

/** The vendor takes files of indicators up to 10 MB (threat-investigation.md 3.5); a larger one is no list to look through. */
const MAX_BYTES = 10 * 1024 * 1024
const HEAD_BYTES = 64 * 1024

const tooLarge = (name: string) =>
  new WorkbenchError('evidence.too_large', { name, limit: `${MAX_BYTES / 1024 / 1024} MiB` })

/**
 * The texts of a file of indicators: itself, or what an archive or workbook holds. Members in which nobody finds an indicator are left out
 * where another has some; the name of the criteria tells which were read.
 * @throws WorkbenchError `evidence.*` for a file that cannot be read or unpacked, or is larger than 10 MB
 */
export async function readIndicatorFile(path: string): Promise<IndicatorText[]> {
  const file = findFile(path)
  if (file.bytes > MAX_BYTES) throw tooLarge(file.name)
  if (findContainer(readHead(path, HEAD_BYTES)) === undefined)
    return [{ name: file.name, text: decodeHead(readFileSync(path)) }]
  const { items, isArchive } = await openParts(file, { passwords: [] })
  const texts: IndicatorText[] = []
  let left = MAX_BYTES
  for await (const part of items) {
    if (part.kind !== 'part') continue
    const bytes = await readPart(part, left, file.name)
    if (bytes === undefined) throw tooLarge(file.name)
    left -= bytes.length
    texts.push({ name: isArchive ? `${file.name} · ${part.name}` : file.name, text: decodeHead(bytes) })
  }
  const lists = texts.filter(({ text }) => holdsIndicators(text))
  if (lists.length === 0) throw new WorkbenchError('sweep.unrecognised', { name: file.name })
  return lists
}

/** All bytes of a part; undefined when there are more than `limit`. */
async function readPart(part: EvidencePart, limit: number, file: string): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of part.open()) {
    length += piece.length
    if (length > limit) return undefined
    // The stream may use its buffer again.
    pieces.push(Uint8Array.from(piece))
  }
  const { failure } = part
  if (failure instanceof WorkbenchError) throw failure
  if (failure !== undefined)
    throw new WorkbenchError(
      'evidence.archive_broken',
      { name: file, reason: reasonOf(failure) },
      { cause: failure },
    )
  return Buffer.concat(pieces)
}

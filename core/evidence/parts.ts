import type { DetectInput, PartSource } from '../importers/importer.ts'
import { decodeHead } from './decode-head.ts'
import { readHead, streamFile, type EvidenceFile } from './evidence-file.ts'
import { isZip, listZip } from './zip.ts'

/** How much of a part detection may see (formats.md section 0). */
const HEAD_BYTES = 64 * 1024

/** One thing to parse: the file itself or one member of it. `prefix` goes before its locators. */
export interface EvidencePart extends PartSource {
  readonly prefix: string
  head(): Promise<Uint8Array>
}

/** An archive that could not be read to its end, or a member left out: goes to the issues, never lost silently. */
export interface PartProblem {
  readonly locator: string
  readonly code: string
  readonly excerpt: string
}

export interface Parts {
  readonly isArchive: boolean
  readonly parts: readonly EvidencePart[]
  readonly problems: readonly PartProblem[]
}

/**
 * The parts of an evidence file: itself, or the members of a ZIP. Members are never written to disk.
 * @param onBytes counts bytes really read from the evidence file
 */
export async function openParts(file: EvidenceFile, onBytes: (count: number) => void): Promise<Parts> {
  const head = readHead(file.path, HEAD_BYTES)
  if (isZip(head)) return listZip(file.path, file.bytes, HEAD_BYTES, onBytes)
  const part: EvidencePart = {
    name: file.name,
    size: file.bytes,
    prefix: '',
    head: () => Promise.resolve(head),
    open: () => streamFile(file.path, onBytes),
  }
  return { isArchive: false, parts: [part], problems: [] }
}

/** What detection sees of a part. */
export async function detectInput(part: EvidencePart): Promise<DetectInput> {
  const head = await part.head()
  let text: string | undefined
  return {
    name: part.name,
    head,
    size: part.size,
    get text() {
      return (text ??= decodeHead(head))
    },
  }
}

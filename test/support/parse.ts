import { readFileSync } from 'node:fs'
import { decodeHead } from '../../core/evidence/decode-head.ts'
import type {
  DetectInput,
  ImportContext,
  Importer,
  ParsedUnit,
  PartSource,
} from '../../core/importers/importer.ts'
import { WorkbenchError } from '../../core/model/errors.ts'
import type { Mapping } from '../../core/model/mapping.ts'

const HEAD_BYTES = 65_536

/** Bytes as a part of evidence, handed out in pieces of `pieceBytes`. */
export function partOf(name: string, bytes: Uint8Array, pieceBytes = 65_536): PartSource {
  return {
    name,
    size: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
    },
  }
}

/** What detection gets to see of these bytes. */
export function detectInputOf(name: string, bytes: Uint8Array): DetectInput {
  const head = bytes.subarray(0, HEAD_BYTES)
  return { name, head, size: bytes.length, text: decodeHead(head) }
}

/**
 * All units an importer makes of the part, in order. As intake does, what only the whole file can settle is settled first;
 * a file with an open question is not read at all.
 */
export async function parseAll(
  importer: Importer,
  part: PartSource,
  zone = 'Asia/Taipei',
  mapping: Mapping | null = null,
): Promise<ParsedUnit[]> {
  const units: ParsedUnit[] = []
  const asked = { dateOrder: null, mapping, zone }
  let context: ImportContext
  try {
    context = (await importer.settle?.(part, asked)) ?? asked
  } catch (thrown) {
    if (thrown instanceof WorkbenchError && QUESTIONS.has(thrown.code)) return []
    throw thrown
  }
  for await (const batch of importer.parse(part, context)) for (const unit of batch) units.push(unit)
  return units
}
const QUESTIONS: ReadonlySet<string> = new Set([
  'evidence.date_order',
  'evidence.needs_mapping',
  'mapping.invalid',
])

/** Reads a file below test/fixtures. */
export function fixture(path: string): Buffer {
  return readFileSync(new URL(`../fixtures/${path}`, import.meta.url))
}

import { readFileSync } from 'node:fs'
import { decodeHead } from '../../core/evidence/decode-head.ts'
import type { DetectInput, Importer, ParsedUnit, PartSource } from '../../core/importers/importer.ts'

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

/** All units an importer makes of the part, in order. */
export async function parseAll(
  importer: Importer,
  part: PartSource,
  zone = 'Asia/Taipei',
): Promise<ParsedUnit[]> {
  const units: ParsedUnit[] = []
  for await (const batch of importer.parse(part, { dateOrder: null, mapping: null, zone }))
    units.push(...batch)
  return units
}

/** Reads a file below test/fixtures. */
export function fixture(path: string): Buffer {
  return readFileSync(new URL(`../fixtures/${path}`, import.meta.url))
}

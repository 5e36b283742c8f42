import type { PartSource } from '../importer.ts'

/** Whitespace before the content of a text export; more is no export. */
const LOOKED_AT = 4_096

/** Whether the part is JSON rather than a table: its first character that is no blank, whatever the encoding. */
export async function isJsonPart(part: PartSource): Promise<boolean> {
  let seen = 0
  for await (const piece of part.open()) {
    for (const byte of piece) {
      seen += 1
      // blanks, NUL of UTF-16, the bytes of byte order marks
      if (byte <= 0x20 || byte === 0xef || byte === 0xbb || byte === 0xbf || byte >= 0xfe) continue
      return byte === 0x7b || byte === 0x5b
    }
    if (seen > LOOKED_AT) break
  }
  return false
}

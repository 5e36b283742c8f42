import { hasBytes } from './container.ts'

const LOCAL_HEADER = [0x50, 0x4b, 0x03, 0x04]
const LOCAL_MARK = Buffer.from(LOCAL_HEADER)
const EMPTY_ARCHIVE = [0x50, 0x4b, 0x05, 0x06]
const NAME_LENGTH_AT = 26
const NAME_AT = 30
/** Documents and programs that are ZIP files by construction: their members are no evidence of their own. */
const DOCUMENT =
  /^(?:\[Content_Types\]\.xml|_rels\/|docProps\/|xl\/|word\/|ppt\/|mimetype|META-INF\/|AndroidManifest\.xml)/
/** Parts that make it a workbook whose sheets are XML. */
const WORKBOOK =
  /^xl\/(?:workbook\.xml|_rels\/workbook\.xml\.rels|worksheets\/[^/]+\.xml|sharedStrings\.xml|styles\.xml)$/i
/** Members whose headers are looked at. */
const MOST_NAMES = 64

/** Name of the member whose local header begins at `at`. */
function nameAt(head: Uint8Array, at: number): string {
  const length = (head[at + NAME_LENGTH_AT] ?? 0) + (head[at + NAME_LENGTH_AT + 1] ?? 0) * 256
  return Buffer.from(head.subarray(at + NAME_AT, at + NAME_AT + length)).toString('latin1')
}

/** An Office document, a JAR and the like. */
const isDocument = (head: Uint8Array): boolean =>
  hasBytes(head, LOCAL_HEADER) && DOCUMENT.test(nameAt(head, 0))

/** A ZIP whose members are evidence. */
export const isArchive = (head: Uint8Array): boolean =>
  hasBytes(head, EMPTY_ARCHIVE) || (hasBytes(head, LOCAL_HEADER) && !isDocument(head))

/** An Excel workbook, by the names of its first members: programs write them in different orders. */
export function isWorkbook(head: Uint8Array): boolean {
  if (!isDocument(head)) return false
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  let at = 0
  for (let seen = 0; at !== -1 && seen < MOST_NAMES; seen++) {
    if (WORKBOOK.test(nameAt(head, at))) return true
    at = bytes.indexOf(LOCAL_MARK, at + NAME_AT)
  }
  return false
}

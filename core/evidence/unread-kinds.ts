import { decodeHead } from './decode-head.ts'

const COMPOUND_FILE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
const ZIP = [0x50, 0x4b, 0x03, 0x04]
/** A workbook of before 2007, a binary one, or one under a password, which lies in a compound file. */
export const UNREAD_WORKBOOK = 'workbook'

/** Binary files that responders collect and Redthread does not read, told by their first bytes. Ids stand in issues. */
const SIGNATURES: readonly (readonly [kind: string, bytes: readonly number[], at: number])[] = [
  ['lnk', [0x4c, 0, 0, 0, 0x01, 0x14, 0x02, 0], 0],
  [UNREAD_WORKBOOK, COMPOUND_FILE, 0],
  [UNREAD_WORKBOOK, ZIP, 0],
  ['jump list', COMPOUND_FILE, 0],
  ['prefetch', [0x4d, 0x41, 0x4d, 0x04], 0],
  ['prefetch', [0x53, 0x43, 0x43, 0x41], 4],
  ['registry hive', [0x72, 0x65, 0x67, 0x66], 0],
  ['registry log', [0x48, 0x76, 0x4c, 0x45], 512],
  ['sqlite', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66], 0],
  ['ese database', [0xef, 0xcd, 0xab, 0x89], 4],
  ['$MFT', [0x46, 0x49, 0x4c, 0x45, 0x30, 0, 0x03, 0], 0],
  ['$LogFile', [0x52, 0x53, 0x54, 0x52], 0],
  ['etl trace', [0x00, 0x00, 0x01, 0x00, 0x00], 3],
  ['executable', [0x4d, 0x5a], 0],
  ['elf', [0x7f, 0x45, 0x4c, 0x46], 0],
  ['pdf', [0x25, 0x50, 0x44, 0x46, 0x2d], 0],
  ['png', [0x89, 0x50, 0x4e, 0x47], 0],
  ['jpeg', [0xff, 0xd8, 0xff], 0],
  ['gif', [0x47, 0x49, 0x46, 0x38], 0],
  ['systemd journal', [0x4c, 0x50, 0x4b, 0x53, 0x48, 0x48, 0x52, 0x48], 0],
  ['document', ZIP, 0],
]
/** A whole ETL header is no fixed signature, and many kinds lie in compound and ZIP files; the name has to agree. */
const NEEDS_NAME = new Map([
  ['etl trace', /\.etl$/i],
  [UNREAD_WORKBOOK, /\.xl[st][xmb]?$/i],
])

/** Records of the collectors about themselves: what they copied and what they said. The name and the content agree. */
const COLLECTORS: readonly (readonly [kind: string, name: RegExp, content: RegExp])[] = [
  ['KAPE log', /(?:^|\/)[^/]*_?ConsoleLog\.txt$/i, /KAPE version|Command line:/i],
  [
    'KAPE log',
    /(?:^|\/)[^/]*_?(?:Copy|Skip)Log\.csv$/i,
    /^\W*(?:CopiedTimestamp,|SourceFile,SourceFileSha1)/,
  ],
  [
    'Velociraptor log',
    /(?:^|\/)(?:log|uploads|requests|stats)\.(?:json|csv)$/i,
    /_ts|client_time|vfs_path|VQLClientAction|Uploaded/,
  ],
  [
    'Velociraptor log',
    /(?:^|\/)(?:collection_context|client_info)\.json$/i,
    /"(?:session_id|client_id|create_time)"/,
  ],
  ['Velociraptor log', /\.json\.index$/i, /^/],
  [
    'UAC log',
    /(?:^|\/)uac\.log(?:\.stderr)?$|(?:^|\/)acquisition\.log$/i,
    /Unix-like Artifacts Collector|\bUAC\b/,
  ],
]

/** What a collector wrote about its own run; undefined for evidence. */
export function collectorRecord(name: string, head: Uint8Array): string | undefined {
  const named = COLLECTORS.filter(([, pattern]) => pattern.test(name))
  if (named.length === 0) return undefined
  const text = decodeHead(head.subarray(0, 4096))
  return named.find(([, , content]) => content.test(text))?.[0]
}

/** The kind of a file nobody here reads; undefined when it is not one of the known ones. */
export function unreadKind(name: string, head: Uint8Array): string | undefined {
  if (head.length === 0) return 'empty file'
  return SIGNATURES.find(
    ([kind, bytes, at]) =>
      bytes.every((byte, index) => head[at + index] === byte) && (NEEDS_NAME.get(kind)?.test(name) ?? true),
  )?.[0]
}

import { decodeLoose } from '../text-encoding.ts'
import { readLines } from '../text-lines.ts'
import type { AttributeValue } from './attributes.ts'

/** One entry; a group with a hundred thousand members takes some ten megabytes. */
export const MAX_ENTRY_CHARS = 64 << 20

export interface LdifEntry {
  /** Undefined for a block without `dn`. */
  readonly dn: string | undefined
  /** Lower-case names without options (`member;range=0-1499` is `member`), values in order; those in a language last. */
  readonly attributes: ReadonlyMap<string, readonly AttributeValue[]>
  /** `modify`, `delete` ... of a change record; undefined for content and `add`. */
  readonly change: string | undefined
  readonly firstLine: number
  readonly lastLine: number
  /** The lines as they stand. */
  readonly raw: string
  /** Attributes of which the export holds only the first values (`member;range=0-1499`). */
  readonly cutAttributes: readonly string[]
  /** Lines that are neither attribute nor fold nor comment. */
  readonly badLines: readonly string[]
  readonly isTooLarge: boolean
  /** The file ends in the middle of its last line. */
  readonly isUnfinished: boolean
}

interface Open {
  firstLine: number
  lastLine: number
  /** Lines as they stand, comments included. */
  written: string[]
  /** Logical lines: folds joined, no comments. */
  logical: string[]
  isComment: boolean
  size: number
  isUnfinished: boolean
}

/**
 * Entries of an LDIF file (RFC 2849) as ldifde, ldapsearch and ldbsearch write it. Blocks that only hold comments, the version
 * line, referrals or the search result are not entries and not yielded.
 */
export async function* readLdif(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly LdifEntry[]> {
  let open: Open | undefined
  for await (const lines of readLines(chunks)) {
    const entries: LdifEntry[] = []
    for (const { text, number, isUnfinished } of lines) {
      if (text.trim() === '' && !text.startsWith(' ')) {
        if (open !== undefined) entries.push(...close(open))
        open = undefined
        continue
      }
      // some tools forget the blank line
      if (open !== undefined && /^dn::?\s/i.test(text) && open.logical.some((line) => /^dn:/i.test(line))) {
        entries.push(...close(open))
        open = undefined
      }
      open ??= {
        firstLine: number,
        lastLine: number,
        written: [],
        logical: [],
        isComment: false,
        size: 0,
        isUnfinished: false,
      }
      addLine(open, text, number)
      open.isUnfinished = isUnfinished
    }
    if (entries.length > 0) yield entries
  }
  if (open !== undefined) yield close(open)
}

function addLine(open: Open, text: string, number: number): void {
  open.lastLine = number
  open.size += text.length
  if (open.size > MAX_ENTRY_CHARS) return
  open.written.push(text)
  if (text.startsWith(' ')) {
    const last = open.logical.length - 1
    if (!open.isComment) open.logical[last] = `${open.logical[last] ?? ''}${text.slice(1)}`
    return
  }
  open.isComment = text.startsWith('#')
  if (!open.isComment) open.logical.push(text)
}

/** Blocks beside the entries: version, referrals, what ldapsearch says about the result. */
const NOT_ENTRY =
  /^(?:version|search|result|ref|matchedDN|text|control|pagedresults|numResponses|numEntries|numReferences)\s*:/i

/** What stands before the colon: a name and its options. */
const NAME = /^([a-z0-9][a-z0-9.-]*)((?:;[a-z0-9=*.-]*)*)$/i
/** Names and options are short; a line of megabytes without a colon is no attribute. */
const MAX_NAME = 1_000

interface AttributeLine {
  readonly name: string
  readonly options: string
  /** `:` base64, `<` an address elsewhere. */
  readonly mark: string | undefined
  readonly written: string
}

function readAttribute(line: string): AttributeLine | undefined {
  const colon = line.indexOf(':')
  const match = colon < 1 || colon > MAX_NAME ? null : NAME.exec(line.slice(0, colon))
  if (match === null) return undefined
  const next = line[colon + 1]
  const mark = next === ':' || next === '<' ? next : undefined
  return {
    name: (match[1] ?? '').toLowerCase(),
    options: (match[2] ?? '').toLowerCase(),
    mark,
    written: line.slice(colon + (mark === undefined ? 1 : 2)),
  }
}

const DELETED = /;deleted(?:attribute)?(?:;|$)/
const RANGE = /;range=\d+-(\d+|\*)/

function close(open: Open): LdifEntry[] {
  const lines = open.logical.filter((line, index) => !(index === 0 && /^version\s*:/i.test(line)))
  if (lines.length === 0 || lines.every((line) => NOT_ENTRY.test(line))) return []
  const attributes = new Map<string, AttributeValue[]>()
  const badLines: string[] = []
  const translated: (readonly [string, AttributeValue])[] = []
  const ranges = new Map<string, boolean>()
  const put = (name: string, value: AttributeValue): void => {
    const values = attributes.get(name)
    if (values === undefined) attributes.set(name, [value])
    else values.push(value)
  }
  let dn: string | undefined
  let change: string | undefined
  for (const line of lines) {
    const found = readAttribute(line)
    if (found === undefined) {
      // `-` separates the steps of a change record
      if (line !== '-') badLines.push(line)
      continue
    }
    const { name, options, mark, written } = found
    // `:<` names a file or address elsewhere: it is not the value, and nothing is ever opened
    // 389 Directory Server keeps what was deleted, for replication
    if (mark === '<' || DELETED.test(options)) continue
    const range = RANGE.exec(options)?.[1]
    if (range !== undefined) ranges.set(name, ranges.get(name) === true || range === '*')
    const value = decodeValue(mark, written)
    if (name === 'dn' && dn === undefined) dn = value.text.trim()
    else if (name === 'changetype') change = value.text.trim().toLowerCase()
    else if (options.includes(';lang-')) translated.push([name, value])
    else put(name, value)
  }
  for (const [name, value] of translated) put(name, value)
  return [
    {
      dn,
      attributes,
      change: change === 'add' ? undefined : change,
      firstLine: open.firstLine,
      lastLine: open.lastLine,
      raw: open.written.join('\n'),
      cutAttributes: [...ranges].filter(([, isWhole]) => !isWhole).map(([name]) => name),
      badLines,
      isTooLarge: open.size > MAX_ENTRY_CHARS,
      isUnfinished: open.isUnfinished,
    },
  ]
}

/** `:` text, `::` base64. */
function decodeValue(mark: string | undefined, written: string): AttributeValue {
  const text = written.replace(/^ +/, '')
  if (mark !== ':') return { text }
  const bytes = Buffer.from(text, 'base64')
  return { text: decodeLoose(bytes), bytes }
}

import { findHeader, splitHeaders } from './headers.ts'
import { parseStructured, type StructuredValue } from './parameters.ts'

/** Each level of nesting reads its content once more: depth bounds the work to depth x size. */
export const MAX_MIME_DEPTH = 24
/** A message can declare a part in every line; real ones stay below some hundreds. */
export const MAX_MIME_PARTS = 2_000

/** A part without parts of its own. */
export interface MimeLeaf {
  /** Lower case, `text/plain` when not given. */
  readonly contentType: string
  readonly charset: string | undefined
  readonly disposition: string
  readonly fileName: string | undefined
  readonly encoding: string
  /** Body bytes as they stand in the message, transfer encoding still on. */
  readonly body: Uint8Array
  /** Number of the closest enclosing multipart/alternative, 0 when there is none. */
  readonly alternative: number
}

export interface MimeTree {
  readonly leaves: readonly MimeLeaf[]
  /** A limit stopped the walk; the rest is one opaque leaf or left out. */
  readonly isCut: boolean
  /** A multipart has no closing boundary: the message ends too early. */
  readonly isTruncated: boolean
}

interface Walk {
  leaves: MimeLeaf[]
  parts: number
  alternatives: number
  isCut: boolean
  isTruncated: boolean
}

/**
 * Splits an entity (headers and body) into its leaves, in order. Nested messages are leaves too. Broken structure is never
 * an error: a multipart without boundary, or one whose boundary never comes, is a leaf of text.
 */
export function walkMime(bytes: Uint8Array): MimeTree {
  const walk: Walk = { leaves: [], parts: 0, alternatives: 0, isCut: false, isTruncated: false }
  visit(asBuffer(bytes), 0, 0, 'text/plain', walk)
  return { leaves: walk.leaves, isCut: walk.isCut, isTruncated: walk.isTruncated }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function visit(entity: Buffer, depth: number, alternative: number, fallback: string, walk: Walk): void {
  if (walk.parts >= MAX_MIME_PARTS) {
    walk.isCut = true
    return
  }
  walk.parts++
  const headers = splitHeaders(entity)
  const written = findHeader(headers.fields, 'Content-Type')
  const type = parseStructured(written === undefined || written.trim() === '' ? fallback : written)
  const disposition = parseStructured(findHeader(headers.fields, 'Content-Disposition') ?? '')
  const body = entity.subarray(headers.bodyStart)
  const boundary = type.parameters.get('boundary') ?? ''
  if (type.value.startsWith('multipart/') && boundary !== '') {
    if (depth >= MAX_MIME_DEPTH) walk.isCut = true
    else {
      const { parts, isClosed } = splitParts(body, boundary)
      if (!isClosed) walk.isTruncated = true
      if (parts.length > 0) {
        const group = type.value === 'multipart/alternative' ? ++walk.alternatives : alternative
        const child = type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
        for (const part of parts) visit(part, depth + 1, group, child, walk)
        return
      }
    }
  }
  walk.leaves.push({
    contentType: type.value.startsWith('multipart/') || !type.value.includes('/') ? 'text/plain' : type.value,
    charset: type.parameters.get('charset'),
    disposition: disposition.value,
    fileName: fileName(disposition, type),
    encoding: (findHeader(headers.fields, 'Content-Transfer-Encoding') ?? '').trim().toLowerCase(),
    body,
    alternative,
  })
}

function fileName(disposition: StructuredValue, type: StructuredValue): string | undefined {
  const name = disposition.parameters.get('filename') ?? type.parameters.get('name')
  return name === undefined || name.trim() === '' ? undefined : name.trim().slice(0, 1_000)
}

const LF = 0x0a
const CR = 0x0d
const DASH = 0x2d

/** Cuts the body at its boundary lines (RFC 2046, 5.1.1); preamble and epilogue are dropped. */
function splitParts(body: Buffer, boundary: string): { parts: Buffer[]; isClosed: boolean } {
  const mark = Buffer.from(`--${boundary}`, 'utf8')
  const parts: Buffer[] = []
  let start = -1
  for (let at = body.indexOf(mark); at !== -1; at = body.indexOf(mark, at + mark.length)) {
    if (at > 0 && body[at - 1] !== LF) continue
    let end = at + mark.length
    const isClosing = body[end] === DASH && body[end + 1] === DASH
    if (isClosing) end += 2
    while (body[end] === 0x20 || body[end] === 0x09) end++
    if (body[end] === CR) end++
    if (end < body.length && body[end] !== LF) continue
    if (start !== -1) parts.push(body.subarray(start, Math.max(start, lineEndBefore(body, at))))
    if (isClosing) return { parts, isClosed: true }
    start = Math.min(end + 1, body.length)
    if (parts.length > MAX_MIME_PARTS) break
  }
  if (start !== -1 && start < body.length) parts.push(body.subarray(start))
  return { parts, isClosed: false }
}

/** The line break before a boundary belongs to the boundary. */
function lineEndBefore(body: Buffer, at: number): number {
  if (body[at - 1] !== LF) return at
  return body[at - 2] === CR ? at - 2 : at - 1
}

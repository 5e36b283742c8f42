import type { IncomingMessage } from 'node:http'
import { MAX_REQUEST_BYTES } from '../../model/request-size.ts'

/** Bodies of several requests that are read at the same time, together: as much as four of the largest. */
const MAX_UNDER_WAY = 4 * MAX_REQUEST_BYTES
let underWay = 0

/** Nested arrays without end overflow the stack of whoever walks them; the contract is at most about ten deep. */
const MAX_BODY_NESTING = 64

export type Body =
  | { readonly ok: true; readonly value: unknown }
  /** `bytes`: how many were announced or came, for a body that is too large. */
  | { readonly ok: false; readonly status: 400 | 413 | 429; readonly bytes?: number }

function isTooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (inString) {
      if (character === '\\') at++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') {
      if (++depth > MAX_BODY_NESTING) return true
    } else if (character === '}' || character === ']') depth--
  }
  return false
}

/** Reads a JSON body within the limits; stops reading at the first byte too many. An empty body is `{}`. */
export async function readBody(request: IncomingMessage, most = MAX_REQUEST_BYTES): Promise<Body> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > most) return { ok: false, status: 413, bytes: announced }
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length
      underWay += chunk.length
      if (bytes > most) return { ok: false, status: 413, bytes }
      if (underWay > MAX_UNDER_WAY) return { ok: false, status: 429 }
      chunks.push(chunk)
    }
    return bytes === 0 ? { ok: true, value: {} } : parse(Buffer.concat(chunks))
  } finally {
    underWay -= bytes
  }
}

function parse(bytes: Buffer): Body {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return isTooDeep(text) ? { ok: false, status: 400 } : { ok: true, value: JSON.parse(text) as unknown }
  } catch (thrown) {
    // Not UTF-8 or not JSON: the caller's fault, told as 400; anything else is a bug and goes up.
    if (thrown instanceof SyntaxError || thrown instanceof TypeError) return { ok: false, status: 400 }
    throw thrown
  }
}

import type { IncomingMessage } from 'node:http'

/** A page or program that sends without end would fill memory; the largest honest body is a policy document. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024

/** Nested arrays without end overflow the stack of whoever walks them; the contract is at most about ten deep. */
const MAX_BODY_NESTING = 64

export type Body =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly status: 400 | 413 }

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
export async function readBody(request: IncomingMessage): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return { ok: false, status: 413 }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) return { ok: false, status: 413 }
    chunks.push(chunk)
  }
  if (bytes === 0) return { ok: true, value: {} }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
    return isTooDeep(text) ? { ok: false, status: 400 } : { ok: true, value: JSON.parse(text) as unknown }
  } catch (thrown) {
    // Not UTF-8 or not JSON: the caller's fault, told as 400; anything else is a bug and goes up.
    if (thrown instanceof SyntaxError || thrown instanceof TypeError) return { ok: false, status: 400 }
    throw thrown
  }
}

import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What a request must prove before anything else is looked at (trust.md H18). */
export interface Gate {
  /** `127.0.0.1:port`, exactly: a rebound DNS name never matches. */
  readonly host: string
  readonly origin: string
  readonly token: string
}

/** Why a request is refused; the page is told no more than the status. */
export type Refusal = { readonly status: 400 | 401 | 403; readonly reason: string }

function countHeader(request: IncomingMessage, name: string): number {
  return request.rawHeaders.filter((word, index) => index % 2 === 0 && word.toLowerCase() === name).length
}

/** Checks that hold for every request, static files included. */
export function checkOrigin(request: IncomingMessage, gate: Gate): Refusal | null {
  if (countHeader(request, 'host') !== 1 || request.headers.host !== gate.host)
    return { status: 403, reason: 'host' }
  const { origin } = request.headers
  // Absent is allowed for programs that hold the token; browsers send it with every POST. `null` is a foreign page.
  if (origin !== undefined && (origin !== gate.origin || countHeader(request, 'origin') !== 1)) {
    return { status: 403, reason: 'origin' }
  }
  const site = request.headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin') return null
  // Typed address, bookmark, app window: the page itself, which is inert without its token.
  const isNavigation =
    request.headers['sec-fetch-mode'] === 'navigate' && request.headers['sec-fetch-dest'] === 'document'
  return site === 'none' && isNavigation ? null : { status: 403, reason: 'sec-fetch-site' }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Additional checks for `/api/`: the token, in a header and nowhere else, compared in constant time. */
export function checkToken(request: IncomingMessage, gate: Gate): Refusal | null {
  const header = request.headers.authorization ?? ''
  const token = /^Bearer ([\w-]{20,100})$/.exec(header)?.[1] ?? ''
  const matches =
    timingSafeEqual(digest(token), digest(gate.token)) && countHeader(request, 'authorization') === 1
  if (!matches) return { status: 401, reason: 'token' }
  return request.headers['sec-fetch-site'] === 'none' ? { status: 403, reason: 'sec-fetch-site' } : null
}

/** JSON and nothing else: a form or a text/plain "simple request" of a foreign page never gets here. */
export function checkJson(request: IncomingMessage): Refusal | null {
  const type = (request.headers['content-type'] ?? '').toLowerCase().replace(/\s/g, '')
  if (type !== 'application/json' && type !== 'application/json;charset=utf-8')
    return { status: 400, reason: 'content-type' }
  if (request.headers['content-encoding'] !== undefined) return { status: 400, reason: 'content-encoding' }
  return null
}

/**
 * Mail gateways rewrite links to their own checking service. Without undoing it the URLs of a mail never meet those that
 * endpoints and proxies saw (threat-investigation.md 4.4), so both forms are kept: the rewritten and the one behind it.
 */
import { MAX_URL_LENGTH } from './url.ts'
import { decodeEscapes, findRewriters } from './url-rewriters.ts'

/** Gateways in a row rewrite each other's links; a crafted chain must not go on for ever. */
export const MAX_UNWRAPS = 8

/** One step: the URL inside a rewritten one, undefined when `text` is not rewritten. */
function unwrapOnce(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  for (const rewriter of findRewriters(url)) {
    const inner = toAddress(rewriter.inner(url)?.trim() ?? '')
    if (inner !== undefined) return inner
  }
  return undefined
}

/** Some gateways escape twice; the scheme shows it. */
function toAddress(text: string): string | undefined {
  const plain = /^(?:https?|ftp)%3a/i.test(text) ? (decodeEscapes(text) ?? text) : text
  const inner = URL.parse(plain)
  if (inner === null || !/^(?:https?|ftp):$/.test(inner.protocol) || inner.hostname === '') return undefined
  return inner.href
}

/**
 * Undoes link rewriting, also several layers of it.
 * @returns the URL the reader would reach, or undefined when `text` is not a rewritten link
 */
export function unwrapUrl(text: string): string | undefined {
  if (text.length > MAX_URL_LENGTH) return undefined
  let found: string | undefined
  for (let step = 0; step < MAX_UNWRAPS; step++) {
    const inner = unwrapOnce(found ?? text)
    if (inner === undefined) break
    found = inner
  }
  return found
}

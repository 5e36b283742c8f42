import { parseUrl } from '../normalise/url.ts'

/**
 * How a URL is kept: its normal form once, its host, and a key with reversed labels (`com.evil.www./path?query`), so that
 * one B-tree answers every kind of pattern as one range scan (performance.md section 5).
 * What is no web address keeps its text and an empty host.
 */
export function urlKey(text: string): { url: string; host: string; key: string } {
  const normal = parseUrl(text)
  if (!normal) return { url: text, host: '', key: text }
  const reversed = normal.host.split('.').reverse().join('.')
  const rest = normal.path + (normal.query === null ? '' : `?${normal.query}`)
  return {
    url: normal.text,
    host: normal.host,
    key: `${reversed}.${normal.port === null ? '' : `:${normal.port}`}${rest}`,
  }
}

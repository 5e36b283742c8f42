import { isInsideAddress } from '../../indicators/inside-address.ts'

/** Outside text on paper: escaped, addresses broken, deceit made visible (TRUST.md threats 3, 4, 5). */

// C0/C1 controls, bidi marks, zero-width and format characters, variation selectors, tags, private use, lone surrogates.
// Pictographs too: no shipped face has them, and a name is the same on every machine.
const HIDDEN =
  // prettier-ignore
  /[\u0000-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\u{E0000}-\u{E0FFF}\u{1F000}-\u{1FAFF}\p{Co}\p{Cs}]/gu

// Schemes and prefixes that PDF viewers turn into links by themselves, wherever they stand.
// What joins several in one text is no part of a host: the next one is broken, too.
// Nor has it to begin a word: in a raw record `\n` stands before it as two characters.
const LIVE_URL = /(h)tt(ps?)(:(?:\/|\\){2})([^\s/?#"'<>\\;,|]*)/giu
const LIVE_FTP = /\bftp(s?)(:\/\/)([^\s/?#"'<>;,|]*)/giu
const LIVE_WWW = /\bwww\.(?=[\p{L}\d])/giu
const LIVE_OTHER = /\b(mailto|javascript|data|file|smb|tel|sms|ms-[a-z-]{1,30}|search-ms):(?=\S)/giu
const LIVE_MAIL = /(?<=[\p{L}\d._%+-])@((?:[\p{L}\d-]+(?:\.|\[\.\]))+[\p{L}\d-]+)/gu
// An IP address by itself, also as the host of a share; not the version of a program (`Chrome/120.0.0.0`, `v4.18.0.1`).
const LIVE_IP = /(?<![\p{L}\d._[\]-]|(?<![/\\])\/)(?:\d{1,3}\.){3}\d{1,3}(?![\d\]]|\.\d)/gu

const breakDots = (host: string): string => host.replaceAll('[.]', '.').replaceAll('.', '[.]')

/**
 * Breaks every address inside a text: `https://a.example/x` -> `hxxps://a[.]example/x`, `203.0.113.7` -> `203[.]0[.]113[.]7`. Broken ones stay
 * as they are, and so do IP addresses inside an organisation: they lead nowhere from outside, and are read a hundred times.
 */
export function defang(text: string): string {
  return text
    .replace(
      LIVE_URL,
      (_all, h: string, ps: string, slashes: string, host: string) =>
        `${h}xx${ps}${slashes}${breakDots(host)}`,
    )
    .replace(
      LIVE_FTP,
      (_all, s: string, slashes: string, host: string) => `fxp${s}${slashes}${breakDots(host)}`,
    )
    .replace(LIVE_WWW, 'www[.]')
    .replace(LIVE_OTHER, '$1[:]')
    .replace(LIVE_MAIL, (_all, host: string) => `[@]${breakDots(host)}`)
    .replace(LIVE_IP, breakIp)
}

const breakIp = (ip: string): string =>
  isInsideAddress(ip) || ip.split('.').some((part) => Number(part) > 255) ? ip : breakDots(ip)

/** Breaks a value known to be a URL, host, IP or mail address: `a.b@c.example` -> `a.b[@]c[.]example`. */
export function defangAddress(value: string): string {
  if (value.includes('://')) return defang(value)
  const at = value.replaceAll('[@]', '@').lastIndexOf('@')
  if (at === -1) return isInsideAddress(value) ? value : breakDots(value)
  const whole = value.replaceAll('[@]', '@')
  return `${whole.slice(0, at)}[@]${breakDots(whole.slice(at + 1))}`
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES.get(character) ?? '')

/** `U+202E`: what stands in place of a hidden character. */
export const controlName = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/** One line of outside text: white space folded, hidden characters named as `‹U+202E›` for places without markup. */
export const toPlainLine = (text: string): string =>
  text.replace(/[\t\r\n]+/g, ' ').replace(HIDDEN, (character) => `<${controlName(character)}>`)

/** The same as HTML: hidden characters stand in a frame. Line feeds and tabs become spaces. */
export function toHtml(text: string): string {
  const clean = text.replace(/[\t\r\n]+/g, ' ')
  let html = ''
  let from = 0
  for (const match of clean.matchAll(HIDDEN)) {
    html += `${escapeHtml(clean.slice(from, match.index))}<span class="hidden-character">${controlName(match[0])}</span>`
    from = match.index + match[0].length
  }
  return html + escapeHtml(clean.slice(from))
}

/** A text longer than this is cut in sentences and cells; the whole stands in the raw record. */
const MAX_INLINE = 3000
export const shorten = (text: string): string =>
  text.length <= MAX_INLINE
    ? text
    : `${text.slice(0, MAX_INLINE).toWellFormed()} […+${text.length - MAX_INLINE}]`

import { defangUrl } from '../../normalise/defang.ts'

/** Bidirectional, zero-width and separator characters that make a line look like another one (TRUST.md threat 4). */
const HIDDEN = /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g
// eslint wants no control characters in patterns; the escapes spell them out.
const CONTROLS = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f]', 'g')
const LEFT_RAW = new RegExp(
  '[\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb]',
  'g',
)

const hex = (code: number): string => code.toString(16).padStart(4, '0')

/**
 * One line of evidence text for files that people open: no character moves a cursor, ends a line, reorders it or hides
 * (TRUST.md 2.6). C0 controls become their pictures (`␛`, `␊`), the others are named (`[U+202E]`).
 */
export function flatText(text: string): string {
  return text
    .toWellFormed()
    .replace(CONTROLS, (sign) => {
      const code = sign.charCodeAt(0)
      if (code < 0x20) return String.fromCharCode(0x2400 + code)
      return code === 0x7f ? '\u2421' : `[U+${hex(code).toUpperCase()}]`
    })
    .replace(HIDDEN, (sign) => `[U+${hex(sign.charCodeAt(0)).toUpperCase()}]`)
}

/** JSON on one line that any reader takes: raw controls of terminals are escaped, halves of a character replaced. Same value. */
export function safeJson(value: unknown): string {
  let text = JSON.stringify(value)
  // JSON.stringify writes half a character as `\ud800`, which strict readers refuse.
  if (/\\ud[89a-f]/.test(text))
    text = JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'string' ? part.toWellFormed() : part,
    )
  return text.replace(LEFT_RAW, (sign) => `\\u${hex(sign.charCodeAt(0))}`)
}

/**
 * Text between XML tags or in an attribute. Characters that no XML 1.0 document may hold (C0, surrogate halves, U+FFFE) are
 * named; C1 and bidirectional controls become references, which every reader turns back.
 */
export function xmlText(text: string): string {
  return text
    .toWellFormed()
    .replace(NOT_XML, (sign) => `[U+${hex(sign.charCodeAt(0)).toUpperCase()}]`)
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(LEFT_RAW, (sign) => `&#${sign.charCodeAt(0)};`)
}
const NOT_XML = new RegExp('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]', 'g')

/** Every address in a text made one that nobody follows by accident: `hxxps://evil[.]example/a`. */
export const quietText = (text: string): string =>
  text.replace(/\b(?:https?|ftps?):\/\/[^\s"'<>|\\^`{}]+/gi, (url) => defangUrl(url))

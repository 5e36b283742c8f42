/**
 * Characters that move the cursor, ring, recolour or reorder a terminal when evidence is printed (TRUST.md 2.6): C0, DEL,
 * C1, bidirectional and zero-width controls, line separators.
 */
// eslint wants no control characters in patterns; the escapes spell them out.
const CONTROLS = new RegExp(
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb]',
  'g',
)
const escapeControl = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** One line of evidence text, safe to print: controls become visible `\uXXXX`. */
export function visible(text: string): string {
  return text.replace(CONTROLS, escapeControl)
}

/** JSON text with every control escaped, also those that JSON itself allows raw (DEL, C1, bidi). Stays the same JSON. */
export function safeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent)
  // Newlines that JSON.stringify put there are structure, not evidence.
  return indent === undefined ? visible(text) : text.split('\n').map(visible).join('\n')
}

/** Columns a text takes: two for East Asian wide characters. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1
  return width
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  )
}

/** Rows as aligned columns; the last column keeps its full length. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const safe = rows.map((row) => row.map(visible))
  const widths: number[] = []
  for (const row of safe) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, widthOf(cell))))
  return safe.map((row) =>
    row
      .map((cell, at) =>
        at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell)),
      )
      .join('  ')
      .trimEnd(),
  )
}

/** A run of text as it may be shown: plain, or one control character named instead of obeyed. */
export interface TextRun {
  readonly text: string
  readonly isControl: boolean
}

// Spoofed text (TRUST.md threat 4): C0/C1 controls, bidi overrides and isolates, zero-width and format characters, tags.
// Line feed and tab stay: they are layout, not deceit; so does the emoji variation selector FE0F.
// prettier-ignore
const HIDDEN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFE00-\uFE0E\uFEFF\uFFF0-\uFFFB\u{E0000}-\u{E0FFF}]/gu

/** `U+202E` for the right-to-left override: what stands in place of a hidden character. */
export const controlName = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/** Cuts text into plain runs and named control characters. A carriage return before a line feed is dropped. */
export function toRuns(text: string): readonly TextRun[] {
  const clean = text.replaceAll('\r\n', '\n')
  const runs: TextRun[] = []
  let from = 0
  for (const match of clean.matchAll(HIDDEN)) {
    if (match.index > from) runs.push({ text: clean.slice(from, match.index), isControl: false })
    runs.push({ text: controlName(match[0]), isControl: true })
    from = match.index + match[0].length
  }
  if (from < clean.length || runs.length === 0) runs.push({ text: clean.slice(from), isControl: false })
  return runs
}

/** The same in one string, for places that take no markup (canvas labels, titles): `invoice<U+202E>fdp.exe`. */
export const toVisible = (text: string): string =>
  toRuns(text)
    .map((run) => (run.isControl ? `<${run.text}>` : run.text))
    .join('')

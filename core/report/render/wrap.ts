/** Columns a character takes in a monospaced line: East Asian wide ones take two. */
export function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    // Arrows, lines and signs come from a Han face and are as wide as its characters.
    (code >= 0x2100 && code <= 0x2bff) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    code >= 0x1f000
  return wide ? 2 : 1
}

export const widthOf = (text: string): number =>
  [...text].reduce((sum, character) => sum + columnsOf(character), 0)

/** Places where a command line reads well when broken after them. */
const BREAK_AFTER = /[\s\\/,;&=|?]/u

/**
 * Cuts one line (no line feeds) into pieces of at most `columns`; breaks after a separator when one stands in the last
 * third. All pieces joined give the line back.
 */
export function wrapLine(line: string, columns: number): readonly string[] {
  const pieces: string[] = []
  let piece: string[] = []
  let width = 0
  for (const character of line) {
    if (width + columnsOf(character) > columns && piece.length > 0) {
      const at = piece.findLastIndex((one) => BREAK_AFTER.test(one))
      const cut = at >= Math.floor(piece.length * 0.66) ? at + 1 : piece.length
      pieces.push(piece.slice(0, cut).join(''))
      piece = piece.slice(cut)
      width = widthOf(piece.join(''))
    }
    piece.push(character)
    width += columnsOf(character)
  }
  pieces.push(piece.join(''))
  return pieces
}

/** Keeps the start and the end of a name that must fit one line of a figure. */
export function elide(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  const half = Math.floor((columns - 1) / 2)
  return `${take([...text], half).join('')}…${take([...text].reverse(), half)
    .reverse()
    .join('')}`
}

function take(characters: readonly string[], columns: number): string[] {
  const taken: string[] = []
  let width = 0
  for (const character of characters) {
    width += columnsOf(character)
    if (width > columns) break
    taken.push(character)
  }
  return taken
}

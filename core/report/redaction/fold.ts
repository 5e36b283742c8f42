/** A text made comparable: one folded character per element, with the span of the source it stands for. */
export interface Folded {
  readonly characters: readonly string[]
  readonly from: readonly number[]
  readonly to: readonly number[]
}

/** An `@` in the paper's breaking, percent signs encoded again and again, escapes of JSON and HTML. */
const ENCODED =
  /((?:%(?:25)*[0-9a-f]{2})+)|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|&#x0*([0-9a-f]{1,6});|&#0*([0-9]{1,7});|\[(\.|dot|@|at|:)\]|\((\.|dot|@|at)\)|\\\\|&(amp|lt|gt|quot);/giy

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['dot', '.'],
  ['at', '@'],
])
/** Characters that a reader does not see, and that would tear a name apart. */
const UNSEEN = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u

const decoded = (match: RegExpExecArray): string => {
  const [whole, percent, u, x, hex, decimal, bracketed, rounded, named] = match
  if (percent !== undefined) return Buffer.from(percent.replaceAll(/%(?:25)*/gi, ''), 'hex').toString('utf8')
  const code = u ?? x ?? hex
  if (code !== undefined || decimal !== undefined) {
    const point = code === undefined ? Number(decimal) : Number.parseInt(code, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : ''
  }
  const word = (bracketed ?? rounded ?? named)?.toLowerCase()
  if (word !== undefined) return NAMED.get(word) ?? word
  return whole === '\\\\' ? '\\' : whole
}

/** How a text with backslashes is read: escapes decoded, as it stands, or `\\t` and the like (escaped once or often) as a break. */
export type Reading = 'decoded' | 'plain' | 'breaks'
const BREAK = /\\+[tnrbf]/y

/**
 * Folds a text: lower case, full-width forms plain, percent, JSON and HTML escapes decoded, `[.]` and `[@]` whole again, double
 * backslashes single, unseen characters left out. `JANE%2eDOE%2540Corp[.]example` folds to `jane.doe@corp.example`.
 */
export function fold(text: string, reading: Reading = 'decoded'): Folded {
  const characters: string[] = []
  const from: number[] = []
  const to: number[] = []
  let at = 0
  while (at < text.length) {
    const character = text[at] ?? ''
    let piece = ''
    let end = at + 1
    BREAK.lastIndex = at
    const isBreak = reading === 'breaks' && character === '\\' && BREAK.test(text)
    if (isBreak) {
      piece = ' '
      end = BREAK.lastIndex
    } else if (reading !== 'plain' && /[%\\&[(]/.test(character)) {
      ENCODED.lastIndex = at
      const match = ENCODED.exec(text)
      if (match !== null) {
        piece = decoded(match)
        end = at + match[0].length
      }
    }
    if (end === at + 1 && piece === '') {
      const point = text.codePointAt(at) ?? 0
      piece = String.fromCodePoint(point)
      end = at + piece.length
    }
    for (const one of foldText(piece)) {
      characters.push(one)
      from.push(at)
      to.push(end)
    }
    at = end
  }
  return { characters, from, to }
}

/** A name or a piece of text in the folded alphabet. */
export function foldText(text: string): readonly string[] {
  // Plain ASCII needs no tables.
  const plain = /^[\u0020-\u007e]*$/.test(text) ? text : text.normalize('NFKC')
  const folded: string[] = []
  for (const character of plain.toLowerCase()) if (!UNSEEN.test(character)) folded.push(character)
  return folded
}

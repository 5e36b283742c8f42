import { PART_SCHEME } from '../pdf/join.ts'
import type { Spool } from './spool.ts'

/**
 * Characters of HTML that are printed at once. Chromium holds a page, its accessibility tree and its PDF in memory together: 360,000
 * characters (800 rows of a timeline) take 500 MB with the browser itself, 450,000 take 600 MB, the whole of a long report many gigabytes.
 */
export const PART_CHARACTERS = 360_000
/** A report that is no longer is printed in one go: most are. */
export const WHOLE_CHARACTERS = 1_000_000

/** A piece of the drawn report, printed as a whole. */
export interface Piece {
  readonly section: string
  readonly spool: Spool
  /** First of its section: it holds the opening tag and the heading. */
  readonly opens: boolean
  /** Last of its section. */
  closes: boolean
  /** Rows of a long table before this piece and at its end; null: it does not begin inside one. */
  readonly rows: { readonly before: number; end: number } | null
}

/** Groups pieces into parts that are printed one after another. */
export function partsOf(
  pieces: readonly Piece[],
  limits: { readonly part: number; readonly whole: number },
): readonly (readonly Piece[])[] {
  const all = pieces.reduce((sum, { spool }) => sum + spool.characters, 0)
  if (all <= limits.whole) return [pieces]
  const parts: Piece[][] = []
  let characters = 0
  for (const piece of pieces) {
    const last = parts.at(-1)
    if (last === undefined || characters + piece.spool.characters > limits.part) {
      parts.push([piece])
      characters = 0
    } else last.push(piece)
    characters += piece.spool.characters
  }
  return parts
}

/**
 * The body of one part. What it links to may stand in another part, where Chromium would drop the link: links go to {@link PART_SCHEME},
 * and every place of this part is named by an unseen link, so that it is in the list of places; the joiner puts both together.
 * @param headingOf heading of a table that goes on, with its rows
 */
export async function partBody(
  pieces: readonly Piece[],
  headingOf: (piece: Piece) => string,
): Promise<string> {
  const chunks: string[] = []
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) chunks.push('\n')
    else if (!piece.opens) chunks.push('<section class="section flow">\n')
    if (piece.rows !== null && piece.rows.before > 0) chunks.push(headingOf(piece))
    for await (const text of piece.spool.read()) chunks.push(text)
  }
  if (pieces.at(-1)?.closes === false) chunks.push('\n</section>')
  const body = chunks.join('')
  const places = [...body.matchAll(/ id="([A-Za-z0-9-]+)"/g)].map(([, id]) => `<a href="#${id ?? ''}"></a>`)
  const led = body.replaceAll(/(<a (?:class="cite" )?href=")#/g, `$1${PART_SCHEME}`)
  return `<main>\n${led}\n</main>\n<div hidden>${places.join('')}</div>`
}

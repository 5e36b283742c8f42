/** What of a font face matters here. */
export interface Face {
  readonly family: string
  /** As CSS says it, for instance `U+0-FF, U+4??`. */
  readonly unicodeRange: string
}

/**
 * Whether labels look otherwise once these faces are there. Fonts come in pieces, each when its first letter is shown anywhere on the
 * screen; measuring thousands of labels anew for letters that are in none of them would take half a second each time.
 * @param families the fonts of labels, as CSS lists them
 */
export function areForLabels(faces: readonly Face[], families: string, labels: Iterable<string>): boolean {
  const wanted = new Set(families.split(',').map(bare))
  const ranges = faces
    .filter((face) => wanted.has(bare(face.family)))
    .flatMap((face) => rangesOf(face.unicodeRange))
  if (ranges.length === 0) return false
  return [...lettersOf(labels)].some((letter) => {
    const code = letter.codePointAt(0) ?? 0
    return ranges.some(({ from, to }) => code >= from && code <= to)
  })
}

/** Labels are drawn in these weights. */
const WEIGHTS = [400, 700] as const
/** A font that does not come is not waited for. */
const MOST_WAIT_MS = 1000

/**
 * Fetches the pieces of fonts that labels need, before they are measured: one that arrives later makes all of them be measured again.
 * @param families the fonts of labels, as CSS lists them
 * @returns null when all are there already
 */
export function fetchFonts(families: string, labels: Iterable<string>): Promise<unknown> | null {
  const letters = [...lettersOf(labels)].join('')
  const faces = WEIGHTS.map((weight) => `${weight} 12px ${families}`)
  if (letters === '' || faces.every((face) => document.fonts.check(face, letters))) return null
  return Promise.race([
    Promise.allSettled(faces.map((face) => document.fonts.load(face, letters))),
    new Promise((resolve) => setTimeout(resolve, MOST_WAIT_MS)),
  ])
}

function lettersOf(labels: Iterable<string>): ReadonlySet<string> {
  const letters = new Set<string>()
  for (const label of labels) for (const letter of label) letters.add(letter)
  return letters
}

const bare = (family: string): string =>
  family
    .trim()
    .replace(/^["']|["']$/gu, '')
    .toLowerCase()

function rangesOf(unicodeRange: string): { from: number; to: number }[] {
  return unicodeRange.split(',').flatMap((one) => {
    const [, first = '', last] = /^\s*U\+([0-9A-F?]{1,6})(?:-([0-9A-F]{1,6}))?\s*$/iu.exec(one) ?? []
    if (first === '') return []
    const from = parseInt(first.replaceAll('?', '0'), 16)
    return [{ from, to: parseInt(last ?? first.replaceAll('?', 'F'), 16) }]
  })
}

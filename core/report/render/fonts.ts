import { readSubset, subsetRanges } from './font-files.ts'
import type { Face, UsedCharacters } from './pen.ts'
import { readCoverage } from './woff2-coverage.ts'

/** Latin faces first; then Chinese or Japanese forms first, as the report's language asks (same code point, other shape). */
function familiesOf(face: Face, lang: string): readonly string[] {
  const han = lang.startsWith('ja') ? ['noto-sans-jp', 'noto-sans-tc'] : ['noto-sans-tc', 'noto-sans-jp']
  return [face === 'mono-400' ? 'jetbrains-mono' : 'inter', ...han]
}

interface Subset {
  readonly family: string
  readonly name: string
}

/**
 * The `@font-face` rules a text needs: of each family only the subsets with a used character, as data URIs, so that
 * the report looks the same on a machine without fonts. Every character belongs to exactly one rule.
 */
export function fontFaceCss(used: UsedCharacters, lang: string): string {
  const rules: string[] = []
  for (const face of ['sans-400', 'sans-700', 'mono-400'] as const) {
    const families = familiesOf(face, lang)
    const wanted = new Map<string, { subset: Subset; codes: number[] }>()
    const codes = [...(used.get(face) ?? [])]
      .map((character) => character.codePointAt(0) ?? 0)
      .sort((a, b) => a - b)
    for (const code of codes) {
      const subset = findSubset(families, code, face === 'sans-700' ? 700 : 400)
      if (subset === undefined) continue
      const key = `${subset.family} ${subset.name}`
      const entry = wanted.get(key) ?? { subset, codes: [] }
      entry.codes.push(code)
      wanted.set(key, entry)
    }
    for (const { subset, codes: covered } of [...wanted.values()].sort(bySubset)) {
      rules.push(...rule(face, subset, covered))
    }
  }
  return rules.join('\n')
}

const bySubset = (a: { subset: Subset }, b: { subset: Subset }): number =>
  `${a.subset.family} ${a.subset.name}` < `${b.subset.family} ${b.subset.name}` ? -1 : 1

function rule(face: Face, subset: Subset, codes: readonly number[]): string[] {
  const bytes = readSubset(subset.family, subset.name, face === 'sans-700' ? 700 : 400)
  if (bytes === undefined) return []
  const family = face === 'mono-400' ? 'Redthread Mono' : 'Redthread Sans'
  const data = Buffer.from(bytes).toString('base64')
  const range = codes.map((code) => `U+${code.toString(16)}`).join(',')
  return [
    `@font-face{font-family:"${family}";font-weight:${face === 'sans-700' ? 700 : 400};font-style:normal;font-display:block;src:url(data:font/woff2;base64,${data}) format("woff2");unicode-range:${range}}`,
  ]
}

/** The first subset that states the character in its range and really has a glyph for it (Noto Sans TC lacks 髙). */
function findSubset(families: readonly string[], code: number, weight: 400 | 700): Subset | undefined {
  for (const family of families) {
    const stated = index(family).filter((entry) =>
      entry.ranges.some(([from, to]) => code >= from && code <= to),
    )
    const holder = stated.find((entry) => coverage(family, entry.name, weight).has(code))
    if (holder !== undefined) return { family, name: holder.name }
  }
  return undefined
}

const coverages = new Map<string, ReadonlySet<number>>()

function coverage(family: string, subset: string, weight: 400 | 700): ReadonlySet<number> {
  const key = `${family} ${subset} ${weight}`
  const known = coverages.get(key)
  if (known !== undefined) return known
  const bytes = readSubset(family, subset, weight)
  const read = bytes === undefined ? new Set<number>() : readCoverage(bytes)
  coverages.set(key, read)
  return read
}

interface SubsetIndex {
  readonly name: string
  readonly ranges: readonly (readonly [number, number])[]
}
const indexes = new Map<string, readonly SubsetIndex[]>()

/** Parsed unicode ranges of a family, numbered subsets only for the Han faces (their named ones are incomplete). */
function index(family: string): readonly SubsetIndex[] {
  const known = indexes.get(family)
  if (known !== undefined) return known
  const made = [...subsetRanges(family)]
    .filter(([name]) => !family.startsWith('noto-') || name.startsWith('['))
    .map(([name, text]) => ({ name, ranges: text.split(',').map(parseRange) }))
  indexes.set(family, made)
  return made
}

/** `U+4E00-4E03` or `U+61` -> first and last code point. */
function parseRange(text: string): readonly [number, number] {
  const [from = '', to = from] = text.trim().replace(/^U\+/i, '').split('-')
  return [Number.parseInt(from, 16), Number.parseInt(to.replace(/^U\+/i, ''), 16)]
}

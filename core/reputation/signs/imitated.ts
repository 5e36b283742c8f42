import { BRANDS } from './data/brands.ts'

/** Characters that look like Latin letters in the fonts of mail programs. */
const SINGLES: ReadonlyMap<string, string> = new Map([
  ...['0o', '1l', '3e', '4a', '5s', '7t', '8b', '9g', '!l', '|l', '$s'],
  ...['аa', 'вb', 'сc', 'ԁd', 'еe', 'һh', 'іi', 'јj', 'кk', 'ӏl', 'мm', 'нh', 'оo', 'рp', 'ѕs', 'тt', 'уy', 'хx', 'ԛq', 'ԝw'],
  ...['αa', 'εe', 'ιi', 'κk', 'νv', 'οo', 'ρp', 'τt', 'υu', 'ıi', 'łl', 'øo', 'đd'],
].map((pair) => [[...pair][0] ?? '', [...pair][1] ?? ''] as const)) // prettier-ignore
const PAIRS: readonly (readonly [string, string])[] = [
  ['rn', 'm'],
  ['vv', 'w'],
]
/** Names shorter than this are one letter away from half the world. */
const MIN_LENGTH = 6

/** The name as an eye in a hurry sees it. */
function skeletonOf(label: string): string {
  const plain = label.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const singles = [...plain].map((character) => SINGLES.get(character) ?? character).join('')
  return PAIRS.reduce((text, [pair, one]) => text.replaceAll(pair, one), singles)
}

/** One letter left out, put in, changed, or swapped with its neighbour. */
function isOneApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  let at = 0
  while (at < short.length && short[at] === long[at]) at++
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1)
  const isSwap = short[at] === long[at + 1] && short[at + 1] === long[at]
  return short.slice(at + 1) === long.slice(at + 1) || (isSwap && short.slice(at + 2) === long.slice(at + 2))
}

/**
 * The brand that a name imitates without being it: same look, or one letter off (names of six letters and more), as a whole or as one
 * of the parts between dashes.
 * @param name label of a host, lower case, Unicode
 */
export function findImitated(name: string): string | undefined {
  for (const part of new Set([name, ...name.split('-')])) {
    if (part.length < 4) continue
    const seen = skeletonOf(part)
    for (const { word } of BRANDS) {
      if (part === word || name.split('-').includes(word)) continue
      if (word.length >= 5 && seen === skeletonOf(word)) return word
      if (word.length >= MIN_LENGTH && isOneApart(seen, skeletonOf(word))) return word
    }
  }
  return undefined
}

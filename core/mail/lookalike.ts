import { domainToUnicode } from 'node:url'

/** Characters that look like others in the fonts of mail clients, to the plain one. Pairs first. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['rn', 'm'],
  ['vv', 'w'],
  ['cl', 'd'],
  ['nn', 'm'],
]
const SINGLES = new Map(
  Object.entries({
    '0': 'o',
    '1': 'l',
    '3': 'e',
    '5': 's',
    i: 'l',
    а: 'a',
    в: 'b',
    с: 'c',
    ԁ: 'd',
    е: 'e',
    һ: 'h',
    і: 'l',
    ј: 'j',
    к: 'k',
    ӏ: 'l',
    м: 'm',
    н: 'h',
    о: 'o',
    р: 'p',
    ѕ: 's',
    т: 't',
    у: 'y',
    х: 'x',
    α: 'a',
    ε: 'e',
    ι: 'l',
    κ: 'k',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    τ: 't',
    υ: 'u',
    ı: 'l',
    ł: 'l',
  }),
)
/** Names shorter than this are one character away from half the world. */
const MIN_LENGTH = 5

/** The name as an eye in a hurry sees it. */
function toSkeleton(label: string): string {
  const plain = label.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('-', '')
  const singles = [...plain].map((character) => SINGLES.get(character) ?? character).join('')
  return PAIRS.reduce((text, [pair, one]) => text.replaceAll(pair, one), singles)
}

/** Letters left out, put in, changed or swapped with the neighbour: at most one. */
function isOneApart(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length - short.length > 1) return false
  let at = 0
  while (at < short.length && short[at] === long[at]) at++
  if (short.length === long.length) {
    const isSwap = short[at] === long[at + 1] && short[at + 1] === long[at]
    return (
      short.slice(at + 1) === long.slice(at + 1) || (isSwap && short.slice(at + 2) === long.slice(at + 2))
    )
  }
  return short.slice(at) === long.slice(at + 1)
}

/**
 * Whether a domain imitates one of ours: same look, one letter off, ours with something added, or ours under another ending.
 * @param domain registrable, lower case, ASCII or not
 */
export function isLookalike(domain: string, own: string): boolean {
  if (domain === own) return false
  const name = (domainToUnicode(domain) || domain).split('.', 1)[0] ?? ''
  const mine = (domainToUnicode(own) || own).split('.', 1)[0] ?? ''
  if (mine.length < MIN_LENGTH) return name !== mine && toSkeleton(name) === toSkeleton(mine)
  const [a, b] = [toSkeleton(name), toSkeleton(mine)]
  return a === b || isOneApart(a, b) || name.split(/[-\d]+/).includes(mine)
}

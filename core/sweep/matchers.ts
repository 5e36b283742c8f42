import type { Indicator } from '../contract/nouns/sweep.ts'
import type { IndicatorKind } from '../model/indicator.ts'
import { parseUrl } from '../normalise/url.ts'
import { toShortHive } from './observables.ts'
import { AddressMatcher, DomainMatcher, TextMatcher, type NumberedPattern } from './text-matcher.ts'

export interface Matcher {
  find(text: string): readonly number[]
}
type Plain = Exclude<IndicatorKind, 'sigma'>

/**
 * The patterns of an indicator as they are compared. A page is compared in its normal form; a folder in `file-path` ends
 * with a separator and is the whole folder.
 */
function patternOf(indicator: Indicator, kind: Plain, number: number): NumberedPattern {
  const { operator } = indicator
  let value = indicator.value
  if (operator !== 'matches') {
    if (kind === 'url' && operator === 'is') value = parseUrl(value)?.text ?? value
    if (kind === 'registry') value = toShortHive(value)
    if (kind === 'domain') value = value.replace(/\.$/, '')
    value = value.toLowerCase()
  }
  return { number, operator, value }
}

/** One matcher per kind of indicator; numbers are positions in the list. Unsupported ones and Sigma rules are left out. */
export function buildMatchers(indicators: readonly Indicator[]): Map<Plain, Matcher> {
  const byKind = new Map<Plain, NumberedPattern[]>()
  for (const [number, indicator] of indicators.entries()) {
    const { kind, supported } = indicator
    if (!supported || kind === null || kind === 'sigma') continue
    const list = byKind.get(kind)
    const pattern = patternOf(indicator, kind, number)
    if (list) list.push(pattern)
    else byKind.set(kind, [pattern])
  }
  const matchers = new Map<Plain, Matcher>()
  for (const [kind, patterns] of byKind)
    matchers.set(
      kind,
      kind === 'ip'
        ? new AddressMatcher(patterns)
        : kind === 'domain'
          ? new DomainMatcher(patterns)
          : new TextMatcher(patterns),
    )
  return matchers
}

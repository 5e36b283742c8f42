import ipaddr from 'ipaddr.js'
import { RE2JS } from 're2js'
import type { IndicatorOperator } from '../model/indicator.ts'
import { WordFinder } from './aho-corasick.ts'

/** A pattern with the number under which it is found. */
export interface NumberedPattern {
  readonly number: number
  readonly operator: IndicatorOperator
  /** Lower case, but for `matches`. */
  readonly value: string
}

/** Words found at one end of a text: by their lengths, each a map. */
class EndFinder {
  readonly #byLength = new Map<number, Map<string, number[]>>()
  add(word: string, number: number): void {
    let words = this.#byLength.get(word.length)
    if (!words) this.#byLength.set(word.length, (words = new Map()))
    const numbers = words.get(word)
    if (numbers) numbers.push(number)
    else words.set(word, [number])
  }
  find(text: string, atStart: boolean, found: number[]): void {
    for (const [length, words] of this.#byLength) {
      if (length > text.length) continue
      const numbers = words.get(atStart ? text.slice(0, length) : text.slice(text.length - length))
      if (numbers) found.push(...numbers)
    }
  }
}

/** Compares a text with many patterns at once; never by case. */
export class TextMatcher {
  readonly #exact = new Map<string, number[]>()
  readonly #starts = new EndFinder()
  readonly #ends = new EndFinder()
  readonly #words = new WordFinder()
  readonly #expressions: { readonly number: number; readonly re: RE2JS }[] = []

  constructor(patterns: Iterable<NumberedPattern>) {
    for (const { number, operator, value } of patterns) {
      if (operator === 'is') {
        const numbers = this.#exact.get(value)
        if (numbers) numbers.push(number)
        else this.#exact.set(value, [number])
      } else if (operator === 'contains') this.#words.add(value, number)
      else if (operator === 'starts-with') this.#starts.add(value, number)
      else if (operator === 'ends-with') this.#ends.add(value, number)
      else this.#expressions.push({ number, re: RE2JS.compile(value, RE2JS.CASE_INSENSITIVE) })
    }
  }

  /** Numbers of the patterns the text fulfils, each once. @param text as written */
  find(text: string): readonly number[] {
    const lower = text.toLowerCase()
    const found: number[] = [...(this.#exact.get(lower) ?? []), ...this.#words.find(lower)]
    this.#starts.find(lower, true, found)
    this.#ends.find(lower, false, found)
    for (const { number, re } of this.#expressions) if (re.matcher(text).find()) found.push(number)
    return found.length < 2 ? found : [...new Set(found)]
  }
}

/** Finds addresses and the networks they lie in. IPv4-mapped IPv6 counts as IPv4. */
export class AddressMatcher {
  readonly #exact = new Map<string, number[]>()
  readonly #networks: {
    readonly number: number
    readonly network: readonly [ipaddr.IPv4 | ipaddr.IPv6, number]
  }[] = []

  constructor(patterns: Iterable<NumberedPattern>) {
    for (const { number, value } of patterns) {
      if (value.includes('/')) this.#networks.push({ number, network: ipaddr.parseCIDR(value) })
      else {
        const address = ipaddr.process(value).toNormalizedString()
        const numbers = this.#exact.get(address)
        if (numbers) numbers.push(number)
        else this.#exact.set(address, [number])
      }
    }
  }

  find(text: string): readonly number[] {
    if (text.length > 45 || !ipaddr.isValid(text)) return []
    const address = ipaddr.process(text)
    const found = [...(this.#exact.get(address.toNormalizedString()) ?? [])]
    for (const { number, network } of this.#networks)
      if (network[0].kind() === address.kind() && address.match(network[0], network[1])) found.push(number)
    return found
  }
}

/** Finds a host under the domains above it: `a.b.example` under `b.example`, never `xb.example`. */
export class DomainMatcher {
  readonly #domains = new Map<string, number[]>()
  readonly #rest: TextMatcher

  constructor(patterns: readonly NumberedPattern[]) {
    for (const { number, operator, value } of patterns) {
      if (operator !== 'is') continue
      const numbers = this.#domains.get(value)
      if (numbers) numbers.push(number)
      else this.#domains.set(value, [number])
    }
    this.#rest = new TextMatcher(patterns.filter(({ operator }) => operator !== 'is'))
  }

  find(host: string): readonly number[] {
    const lower = host.toLowerCase().replace(/\.$/, '')
    const found = [...this.#rest.find(lower)]
    for (let at = 0; at !== -1; at = lower.indexOf('.', at) + 1 || -1)
      found.push(...(this.#domains.get(lower.slice(at)) ?? []))
    return found
  }
}

/** @returns undefined when the text is no regular expression of RE2 */
export function checkExpression(text: string): boolean {
  try {
    RE2JS.compile(text)
    return true
  } catch {
    // The library throws for what it cannot read, look-arounds and back references among it.
    return false
  }
}

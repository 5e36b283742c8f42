import ipaddr from 'ipaddr.js'
import { WorkbenchError } from '../../model/errors.ts'
import type { CriteriaNode, Indicator } from '../../contract/nouns/sweep.ts'
import type { IndicatorKind, IndicatorOperator } from '../../model/indicator.ts'
import { refang } from '../../normalise/defang.ts'
import { parseUrl } from '../../normalise/url.ts'
import { checkExpression } from '../text-matcher.ts'

/** More than a report of a year holds; a file with more is no list of indicators. */
const MAX_INDICATORS = 100_000
const MAX_VALUE = 20_000
const MAX_TITLE = 1000

const HEX: Readonly<Partial<Record<IndicatorKind, number>>> = { md5: 32, sha1: 40, sha256: 64 }
const HOST =
  /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?(?:\.[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?)*\.?$/u
/** Vendors refuse criteria of one character (threat-investigation.md 3.2): they are in every text. */
const MIN_PART = 2

/** Why an indicator cannot be looked for, as key under `sweep.why.`. */
type Reason =
  | 'kind'
  | 'unrecognised'
  | 'unmarked'
  | 'value'
  | 'operator'
  | 'short'
  | 'expression'
  | 'negated'
  | 'sigma'
  | 'pattern'

export interface IndicatorOptions {
  readonly operator?: IndicatorOperator | undefined
  readonly title?: string | undefined
  /** What to know of an indicator that is looked for. */
  readonly note?: 'unmarked' | undefined
}
const toWhy = (reason: string | undefined): Indicator['why'] =>
  reason === undefined ? null : { key: `sweep.why.${reason}`, params: {} }

/** Gathers what a file of indicators names, with ids, checked and refanged. */
export class IndicatorList {
  readonly indicators: Indicator[] = []
  readonly #known = new Map<string, string>()

  /**
   * An indicator that can be looked for, or is kept as unsupported when its value is not one of its kind. The same one twice
   * is one.
   * @returns the node of the criteria that asks for it
   * @throws WorkbenchError `sweep.too_many` beyond {@link MAX_INDICATORS}
   */
  add(kind: Exclude<IndicatorKind, 'sigma'>, value: string, options: IndicatorOptions = {}): CriteriaNode {
    const asked = options.operator ?? 'is'
    // "Contains" of a whole address is the address itself.
    const operator = kind === 'ip' && asked === 'contains' && ipaddr.isValid(value.trim()) ? 'is' : asked
    const text = operator === 'matches' ? value.trim() : toValue(kind, value.trim())
    const key = `${kind}|${operator}|${text.toLowerCase()}`
    const known = this.#known.get(key)
    if (known !== undefined) return { indicator: known }
    const fault = faultOf(kind, operator, text)
    const node = this.#push({
      kind,
      operator,
      value: text,
      title: options.title ?? '',
      supported: fault === undefined,
      why: toWhy(fault ?? options.note),
      body: null,
    })
    this.#known.set(key, node.indicator ?? '')
    return node
  }

  /** Takes back all that was added since the list was this long. */
  rollBack(length: number): void {
    const gone = new Set(this.indicators.splice(length).map(({ id }) => id))
    for (const [key, id] of this.#known) if (gone.has(id)) this.#known.delete(key)
  }

  /** Something that is not looked for, kept to be shown. */
  addUnsupported(
    value: string,
    title: string,
    reason: Reason,
    params: Readonly<Record<string, string>> = {},
  ): CriteriaNode {
    return this.#push({
      kind: null,
      operator: 'is',
      value,
      title,
      supported: false,
      why: { key: `sweep.why.${reason}`, params: { ...params } },
      body: null,
    })
  }

  /** A Sigma rule. @param unsupported what of it is not evaluated; null: all is */
  addRule(title: string, id: string, body: string, unsupported: string | null): CriteriaNode {
    return this.#push({
      kind: 'sigma',
      operator: 'matches',
      value: title,
      title: id,
      supported: unsupported === null,
      why: unsupported === null ? null : { key: 'sweep.why.sigma', params: { what: unsupported } },
      body,
    })
  }

  #push(indicator: Omit<Indicator, 'id'>): { indicator: string } {
    if (this.indicators.length >= MAX_INDICATORS)
      throw new WorkbenchError('sweep.too_many', { limit: MAX_INDICATORS })
    const id = `i${this.indicators.length + 1}`
    this.indicators.push({
      ...indicator,
      id,
      value: indicator.value.slice(0, MAX_VALUE),
      title: indicator.title.slice(0, MAX_TITLE),
    })
    return { indicator: id }
  }
}

/** As it is compared: refanged where it is an address, an address of a network without its port. */
function toValue(kind: IndicatorKind, value: string): string {
  if (kind === 'url') return refang(value)
  if (kind === 'email') return refang(value).replace(/^mailto:/i, '')
  if (kind === 'domain')
    return refang(value)
      .replace(/^\*\./, '')
      .replace(/^\.|\.$/g, '')
  if (kind === 'ip')
    return refang(value)
      .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
      .replace(/^\[(.+)\](?::\d+)?$/, '$1')
  return value
}

function faultOf(kind: IndicatorKind, operator: IndicatorOperator, value: string): Reason | undefined {
  if (value === '') return 'value'
  if (operator === 'matches') {
    if (kind === 'ip' || kind === 'domain') return 'operator'
    return checkExpression(value) ? undefined : 'expression'
  }
  if (operator !== 'is') {
    if (kind === 'ip' || HEX[kind] !== undefined) return 'operator'
    return value.length < MIN_PART ? 'short' : undefined
  }
  const digits = HEX[kind]
  if (digits !== undefined) return value.length === digits && /^[\da-f]+$/i.test(value) ? undefined : 'value'
  if (kind === 'ip')
    return (value.includes('/') ? ipaddr.isValidCIDR(value) : ipaddr.isValid(value)) ? undefined : 'value'
  if (kind === 'url') return parseUrl(value) === undefined ? 'value' : undefined
  if (kind === 'domain') return value.includes('.') && HOST.test(value) ? undefined : 'value'
  if (kind === 'email') return /^[^\s@]+@[^\s@]+$/.test(value) ? undefined : 'value'
  return undefined
}

/** `any` of some nodes; one alone stands for itself. */
export function anyOf(nodes: readonly CriteriaNode[]): CriteriaNode {
  const [only] = nodes
  return nodes.length === 1 && only ? only : { any: nodes }
}
/** `all` of some nodes; one alone stands for itself. */
export function allOf(nodes: readonly CriteriaNode[]): CriteriaNode {
  const [only] = nodes
  return nodes.length === 1 && only ? only : { all: nodes }
}

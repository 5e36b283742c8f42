import type { IndicatorKind, IndicatorOperator } from '../../model/indicator.ts'
import type { CriteriaNode } from '../../contract/nouns/sweep.ts'
import { allOf, anyOf, type IndicatorList } from './indicator-list.ts'

type Plain = Exclude<IndicatorKind, 'sigma'>

/** Object paths that exports hold, in lower case without quotes (STIX 2.1, part 9; formats.md D3). */
const PATHS: Readonly<Record<string, Plain>> = {
  'url:value': 'url',
  'domain-name:value': 'domain',
  'ipv4-addr:value': 'ip',
  'ipv6-addr:value': 'ip',
  'email-addr:value': 'email',
  'email-message:subject': 'subject',
  'email:subject': 'subject',
  'email-message:from_ref.value': 'email',
  'email-message:sender_ref.value': 'email',
  'file:name': 'file-name',
  'file:hashes.md5': 'md5',
  'file:hashes.sha-1': 'sha1',
  'file:hashes.sha1': 'sha1',
  'file:hashes.sha-256': 'sha256',
  'file:hashes.sha256': 'sha256',
  'file:parent_directory_ref.path': 'file-path',
  'directory:path': 'file-path',
  'process:command_line': 'command-line',
  'process:name': 'file-name',
  'process:image_ref.name': 'file-name',
  'process:binary_ref.name': 'file-name',
  'windows-registry-key:key': 'registry',
  'windows-registry-key:values[*].name': 'registry',
  'windows-registry-key:values[*].data': 'registry',
  'user-account:account_login': 'account',
  'user-account:user_id': 'account',
  'network-traffic:dst_ref.value': 'ip',
  'network-traffic:src_ref.value': 'ip',
  'network-traffic:extensions.http-request-ext.request_header.user-agent': 'user-agent',
}
const TOKEN =
  /\s+|(\[|\]|\(|\)|,|!=|<=|>=|=|<|>)|(t?'(?:[^'\\]|\\.)*')|([A-Za-z0-9-]+:(?:[A-Za-z0-9_.*-]|'(?:[^'\\]|\\.)*'|\[[^\]]*\])+)|([A-Za-z]+)|(-?\d+(?:\.\d+)?)/gy
/** A pattern can be megabytes; one that people wrote is not. */
const MAX_PATTERN = 262_144
const MAX_DEPTH = 50

interface Token {
  readonly kind: 'sign' | 'text' | 'path' | 'word' | 'number'
  readonly text: string
}
class NotUnderstood extends Error {}

/**
 * The criteria a STIX pattern asks for. AND binds tighter than OR; both inside and between observations. Comparisons with `=`, `IN`,
 * `LIKE`, `MATCHES` and `ISSUBSET` on what exports hold become indicators; every other comparison is kept as unsupported.
 * @param title what the indicator object says of itself
 * @returns a single unsupported indicator where the pattern cannot be understood, or asks for an order or a number of times
 */
export function readStixPattern(pattern: string, title: string, list: IndicatorList): CriteriaNode {
  if (pattern.length > MAX_PATTERN) return list.addUnsupported(pattern, title, 'pattern')
  const before = list.indicators.length
  try {
    const parser = new PatternParser(tokenise(pattern), title, list)
    return parser.pattern()
  } catch (thrown) {
    if (!(thrown instanceof NotUnderstood)) throw thrown
    // What was taken in on the way is no part of the criteria.
    list.rollBack(before)
    return list.addUnsupported(pattern, title, 'pattern')
  }
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text)
    if (match === null) throw new NotUnderstood()
    const [, sign, literal, path, word, number] = match
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else if (literal !== undefined)
      tokens.push({ kind: 'text', text: literal.replace(/^t?'|'$/g, '').replace(/\\(.)/g, '$1') })
    else if (path !== undefined) tokens.push({ kind: 'path', text: path })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word.toUpperCase() })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
  }
  return tokens
}

class PatternParser {
  readonly #tokens: readonly Token[]
  readonly #title: string
  readonly #list: IndicatorList
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[], title: string, list: IndicatorList) {
    this.#tokens = tokens
    this.#title = title
    this.#list = list
  }

  pattern(): CriteriaNode {
    const node = this.#or(() => this.#observation())
    if (this.#at < this.#tokens.length) throw new NotUnderstood()
    return node
  }

  #or(next: () => CriteriaNode): CriteriaNode {
    if ((this.#depth += 1) > MAX_DEPTH) throw new NotUnderstood()
    const nodes = [this.#and(next)]
    while (this.#isWord('OR')) nodes.push(this.#and(next))
    this.#depth -= 1
    return anyOf(nodes)
  }
  #and(next: () => CriteriaNode): CriteriaNode {
    const nodes = [next()]
    while (this.#isWord('AND')) nodes.push(next())
    return allOf(nodes)
  }

  #observation(): CriteriaNode {
    if (this.#isSign('(')) {
      const node = this.#or(() => this.#observation())
      this.#expect(')')
      return node
    }
    this.#expect('[')
    const node = this.#or(() => this.#comparison())
    this.#expect(']')
    return node
  }

  #comparison(): CriteriaNode {
    if (this.#isSign('(')) {
      const node = this.#or(() => this.#comparison())
      this.#expect(')')
      return node
    }
    const path = this.#take('path').text
    const isNegated = this.#isWord('NOT')
    const operator = this.#next()
    if (operator === undefined) throw new NotUnderstood()
    const values = this.#values()
    const kind = PATHS[path.replace(/'/g, '').toLowerCase()]
    const shown = `${path} ${operator.text} ${values.join(', ')}`
    if (isNegated || operator.text === '!=') return this.#list.addUnsupported(shown, this.#title, 'negated')
    if (kind === undefined) return this.#list.addUnsupported(shown, this.#title, 'kind')
    const [value = ''] = values
    const options = { title: this.#title }
    switch (operator.text) {
      case '=':
      case 'IN':
        return anyOf(values.map((one) => this.#list.add(kind, one, options)))
      case 'ISSUBSET':
        if (kind === 'ip') return this.#list.add('ip', value, options)
        break
      case 'MATCHES':
        return this.#list.add(kind, value, { ...options, operator: 'matches' })
      case 'LIKE': {
        const like = toOperator(value)
        if (like) return this.#list.add(kind, like.value, { ...options, operator: like.operator })
        break
      }
    }
    return this.#list.addUnsupported(shown, this.#title, 'operator')
  }

  #values(): string[] {
    if (!this.#isSign('(')) return [this.#value()]
    const values = [this.#value()]
    while (this.#isSign(',')) values.push(this.#value())
    this.#expect(')')
    return values
  }
  #value(): string {
    const token = this.#next()
    if (token === undefined || token.kind === 'sign' || token.kind === 'path') throw new NotUnderstood()
    return token.text
  }

  #next(): Token | undefined {
    return this.#tokens[this.#at++]
  }
  #take(kind: Token['kind']): Token {
    const token = this.#next()
    if (token?.kind !== kind) throw new NotUnderstood()
    return token
  }
  #expect(sign: string): void {
    if (!this.#isSign(sign)) throw new NotUnderstood()
  }
  #isSign(sign: string): boolean {
    const token = this.#tokens[this.#at]
    const is = token?.kind === 'sign' && token.text === sign
    if (is) this.#at += 1
    return is
  }
  #isWord(word: string): boolean {
    const token = this.#tokens[this.#at]
    const is = token?.kind === 'word' && token.text === word
    if (is) this.#at += 1
    return is
  }
}

/** `%` at the ends of a LIKE text; undefined for wildcards inside. */
function toOperator(like: string): { operator: IndicatorOperator; value: string } | undefined {
  const [, start = '', value = '', end = ''] = /^(%?)([^%_]*)(%?)$/s.exec(like) ?? []
  if (value === '') return undefined
  const operator =
    start !== '' && end !== '' ? 'contains' : start !== '' ? 'ends-with' : end !== '' ? 'starts-with' : 'is'
  return { operator, value }
}

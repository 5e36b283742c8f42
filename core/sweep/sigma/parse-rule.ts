import { parseAllDocuments } from 'yaml'
import { parseCondition, type Condition } from './condition.ts'
import { toLogSource, type LogSource } from './logsource.ts'
import { Unsupported, valueTest, type ValueTest } from './value-test.ts'

/** What a search of a rule asks of a record. */
export type Search =
  | { readonly op: 'and' | 'or'; readonly nodes: readonly Search[] }
  | { readonly op: 'field'; readonly field: string; readonly test: ValueTest }
  | {
      readonly op: 'reference'
      readonly field: string
      readonly other: string
      readonly modifiers: readonly string[]
    }
  /** Anywhere in the raw record. */
  | { readonly op: 'keyword'; readonly test: ValueTest }

export interface SigmaRule {
  readonly id: string
  readonly title: string
  readonly level: string
  readonly source: LogSource
  readonly searches: ReadonlyMap<string, Search>
  /** Any of them is enough. */
  readonly conditions: readonly Condition[]
}

/** A document of a rule file: a rule, or why it is none that is evaluated. */
export interface SigmaDocument {
  readonly title: string
  readonly id: string
  readonly body: string
  readonly rule: SigmaRule | null
  readonly unsupported: string | null
}

/** Aliases of YAML can multiply a small text into gigabytes. */
const MAX_ALIASES = 100
const MAX_DOCUMENTS = 20_000

/**
 * Rules of a Sigma file (specification 2.1; formats.md D5), which may hold several documents.
 * @throws Error of the YAML library when the text is no YAML
 */
export function parseSigma(text: string): SigmaDocument[] {
  const documents = parseAllDocuments(text, { merge: false, maxAliasCount: MAX_ALIASES } as object)
  const found: SigmaDocument[] = []
  for (const document of Array.isArray(documents) ? documents.slice(0, MAX_DOCUMENTS) : []) {
    const [error] = document.errors
    if (error) throw error
    const value: unknown = document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES })
    if (!(value instanceof Map)) continue
    const body = String(document)
    found.push(toDocument(value as ReadonlyMap<unknown, unknown>, body))
  }
  return found
}

function toDocument(map: ReadonlyMap<unknown, unknown>, body: string): SigmaDocument {
  const text = (key: string) => scalarText(map.get(key))
  const id = text('id')
  const title = text('title') || id
  try {
    return { id, title, body, rule: toRule(map, id, title, text('level')), unsupported: null }
  } catch (thrown) {
    if (thrown instanceof Unsupported) return { id, title, body, rule: null, unsupported: thrown.what }
    throw thrown
  }
}

const scalarText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

function toRule(map: ReadonlyMap<unknown, unknown>, id: string, title: string, level: string): SigmaRule {
  if (map.has('correlation')) throw new Unsupported('a correlation of rules')
  if (map.has('filter')) throw new Unsupported('a filter for other rules')
  const source = map.get('logsource')
  const detection = map.get('detection')
  if (!(source instanceof Map) || !(detection instanceof Map))
    throw new Unsupported('a document without detection')
  const searches = new Map<string, Search>()
  for (const [name, value] of detection as Map<unknown, unknown>) {
    const key = String(name)
    if (key !== 'condition' && key !== 'timeframe') searches.set(key, toSearch(value))
  }
  const written: unknown = (detection as Map<unknown, unknown>).get('condition')
  const names = [...searches.keys()]
  const conditions = (Array.isArray(written) ? written : [written]).map((one) =>
    parseCondition(scalarText(one), names),
  )
  return {
    id,
    title,
    level,
    source: toLogSource(
      new Map([...(source as Map<unknown, unknown>)].map(([key, value]) => [String(key), scalarText(value)])),
    ),
    searches,
    conditions,
  }
}

/** A map is all of its fields, a list any of its members; a text by itself is a keyword. */
function toSearch(value: unknown): Search {
  if (Array.isArray(value)) return { op: 'or', nodes: value.map(toSearch) }
  if (!(value instanceof Map)) return { op: 'keyword', test: valueTest(['contains'], value) }
  return {
    op: 'and',
    nodes: [...(value as Map<unknown, unknown>)].map(([key, own]) => fieldSearch(String(key), own)),
  }
}

function fieldSearch(key: string, value: unknown): Search {
  const [field = '', ...modifiers] = key.split('|')
  if (modifiers.includes('fieldref')) {
    const others = (Array.isArray(value) ? value : [value]).map(scalarText)
    const rest = modifiers.filter((modifier) => modifier !== 'fieldref')
    const bad = rest.find(
      (modifier) => !['contains', 'startswith', 'endswith', 'cased', 'neq'].includes(modifier),
    )
    if (bad !== undefined) throw new Unsupported(`|fieldref|${bad}`)
    return { op: 'or', nodes: others.map((other) => ({ op: 'reference', field, other, modifiers: rest })) }
  }
  const test = valueTest(modifiers, value)
  return field === ''
    ? { op: 'keyword', test: valueTest(['contains', ...modifiers], value) }
    : { op: 'field', field, test }
}

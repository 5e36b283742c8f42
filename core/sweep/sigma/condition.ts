import { Unsupported } from './value-test.ts'

/** A condition over named searches. */
export type Condition =
  | { readonly op: 'and' | 'or'; readonly nodes: readonly Condition[] }
  | { readonly op: 'not'; readonly node: Condition }
  | { readonly op: 'search'; readonly name: string }

const TOKEN = /\(|\)|\||[^\s()|]+/g
/** Conditions of rules nest a few levels; a text made of brackets must not become a tower of calls. */
const MAX_DEPTH = 50

/**
 * Parses a Sigma condition: `not` before `and` before `or`, brackets, `1 of them`, `all of selection*` (specification 2.1;
 * formats.md D5). `them` leaves out names that begin with `_`.
 * @param names the searches of the rule
 * @throws Unsupported for aggregations (`| count()`), names that do not exist and what is no condition
 */
export function parseCondition(text: string, names: readonly string[]): Condition {
  const tokens = text.match(TOKEN) ?? []
  let at = 0
  const peek = () => tokens[at]?.toLowerCase()
  const fail = (what: string): never => {
    throw new Unsupported(what)
  }
  const or = (depth: number): Condition =>
    joined(
      'or',
      () =>
        joined(
          'and',
          () => unary(depth),
          peek,
          () => at++,
        ),
      peek,
      () => at++,
    )
  const unary = (depth: number): Condition => {
    if (depth > MAX_DEPTH) return fail('a condition nested too deep')
    const token = tokens[at++]
    if (token === undefined) return fail(`condition "${text}"`)
    const word = token.toLowerCase()
    if (word === 'not') return { op: 'not', node: unary(depth + 1) }
    if (token === '(') {
      const node = or(depth + 1)
      if (tokens[at++] !== ')') return fail(`condition "${text}"`)
      return node
    }
    if ((word === '1' || word === 'all' || word === 'any') && peek() === 'of') {
      at += 1
      const pattern = tokens[at++]
      if (pattern === undefined) return fail(`condition "${text}"`)
      const chosen = chooseNames(pattern, names)
      if (chosen.length === 0) return fail(`"${pattern}" names no search`)
      return { op: word === 'all' ? 'and' : 'or', nodes: chosen.map((name) => ({ op: 'search', name })) }
    }
    if (token === ')' || token === '|') return fail(token === '|' ? 'an aggregation' : `condition "${text}"`)
    if (!names.includes(token)) return fail(`search "${token}" does not exist`)
    return { op: 'search', name: token }
  }
  const condition = or(0)
  if (at < tokens.length) fail(tokens[at] === '|' ? 'an aggregation' : `condition "${text}"`)
  return condition
}

function joined(
  op: 'and' | 'or',
  next: () => Condition,
  peek: () => string | undefined,
  skip: () => void,
): Condition {
  const nodes = [next()]
  while (peek() === op) {
    skip()
    nodes.push(next())
  }
  const [only] = nodes
  return nodes.length === 1 && only ? only : { op, nodes }
}

function chooseNames(pattern: string, names: readonly string[]): string[] {
  if (pattern.toLowerCase() === 'them') return names.filter((name) => !name.startsWith('_'))
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const expression = new RegExp(`^${parts.join('.*')}$`)
  return names.filter((name) => expression.test(name))
}

import type { Condition } from './condition.ts'
import type { Search, SigmaRule } from './parse-rule.ts'
import { valueTest } from './value-test.ts'

/**
 * A record as a rule sees it.
 * `values`: of a field; null when it has none; undefined when only the raw record tells.
 * `text`: all of the raw record; undefined when it has not been fetched.
 */
export interface RecordView {
  values(field: string): readonly string[] | null | undefined
  text(): string | undefined
}

/** True, false, or undefined: the raw record has to be asked. */
export type Truth = boolean | undefined

/** Whether the record fulfils the rule (its log source aside). */
export function evaluateRule(rule: SigmaRule, record: RecordView): Truth {
  return anyOf(rule.conditions, (condition) => evaluateCondition(condition, rule, record))
}

function evaluateCondition(condition: Condition, rule: SigmaRule, record: RecordView): Truth {
  switch (condition.op) {
    case 'search': {
      const search = rule.searches.get(condition.name)
      return search !== undefined && evaluateSearch(search, record)
    }
    case 'not': {
      const inner = evaluateCondition(condition.node, rule, record)
      return inner === undefined ? undefined : !inner
    }
    case 'and':
      return allOf(condition.nodes, (node) => evaluateCondition(node, rule, record))
    case 'or':
      return anyOf(condition.nodes, (node) => evaluateCondition(node, rule, record))
  }
}

function evaluateSearch(search: Search, record: RecordView): Truth {
  switch (search.op) {
    case 'and':
      return allOf(search.nodes, (node) => evaluateSearch(node, record))
    case 'or':
      return anyOf(search.nodes, (node) => evaluateSearch(node, record))
    case 'field': {
      const values = record.values(search.field)
      return values === undefined ? undefined : search.test(values)
    }
    case 'reference': {
      const values = record.values(search.field)
      const others = record.values(search.other)
      if (values === undefined || others === undefined) return undefined
      return others?.some((other) => valueTest(search.modifiers, escape(other))(values)) ?? false
    }
    case 'keyword': {
      const text = record.text()
      return text === undefined ? undefined : search.test([text])
    }
  }
}

/** The text of another field has no wildcards. */
const escape = (text: string): string => text.replace(/[\\*?]/g, '\\$&')

function allOf<T>(nodes: readonly T[], evaluate: (node: T) => Truth): Truth {
  let isOpen = false
  for (const node of nodes) {
    const truth = evaluate(node)
    if (truth === false) return false
    if (truth === undefined) isOpen = true
  }
  return isOpen ? undefined : true
}
function anyOf<T>(nodes: readonly T[], evaluate: (node: T) => Truth): Truth {
  let isOpen = false
  for (const node of nodes) {
    const truth = evaluate(node)
    if (truth === true) return true
    if (truth === undefined) isOpen = true
  }
  return isOpen ? undefined : false
}

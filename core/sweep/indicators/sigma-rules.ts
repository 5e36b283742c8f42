import type { CriteriaNode } from '../../contract/nouns/sweep.ts'
import { parseSigma } from '../sigma/parse-rule.ts'
import type { IndicatorList } from './indicator-list.ts'

/** The rules of a text that stands inside another format; broken YAML is one unsupported indicator there. */
export function addSigmaRules(text: string, title: string, list: IndicatorList): CriteriaNode[] {
  try {
    return parseSigma(text).map((one) => list.addRule(one.title, one.id, one.body, one.unsupported))
  } catch {
    // The YAML library throws for what is no YAML.
    return [list.addRule(title, '', text, 'YAML')]
  }
}

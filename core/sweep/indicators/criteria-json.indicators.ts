import { SweepCriteria } from '../../contract/nouns/sweep.ts'
import { WorkbenchError } from '../../model/errors.ts'
import type { CriteriaNode, Indicator } from '../../contract/nouns/sweep.ts'
import { parseSigma } from '../sigma/parse-rule.ts'
import type { IndicatorReader } from './indicator-reader.ts'
import { readJson } from './read-json.ts'

/** Our own criteria, as `redthread sweep --save-to` writes them. */
const criteriaJson: IndicatorReader = {
  id: 'criteria-json',
  texts: {
    en: {
      title: 'Redthread criteria',
      description: 'Criteria written by Redthread: indicators and how they belong together.',
    },
    'zh-TW': { title: 'Redthread 條件', description: 'Redthread 寫出的條件：指標及其組合方式。' },
    ja: {
      title: 'Redthread の条件',
      description: 'Redthread が書き出した条件。インジケーターとその組み合わせ方。',
    },
  },
  detect: (head) =>
    /^\s*\{/.test(head) && /"indicators"\s*:/.test(head) && /"schema"\s*:\s*1\b/.test(head) ? 0.98 : 0,
  read(text, list) {
    const parsed = SweepCriteria.safeParse(readJson(text))
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw new WorkbenchError('sweep.invalid', {
        reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
      })
    }
    const nodes = new Map(parsed.data.indicators.map((one) => [one.id, add(one)]))
    const renamed = (node: CriteriaNode): CriteriaNode => {
      if (node.indicator !== undefined) return nodes.get(node.indicator) ?? { any: [] }
      return node.any !== undefined ? { any: node.any.map(renamed) } : { all: (node.all ?? []).map(renamed) }
    }
    return { name: parsed.data.name, nodes: [renamed(parsed.data.tree)] }

    function add(one: Indicator): CriteriaNode {
      if (one.kind === null) {
        const isUnknown = one.why?.key === 'sweep.why.unrecognised'
        return list.addUnsupported(one.value, one.title, isUnknown ? 'unrecognised' : 'kind')
      }
      if (one.kind === 'sigma') {
        const [rule] = parseSigma(one.body ?? '')
        return list.addRule(
          one.value,
          one.title,
          one.body ?? '',
          rule === undefined ? 'YAML' : rule.unsupported,
        )
      }
      return list.add(one.kind, one.value, { operator: one.operator, title: one.title })
    }
  },
}
export default criteriaJson

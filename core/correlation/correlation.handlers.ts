import type { RuleRow } from '../contract/nouns/graph.ts'
import { defineHandlers } from '../jobs/handlers.ts'
import { rules } from './registry.ts'
import { correlate } from './run.ts'

export default defineHandlers({
  'correlation.run': (context, { full }) => {
    const result = correlate(context.db, {
      full,
      now: context.now,
      signal: context.signal,
      onRule: (id, index, total) =>
        context.progress({ done: index / total, step: { key: 'job.correlating', params: { rule: id } } }),
    })
    context.changed('entity', 'relation', 'detection', 'event', 'message', 'audit', 'case')
    return result
  },
  'rule.list': (): RuleRow[] =>
    rules.map((rule) => ({
      id: rule.id,
      title: { key: `rule.${rule.id}.title`, params: {} },
      description: { key: `rule.${rule.id}.description`, params: {} },
      needs: { key: `rule.${rule.id}.needs`, params: {} },
      falsePositives: { key: `rule.${rule.id}.falsePositives`, params: {} },
      attack: [...rule.attack],
      attackOf: Object.fromEntries(
        Object.entries(rule.attackOf ?? {}).map(([what, techniques]) => [what, [...techniques]]),
      ),
      relations: [...rule.relations],
      detections: (rule.detections ?? []).map((what) => ({
        key: `rule.${rule.id}.detection.${what}`,
        params: {},
      })),
    })),
})

import { describe, expect, it } from 'vitest'
import { rules } from '../../../core/correlation/registry.ts'
import type { Rule } from '../../../core/correlation/rule.ts'
import { createTranslator, withPrefix } from '../../../core/locale/format.ts'
import { findRelations } from '../../support/case-builder.ts'

/**
 * docs/rules.md is made of the registry: the rules' own words, and what their examples find when they are run, with the confidence it
 * comes out with. Run this test with `-u` after a change; it fails while the page says something else.
 */
interface Said {
  /** Kind of relation, or title and level of a detection -> reason -> confidences. */
  readonly finds: Map<string, Map<string, Set<number>>>
}

function saidBy(rule: Rule): Said {
  const finds: Said['finds'] = new Map()
  const add = (what: string, reason: string, confidence: number): void => {
    const reasons = finds.get(what) ?? new Map<string, Set<number>>()
    finds.set(what, reasons)
    const known = reasons.get(reason) ?? new Set<number>()
    reasons.set(reason, known.add(Math.round(confidence * 100) / 100))
  }
  const prefix = `rule.${rule.id}`
  const say = createTranslator('en', withPrefix(prefix, rule.texts, 'en'), {})
  for (const example of rule.matches) {
    const { relations, detections } = findRelations(example.items, [rule])
    for (const { kind, reason, confidence } of relations)
      add(`\`${kind}\``, say(reason.key, reason.params), confidence)
    for (const { what, level, reason, confidence } of detections)
      add(
        `${rule.texts.en[`detection.${what}`] ?? what} (${level})`,
        say(reason.key, reason.params),
        confidence,
      )
  }
  return { finds }
}

/** Text of evidence within a line of the page. */
const plain = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[`*_<>|\\[\]]/g, (sign) => `\\${sign}`)

function section(rule: Rule): string[] {
  const { finds } = saidBy(rule)
  const text = (key: string): string => plain(rule.texts.en[key] ?? '')
  const lines = [`## ${rule.id}`, '', `**${text('title')}.** ${text('description')}`, '']
  lines.push(`- Needs: ${text('needs')}`, `- What else it could be: ${text('falsePositives')}`)
  lines.push(`- ATT&CK: ${rule.attack.length === 0 ? '–' : rule.attack.join(', ')}`)
  for (const [what, reasons] of [...finds].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`- ${what}`)
    for (const [reason, confidences] of [...reasons].sort(([a], [b]) => (a < b ? -1 : 1)))
      lines.push(`  - ${[...confidences].sort((a, b) => b - a).join(', ')}: ${plain(reason)}`)
  }
  const others = [
    ...rule.relations.map((kind) => `\`${kind}\``),
    ...(rule.detections ?? []).map((what) => rule.texts.en[`detection.${what}`] ?? what),
  ].filter((what) => ![...finds.keys()].some((found) => found === what || found.startsWith(`${what} (`)))
  if (others.length > 0) lines.push(`- Also finds, in none of its examples: ${others.join(', ')}`)
  lines.push(`- Matches in its examples: ${rule.matches.map(({ title }) => plain(title)).join('; ')}`)
  lines.push(`- Ignores in its examples: ${rule.ignores.map(({ title }) => plain(title)).join('; ')}`, '')
  return lines
}

const page = (): string =>
  [
    '# Rules of correlation',
    '',
    'Made from the rules and their executed examples by `test/core/correlation/rules-doc.test.ts`; do not edit it by hand.',
    '',
    'Confidence is from 0 to 1: how sure the relation is if the records are right, not how likely an attack is. It is a fixed figure for',
    'each way of knowing, less where names, times or addresses leave room for another reading; several finds of one relation keep the',
    'highest. The figures before the sentences are what the examples come out with. A path multiplies the confidences of its hops with what',
    'each kind of relation carries (ADR 0004).',
    '',
    ...[...rules].sort((a, b) => (a.id < b.id ? -1 : 1)).flatMap(section),
  ].join('\n')

describe('docs/rules.md', () => {
  it('says what the rules say and what their examples find', async () => {
    await expect(page()).toMatchFileSnapshot('../../../docs/rules.md')
  }, 120_000)
})

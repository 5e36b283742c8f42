import { DETECTION_ORDERS } from '../../../contract/nouns/detection.ts'
import { DETECTION_LEVELS } from '../../../model/detection.ts'
import type { Command } from '../command.ts'
import { PAGE_OPTIONS } from '../options.ts'
import { printPages } from '../pages.ts'

const command: Command = {
  id: 'detections',
  order: 85,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: {
    entity: { type: 'string', value: 'ENTITY' },
    rule: { type: 'string', value: 'RULE' },
    level: { type: 'string', value: 'LEVEL[,LEVEL]' },
    order: { type: 'string', value: 'ORDER' },
    ...PAGE_OPTIONS,
  },
  texts: {
    en: {
      summary: 'what rules detected, newest first or in another order',
      'option.entity': 'only those about it or in which it has a part: an id or kind:alias',
      'option.rule': 'only those of this rule',
      'option.level': 'only these levels: low, medium, high, critical',
      'option.order': 'newest (default), oldest, level (gravest first), rule or subject',
    },
    'zh-TW': {
      summary: '規則偵測到的情況，最新者在前，或依其他順序',
      'option.entity': '只列與此實體有關者：識別碼或 kind:alias',
      'option.rule': '只列此規則的偵測',
      'option.level': '只列這些等級：low、medium、high、critical',
      'option.order': 'newest（預設）、oldest、level（最嚴重者在前）、rule 或 subject',
    },
    ja: {
      summary: 'ルールが検知したものを新しい順、または別の順に表示する',
      'option.entity': 'このエンティティに関わるものだけ: ID または kind:alias',
      'option.rule': 'このルールの検知だけ',
      'option.level': 'これらのレベルだけ: low、medium、high、critical',
      'option.order': 'newest（既定）、oldest、level（重大なものから）、rule、subject',
    },
  },
  async run(invocation) {
    const { options, t } = invocation
    const entityId = options.entity('entity') ?? null
    const wanted = options.listOf('level', DETECTION_LEVELS)
    const levels = wanted ? DETECTION_LEVELS.filter((level) => wanted.includes(level)) : null
    const rule = options.text('rule') ?? null
    const order = options.oneOf('order', DETECTION_ORDERS) ?? 'newest'
    const { client } = await invocation.openCase()
    await invocation.loadTexts()
    await printPages(
      invocation,
      'detections',
      (page) => client.call('detection.list', { ...page, entityId, rule, levels, order }),
      (row) => ({
        id: row.id,
        rule: row.rule,
        title: t(row.title.key, row.title.params),
        titleCode: row.title,
        level: row.level,
        subject: row.subject,
        involved: row.involved,
        involvedTotal: row.involvedTotal,
        firstAt: row.firstAt,
        lastAt: row.lastAt,
        count: row.count,
        confidence: row.confidence,
        reason: t(row.reason.key, row.reason.params),
        reasonCode: row.reason,
        attack: row.attack,
        events: row.events,
        eventTotal: row.eventTotal,
      }),
      (row) => [
        row.id,
        row.firstAt ?? '-',
        row.level,
        t(row.title.key, row.title.params),
        `${row.subject.kind}:${row.subject.name}`,
        `x${row.count}`,
        row.confidence.toFixed(2),
        row.rule,
      ],
    )
    return 0
  },
}

export default command

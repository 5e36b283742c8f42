import { RELATION_KINDS } from '../../../model/relation.ts'
import type { Command } from '../command.ts'
import { PAGE_OPTIONS } from '../options.ts'
import { printPages } from '../pages.ts'

const command: Command = {
  id: 'relations',
  order: 80,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: {
    entity: { type: 'string', value: 'ENTITY' },
    kind: { type: 'string', value: 'KIND' },
    'observed-only': { type: 'boolean' },
    ...PAGE_OPTIONS,
  },
  texts: {
    en: {
      summary: 'list relations with their proof',
      'option.entity': 'only those of this entity: an id or kind:alias, for instance user:CORP\\jdoe',
      'option.kind': 'only this kind, for instance remote-logon',
      'option.observed-only': 'leave out what is only possible (rights from the directory)',
    },
    'zh-TW': {
      summary: '列出關聯及其佐證',
      'option.entity': '只列此實體的關聯：識別碼或 kind:alias，例如 user:CORP\\jdoe',
      'option.kind': '只列此類型，例如 remote-logon',
      'option.observed-only': '略過僅屬可能的關聯（目錄權限）',
    },
    ja: {
      summary: '関係を根拠とともに一覧表示する',
      'option.entity': 'このエンティティの関係だけ: ID または kind:alias (例: user:CORP\\jdoe)',
      'option.kind': 'この種類だけ (例: remote-logon)',
      'option.observed-only': '可能性にすぎないもの (ディレクトリの権限) を除く',
    },
  },
  async run(invocation) {
    const { options, t, loadTexts } = invocation
    const kind = options.oneOf('kind', RELATION_KINDS) ?? null
    const entityId = options.entity('entity') ?? null
    const { client } = await invocation.openCase()
    await loadTexts()
    await printPages(
      invocation,
      'relations',
      (page) =>
        client.call('relation.list', {
          ...page,
          entityId,
          kind,
          observedOnly: options.flag('observed-only'),
        }),
      (row) => ({
        id: row.id,
        kind: row.kind,
        from: row.from,
        to: row.to,
        firstAt: row.firstAt,
        lastAt: row.lastAt,
        count: row.count,
        confidence: row.confidence,
        observed: row.observed,
        rule: row.rule,
        reason: t(row.reason.key, row.reason.params),
        reasonCode: row.reason,
        events: row.events,
        eventTotal: row.eventTotal,
      }),
      (row) => [
        row.id,
        row.firstAt ?? '-',
        `${row.from.kind}:${row.from.name}`,
        row.kind,
        `${row.to.kind}:${row.to.name}`,
        `x${row.count}`,
        row.confidence.toFixed(2),
        row.rule,
      ],
    )
    return 0
  },
}

export default command

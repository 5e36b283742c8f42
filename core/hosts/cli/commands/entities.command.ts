import { ENTITY_KINDS } from '../../../model/relation.ts'
import type { Command } from '../command.ts'
import { PAGE_OPTIONS } from '../options.ts'
import { printPages } from '../pages.ts'

const command: Command = {
  id: 'entities',
  order: 70,
  usage: 'CASE [TEXT]',
  arguments: { min: 1, max: 2 },
  options: { type: { type: 'string', value: 'T' }, ...PAGE_OPTIONS },
  texts: {
    en: {
      summary: 'list users, endpoints, mailboxes and the other entities with their aliases',
      'option.type': 'only this kind, for instance user',
    },
    'zh-TW': { summary: '列出使用者、端點、信箱等實體及其別名', 'option.type': '只列此類型，例如 user' },
    ja: {
      summary: 'ユーザー、エンドポイント、メールボックスなどのエンティティを別名とともに一覧表示する',
      'option.type': 'この種類だけ (例: user)',
    },
  },
  async run(invocation) {
    const { args, options, t, loadTexts } = invocation
    const kind = options.oneOf('type', ENTITY_KINDS) ?? null
    const { client } = await invocation.openCase()
    await loadTexts()
    await printPages(
      invocation,
      'entities',
      (page) => client.call('entity.search', { ...page, kind, text: args[1] ?? '' }),
      (row) => ({
        id: row.id,
        kind: row.kind,
        name: row.name,
        aliases: row.aliases.map((alias) => ({
          kind: alias.kind,
          value: alias.value,
          evidenceId: alias.source?.evidenceId ?? null,
          locator: alias.source?.locator ?? null,
          confidence: alias.confidence,
          reason: t(alias.reason.key, alias.reason.params),
          reasonCode: alias.reason,
        })),
        firstSeenAt: row.firstSeenAt,
        lastSeenAt: row.lastSeenAt,
        attributes: row.attributes,
        relations: row.relations,
        risk: row.risk,
      }),
      (row) => [
        row.id,
        row.kind,
        row.name,
        row.aliases.map((alias) => `${alias.kind}:${alias.value}`).join(' '),
      ],
    )
    return 0
  },
}

export default command

import type { EventRow } from '../../../contract/nouns/event.ts'
import type { Command } from '../command.ts'
import { PAGE_OPTIONS } from '../options.ts'
import { printPages } from '../pages.ts'

const toDocument = ({ id, at, kind, endpoint, user, summary, fields, evidenceId, locator }: EventRow) => ({
  id,
  at,
  kind,
  endpoint,
  user,
  summary,
  fields,
  evidenceId,
  locator,
})

const command: Command = {
  id: 'events',
  order: 60,
  usage: 'CASE [QUERY]',
  arguments: { min: 1, max: 2 },
  takesQuery: true,
  options: PAGE_OPTIONS,
  texts: {
    en: { summary: 'search events; QUERY as in the search field: words, "phrase", OR, -not, field:value' },
    'zh-TW': { summary: '搜尋事件；QUERY 與搜尋欄相同：字詞、"片語"、OR、-排除、field:value' },
    ja: { summary: 'イベントを検索する。QUERY は検索欄と同じ書式: 語、"フレーズ"、OR、-除外、field:value' },
  },
  async run(invocation) {
    const { client } = await invocation.openCase()
    const text = invocation.args[1] ?? ''
    await printPages(
      invocation,
      'events',
      (page) => client.call('event.search', { ...page, text }),
      toDocument,
      (row) => [row.at ?? '-', row.kind, row.endpoint?.name ?? '-', row.user?.name ?? '-', row.summary],
    )
    return 0
  },
}

export default command

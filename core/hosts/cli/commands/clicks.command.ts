import type { Command } from '../command.ts'
import { defang } from '../defang.ts'
import { PAGE_OPTIONS } from '../options.ts'
import { printPages } from '../pages.ts'
import { verdictWords } from '../verdict-words.ts'

const OUTCOMES = ['block', 'warn', 'allow', 'not-covered'] as const

const command: Command = {
  id: 'clicks',
  order: 135,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: { outcome: { type: 'string', value: 'O' }, ...PAGE_OPTIONS },
  texts: {
    en: {
      summary: 'replay recorded clicks against the policy and the packs of their time',
      'option.outcome': 'only these: block, warn, allow, not-covered',
      counts:
        'Clicks: {clicks}. Time of click would have blocked {block}, warned at {warn}, allowed {allow}; not covered: {notCovered}.',
    },
    'zh-TW': {
      summary: '以當時的政策與特徵碼套件重新判定已記錄的點擊',
      'option.outcome': '只列這些：block, warn, allow, not-covered',
      counts:
        '{clicks} 次點擊。點擊時防護會封鎖 {block} 次、警告 {warn} 次、允許 {allow} 次；不在範圍內 {notCovered} 次。',
    },
    ja: {
      summary: '記録されたクリックを、その時点のポリシーとパックで判定し直す',
      'option.outcome': 'これだけ: block, warn, allow, not-covered',
      counts:
        'クリック {clicks} 件。クリック時の保護ならブロック {block} 件、警告 {warn} 件、許可 {allow} 件。対象外 {notCovered} 件。',
    },
  },
  async run(invocation) {
    const { options, output, t } = invocation
    const words = verdictWords(t)
    const outcome = options.oneOf('outcome', OUTCOMES) ?? null
    const { client } = await invocation.openCase()
    const { counts } = await client.call('click.replay', { limit: 1 })
    await printPages(
      invocation,
      'clicks',
      (page) => client.call('click.replay', { ...page, outcome }),
      (row) => row,
      (row) => [
        row.at,
        words.outcome(row.outcome),
        row.clause,
        words.level(row.level),
        row.pack ?? '-',
        row.user?.name ?? '-',
        words.action(row.recorded),
        defang(row.url),
      ],
      { counts },
    )
    if (!output.json && !options.flag('all')) output.note(t('cli.clicks.counts', counts))
    return 0
  },
}

export default command

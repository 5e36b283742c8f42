import type { InputOf } from '../../../contract/types.ts'
import type { Command, Invocation } from '../command.ts'
import { runJob } from '../job.ts'
import { usageError } from '../options.ts'
import { setPolicies } from '../policy-setting.ts'

const command: Command = {
  id: 'policy',
  order: 120,
  usage: 'CASE show [NAME] | list | set FILE... | drafts [OUT]',
  arguments: { min: 2, max: 102 },
  options: {
    at: { type: 'string', value: 'TIME' },
    service: { type: 'string', value: 'SERVICE' },
    run: { type: 'string', value: 'N' },
    threshold: { type: 'string', value: 'MODE' },
  },
  texts: {
    en: {
      summary: 'show policies as JSON, set them from files, write notification drafts',
      'option.at': 'show: the policy at that time, ISO-8601 (default: now)',
      'option.service': 'show: the policy of that service',
      'option.run': 'drafts: about that retro scan (default: every message at its delivery)',
      'option.threshold':
        'drafts without OUT: individual, count:N or period:HOURS instead of what the policy says of administrators',
      action: 'Say "show [NAME]", "list", "set FILE..." or "drafts [OUT]".',
      set: 'The policy "{name}" is in force.',
      refused: 'Not set: {file}: {reason}',
      refanged: '{field}: "{text}" was read as the address it stands for.',
      stored: 'The policy "{name}" is stored; another one goes first now.',
      drafts:
        'Drafts in {path}: {drafts} (to administrators: {administrators}, to users: {users}; actions that wait for their mail: {pending}). Nothing was sent.',
      preview:
        'Drafts: {drafts} (to administrators: {administrators}, to users: {users}; actions that wait for their mail: {pending}). Nothing was written or sent.',
      threshold: '"{value}" is neither individual nor count:N nor period:HOURS.',
    },
    'zh-TW': {
      summary: '以 JSON 顯示政策、從檔案設定政策、寫出通知草稿',
      'option.at': 'show：該時間的政策，ISO-8601（預設為現在）',
      'option.service': 'show：該服務的政策',
      'option.run': 'drafts：針對該次回溯掃描（預設為每封郵件在其送達時）',
      'option.threshold': 'drafts 不含輸出時：以 individual、count:N 或 period:小時數 取代政策對管理員的設定',
      action: '請用「show [名稱]」、「list」、「set 檔案...」或「drafts [輸出]」。',
      set: '政策「{name}」已生效。',
      refused: '未設定：{file}：{reason}',
      refanged: '{field}：「{text}」已還原為其所代表的位址。',
      stored: '政策「{name}」已儲存；目前另有優先順序更高的政策。',
      drafts:
        '已在 {path} 寫出 {drafts} 份草稿（給管理員 {administrators} 份、給使用者 {users} 份；{pending} 次處置尚待彙整）。沒有寄出任何郵件。',
      preview:
        '{drafts} 份草稿（給管理員 {administrators} 份、給使用者 {users} 份；{pending} 次處置尚待彙整）。沒有寫出或寄出任何郵件。',
      threshold: '「{value}」不是 individual、count:N 或 period:小時數。',
    },
    ja: {
      summary: 'ポリシーを JSON で表示する、ファイルから設定する、通知の下書きを書き出す',
      'option.at': 'show: その時点のポリシー、ISO-8601 (既定は現在)',
      'option.service': 'show: そのサービスのポリシー',
      'option.run': 'drafts: そのレトロスキャンについて (既定は配信時の全メール)',
      action:
        '「show [名前]」、「list」、「set ファイル...」、「drafts [出力先]」のいずれかを指定してください。',
      'option.threshold':
        '出力先なしの drafts: 管理者への通知をポリシーの代わりに individual、count:N、period:時間数 で見る',
      set: 'ポリシー「{name}」が有効になりました。',
      refused: '設定されませんでした: {file}: {reason}',
      refanged: '{field}: 「{text}」を元のアドレスとして読み取りました。',
      stored: 'ポリシー「{name}」を保存しました。現在は別のポリシーが優先されます。',
      drafts:
        '{path} に下書き {drafts} 件を書き出しました (管理者宛 {administrators} 件、ユーザー宛 {users} 件。メール待ちの処置 {pending} 件)。送信はしていません。',
      preview:
        '下書き {drafts} 件 (管理者宛 {administrators} 件、ユーザー宛 {users} 件。メール待ちの処置 {pending} 件)。書き出しも送信もしていません。',
      threshold: '「{value}」は individual、count:N、period:時間数 のいずれでもありません。',
    },
  },
  async run(invocation) {
    const [, action, ...rest] = invocation.args
    if (action === 'show' && rest.length <= 1) await show(invocation, rest[0])
    else if (action === 'list' && rest.length === 0) await list(invocation)
    else if (action === 'set' && rest.length > 0) return setPolicies(invocation, rest)
    else if (action === 'drafts' && rest.length === 0) await preview(invocation)
    else if (action === 'drafts' && rest.length === 1) await drafts(invocation, rest[0] ?? '')
    else throw usageError('policy', 'policy.action')
    return 0
  },
}

async function show({ options, output, openCase }: Invocation, name: string | undefined): Promise<void> {
  const { client } = await openCase()
  const { policy, isDefault } = await client.call('policy.get', {
    name: name ?? null,
    at: options.text('at') ?? null,
    service: options.text('service') ?? null,
  })
  if (output.json) output.document({ policy, isDefault })
  // The document itself, so that it can be edited and set again.
  else output.document(policy)
}

async function list({ output, openCase }: Invocation): Promise<void> {
  const { client } = await openCase()
  const policies = await client.call('policy.list', {})
  if (output.json) output.document({ policies })
  else {
    output.table(
      policies.map((row) => [
        row.isInForce ? '*' : '',
        row.name,
        `v${row.version}`,
        row.service,
        String(row.priority),
        row.enabled ? 'on' : 'off',
        row.effectiveFrom ?? '-',
        row.effectiveTo ?? '-',
        row.setAt,
      ]),
    )
  }
}

async function drafts(invocation: Invocation, out: string): Promise<void> {
  const { options, output, t, lang, path, openCase } = invocation
  const run = options.integer('run', 1, 1_000_000)
  const { client } = await openCase()
  const written = await runJob(invocation, client, 'notification.drafts', {
    grant: path(out),
    run: run === undefined ? null : String(run),
    lang,
  })
  if (output.json) output.document(written)
  else output.line(t('cli.policy.drafts', written))
}

/** `individual`, `count:N`, `period:HOURS`. */
function readThreshold({ options }: Invocation): InputOf<'notification.preview'>['threshold'] {
  const value = options.text('threshold')
  if (value === undefined) return null
  if (value === 'individual') return { mode: 'individual' }
  const [, mode, every] = /^(count|period):([1-9]\d{0,4})$/.exec(value) ?? []
  if (mode !== 'count' && mode !== 'period') throw usageError('policy', 'policy.threshold', { value })
  return { mode, every: Number(every) }
}

/** What `drafts OUT` would write, and what it would be by another mode; nothing is written. */
async function preview(invocation: Invocation): Promise<void> {
  const { options, output, t, lang, openCase } = invocation
  const threshold = readThreshold(invocation)
  const run = options.integer('run', 1, 1_000_000)
  const { client } = await openCase()
  const asked = { run: run === undefined ? null : String(run), lang, threshold }
  const shown = await runJob(invocation, client, 'notification.preview', asked)
  if (output.json) return void output.document(shown)
  const { list, ...counts } = shown
  output.line(t('cli.policy.preview', counts))
  output.table(
    list.map(({ at, audience, mode, groups, recipients, subject }) => [
      ...[at, audience, mode, [...groups, ...recipients].join(', '), subject],
    ]),
  )
}

export default command

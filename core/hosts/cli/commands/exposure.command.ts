import type { MatrixCell, MatrixRow } from '../../../contract/nouns/exposure.ts'
import type { EntityKind } from '../../../model/relation.ts'
import type { Command, ExitCode, Invocation } from '../command.ts'
import { PAGE_OPTIONS, usageError } from '../options.ts'
import { printPages } from '../pages.ts'

const CAMPAIGNS = ['url', 'attachment', 'sender'] as const
/** What mail brings or belongs to: that there is none says something. */
const BY_MAIL: ReadonlySet<EntityKind> = new Set<EntityKind>([
  ...(['message', 'attachment', 'file', 'url', 'mailbox', 'user'] as const),
])
const timeOf = (cell: MatrixCell | null): string => (cell === null ? '-' : (cell.at ?? '+'))

async function printMatrix(
  invocation: Invocation,
  of: { entity: string } | { campaign: { by: (typeof CAMPAIGNS)[number]; value: string } },
): Promise<ExitCode> {
  const { client } = await invocation.openCase()
  const { t } = invocation
  await invocation.loadTexts()
  const withPerhaps = (row: MatrixRow, what: 'clicked' | 'executed'): string =>
    row.perhaps.includes(what) ? `${timeOf(row[what])} (${t('mail.perhaps')})` : timeOf(row[what])
  await printPages(
    invocation,
    'recipients',
    (page) => client.call('exposure.matrix', { ...page, ...of }),
    (row) => row,
    (row) => [
      row.isRecipient
        ? row.address
        : `${row.address} (${t(row.user ? 'mail.outsider' : 'mail.unknownVisitor')})`,
      timeOf(row.delivered),
      timeOf(row.opened),
      withPerhaps(row, 'clicked'),
      withPerhaps(row, 'executed'),
      timeOf(row.loggedOn),
      row.endpoint?.name ?? '-',
      row.message.name,
    ],
  )
  return 0
}

async function printExposure(invocation: Invocation, entity: string): Promise<ExitCode> {
  const { options, output, t } = invocation
  const limit = options.integer('limit', 1, 1000) ?? 100
  const { client } = await invocation.openCase()
  const found = await client.call('exposure.of', { entity, limit })
  if (output.json) {
    output.document(found)
    return 0
  }
  if (found.messages.total > 0 || BY_MAIL.has(found.entity.kind))
    output.line(t('cli.exposure.recipients', { ...found.recipients, messages: found.messages.total }))
  if (found.recipients.perhaps > 0)
    output.line(t('cli.exposure.perhaps', { count: found.recipients.perhaps }))
  if (found.recipients.others > 0) output.line(t('cli.exposure.others', { count: found.recipients.others }))
  for (const side of ['users', 'endpoints', 'before', 'after'] as const) {
    output.line(t(`cli.exposure.${side}`, { count: found[side].total }))
    output.table(
      found[side].rows.map((row) => [
        `  ${row.firstAt ?? '-'}`,
        t(`cli.exposure.${row.state === 'affected' ? 'affected' : 'at_risk'}`),
        `${row.entity.kind}:${row.entity.name}`,
        row.how.join(', '),
      ]),
    )
  }
  output.line(t('cli.exposure.could', { count: found.could.total }))
  output.table(
    found.could.rows.map((row) => [
      `  ${row.confidence.toFixed(2)}`,
      `${row.from.kind}:${row.from.name}`,
      `${row.entity.kind}:${row.entity.name}`,
      String(row.hops),
    ]),
  )
  return 0
}

const command: Command = {
  id: 'exposure',
  order: 105,
  usage: 'CASE ENTITY | CASE --matrix ENTITY | CASE --campaign url|attachment|sender --value V',
  arguments: { min: 1, max: 2 },
  options: {
    matrix: { type: 'string', value: 'ENTITY' },
    campaign: { type: 'string', value: 'BY' },
    value: { type: 'string', value: 'V' },
    ...PAGE_OPTIONS,
  },
  texts: {
    en: {
      summary: 'who and what something reached or could reach, and who did what with a mail',
      'option.matrix':
        'each recipient of a message, or of all messages with a URL or a file, or each message of a mailbox or user: delivered, opened, clicked, run',
      'option.campaign': 'the same for a campaign by url, attachment or sender',
      'option.value': 'which campaign: host, hash or address, as the Mail screen names it',
      recipients:
        'Messages: {messages}. Recipients: {total}, delivered: {delivered}, clicked: {clicked}, run: {executed}, removed: {removed}.',
      perhaps: 'Perhaps clicked or run, by the name of a file or host alone: {count} (see --matrix)',
      others: 'Opened or run by others than recipients: {count} (see --matrix)',
      users: 'Users: {count}',
      endpoints: 'Endpoints: {count}',
      before: 'What led to it: {count}',
      after: 'What followed: {count}',
      could: 'High-value targets within reach of rights: {count}',
      affected: 'affected',
      at_risk: 'at risk',
    },
    'zh-TW': {
      summary: '某項目影響或可能影響的人與物，以及誰對郵件做了什麼',
      'option.matrix':
        '郵件（或含某 URL、檔案的所有郵件）的每位收件者，或某信箱、使用者的每封郵件：送達、開啟、點擊、執行',
      'option.campaign': '同上，但針對某個攻擊活動，依 url、attachment 或 sender',
      'option.value': '哪個攻擊活動：主機、雜湊或位址，如「郵件」畫面所示',
      recipients:
        '郵件：{messages}。收件者：{total}，已送達：{delivered}，已點擊：{clicked}，已執行：{executed}，已移除：{removed}。',
      perhaps: '可能點擊或執行（僅檔名或主機名稱相同）：{count}（見 --matrix）',
      others: '由收件者以外者開啟或執行：{count}（見 --matrix）',
      users: '使用者：{count}',
      endpoints: '端點：{count}',
      before: '導致此結果者：{count}',
      after: '後續發生者：{count}',
      could: '依權限可抵達的高價值目標：{count}',
      affected: '已受影響',
      at_risk: '有風險',
    },
    ja: {
      summary: 'あるものが到達した、または到達しうる人と物、およびメールに対して誰が何をしたか',
      'option.matrix':
        'メール (または URL やファイルを含むすべてのメール) の受信者ごと、あるいはメールボックスやユーザーのメールごとの配信・開封・クリック・実行',
      'option.campaign': '同じものを url、attachment、sender によるキャンペーンについて',
      'option.value': 'どのキャンペーンか: メール画面に表示されるホスト、ハッシュ、アドレス',
      recipients:
        'メール: {messages}。受信者: {total}、配信: {delivered}、クリック: {clicked}、実行: {executed}、除去: {removed}。',
      perhaps:
        'ファイル名またはホスト名の一致だけによる、クリックまたは実行の可能性: {count} (--matrix を参照)',
      others: '受信者以外による開封・実行: {count} (--matrix を参照)',
      users: 'ユーザー: {count}',
      endpoints: 'エンドポイント: {count}',
      before: 'そこに至ったもの: {count}',
      after: 'その後に起きたもの: {count}',
      could: '権限により到達しうる重要な標的: {count}',
      affected: '影響あり',
      at_risk: 'リスクあり',
    },
  },
  async run(invocation) {
    const { args, options } = invocation
    const [, entity] = args
    const by = options.oneOf('campaign', CAMPAIGNS)
    const matrix = options.text('matrix')
    const ways = [entity, by, matrix].filter((way) => way !== undefined)
    if (ways.length === 0) throw usageError('exposure', 'usage.too_few', { usage: command.usage })
    if (ways.length > 1) throw usageError('exposure', 'usage.together', { usage: command.usage })
    if (by !== undefined)
      return printMatrix(invocation, { campaign: { by, value: options.required('value') } })
    if (matrix !== undefined) return printMatrix(invocation, { entity: matrix })
    return printExposure(invocation, entity ?? '')
  },
}

export default command

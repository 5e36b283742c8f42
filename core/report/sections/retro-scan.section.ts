import type { RetroRun } from '../../contract/nouns/reputation.ts'
import type { EntityRef } from '../../contract/shapes.ts'
import type { ReportContext } from '../context.ts'
import {
  entity,
  joinLines,
  lineBreak,
  number,
  outside,
  risk,
  type Block,
  type Column,
  type Line,
} from '../document.ts'
import { citeSources } from '../facts/citations.ts'
import { findLastRetro } from '../facts/retro.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'

/** Rows printed per table; a pack may turn thousands of URLs. */
const MAX_ROWS = 150

export default {
  id: 'retro-scan',
  order: 90,
  texts: {
    en: {
      title: 'Retro scan',
      description:
        'Historical URLs judged again with newer patterns: what turned, what the policy would now do, and who is exposed.',
      run: 'Run at',
      at: '{time} ({zone})',
      policy: 'Policy',
      packsThen: 'Patterns at delivery',
      packsNow: 'Patterns now',
      messages: 'Messages looked at',
      urls: 'URLs looked at',
      judged: 'Judged',
      turned: 'URLs that turned',
      url: 'URL',
      from: 'At delivery',
      to: 'Now',
      entry: 'Deciding pattern',
      count: 'Messages',
      newly: 'Messages that match the policy now and did not at delivery',
      action: 'What the policy does',
      clause: 'Clause',
      noLonger: 'Messages that matched at delivery and no longer do',
      recorded: 'Recorded action',
      restored: 'Restored',
      excluded: 'Messages left out, and why',
      exposure: 'Exposure: who had such a message in hand before its URL turned ({zone})',
      recipient: 'Recipient',
      delivered: 'Delivered',
      clicked: 'Link followed',
      executed: 'Something ran',
      noneTurned: 'No URL turned.',
      noneNewly: 'No message newly matches the policy.',
      noneNoLonger: 'No message stopped matching the policy.',
      noneExcluded: 'No message was left out.',
      noneExposed: 'Nobody was exposed before the turn.',
      left: '{count} more rows are not printed; the workbench lists them under the retro scan.',
      empty:
        'No retro scan was run in this case: historical URLs carry only the judgement of the packs that were loaded.',
    },
    'zh-TW': {
      title: '回溯掃描',
      description: '以較新的特徵重新判定歷史 URL：哪些改變了、政策現在會如何處置，以及誰受影響。',
      run: '執行時間',
      at: '{time}（{zone}）',
      policy: '政策',
      packsThen: '送達當時的特徵',
      packsNow: '現在的特徵',
      messages: '檢視的郵件數',
      urls: '檢視的 URL 數',
      judged: '已判定',
      turned: '風險等級改變的 URL',
      url: 'URL',
      from: '送達當時',
      to: '現在',
      entry: '判定特徵',
      count: '郵件數',
      newly: '現在符合政策而送達當時不符合的郵件',
      action: '政策的處置',
      clause: '條款',
      noLonger: '送達當時符合而現在不再符合的郵件',
      recorded: '已記錄的處置',
      restored: '是否還原',
      excluded: '排除的郵件及原因',
      exposure: '暴露：URL 改變前已持有該郵件的人員（{zone}）',
      recipient: '收件者',
      delivered: '送達',
      clicked: '點擊連結',
      executed: '執行內容',
      noneTurned: '沒有 URL 的風險等級改變。',
      noneNewly: '沒有新符合政策的郵件。',
      noneNoLonger: '沒有不再符合政策的郵件。',
      noneExcluded: '沒有排除任何郵件。',
      noneExposed: '在改變之前沒有人受影響。',
      left: '另有 {count} 列未列印；可於工作台的回溯掃描中查看。',
      empty: '本案件未執行回溯掃描：歷史 URL 僅有所載入特徵包的判定。',
    },
    ja: {
      title: 'レトロスキャン',
      description:
        '過去の URL を新しいパターンで再判定し、何が変わり、ポリシーが今どう扱い、誰が影響を受けるかを示します。',
      run: '実行日時',
      at: '{time}（{zone}）',
      policy: 'ポリシー',
      packsThen: '配信時のパターン',
      packsNow: '現在のパターン',
      messages: '対象メール数',
      urls: '対象 URL 数',
      judged: '判定済み',
      turned: '判定が変わった URL',
      url: 'URL',
      from: '配信時',
      to: '現在',
      entry: '判定したパターン',
      count: 'メール数',
      newly: '配信時は該当せず、現在はポリシーに該当するメール',
      action: 'ポリシーの処置',
      clause: '条項',
      noLonger: '配信時は該当し、現在は該当しないメール',
      recorded: '記録された処置',
      restored: '復元',
      excluded: '対象外としたメールとその理由',
      exposure: '露出：判定が変わる前に該当メールを手にしていた人（{zone}）',
      recipient: '受信者',
      delivered: '配信',
      clicked: 'リンクを開いた',
      executed: '実行',
      noneTurned: '判定が変わった URL はありません。',
      noneNewly: '新たにポリシーに該当したメールはありません。',
      noneNoLonger: 'ポリシーに該当しなくなったメールはありません。',
      noneExcluded: '対象外としたメールはありません。',
      noneExposed: '判定が変わる前に影響を受けた人はいません。',
      left: 'ほか {count} 行は印刷していません。ワークベンチのレトロスキャンで確認できます。',
      empty:
        'このケースではレトロスキャンを実行していません。過去の URL には、読み込んだパックの判定だけがあります。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const run = await findLastRetro(context)
    if (run === undefined) return [{ block: 'paragraph', text: [context.words('empty')] }]
    return [facts(context, run), ...(await tables(context, run))]
  },
} satisfies Section

function facts({ words, time, case: info }: ReportContext, { run, counts }: RetroRun): Block {
  const packs = (names: readonly string[]): Line => [
    names.length === 0 ? shared('none') : outside(names.join(', ')),
  ]
  return {
    block: 'pairs',
    rows: [
      { label: words('run'), value: [words('at', { time: time(run.at), zone: info.zone })] },
      { label: words('policy'), value: [outside(run.policy)] },
      { label: words('packsThen'), value: packs(run.packsThen) },
      { label: words('packsNow'), value: packs(run.packsNow) },
      { label: words('messages'), value: [number(counts.messages)] },
      { label: words('urls'), value: [number(counts.urls)] },
      { label: words('judged'), value: [number(counts.judged)] },
    ],
  }
}

/** Mailboxes named per row; the others are counted. */
const MAX_MAILBOXES = 8

const mailboxLine = (mailboxes: readonly string[]): Line => [
  ...joinLines(
    mailboxes.slice(0, MAX_MAILBOXES).map((mailbox): Line => [outside(mailbox, 'address')]),
    lineBreak,
  ),
  ...(mailboxes.length > MAX_MAILBOXES
    ? [lineBreak, shared('more', { n: mailboxes.length - MAX_MAILBOXES })]
    : []),
]

/** One row per message and outcome, with all mailboxes that hold a copy: a campaign is one line, not hundreds. */
function byMessage<T extends { readonly mailbox: string }>(
  rows: readonly T[],
): readonly { row: T; mailboxes: string[] }[] {
  const groups = new Map<string, { row: T; mailboxes: string[] }>()
  for (const row of rows) {
    const key = JSON.stringify({ ...row, mailbox: '' })
    const group = groups.get(key) ?? { row, mailboxes: [] }
    group.mailboxes.push(row.mailbox)
    groups.set(key, group)
  }
  return [...groups.values()]
}

interface Part<T> {
  readonly caption: string
  readonly empty: string
  readonly rows: readonly T[]
  readonly columns: readonly Column[]
  readonly cells: (row: T) => Line[] | Promise<Line[]>
}

async function tables(context: ReportContext, run: RetroRun): Promise<readonly Block[]> {
  const { words, time } = context
  const url = (text: string): Line => [outside(text, 'mono')]
  const message: Column = { header: shared('column.message'), width: 24 }
  const link: Column = { header: words('url'), width: 30 }
  const proof: Column = { header: shared('column.evidence'), width: 12 }
  const at = (text: string | null): Line => (text === null ? [] : [outside(time(text))])
  const stamped = (key: string): Column => ({ header: words(key), width: 13 })
  return (
    await Promise.all([
      table(context, {
        caption: 'turned',
        empty: 'noneTurned',
        rows: run.turned,
        columns: [
          { ...link, width: 38 },
          { header: words('from'), width: 14 },
          { header: words('to'), width: 14 },
          { header: words('entry'), width: 24 },
          { header: words('count'), width: 10, align: 'right' },
        ],
        cells: (row) => [
          url(row.url),
          [risk(row.from)],
          [risk(row.to)],
          [
            ...(row.pack === null ? [] : [outside(row.pack), lineBreak]),
            ...(row.entry === null ? [] : [outside(row.entry, 'address')]),
          ],
          [number(row.messages)],
        ],
      }),
      table(context, {
        caption: 'newly',
        empty: 'noneNewly',
        rows: byMessage(run.newlyMatching),
        columns: [
          message,
          { header: shared('column.mailbox'), width: 22 },
          { ...link, width: 26 },
          { header: words('action'), width: 12 },
          { header: words('clause'), width: 8 },
          { ...proof, width: 8 },
        ],
        cells: async ({ row, mailboxes }) => [
          [entity(row.message)],
          mailboxLine(mailboxes),
          url(row.url),
          [outside(row.action)],
          [outside(row.clause)],
          await citeMessage(context, row.message),
        ],
      }),
      table(context, {
        caption: 'noLonger',
        empty: 'noneNoLonger',
        rows: byMessage(run.noLongerMatching),
        columns: [
          message,
          { header: shared('column.mailbox'), width: 22 },
          { ...link, width: 24 },
          { header: words('recorded'), width: 11 },
          { header: words('restored'), width: 10 },
          { ...proof, width: 9 },
        ],
        cells: async ({ row, mailboxes }) => [
          [entity(row.message)],
          mailboxLine(mailboxes),
          url(row.url),
          row.recordedAction === null ? [] : [outside(row.recordedAction)],
          [shared(row.restored ? 'yes' : 'no')],
          await citeMessage(context, row.message),
        ],
      }),
      table(context, {
        caption: 'excluded',
        empty: 'noneExcluded',
        rows: run.excluded,
        columns: [
          { ...message, width: 32 },
          { ...link, width: 40 },
          { header: words('clause'), width: 16 },
          proof,
        ],
        cells: async (row) => [
          [entity(row.message)],
          url(row.url),
          [outside(row.clause)],
          await citeMessage(context, row.message),
        ],
      }),
      table(context, {
        caption: 'exposure',
        empty: 'noneExposed',
        rows: run.exposure,
        columns: [
          message,
          { header: words('recipient'), width: 21 },
          stamped('delivered'),
          stamped('clicked'),
          stamped('executed'),
          { header: shared('column.endpoint'), width: 13 },
          { ...proof, width: 10 },
        ],
        cells: async (row) => [
          [entity(row.message)],
          [outside(row.recipient, 'address'), ...(row.user ? [lineBreak, entity(row.user)] : [])],
          at(row.deliveredAt),
          at(row.clickedAt),
          at(row.executedAt),
          row.endpoint ? [entity(row.endpoint)] : [],
          await citeMessage(context, row.message),
        ],
      }),
    ])
  ).flat()
}

async function table<T>({ words, case: info }: ReportContext, part: Part<T>): Promise<readonly Block[]> {
  const rows = await Promise.all(
    part.rows.slice(0, MAX_ROWS).map(async (row) => ({ cells: await part.cells(row) })),
  )
  const left = part.rows.length - rows.length
  return [
    {
      block: 'table',
      caption: words(part.caption, { zone: info.zone }),
      columns: part.columns,
      rows,
      empty: words(part.empty),
    },
    ...(left > 0
      ? [{ block: 'paragraph' as const, text: [words('left', { count: left })], look: 'note' as const }]
      : []),
  ]
}

async function citeMessage(context: ReportContext, ref: EntityRef): Promise<Line> {
  const message = await context.ask('mail.get', { id: ref.id })
  return citeSources(context, message.sources.slice(0, 1))
}

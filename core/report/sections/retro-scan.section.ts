import type { RetroRun } from '../../contract/nouns/reputation.ts'
import type { ReportContext } from '../context.ts'
import { lineBreak, number, outside, words as keyed, type Block, type Line } from '../document.ts'
import { findLastRetro } from '../facts/retro.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'
import { retroTables } from './retro-scan/tables.ts'

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
      judged: 'URLs judged, at delivery and now',
      notJudged: 'URLs not judged',
      base: 'Built on',
      baseRun: 'run {id}: {rated} URLs judged again',
      turned: 'URLs that turned',
      url: 'URL',
      from: 'At delivery',
      to: 'Now',
      entry: 'Deciding pattern',
      count: 'Messages',
      newly: 'Messages that match the policy now and did not at delivery',
      action: 'What the policy would do',
      clause: 'Clause',
      noLonger: 'Messages that matched at delivery and no longer do',
      recorded: 'Recorded action',
      restored: 'Would restore',
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
      description: '以較新的特徵碼重新判定歷史 URL：哪些改變了、政策現在會如何處置，以及誰受影響。',
      run: '執行時間',
      at: '{time}（{zone}）',
      policy: '政策',
      packsThen: '送達當時的特徵碼',
      packsNow: '現在的特徵碼',
      messages: '檢視的郵件數',
      urls: '檢視的 URL 數',
      judged: '已判定的 URL（送達當時與現在）',
      notJudged: '未判定的 URL',
      base: '基礎',
      baseRun: '掃描 {id}：重新判定 {rated} 個 URL',
      turned: '風險等級改變的 URL',
      url: 'URL',
      from: '送達當時',
      to: '現在',
      entry: '判定特徵碼',
      count: '郵件數',
      newly: '現在符合政策而送達當時不符合的郵件',
      action: '政策的處置',
      clause: '條款',
      noLonger: '送達當時符合而現在不再符合的郵件',
      recorded: '已記錄的處置',
      restored: '將還原',
      excluded: '排除的郵件及原因',
      exposure: '受影響者：URL 改變前已持有該郵件的人員（{zone}）',
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
      empty: '本案件未執行回溯掃描：歷史 URL 僅有所載入特徵碼套件的判定。',
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
      judged: '判定した URL（配信時と現在）',
      notJudged: '判定しなかった URL',
      base: '基にした実行',
      baseRun: '実行 {id}：{rated} 件の URL を判定し直し',
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
      restored: '復元対象',
      excluded: '対象外としたメールとその理由',
      exposure: '影響を受けた人：判定が変わる前に該当メールを手にしていた人（{zone}）',
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
    return [facts(context, run), ...(await retroTables(context, run))]
  },
} satisfies Section

function facts({ words, time, case: info }: ReportContext, { run, counts, notJudged }: RetroRun): Block {
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
      {
        label: words('notJudged'),
        value: [
          number(counts.notJudged),
          ...notJudged.flatMap((row): Line => [
            lineBreak,
            number(row.urls),
            outside(' '),
            { ...keyed(`retro.reason.${row.reason}`), fallback: row.reason },
            ...(row.clause === null ? [] : [outside(` (${row.clause})`)]),
          ]),
        ],
      },
      ...(run.base === null
        ? []
        : [{ label: words('base'), value: [words('baseRun', { id: run.base, rated: run.rated })] }]),
    ],
  }
}

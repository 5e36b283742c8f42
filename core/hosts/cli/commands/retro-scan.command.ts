import type { RetroRun } from '../../../contract/nouns/reputation.ts'
import { WorkbenchError } from '../../../model/errors.ts'
import type { Command } from '../command.ts'
import { defang } from '../defang.ts'
import { runJob } from '../job.ts'
import { verdictWords } from '../verdict-words.ts'

/** States in which a copy lies in no mailbox: nothing is left to do to it. */
const isGone = (state: RetroRun['newlyMatching'][number]['state']): boolean =>
  state === 'quarantined' || state === 'deleted' || state === 'stopped'

const command: Command = {
  id: 'retro-scan',
  order: 130,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: {
    pack: { type: 'string', value: 'N' },
    base: { type: 'string', value: 'ID' },
    'dry-run': { type: 'boolean' },
  },
  texts: {
    en: {
      summary: 'judge the URLs of stored mail again with a newer pattern pack',
      'option.pack': 'number of the pack to judge with (default: the newest; see "patterns CASE list")',
      'option.base': 'id of an earlier run: only what changed since is judged again, with the same result',
      'option.dry-run': 'show the result without storing the run',
      counts:
        'Messages: {messages}, URLs: {urls} = judged: {judged} + not judged: {notJudged}, links: {links} (judged: {linksJudged}), turned: {turned}, excluded by policy: {excluded}',
      rated: 'Built on run {base}: {rated} judged again',
      whole: 'Not built on run {base}, all judged: {why}',
      uncorrelated:
        'Evidence changed since the last correlation: new mail in it, if any, was not judged. Run "redthread correlate" first, then this again.',
      exposed: 'Exposed: {count} recipient | Exposed: {count} recipients',
    },
    'zh-TW': {
      summary: '以較新的特徵碼套件重新判定已儲存郵件中的 URL',
      'option.pack': '用來判定的特徵碼套件編號（預設為最新；參閱「patterns CASE list」）',
      'option.base': '先前掃描的識別碼：僅重新判定之後變更的部分，結果相同',
      'option.dry-run': '只顯示結果，不儲存此次掃描',
      counts:
        '{messages} 封郵件、{urls} 個 URL（判定 {judged} + 未判定 {notJudged}）、連結 {links} 個（判定 {linksJudged}）、判定改變 {turned}、依政策排除 {excluded}',
      rated: '以掃描 {base} 為基礎：重新判定 {rated}',
      whole: '未以掃描 {base} 為基礎，全部判定：{why}',
      uncorrelated:
        '上次關聯之後證據已有變動，其中若有新郵件，均未經判定。請先執行「redthread correlate」，再重新執行。',
      exposed: '受影響收件者：{count}',
    },
    ja: {
      summary: '保存済みメールの URL を新しいパターンパックで判定し直す',
      'option.pack': '判定に使うパックの番号 (既定は最新。「patterns CASE list」を参照)',
      'option.base': '以前の実行の ID。その後に変わったものだけを判定し直す (結果は同じ)',
      'option.dry-run': '実行を保存せずに結果だけを表示する',
      counts:
        'メール {messages} 通、URL {urls} 件 (判定 {judged} 件 + 未判定 {notJudged} 件)、リンク {links} 件 (判定 {linksJudged} 件)、判定変化 {turned} 件、ポリシーによる除外 {excluded} 件',
      rated: '実行 {base} を基に {rated} 件を判定し直し',
      whole: '実行 {base} は使えないためすべて判定: {why}',
      uncorrelated:
        '前回の相関分析より後に証拠が変わりました。新しいメールがあっても判定されていません。先に「redthread correlate」を実行してから、もう一度実行してください。',
      exposed: '影響を受けた受信者: {count}',
    },
  },
  async run(invocation) {
    const { options, output, t, openCase } = invocation
    const number = options.integer('pack', 1, 1_000_000)
    const base = options.integer('base', 1, 1_000_000_000)
    const { client } = await openCase()
    const packs = number === undefined ? [] : await client.call('pack.list', {})
    const pack = packs.find((row) => row.number === number)
    if (number !== undefined && !pack)
      throw new WorkbenchError('request.not_found', { what: `pack ${number}` })
    const run = await runJob(invocation, client, 'retro.run', {
      pack: pack?.id ?? null,
      base: base === undefined ? null : String(base),
      dryRun: options.flag('dry-run'),
    })
    if ((await client.call('case.info', {}))?.correlationStale === true)
      output.note(t('cli.retro-scan.uncorrelated'))
    if (output.json) {
      output.document(run)
      return 0
    }
    await invocation.loadTexts()
    const words = verdictWords(t)
    output.line(t('cli.retro-scan.counts', run.counts))
    if (base !== undefined)
      output.line(
        run.run.whole === null
          ? t('cli.retro-scan.rated', { base, rated: run.run.rated })
          : t('cli.retro-scan.whole', { base, why: t(`retro.whole.${run.run.whole}`) }),
      )
    output.table(
      run.notJudged.map((row) => [`${row.links}`, t(`retro.reason.${row.reason}`), row.clause ?? '-']),
    )
    output.table(
      run.turned.map((row) => [
        `${words.level(row.from)} -> ${words.level(row.to)}`,
        defang(row.url),
        row.pack ?? '-',
        row.entry === null ? '-' : defang(row.entry),
      ]),
    )
    output.table(
      run.newlyMatching.map((row) => [
        '+',
        words.action(row.action),
        row.mailbox,
        row.message.name,
        defang(row.url),
        row.clause,
        [
          ...(isGone(row.state) ? [t(`retro.gone.${row.state}`)] : []),
          ...(row.matchedThen ? [t('retro.matchedThen')] : []),
        ].join('; '),
      ]),
    )
    output.table(
      run.noLongerMatching.map((row) => [
        row.restored ? '-' : '=',
        words.action(row.recordedAction),
        row.mailbox,
        row.message.name,
        defang(row.url),
        row.clause,
        [
          t(`retro.basis.${row.basis}`),
          ...(row.basis === 'other-filter' && row.cause !== null ? [row.cause] : []),
        ].join(': '),
      ]),
    )
    const withPerhaps = (at: string, isPerhaps: boolean): string =>
      isPerhaps ? `${at} (${t('mail.perhaps')})` : at
    output.line(
      t('cli.retro-scan.exposed', { count: run.exposure.filter(({ isRecipient }) => isRecipient).length }),
    )
    output.table(
      run.exposure.map((row) => [
        row.isRecipient ? row.recipient : `${row.recipient} (${t('mail.outsider')})`,
        row.message.name,
        row.deliveredAt ?? '-',
        withPerhaps(row.clickedAt ?? '-', row.perhaps.includes('clicked')),
        withPerhaps(row.executedAt ?? '-', row.perhaps.includes('executed')),
        row.endpoint?.name ?? '-',
      ]),
    )
    return 0
  },
}

export default command

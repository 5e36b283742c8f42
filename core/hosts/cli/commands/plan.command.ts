import { PLAN_FORMATS, type PlanItem } from '../../../contract/nouns/plan.ts'
import type { Command } from '../command.ts'
import { defang } from '../defang.ts'
import { runJob } from '../job.ts'

/** What a step is about, in one cell. */
function subjectOf({ target }: PlanItem): string {
  const parts = [
    target.mailbox ?? target.account,
    target.endpoint,
    target.inboxRule,
    target.subject,
    target.url === null ? null : defang(target.url),
  ]
  return parts.filter((part) => part !== null && part !== '').join(' · ')
}

const command: Command = {
  id: 'plan',
  order: 131,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: {
    format: { type: 'string', value: 'FORMAT' },
    out: { type: 'string', value: 'FILE' },
    run: { type: 'string', value: 'ID' },
    all: { type: 'boolean' },
  },
  texts: {
    en: {
      summary: 'show the remediation plan, or write it for another system; nothing is carried out',
      'option.format':
        'powershell, graph, json (mitigation interface of the mail scanner) or csv; without it the plan is shown',
      'option.out': 'file to write; without it the text goes to standard output',
      'option.run': 'retro scan the plan follows from (default: the last one)',
      'option.all': 'steps that are still open too, not only approved ones',
      counts: '{open} open, {approved} approved, {declined} declined',
      written: 'Wrote {path} ({items} steps; {left} to be done by hand; SHA-256 {sha256})',
    },
    'zh-TW': {
      summary: '顯示補救計畫，或輸出供其他系統使用；不會執行任何動作',
      'option.format': 'powershell、graph、json（郵件掃描產品的緩解介面）或 csv；未指定時顯示計畫',
      'option.out': '輸出檔案；未指定時輸出至標準輸出',
      'option.run': '計畫所依據的回溯掃描（預設為最近一次）',
      'option.all': '包含尚未決定的步驟，而非只有已核准的步驟',
      counts: '{open} 項未決定，{approved} 項已核准，{declined} 項已拒絕',
      written: '已寫出 {path}（{items} 個步驟；{left} 個須手動處理；SHA-256 {sha256}）',
    },
    ja: {
      summary: '対処計画を表示する、または他のシステム向けに書き出す。実行はしない',
      'option.format':
        'powershell、graph、json (メール検査製品の緩和インターフェース) または csv。省略時は計画を表示',
      'option.out': '書き出すファイル。省略時は標準出力',
      'option.run': '計画の元になるレトロスキャン (既定は最新)',
      'option.all': '承認済みだけでなく未決定の手順も含める',
      counts: '未決定 {open} 件、承認 {approved} 件、却下 {declined} 件',
      written: '{path} を書き出しました ({items} 手順、手作業 {left} 件、SHA-256 {sha256})',
    },
  },
  async run(invocation) {
    const { options, output, t, path, openCase } = invocation
    const format = options.oneOf('format', PLAN_FORMATS)
    const out = options.text('out')
    const runNumber = options.integer('run', 1, 1_000_000_000)
    const run = runNumber === undefined ? null : String(runNumber)
    const all = options.flag('all')
    const { client } = await openCase()
    if (format === undefined && out === undefined) {
      const plan = await client.call('plan.list', { run })
      if (output.json) output.document(plan)
      else {
        await invocation.loadTexts()
        output.line(t('cli.plan.counts', plan.counts))
        output.table(
          plan.items.map((item) => [
            item.state,
            item.action,
            subjectOf(item),
            item.reasons.map((reason) => reason.rule).join(' '),
          ]),
        )
      }
      return 0
    }
    const wanted = { format: format ?? ('csv' as const), run, all }
    if (out === undefined) {
      const { text, items, left } = await client.call('plan.preview', wanted)
      if (output.json) output.document({ format: wanted.format, items, left, text })
      else
        for (const line of text
          .replace(/^\ufeff/, '')
          .trimEnd()
          .split(/\r?\n/))
          output.line(line)
      return 0
    }
    const written = await runJob(invocation, client, 'plan.export', { grant: path(out), ...wanted })
    if (output.json) output.document(written)
    else output.line(t('cli.plan.written', { ...written }))
    return 0
  },
}

export default command

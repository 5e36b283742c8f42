import { PLAN_FORMATS } from '../../../contract/nouns/plan.ts'
import type { Command } from '../command.ts'
import { tellUnlogged } from '../custody-note.ts'
import { runJob } from '../job.ts'
import { usageError } from '../options.ts'

/** Parts of a case in which no address of the evidence is. */
const WITHOUT_ADDRESSES: ReadonlySet<string> = new Set(['audit', 'techniques', 'work'])

const command: Command = {
  id: 'export',
  order: 142,
  usage: 'CASE --to TARGET --out FILE',
  arguments: { min: 1, max: 1 },
  options: {
    to: { type: 'string', value: 'TARGET' },
    out: { type: 'string', value: 'FILE' },
    live: { type: 'boolean' },
    from: { type: 'string', value: 'TIME' },
    until: { type: 'string', value: 'TIME' },
  },
  texts: {
    en: {
      summary: 'write the case for another system; without --to the targets are listed',
      'option.to':
        'target, for instance stix, timesketch-jsonl or parquet; plan-FORMAT takes the approved steps of the plan',
      'option.out': 'file to write',
      'option.live': 'addresses that can be followed, not hxxp; it is noted in the audit log',
      'option.from': 'only what happened from this time on, ISO-8601',
      'option.until': 'only what happened before this time, ISO-8601',
      written: 'Wrote {path} (rows: {rows}, bytes: {bytes}, SHA-256 {sha256})',
      live: 'The addresses in it can be followed.',
    },
    'zh-TW': {
      summary: '將案件輸出供其他系統使用；未指定 --to 時列出所有目標',
      'option.to': '目標，例如 stix、timesketch-jsonl 或 parquet；plan-FORMAT 為計畫中已核准的步驟',
      'option.out': '輸出檔案',
      'option.live': '網址可直接開啟，不改寫為 hxxp；會記入稽核記錄',
      'option.from': '只包含此時間起發生的內容，ISO-8601',
      'option.until': '只包含此時間之前發生的內容，ISO-8601',
      written: '已寫出 {path}（{rows} 列，{bytes} 位元組，SHA-256 {sha256}）',
      live: '其中的網址可直接開啟。',
    },
    ja: {
      summary: 'ケースを他のシステム向けに書き出す。--to がなければ出力先を一覧表示',
      'option.to': '出力先。例: stix、timesketch-jsonl、parquet。plan-FORMAT は計画の承認済み手順',
      'option.out': '書き出すファイル',
      'option.live': 'URL を hxxp にせず開ける形で書き出す。監査ログに残る',
      'option.from': 'この日時以降に起きたものだけ、ISO-8601',
      'option.until': 'この日時より前に起きたものだけ、ISO-8601',
      written: '{path} を書き出しました ({rows} 行、{bytes} バイト、SHA-256 {sha256})',
      live: '含まれる URL は開くことができます。',
    },
  },
  async run(invocation) {
    const { options, output, t, path, openCase } = invocation
    for (const name of ['out', 'live', 'from', 'until']) options.needs(name, 'to')
    const [from, until] = [options.time('from'), options.time('until')]
    const target = options.text('to')
    const out = target === undefined ? '' : path(options.required('out'))
    const { client, info } = await openCase()
    const targets = await client.call('export.targets', {})
    if (target === undefined) {
      await invocation.loadTexts()
      if (output.json) output.document({ targets })
      else
        output.table(
          targets.map(({ id, extension, title, description }) => [
            id,
            `.${extension}`,
            t(title.key, title.params),
            t(description.key, description.params),
          ]),
        )
      return 0
    }
    const found = targets.find(({ id }) => id === target)
    if (found === undefined)
      throw usageError('export', 'usage.choice', {
        option: '--to',
        value: target,
        allowed: targets.map(({ id }) => id).join(', '),
      })
    if (found.method === 'plan.export') {
      const format = PLAN_FORMATS.find((one) => found.id === `plan-${one}`) ?? 'csv'
      const plan = await runJob(invocation, client, 'plan.export', { grant: out, format, all: false })
      const logged = tellUnlogged(invocation, info)
      if (output.json) output.document({ target, ...plan, logged })
      else output.line(t('cli.export.written', { ...plan, rows: plan.items }))
      return 0
    }
    const { counts, ...written } = await runJob(invocation, client, 'export.run', {
      grant: out,
      target,
      live: options.flag('live'),
      from: from ?? null,
      to: until ?? null,
    })
    const logged = tellUnlogged(invocation, info)
    if (output.json) output.document({ ...written, counts, logged })
    else {
      const { path, rows, bytes, sha256 } = written
      output.line(t('cli.export.written', { path, rows, bytes, sha256 }))
      if (written.isLive && found.reads.some((part) => !WITHOUT_ADDRESSES.has(part)))
        output.line(t('cli.export.live'))
    }
    return 0
  },
}

export default command

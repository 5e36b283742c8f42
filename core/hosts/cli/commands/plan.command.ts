import { PLAN_FORMATS, type PlanItem, type PlanState } from '../../../contract/nouns/plan.ts'
import type { Command, ExitCode, Invocation } from '../command.ts'
import { tellUnlogged } from '../custody-note.ts'
import { defang } from '../defang.ts'
import { runJob } from '../job.ts'
import { usageError } from '../options.ts'

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
  usage: 'CASE [approve | decline | reopen STEP...]',
  arguments: { min: 1, max: 1002 },
  options: {
    format: { type: 'string', value: 'FORMAT' },
    out: { type: 'string', value: 'FILE' },
    run: { type: 'string', value: 'ID' },
    all: { type: 'boolean' },
    note: { type: 'string', value: 'TEXT' },
  },
  texts: {
    en: {
      summary:
        'show the remediation plan, decide about its steps, or write it for another system; nothing is carried out',
      'option.note': 'approve, decline, reopen: why; kept with the decision, and in the audit log',
      action:
        'Say "approve STEP...", "decline STEP..." or "reopen STEP..."; a step is its id, or the word of its action for all such.',
      step: '"{value}" is no step of this plan, or fits several ids; see "plan CASE" for ids and actions.',
      decided: 'Steps now {state}: {changed}',
      'option.format':
        'powershell, graph, json (mitigation interface of the mail scanner) or csv; without it the plan is shown',
      'option.out': 'file to write; without it the text goes to standard output',
      'option.run': 'retro scan the plan follows from (default: the last one)',
      'option.all': 'steps that are still open too, not only approved ones',
      counts: '{open} open, {approved} approved, {declined} declined',
      written: 'Wrote {path} (steps: {items}; to be done by hand: {left}; SHA-256 {sha256})',
    },
    'zh-TW': {
      summary: '顯示補救計畫、決定各步驟，或輸出供其他系統使用；不會執行任何動作',
      'option.note': 'approve、decline、reopen：原因；與決定一併保存，並記入稽核記錄',
      action:
        '請用「approve 步驟...」、「decline 步驟...」或「reopen 步驟...」；步驟可用識別碼指定，或以處置名稱指定所有同類步驟。',
      step: '「{value}」不是此計畫的步驟，或符合多個識別碼；識別碼與處置請見「plan 案件」。',
      decided: '{changed} 個步驟：{state}',
      'option.format': 'powershell、graph、json（郵件掃描器的緩解介面）或 csv；未指定時顯示計畫',
      'option.out': '輸出檔案；未指定時輸出至標準輸出',
      'option.run': '計畫所依據的回溯掃描（預設為最近一次）',
      'option.all': '包含尚未決定的步驟，而非只有已核准的步驟',
      counts: '{open} 項未決定，{approved} 項已核准，{declined} 項已拒絕',
      written: '已寫出 {path}（{items} 個步驟；{left} 個須手動處理；SHA-256 {sha256}）',
    },
    ja: {
      summary: '対処計画を表示する、手順を判断する、または他のシステム向けに書き出す。実行はしない',
      'option.note': 'approve、decline、reopen: 理由。判断とともに保存され、監査ログに残る',
      action:
        '「approve 手順...」「decline 手順...」「reopen 手順...」のいずれかを指定してください。手順は ID、または同じ処置すべてを指す処置名です。',
      step: '「{value}」はこの計画の手順ではないか、複数の ID に一致します。ID と処置は「plan ケース」で確認できます。',
      decided: '{changed} 手順: {state}',
      'option.format':
        'powershell、graph、json (メールスキャナーの緩和インターフェース) または csv。省略時は計画を表示',
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
    const [, verb, ...steps] = invocation.args
    if (verb !== undefined) return decide(invocation, verb, steps)
    const { client, info } = await openCase()
    if (format === undefined && out === undefined) {
      const plan = await client.call('plan.list', { run })
      if (output.json) output.document(plan)
      else {
        await invocation.loadTexts()
        output.line(t('cli.plan.counts', plan.counts))
        output.table(
          plan.items.map((item) => [
            item.id.slice(0, SHOWN_ID),
            t(`plan.state.${item.state}`),
            t(`plan.action.${item.action}`),
            item.action,
            subjectOf(item),
            [...new Set(item.reasons.map((reason) => reason.rule))].join(' '),
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
    const logged = tellUnlogged(invocation, info)
    if (output.json) output.document({ ...written, logged })
    else output.line(t('cli.plan.written', { ...written }))
    return 0
  },
}

/** The verb for each state of a step. */
const VERBS: ReadonlyMap<string, PlanState> = new Map([
  ['approve', 'approved'],
  ['decline', 'declined'],
  ['reopen', 'open'],
])

/** Characters of an id in the table; any part from its beginning that fits one step alone is taken. */
const SHOWN_ID = 8

/** Records a decision about steps, each named by id, its beginning, or the word of its action. */
async function decide(invocation: Invocation, verb: string, names: readonly string[]): Promise<ExitCode> {
  const { output, options, t, openCase } = invocation
  const state = VERBS.get(verb)
  if (state === undefined || names.length === 0) throw usageError('plan', 'plan.action')
  const { client } = await openCase()
  const { items } = await client.call('plan.list', {})
  const ids = new Set<string>()
  for (const name of names) {
    const found = items.filter((item) => item.action === name)
    const byId = items.filter((item) => name.length >= 4 && item.id.startsWith(name))
    const chosen = found.length > 0 ? found : byId.length === 1 ? byId : []
    if (chosen.length === 0) throw usageError('plan', 'plan.step', { value: name })
    for (const item of chosen) ids.add(item.id)
  }
  const { changed } = await client.call('plan.decide', {
    ids: [...ids],
    state,
    note: options.text('note') ?? '',
  })
  if (output.json) output.document({ state, changed, ids: [...ids] })
  else output.line(t('cli.plan.decided', { changed, state: t(`plan.state.${state}`) }))
  return 0
}

export default command

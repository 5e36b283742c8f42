import type { Command } from '../command.ts'
import { runJob } from '../job.ts'

const command: Command = {
  id: 'remove',
  order: 40,
  usage: 'CASE EVIDENCE_ID',
  arguments: { min: 2, max: 2 },
  options: {},
  texts: {
    en: {
      summary: 'remove one evidence item and all that it brought',
      done: 'Removed evidence {id}. Run correlate again.',
    },
    'zh-TW': { summary: '移除一項證據及其帶入的全部內容', done: '已移除證據 {id}。請重新執行 correlate。' },
    ja: {
      summary: '証拠一件とそれがもたらした内容をすべて取り除く',
      done: '証拠 {id} を取り除きました。correlate を再実行してください。',
    },
  },
  async run(invocation) {
    const { args, output, t, openCase } = invocation
    const evidenceId = args[1] ?? ''
    const { client } = await openCase()
    const { removed } = await runJob(invocation, client, 'evidence.remove', { evidenceId })
    if (output.json) output.document({ evidenceId, removed })
    else output.line(t('cli.remove.done', { id: evidenceId }))
    return removed ? 0 : 1
  },
}

export default command

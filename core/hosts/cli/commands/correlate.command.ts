import type { Command } from '../command.ts'
import { runJob } from '../job.ts'

const command: Command = {
  id: 'correlate',
  order: 50,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: {},
  texts: {
    en: {
      summary: 'work out who is who and what led to what',
      done: 'Entities: {entities}, relations: {relations}, in {seconds} s',
      failed: 'The rule {id} failed: {error}',
    },
    'zh-TW': {
      summary: '辨識身分並找出因果關聯',
      done: '{entities} 個實體、{relations} 條關聯，耗時 {seconds} 秒',
      failed: '規則 {id} 執行失敗：{error}',
    },
    ja: {
      summary: '誰が誰か、何が何を引き起こしたかを割り出す',
      done: 'エンティティ {entities} 件、関係 {relations} 件 ({seconds} 秒)',
      failed: 'ルール {id} が失敗しました: {error}',
    },
  },
  async run(invocation) {
    const { output, t, openCase } = invocation
    const { client } = await openCase()
    const result = await runJob(invocation, client, 'correlation.run', {})
    if (output.json) output.document(result)
    else {
      output.table(result.rules.map((rule) => [rule.id, String(rule.relations)]))
      output.line(
        t('cli.correlate.done', {
          ...result,
          seconds: result.seconds.toFixed(1),
          rules: result.rules.length,
        }),
      )
    }
    for (const { id, error } of result.rules)
      if (error !== null) output.note(t('cli.correlate.failed', { id, error }))
    return 0
  },
}

export default command

import type { Command } from '../command.ts'
import { runJob } from '../job.ts'

const command: Command = {
  id: 'correlate',
  order: 50,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: { full: { type: 'boolean' } },
  texts: {
    en: {
      summary: 'work out who is who and what led to what',
      done: 'Entities: {entities}, relations: {relations}, in {seconds} s',
      reused:
        'Kept from the last run: {reused}, run again: {run} (a rule on one endpoint, or in the whole case)',
      'option.full': 'run every rule again, not only those whose input changed',
      failed: 'The rule {id} failed: {error}',
    },
    'zh-TW': {
      summary: '辨識身分並找出因果關聯',
      done: '{entities} 個實體、{relations} 條關聯，耗時 {seconds} 秒',
      reused: '沿用上次結果：{reused}，重新執行：{run}（以單一端點或整個案件中的一條規則計）',
      'option.full': '重新執行所有規則，而不只是輸入有變動的規則',
      failed: '規則 {id} 執行失敗：{error}',
    },
    ja: {
      summary: '誰が誰か、何が何を引き起こしたかを割り出す',
      done: 'エンティティ {entities} 件、関係 {relations} 件 ({seconds} 秒)',
      reused:
        '前回の結果を維持: {reused}、再実行: {run} (1 つのエンドポイントまたはケース全体での 1 ルールを 1 と数える)',
      'option.full': '入力が変わったルールだけでなく、すべてのルールを再実行する',
      failed: 'ルール {id} が失敗しました: {error}',
    },
  },
  async run(invocation) {
    const { output, t, openCase } = invocation
    const { client } = await openCase()
    const result = await runJob(invocation, client, 'correlation.run', {
      full: invocation.options.flag('full'),
    })
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
      output.line(t('cli.correlate.reused', { reused: result.reused, run: result.run }))
    }
    for (const { id, error } of result.rules)
      if (error !== null) output.note(t('cli.correlate.failed', { id, error }))
    return 0
  },
}

export default command

import type { Command } from '../command.ts'

const command: Command = {
  id: 'readiness',
  order: 63,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: {},
  texts: {
    en: {
      summary: 'which correlation is possible with what is here, what is missing, and which clocks are off',
      without: 'Endpoints without sensor data:',
      clocks: 'Clocks that are off:',
    },
    'zh-TW': {
      summary: '現有資料可進行哪些關聯、缺少什麼，以及哪些時鐘有偏差',
      without: '沒有感測器資料的端點：',
      clocks: '有偏差的時鐘：',
    },
    ja: {
      summary: '手元のデータで可能な相関分析、不足しているもの、ずれている時計を表示する',
      without: 'センサーデータのないエンドポイント:',
      clocks: 'ずれている時計:',
    },
  },
  async run(invocation) {
    const { output, t } = invocation
    const { client } = await invocation.openCase()
    await invocation.loadTexts()
    const overview = await client.call('overview.get', {})
    const clocks = await client.call('clock.list', {})
    const { endpointsWithSensor, endpointsWithoutSensor, mailClients } = overview
    if (output.json) {
      output.document({
        readiness: overview.readiness.map((row) => ({
          id: row.id,
          state: row.state,
          title: t(row.title.key, row.title.params),
          titleCode: row.title,
          detail: t(row.detail.key, row.detail.params),
          detailCode: row.detail,
        })),
        endpointsWithSensor,
        endpointsWithoutSensor,
        mailClients,
        clocks,
      })
      return 0
    }
    output.table(
      overview.readiness.map((row) => [
        row.state,
        t(row.title.key, row.title.params),
        t(row.detail.key, row.detail.params),
      ]),
    )
    if (endpointsWithoutSensor.length > 0) {
      output.line()
      output.line(t('cli.readiness.without'))
      for (const { name } of endpointsWithoutSensor) output.line(`  ${name}`)
    }
    if (clocks.offsets.length > 0) {
      output.line()
      output.line(t('cli.readiness.clocks'))
      output.table(
        clocks.offsets.map((one) => [
          `  ${one.endpoint?.name ?? one.evidence?.name ?? '?'}`,
          `${one.aheadSeconds > 0 ? '+' : ''}${one.aheadSeconds.toFixed(1)} s`,
          one.confidence.toFixed(2),
          `${one.support}/${one.support + one.against}`,
          one.proof.map(({ own, other }) => `${own}=${other}`).join(' '),
        ]),
      )
    }
    return 0
  },
}

export default command

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench } from '../../support/workbench.ts'

const HEAD =
  'Received,SenderAddress,RecipientAddress,Subject,Status,MessageTraceId,MessageId,FromIP,ToIP,Size'
const row = (to: string, status: string): string =>
  `2026-03-10T08:00:00Z,mallory@evil.example,${to},Your invoice,${status},7c1d,<inv@evil.example>,203.0.113.5,,5120`

describe('exposure to a message that a quarantine held back', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
    const rows = [row('amy@corp.example', 'Delivered'), row('bob@corp.example', 'Quarantined')]
    await bench.import(bench.file('trace.csv', `${[HEAD, ...rows].join('\r\n')}\r\n`))
    await bench.client.run('correlation.run', {})
  })
  afterEach(() => bench.close())

  it('counts who got it as delivered, and shows who did not with what was done', async () => {
    const { rows, counts } = await bench.client.call('exposure.matrix', {
      entity: 'message:<inv@evil.example>',
    })
    expect(counts).toMatchObject({ recipients: 2, delivered: 1 })
    expect(rows.map((one) => [one.address, one.delivered !== null, one.recordedAction])).toEqual([
      ['amy@corp.example', true, 'delivered'],
      ['bob@corp.example', false, 'quarantined'],
    ])
  })
})

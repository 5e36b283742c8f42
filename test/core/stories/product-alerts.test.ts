import { describe, expect, it } from 'vitest'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import { levelOfAlert } from '../../../core/correlation/product-alerts.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { GraphCase } from '../graph/graph-case.ts'

const PROGRAM = 'C:\\Users\\Public\\pd.exe'
const started = exampleEvent('process-start', 0, {
  processPath: PROGRAM,
  commandLine: 'pd.exe -x',
  processGuid: exampleGuid(1),
  pid: 70,
  parentPath: 'C:\\Windows\\explorer.exe',
  parentPid: 5,
})
const read = exampleEvent('process-access', 10, {
  processPath: PROGRAM,
  processGuid: exampleGuid(1),
  pid: 70,
  target: 'C:\\Windows\\System32\\lsass.exe',
  targetGuid: exampleGuid(2),
  status: '0x1410',
})
const alert = (fields: Parameters<typeof exampleEvent>[2] = {}) =>
  exampleEvent('alert', 60, {
    provider: 'Workbench',
    rule: 'Credential dumping',
    severity: 'high',
    status: 'New',
    commandLine: 'pd.exe -x',
    ...fields,
  })
async function told(...items: RecordItem[]) {
  await using graph = await GraphCase.of(items)
  const { rows } = await graph.client.call('story.list', {})
  return rows.map(({ score, reasons }) => ({ score, codes: reasons.map(({ code }) => code) }))
}

describe('alerts of security products', () => {
  it('make a story where no rule saw anything', async () => {
    const [story] = await told(started, alert())
    expect(story?.codes).toEqual(['detection_high'])
  })

  it('add nothing to what a rule says of the same program at that time', async () => {
    const [bare] = await told(started, read)
    const [both] = await told(started, read, alert())
    expect(both?.score).toBe(bare?.score)
  })

  it('are silent once somebody cleared them, and below high', async () => {
    expect(await told(started, alert({ status: 'False Positive' }), alert({ severity: 'medium' }))).toEqual(
      [],
    )
  })

  it('of filters count a step less than alerts, and none is critical by itself', () => {
    const levels = ['critical', 'High', 'medium'].map((severity) => [
      levelOfAlert({ severity, provider: 'Microsoft Defender for Endpoint' }),
      levelOfAlert({ severity, provider: 'endpointActivityData' }),
    ])
    expect(levels).toEqual([
      ['high', 'high'],
      ['high', 'medium'],
      [undefined, undefined],
    ])
  })

  it('are low where one filter matches day after day', async () => {
    const days = [0, 1, 2, 3, 4].map((day) =>
      exampleEvent('alert', day * 86_400, {
        provider: 'endpointActivityData',
        rule: 'Backup',
        severity: 'critical',
        processPath: PROGRAM,
        pid: 70 + day,
      }),
    )
    expect((await told(...days)).flatMap(({ codes }) => codes)).not.toContain('detection_high')
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MOST_NAMED } from '../../../core/evidence/clock-changes.ts'
import { Workbench } from '../../support/workbench.ts'

/** A record of NXLog, which writes local times without a zone. */
const record = (time: string, more = {}) =>
  JSON.stringify({
    EventTime: time,
    Hostname: 'WS01',
    EventID: 4688,
    SourceName: 'Microsoft-Windows-Security-Auditing',
    Channel: 'Security',
    NewProcessName: 'C:\\x.exe',
    SourceModuleType: 'im_msvistalog',
    ...more,
  })

describe('times in hours in which clocks are changed', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())

  async function read(lines: readonly string[], zone: string) {
    const path = bench.file('log.json', lines.join('\n'))
    const { evidence } = await bench.client.run('evidence.import', { grants: [path], zone })
    const { rows } = await bench.client.call('evidence.issues', {
      evidenceId: evidence[0]?.id ?? '',
      limit: 1000,
    })
    return rows.filter(({ code }) => code !== 'evidence.time_ahead')
  }
  const times = async () =>
    (await bench.client.call('event.search', {})).rows.map((event) => event.at?.slice(0, 19)).sort()

  it('are named with their record, and read as the same instants everywhere', async () => {
    const issues = await read(
      ['2031-03-30 01:30:00', '2031-03-30 02:30:00', '2031-03-30 03:30:00', '2031-10-26 02:30:15'].map((at) =>
        record(at),
      ),
      'Europe/Berlin',
    )
    expect(issues.map(({ code, excerpt, record, records }) => [code, record, records, excerpt])).toEqual([
      ['evidence.time_skipped', 2, 0, '2031-03-30 02:30:00'],
      ['evidence.time_repeated', 4, 0, '2031-10-26 02:30:15'],
    ])
    expect(await times()).toEqual([
      '2031-03-30T00:30:00',
      '2031-03-30T01:30:00',
      '2031-03-30T01:30:00',
      '2031-10-26T00:30:15',
    ])
  })

  it('are nothing odd in a zone that changes no clocks, or where the record says the zone', async () => {
    expect(await read([record('2031-03-30 02:30:00')], 'Asia/Tokyo')).toEqual([])
    expect(await read([record('2031-10-26 02:30:00+01:00')], 'Europe/Berlin')).toEqual([])
  })

  it('are named a thousand times at most', async () => {
    const lines = Array.from({ length: MOST_NAMED + 5 }, (_, n) => record('2031-10-26 02:30:00', { Line: n }))
    expect(await read(lines, 'Europe/Berlin')).toHaveLength(MOST_NAMED)
  })
})

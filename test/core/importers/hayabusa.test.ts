import { describe, expect, it } from 'vitest'
import hayabusa from '../../../core/importers/hayabusa.importer.ts'
import { readDetails } from '../../../core/importers/hayabusa/details.ts'
import type { ParsedRecord, ParsedUnit } from '../../../core/importers/importer.ts'
import { detectFormat } from '../../../core/importers/registry.ts'
import type { EventItem } from '../../../core/model/event.ts'
import { detectInputOf, parseAll, partOf } from '../../support/parse.ts'

const read = (text: string | Uint8Array, zone = 'UTC'): Promise<ParsedUnit[]> =>
  parseAll(hayabusa, partOf('x', Buffer.from(text)), zone)
const records = (units: readonly ParsedUnit[]): ParsedRecord[] =>
  units.filter((unit) => unit.kind === 'record')
const FINDING = {
  Timestamp: '2031-05-06 07:08:09.123 +00:00',
  RuleTitle: 'Rule',
  Level: 'high',
  Computer: 'WS01',
  Channel: 'Sec',
  EventID: 4688,
  RecordID: 5,
  Details: { Cmdline: 'net use', Proc: 'C:\\x.exe', PID: '0x10', User: 'alice' },
}
async function finding(more: object = {}): Promise<EventItem> {
  const [record] = records(await read(JSON.stringify({ ...FINDING, ...more })))
  const [item] = record?.items ?? []
  if (item?.type !== 'event') throw new Error('no event')
  return item
}
const keyOf = async (more: object): Promise<string | undefined> =>
  records(await read(JSON.stringify({ ...FINDING, ...more })))[0]?.key

describe('Hayabusa', () => {
  it('types a finding by channel and event when its details carry facts', async () => {
    expect(await finding()).toMatchObject({
      kind: 'process-start',
      fields: {
        commandLine: 'net use',
        processPath: 'C:\\x.exe',
        pid: 16,
        account: 'alice',
        rule: 'Rule',
        severity: 'high',
      },
    })
  })

  it('keeps a finding without facts as an alert', async () => {
    expect((await finding({ Details: { Note: 'x' } })).kind).toBe('alert')
    expect((await finding({ Channel: 'App', EventID: 77 })).kind).toBe('alert')
  })

  it('reads text details of any profile the same as objects', async () => {
    const text = 'Cmdline: net use ¦ Proc: C:\\x.exe ¦ PID: 0x10 ¦ User: alice'
    const { fields } = await finding()
    for (const separator of [' ¦ ', '\t', '\r\n'])
      expect((await finding({ Details: text.replaceAll(' ¦ ', separator) })).fields).toEqual(fields)
  })

  it('leaves a separator inside a value in the value', () => {
    expect([...readDetails('Cmdline: echo a ¦ b ¦ User: x')]).toEqual([
      ['Cmdline', 'echo a ¦ b'],
      ['User', 'x'],
    ])
    expect([...readDetails('count: 5')]).toEqual([['count', '5']])
    expect([...readDetails('just words')]).toEqual([['Details', 'just words']])
  })

  it('names techniques, and tactics only where there are none', async () => {
    expect((await finding({ MitreTags: ['T1059', 'S0001'], MitreTactics: ['Exec'] })).fields.technique).toBe(
      'T1059',
    )
    expect((await finding({ MitreTags: '', MitreTactics: 'Exec ¦ LatMov' })).fields.technique).toBe(
      'TA0002 TA0008',
    )
    expect((await finding({ MitreTactics: 'Unknown' })).fields.technique).toBeUndefined()
  })

  it('tells findings of two rules about one event apart, and the same finding in two timelines together', async () => {
    const one = await keyOf({})
    expect(await keyOf({ RuleTitle: 'Other' })).not.toBe(one)
    expect(
      await keyOf({ Timestamp: '2031-05-06T07:08:09.123456Z', Channel: 'Security', RuleFile: 'a.yml' }),
    ).toBe(one)
    expect(one?.startsWith('win|')).toBe(false)
    expect(await keyOf({ RecordID: '-' })).toBeUndefined()
  })

  it('reads every time style of its switches', async () => {
    for (const time of [
      '2031-05-06 09:08:09.123 +02:00',
      '2031-05-06T07:08:09.123Z',
      '2031-05-06 07:08:09.123456-00:00',
      '05-06-2031 07:08:09.123 AM +00:00',
      '05-06-2031 07:08:09.123 +00:00',
      'Tue, 6 May 2031 07:08:09 +0000',
    ]) {
      const units = await read(
        [
          JSON.stringify({ ...FINDING, Timestamp: time }),
          JSON.stringify({ ...FINDING, Timestamp: '05-14-2031 00:00:00.000 +00:00' }),
        ].join('\n'),
      )
      const [item] = records(units)[0]?.items ?? []
      expect([time, item?.type === 'event' ? Math.floor((item.at ?? 0) / 1e6) : 0]).toEqual([
        time,
        1_935_817_689,
      ])
    }
  })

  it('asks for the order of day and month when no date proves it', async () => {
    const part = partOf(
      'x.jsonl',
      Buffer.from(JSON.stringify({ ...FINDING, Timestamp: '05-06-2031 07:08:09.123 +00:00' })),
    )
    await expect(
      hayabusa.settle?.(part, { zone: 'UTC', dateOrder: null, mapping: null }),
    ).rejects.toMatchObject({
      code: 'evidence.date_order',
    })
  })

  it('is recognised in every container and never for a list of events', () => {
    const best = (text: string): string | undefined =>
      detectFormat(detectInputOf('x', Buffer.from(text)))[0]?.importer.id
    expect(best(JSON.stringify(FINDING))).toBe('hayabusa')
    expect(best(JSON.stringify([FINDING], null, 2))).toBe('hayabusa')
    expect(best(`${JSON.stringify(FINDING, null, 4)}\n${JSON.stringify(FINDING, null, 4)}`)).toBe('hayabusa')
    expect(best(JSON.stringify({ EventID: 1, Channel: 'Sysmon', Computer: 'C', Level: 'x' }))).toBe(
      'windows-json',
    )
  })

  it('reads UTF-16 tables', async () => {
    const columns = Object.keys(FINDING)
    const cells = [...Object.values(FINDING).slice(0, -1), 'Cmdline: net use ¦ Proc: C:\\x.exe']
    const units = await read(Buffer.from(`\ufeff${columns.join()}\r\n${cells.join()}\r\n`, 'utf16le'))
    expect(records(units)[0]).toMatchObject({ issues: undefined, items: [{ kind: 'process-start' }] })
  })
})

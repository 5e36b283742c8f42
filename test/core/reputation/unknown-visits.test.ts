import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench } from '../../support/workbench.ts'

const mail = (id: string, subject: string, link: string): string =>
  [
    `Message-ID: <${id}@ev.test>`,
    'From: S <s@ev.test>',
    'To: ann@corp.test, ben@corp.test',
    `Subject: ${subject}`,
    'Date: Mon, 02 Mar 2026 08:00:00 +0000',
    'Content-Type: text/plain',
    '',
    link,
  ].join('\r\n')
/** A line of Squid's access log, minutes after the mail. */
const asked = (minutes: number, client: string, url: string, result = 'TCP_MISS/200', user = '-'): string =>
  `${Date.UTC(2026, 2, 2, 8, minutes) / 1000}.000 100 ${client} ${result} 500 GET ${url} ${user} HIER_DIRECT/203.0.113.5 text/html`

describe('requests for a link by nobody known', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())
  const matrix = async (log: readonly string[]) => {
    await bench.import(
      bench.file('nat.eml', mail('nat', 'natted', 'http://nat.test/x')),
      bench.file('two.eml', mail('two', 'shared', 'http://shared.test/')),
      bench.file('three.eml', mail('three', 'shared', 'http://shared.test/')),
      bench.file('access.log', `${log.join('\n')}\n`),
    )
    await bench.client.run('correlation.run', {})
    return bench.client.call('exposure.matrix', { entity: 'message:<nat@ev.test>' })
  }

  it('stand beside the recipients, are told of none of them, and name their proof', async () => {
    const { rows, counts, total } = await matrix([
      asked(8, '10.0.9.1', 'http://nat.test/x'),
      asked(9, '10.0.9.1', 'http://nat.test/x'),
      asked(7, '10.0.9.2', 'http://nat.test/x', 'TCP_DENIED/403'),
      asked(-30, '10.0.9.3', 'http://nat.test/x'),
      asked(8, '10.0.9.4', 'http://nat.test/other'),
    ])
    expect(counts).toMatchObject({ recipients: 2, clicked: 0, blocked: 0, others: 2 })
    expect(total).toBe(4)
    expect(
      rows.map((row) => [row.address, row.isRecipient, row.clicked?.at ?? null, row.blocked?.at ?? null]),
    ).toEqual([
      ['10.0.9.1', false, '2026-03-02T08:08:00.000Z', null],
      ['10.0.9.2', false, null, '2026-03-02T08:07:00.000Z'],
      ['ann@corp.test', true, null, null],
      ['ben@corp.test', true, null, null],
    ])
    expect(rows[0]).toMatchObject({ user: null, endpoint: null, delivered: null })
    expect(rows[0]?.clicked?.proof.events).toHaveLength(2)
    const { recipients } = await bench.client.call('exposure.of', { entity: 'message:<nat@ev.test>' })
    expect(recipients).toMatchObject({ total: 2, clicked: 0, others: 2 })
  })

  it('may be as many as a portal has from behind one address', async () => {
    const busy = Array.from({ length: 150_000 }, (_, second) =>
      asked(8 + second / 60, '10.0.9.1', 'http://nat.test/x'),
    )
    const { rows } = await matrix(busy)
    expect(rows[0]).toMatchObject({ address: '10.0.9.1', clicked: { at: '2026-03-02T08:08:00.000Z' } })
  }, 60_000)

  it('are none when the log names who it was, and none of a link that several messages hold', async () => {
    const { rows } = await matrix([
      asked(8, '10.0.9.1', 'http://nat.test/x', 'TCP_MISS/200', 'ann@corp.test'),
      asked(8, '10.0.9.1', 'http://shared.test/'),
    ])
    expect(rows.filter((row) => row.user === null && !row.isRecipient)).toEqual([])
    const shared = await bench.client.call('exposure.matrix', { entity: 'message:<two@ev.test>' })
    expect(shared.counts.others).toBe(0)
  })

  it('of an address that was a machine of the case at the time are that machine’s', async () => {
    const log = [asked(8, '10.0.9.7', 'http://nat.test/x')]
    await bench.import(
      bench.file(
        'ws.ndjson',
        `${JSON.stringify({
          '@timestamp': '2026-03-02T07:59:00.000Z',
          Hostname: 'ws07.corp.test',
          Channel: 'Microsoft-Windows-Sysmon/Operational',
          SourceName: 'Microsoft-Windows-Sysmon',
          EventID: 3,
          RecordNumber: 1,
          UtcTime: '2026-03-02 07:59:00.000',
          ProcessGuid: '{11111111-2222-3333-4444-000000000001}',
          ProcessId: '4',
          Image: 'C:\\Windows\\System32\\svchost.exe',
          User: 'NT AUTHORITY\\SYSTEM',
          Protocol: 'udp',
          Initiated: 'true',
          SourceIp: '10.0.9.7',
          SourceHostname: 'ws07.corp.test',
          SourcePort: '68',
          DestinationIp: '10.0.9.250',
          DestinationPort: '53',
        })}\n`,
      ),
    )
    const { rows } = await matrix(log)
    const relations = await bench.client.call('relation.list', { kind: 'opened-on', limit: 10 })
    expect(relations.rows.map((row) => row.to.name)).toEqual(['WS07'])
    expect(rows.filter((row) => !row.isRecipient)).toEqual([])
  })
})

import { DateTime } from 'luxon'
import { describe, expect, it } from 'vitest'
import type { ParsedRecord } from '../../../core/importers/importer.ts'
import windowsCsv from '../../../core/importers/windows-csv.importer.ts'
import windowsJson from '../../../core/importers/windows-json.importer.ts'
import windowsXml from '../../../core/importers/windows-xml.importer.ts'
import { addMessageData } from '../../../core/importers/windows/rendered-message.ts'
import { emptyWindowsEvent } from '../../../core/importers/windows/windows-event.ts'
import type { EventItem } from '../../../core/model/event.ts'
import { parseAll, partOf } from '../../support/parse.ts'

const SYSMON = 'Microsoft-Windows-Sysmon'
const CHANNEL = 'Microsoft-Windows-Sysmon/Operational'
const DATA = {
  UtcTime: '2031-05-06 07:08:09.100',
  ProcessGuid: '{11111111-2222-3333-4444-000000000100}',
  ProcessId: '6732',
  Image: 'C:\\Windows\\System32\\cmd.exe',
  CommandLine: 'cmd /c whoami',
  User: 'CORP\\alice',
  ParentImage: 'C:\\Program Files\\Mail\\reader.exe',
}
const HOST = 'WS01.corp.example'
const TIME = '2031-05-06T07:08:09.123456Z'
const XML =
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${SYSMON}'/>` +
  `<EventID>1</EventID><TimeCreated SystemTime='${TIME}'/><EventRecordID>83</EventRecordID>` +
  `<Channel>${CHANNEL}</Channel><Computer>${HOST}</Computer></System><EventData>` +
  Object.entries(DATA)
    .map(([name, value]) => `<Data Name='${name}'>${value}</Data>`)
    .join('') +
  '</EventData></Event>'
const SYSTEM = {
  Provider: { Name: SYSMON },
  EventID: { Value: 1 },
  TimeCreated: { SystemTime: 1935817689.123456 },
  EventRecordID: 83,
  Channel: CHANNEL,
  Computer: HOST,
}
const WINLOG = {
  provider_name: SYSMON,
  event_id: '1',
  channel: CHANNEL,
  record_id: 83,
  computer_name: HOST,
  event_data: DATA,
}
const dotted = (object: object, prefix: string): [string, unknown][] =>
  Object.entries(object).flatMap(([name, value]: [string, unknown]): [string, unknown][] =>
    typeof value === 'object' && value !== null
      ? dotted(value, `${prefix}${name}.`)
      : [[`${prefix}${name}`, value]],
  )
const PAYLOAD = {
  EventData: { Data: Object.entries(DATA).map(([name, text]) => ({ '@Name': name, '#text': text })) },
}
const EVTXECMD = {
  EventRecordId: '83',
  TimeCreated: '2031-05-06 07:08:09.1234567',
  EventId: 1,
  Provider: SYSMON,
  Channel: CHANNEL,
  Computer: HOST,
}
/** The same event as ten tools write it. */
const RENDERINGS: readonly (readonly [string, object])[] = [
  [
    'evtx_dump',
    {
      Event: {
        System: {
          ...SYSTEM,
          TimeCreated_attributes: { SystemTime: TIME },
          Provider_attributes: { Name: SYSMON },
        },
        EventData: DATA,
      },
    },
  ],
  ['Velociraptor', { System: SYSTEM, EventData: DATA }],
  ['Winlogbeat', { '@timestamp': TIME, winlog: WINLOG }],
  ['dotted names', { '@timestamp': TIME, ...Object.fromEntries(dotted(WINLOG, 'winlog.')) }],
  [
    'the fields of Kibana',
    {
      _index: 'winlogbeat',
      fields: Object.fromEntries(
        [['@timestamp', TIME] as [string, unknown], ...dotted(WINLOG, 'winlog.')].map(([name, value]) => [
          name,
          [value],
        ]),
      ),
    },
  ],
  [
    'NXLog',
    {
      Hostname: HOST,
      SourceName: SYSMON,
      EventID: 1,
      Channel: CHANNEL,
      RecordNumber: 83,
      EventTime: TIME,
      ...DATA,
    },
  ],
  ['Splunk', { result: { _raw: XML, _time: '2031-05-06T07:08:09Z' } }],
  ['event.original', { '@timestamp': TIME, event: { original: XML } }],
  ['EvtxECmd', { ...EVTXECMD, Payload: JSON.stringify(PAYLOAD) }],
  [
    'WindowsEvent of Azure',
    {
      TimeGenerated: TIME,
      Provider: SYSMON,
      Channel: CHANNEL,
      Computer: HOST,
      EventID: 1,
      EventRecordId: '83',
      EventData: DATA,
    },
  ],
  [
    "Wazuh's archive",
    {
      data: {
        win: {
          system: {
            providerName: SYSMON,
            eventID: '1',
            systemTime: TIME,
            eventRecordID: '83',
            channel: CHANNEL,
            computer: HOST,
          },
          eventdata: Object.fromEntries(
            Object.entries(DATA).map(([name, text]) => [
              name.slice(0, 1).toLowerCase() + name.slice(1),
              text.replaceAll('\\', '\\\\'),
            ]),
          ),
        },
      },
    },
  ],
]

async function first(importer: typeof windowsJson, text: string, zone = 'UTC'): Promise<ParsedRecord> {
  const units = await parseAll(importer, partOf('x', Buffer.from(text)), zone)
  const record = units.find((unit) => unit.kind === 'record')
  if (record === undefined) throw new Error(JSON.stringify(units))
  return record
}
const eventOf = (record: ParsedRecord): EventItem => {
  const [item] = record.items
  if (item?.type !== 'event') throw new Error('no event')
  return item
}

describe('one event in many renderings', () => {
  it.each(RENDERINGS)('is the same out of %s as out of its XML', async (_name, object) => {
    const fromXml = await first(windowsXml, `<?xml version="1.0"?><Events>${XML}</Events>`)
    const fromJson = await first(windowsJson, JSON.stringify(object))
    expect(fromJson.key).toBe(fromXml.key)
    expect(eventOf(fromJson)).toEqual(eventOf(fromXml))
  })

  it('is the same out of a table of EvtxECmd', async () => {
    const row = { ...EVTXECMD, Payload: JSON.stringify(PAYLOAD).replaceAll('"', '""') }
    const table = `${Object.keys(row).join()}\r\n${Object.values(row)
      .map((cell) => `"${cell}"`)
      .join()}\r\n`
    const record = await first(windowsCsv, table, 'Asia/Taipei')
    expect([record.key, record.issues, eventOf(record).zoneAssumed]).toEqual([
      `win|ws01.corp.example|${CHANNEL}|83|1935817689|${SYSMON}|1`,
      undefined,
      undefined,
    ])
  })

  it('stays beside what a rule says about it', async () => {
    const plain = await first(windowsJson, JSON.stringify({ System: SYSTEM, EventData: DATA }))
    const found = (name: string, id: string): Promise<ParsedRecord> =>
      first(
        windowsJson,
        JSON.stringify({
          name,
          id,
          level: 'high',
          tags: ['attack.t1059.003', 'attack.execution'],
          document: { data: { Event: { System: SYSTEM, EventData: DATA } } },
        }),
      )
    const keys = [plain.key, (await found('A', '1')).key, (await found('B', '2')).key]
    expect(new Set(keys).size).toBe(3)
    expect(eventOf(await found('A', '1')).fields).toMatchObject({
      rule: 'A',
      severity: 'high',
      technique: 'T1059.003',
    })
  })

  it('has no identity where the record number is missing, and the same where only seconds are written', async () => {
    const nxlog = { Hostname: HOST, SourceName: SYSMON, EventID: 1, Channel: CHANNEL, RecordNumber: 83 }
    const keyOf = async (more: object, zone?: string) =>
      (await first(windowsJson, JSON.stringify({ ...nxlog, ...more }), zone)).key
    const whole = await keyOf({ EventTime: TIME })
    expect(whole).toBe(`win|ws01.corp.example|${CHANNEL}|83|1935817689|${SYSMON}|1`)
    // Local time of the zone that was assumed, without decimals.
    const local = DateTime.fromISO(TIME).setZone('Asia/Taipei').toFormat('yyyy-MM-dd HH:mm:ss')
    expect(await keyOf({ EventTime: local }, 'Asia/Taipei')).toBe(whole)
    expect(await keyOf({ EventTime: local }, 'UTC')).not.toBe(whole)
    expect(await keyOf({ RecordNumber: undefined, EventTime: TIME })).toBeUndefined()
    expect(await keyOf({ RecordNumber: 0, EventTime: TIME })).toBeUndefined()
  })

  it('takes the values with an order but no names as they stand', async () => {
    const record = await first(
      windowsJson,
      JSON.stringify({
        ProviderName: 'X',
        EventID: 5,
        Channel: 'C',
        TimeCreated: TIME,
        EventData: ['a', 'b'],
      }),
    )
    expect(eventOf(record).fields.detail).toBe('param1: a; param2: b')
  })
})

describe('values without names', () => {
  const logon = {
    Id: 4776,
    ProviderName: 'Microsoft-Windows-Security-Auditing',
    LogName: 'Security',
    TimeCreated: TIME,
    Message: 'Der Computer hat versucht, die Anmeldeinformationen zu überprüfen.\nDN:\tx',
    Properties: ['MICROSOFT_AUTHENTICATION_PACKAGE_V1_0', 'alice', 'WS02', '0xc000006a'].map((Value) => ({
      Value,
    })),
  }

  it('get the names of their template, whatever language the message has', async () => {
    const { fields } = eventOf(await first(windowsJson, JSON.stringify(logon)))
    expect(fields).toMatchObject({
      account: 'alice',
      sourceHost: 'WS02',
      status: '0xc000006a',
      outcome: 'failure',
    })
  })

  it('stay numbered where the order is not known', async () => {
    const { fields } = eventOf(
      await first(windowsJson, JSON.stringify({ ...logon, Id: 9999, Message: null })),
    )
    expect(fields.detail).toContain('param2: alice')
  })
})

describe('rendered messages', () => {
  const read = (provider: string, eventId: number, message: string): [string, string][] => {
    const event = { ...emptyWindowsEvent(), provider, eventId }
    addMessageData(event, message)
    return [...event.data]
  }

  it('give the subject of a logoff the names that the event has', () => {
    expect(
      read(
        'Microsoft-Windows-Security-Auditing',
        4634,
        'An account was logged off.\n\nSubject:\n\tAccount Name:\t\talice\n\nLogon Type:\t\t3',
      ),
    ).toEqual([
      ['TargetUserName', 'alice'],
      ['LogonType', '3'],
    ])
  })

  it('keep lists that go on over lines, and colons inside values', () => {
    expect(
      read(
        'Microsoft-Windows-Security-Auditing',
        4672,
        'Subject:\n\tAccount Name:\talice\n\nPrivileges:\t\tSeDebugPrivilege\n\t\t\tSeTcbPrivilege',
      ),
    ).toEqual([
      ['SubjectUserName', 'alice'],
      ['PrivilegeList', 'SeDebugPrivilege\nSeTcbPrivilege'],
    ])
    expect(read(SYSMON, 1, 'Process Create:\nImage: C:\\x.exe\nCommandLine: cmd /c echo a: b')).toEqual([
      ['Image', 'C:\\x.exe'],
      ['CommandLine', 'cmd /c echo a: b'],
    ])
  })

  it('of another language are left alone', () => {
    expect(
      read(
        'Microsoft-Windows-Security-Auditing',
        4624,
        'Ein Konto wurde angemeldet.\n\nAntragsteller:\n\tKontoname:\t\talice',
      ),
    ).toEqual([])
  })

  it('of megabytes are read no further than an event is long', () => {
    const started = performance.now()
    expect(read('X', 4624, 'Account Name:\tx\n'.repeat(200_000)).length).toBeLessThan(500)
    expect(read('X', 4104, `Creating Scriptblock text (1 of 1):\n${'\n'.repeat(500_000)}`)).toEqual([])
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

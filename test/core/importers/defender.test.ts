import { describe, expect, it } from 'vitest'
import defender from '../../../core/importers/defender.importer.ts'
import type { EventItem } from '../../../core/model/event.ts'
import { decodeHead } from '../../../core/evidence/decode-head.ts'
import {
  codesOf,
  detectInput,
  directoryOf,
  fixture,
  issuesOf,
  messagesOf,
  partOf,
  readUnits,
  recordsOf,
} from './read-part.ts'
import type { ParsedUnit } from '../../../core/importers/importer.ts'

const TIME = '2031-05-06T07:08:09.1234567Z'
const AT = Date.parse('2031-05-06T07:08:09.123Z') * 1000 + 456

const eventsOf = (units: readonly ParsedUnit[]): EventItem[] =>
  recordsOf(units).flatMap((record) => record.items.filter((item) => item.type === 'event'))
const lines = (...rows: object[]): string => rows.map((row) => JSON.stringify(row)).join('\n') + '\n'
const envelope = (table: string, properties: object | string): object => ({
  time: TIME,
  category: `AdvancedHunting-${table}`,
  properties,
})
/** The only event of one row of a table. */
async function readRow(table: string, row: object): Promise<EventItem> {
  const [event] = eventsOf(await readUnits(defender, lines(envelope(table, { Timestamp: TIME, ...row }))))
  if (event === undefined) throw new Error('no event was read')
  return event
}
const fieldsOf = async (table: string, row: object): Promise<EventItem['fields']> =>
  (await readRow(table, row)).fields
const DEVICE = { DeviceId: 'ab'.repeat(20), DeviceName: 'ws01.corp.example' }

describe('defender importer, containers', () => {
  const row = {
    Timestamp: TIME,
    ...DEVICE,
    ActionType: 'FileCreated',
    FileName: 'a.exe',
    FolderPath: 'C:\\a.exe',
    FileOriginUrl: '',
    ReportId: 7,
  }
  const names = Object.keys(row)
  const containers: readonly (readonly [string, string])[] = [
    ['CSV of the portal', `\ufeff${names.join(',')}\r\n${Object.values(row).join(',')}\r\n`],
    [
      'CSV with semicolons and other columns in another order',
      `X;${[...names].reverse().join(';')}\n1;${Object.values(row).reverse().join(';')}\n`,
    ],
    [
      'answer of the MDE API',
      JSON.stringify({ Stats: {}, Schema: [{ Name: 'Timestamp', Type: 'DateTime' }], Results: [row] }),
    ],
    ['answer of Graph', JSON.stringify({ '@odata.context': 'x', schema: [], results: [row] }, null, 2)],
    ['file of the streaming API', lines(envelope('DeviceFileEvents', row))],
    ['streaming API with the properties as text', lines(envelope('DeviceFileEvents', JSON.stringify(row)))],
    ['batch of an Event Hub', JSON.stringify({ records: [envelope('DeviceFileEvents', row)] })],
    [
      'answer of Log Analytics',
      JSON.stringify({
        tables: [
          {
            name: 'PrimaryResult',
            columns: names.map((name) => ({ name, type: 'string' })),
            rows: [Object.values(row)],
          },
        ],
      }),
    ],
    [
      'older answer of Log Analytics',
      JSON.stringify({
        Tables: [
          {
            TableName: 'Table_0',
            Columns: names.map((ColumnName) => ({ ColumnName })),
            Rows: [Object.values(row)],
          },
        ],
      }),
    ],
    [
      'answer of the PowerShell modules of Graph',
      JSON.stringify({ AdditionalProperties: {}, Results: [{ AdditionalProperties: row }], Schema: [] }),
    ],
    ['array of rows', JSON.stringify([row])],
    [
      'rows in lower case',
      lines(Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]))),
    ],
  ]
  it.each(containers)('reads the same event out of: %s', async (_name, text) => {
    const units = await readUnits(defender, text)
    expect(codesOf(units)).toEqual([])
    const events = eventsOf(units)
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      kind: 'file-create',
      at: AT,
      fields: {
        channel: 'DeviceFileEvents',
        host: 'ws01.corp.example',
        hostId: 'ab'.repeat(20),
        target: 'C:\\a.exe',
        action: 'FileCreated',
      },
    })
    expect(recordsOf(units)[0]?.key).toBe(
      JSON.stringify(['defender', 'DeviceFileEvents', AT, 'ws01.corp.example', '7', '', '']),
    )
  })

  it.each(containers)('recognises: %s', (_name, text) => {
    expect(defender.detect(detectInput(text))).toBeGreaterThanOrEqual(0.7)
  })

  it('tells a release from a removal', async () => {
    const row = (Action: string, ActionType: string) =>
      envelope('EmailPostDeliveryEvents', {
        Timestamp: TIME,
        Action,
        ActionType,
        ActionResult: 'Success',
        RecipientEmailAddress: 'a@corp.example',
        InternetMessageId: '<m1@out.example>',
      })
    const units = await readUnits(
      defender,
      Buffer.from(
        lines(
          row('Moved to quarantine', 'Malware ZAP'),
          row('Quarantine release', 'Admin'),
          row('Move to inbox', 'Redelivery'),
        ),
      ),
    )
    expect(eventsOf(units).map(({ kind }) => kind)).toEqual([
      'mail-removed',
      'mail-released',
      'mail-released',
    ])
  })

  it('reads UTF-16, and rows in any pieces', async () => {
    const bytes = Buffer.from(`\ufeff${containers[0]?.[1].slice(1) ?? ''}`, 'utf16le')
    expect(eventsOf(await readUnits(defender, bytes, 3))).toHaveLength(1)
    const [, answer = ''] = containers[7] ?? []
    expect(await readUnits(defender, answer, 1)).toEqual(await readUnits(defender, answer))
  })

  it('leaves foreign tables and objects alone', () => {
    for (const text of [
      'name,value\n1,2\n',
      'Timestamp,Message\n2031-01-01,x\n',
      'Date,Sender,Recipient,Subject,Status\n2031-01-01,a@x.example,b@y.example,s,Delivered\n',
      'CreationDate,UserIds,Operations,AuditData\n2031-01-01,a,New-InboxRule,"{""Id"":""1""}"\n',
      lines({ EventID: 1, Channel: 'Security', Computer: 'ws01', TimeCreated: TIME }),
      lines({ Type: 'SecurityEvent', TimeGenerated: TIME, EventID: 4624, Computer: 'ws01' }),
      lines({ '@timestamp': TIME, host: { name: 'ws01' }, event: { category: 'process' } }),
      JSON.stringify({ value: [{ mail_message_id: 'x', mailbox: 'a@x.example' }] }),
      '<?xml version="1.0"?><Event/>',
      'plain text',
      '{',
    ])
      expect([text, defender.detect(detectInput(text))]).toEqual([text, 0])
  })

  it('recognises the fixture in UTF-16 by its decoded head', () => {
    const head = fixture('defender/good-union.csv')
    expect(defender.detect({ name: 'x', head, size: head.length, text: decodeHead(head) })).toBeGreaterThan(
      0.9,
    )
  })

  it('counts every row it cannot read, and reads on', async () => {
    const units = await readUnits(
      defender,
      `{"tables":[{"name":"PrimaryResult","columns":[{"name":"Timestamp"},{"name":"ActionType"},{"name":"DeviceName"}],"rows":[["${TIME}","FileCreated","a"],[oops],{"no":"row"},7,"text",["${TIME}","FileDeleted","b"]]}]}`,
    )
    expect(eventsOf(units).map((event) => event.kind)).toEqual(['file-create', 'file-delete'])
    expect(issuesOf(units).map((issue) => [issue.code, issue.records])).toEqual([
      ['defender.syntax', 1],
      ['defender.syntax', 1],
      ['defender.syntax', 1],
      ['defender.syntax', 1],
    ])
  })

  it('tells of a file cut off inside a row', async () => {
    const whole = JSON.stringify({ Schema: [], Results: [row, row] })
    const units = await readUnits(defender, whole.slice(0, -40))
    expect(eventsOf(units)).toHaveLength(1)
    expect(issuesOf(units)).toMatchObject([{ code: 'defender.truncated', records: 1 }])
  })

  it('says when a file is as long as an export can be', async () => {
    const text = lines(...Array.from({ length: 10_000 }, (_, at) => ({ ...row, ReportId: at })))
    const units = await readUnits(defender, text)
    expect(issuesOf(units)).toEqual([
      { kind: 'issue', locator: 'file', code: 'defender.row_limit', excerpt: '10000', records: 0 },
    ])
  })
})

describe('defender importer, tables', () => {
  it('knows the table of a row by what it did when a union names none', async () => {
    const columns = {
      Timestamp: TIME,
      DeviceName: 'ws01',
      RemoteIP: '',
      RemotePort: null,
      LocalIP: '',
      ProcessCommandLine: '',
      RegistryKey: '',
      LogonType: '',
      Application: '',
      NetworkMessageId: '',
      Url: '',
    }
    const units = await readUnits(
      defender,
      lines(
        { ...columns, ActionType: 'ProcessCreated', ProcessCommandLine: 'a' },
        { ...columns, ActionType: 'LogonSuccess', RemoteIP: '10.0.0.9', RemotePort: 5, LogonType: 'Network' },
        {
          ...columns,
          ActionType: 'LogonSuccess',
          Application: 'Active Directory',
          LogonType: 'Resource access',
        },
        { ...columns, ActionType: 'LdapSearch' },
        { ...columns, ActionType: 'ClickAllowed', Url: 'https://a.example/' },
        { ...columns, ActionType: 'ConnectionFailed', RemoteIP: '10.0.0.9' },
        {
          ...columns,
          ActionType: 'ActionOf2040',
          RemoteIP: '10.0.0.9',
          RemotePort: 5,
          DeviceId: 'x',
          InitiatingProcessFileName: 'a',
        },
      ),
    )
    expect(eventsOf(units).map(({ kind, fields }) => [fields.channel, kind])).toEqual([
      ['DeviceProcessEvents', 'process-start'],
      ['DeviceLogonEvents', 'logon'],
      ['IdentityLogonEvents', 'logon'],
      ['DeviceEvents', 'directory-query'],
      ['UrlClickEvents', 'url-click'],
      ['DeviceNetworkEvents', 'network-connection'],
      ['DeviceEvents', 'generic'],
    ])
  })

  it.each(['$table', 'Type', 'SourceTable'])('takes the name in %s', async (column) => {
    const units = await readUnits(
      defender,
      lines({ [column]: 'DeviceImageLoadEvents', Timestamp: TIME, DeviceName: 'ws01', FileName: 'a.dll' }),
    )
    expect(eventsOf(units)[0]?.kind).toBe('image-load')
  })

  it('keeps rows of unknown tables and says so once per table', async () => {
    const units = await readUnits(
      defender,
      lines(
        envelope('TableOf2040', { Timestamp: TIME, DeviceName: 'ws01', Odd: 'kept' }),
        envelope('TableOf2040', { Timestamp: TIME }),
        envelope('Other', { Timestamp: TIME }),
      ),
    )
    expect(eventsOf(units).map((event) => [event.kind, event.fields.channel])).toEqual([
      ['generic', 'TableOf2040'],
      ['generic', 'TableOf2040'],
      ['generic', 'Other'],
    ])
    expect(eventsOf(units)[0]?.fields.detail).toContain('Odd: kept')
    expect(codesOf(units)).toEqual(['defender.unknown_table', 'defender.unknown_table'])
  })

  it('never lets names of evidence reach prototypes', async () => {
    const units = await readUnits(
      defender,
      '{"Timestamp":"2031-05-06T07:00:00Z","ActionType":"constructor","DeviceName":"ws01","DeviceId":"x","__proto__":{"polluted":1},"AdditionalFields":"{\\"__proto__\\":{\\"polluted\\":1}}"}\n',
    )
    expect(eventsOf(units)).toHaveLength(1)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})

describe('defender importer, times and keys', () => {
  const csv = (time: string, header = 'Timestamp'): string =>
    `${header},DeviceName,ActionType,DeviceId,AdditionalFields\n"${time}",ws01,LdapSearch,x,\n`
  const timeOf = async (
    text: string,
    zone = 'Asia/Taipei',
  ): Promise<[number | null | undefined, boolean | undefined]> => {
    const [event] = eventsOf(await readUnits(defender, text, undefined, zone))
    return [event?.at, event?.zoneAssumed]
  }
  const utc = Date.UTC(2031, 4, 6, 7, 8, 9) * 1000

  it('reads seven decimals, and the forms of the portal in the zone of the import', async () => {
    expect(await timeOf(csv(TIME))).toEqual([AT, undefined])
    expect(await timeOf(csv('May 6, 2031 3:08:09 PM'))).toEqual([utc, true])
    expect(await timeOf(csv('May 6, 2031 3:08:09\u202fPM'))).toEqual([utc, true])
    expect(await timeOf(csv('2031-05-06 15:08:09'))).toEqual([utc, true])
  })

  it('takes times of Log Analytics and of APIs without a zone as UTC', async () => {
    expect(await timeOf(csv('2031-05-06 07:08:09', 'TimeGenerated [UTC]'))).toEqual([utc, undefined])
    expect(
      await timeOf(
        lines(envelope('DeviceEvents', { Timestamp: '2031-05-06T07:08:09', ActionType: 'LdapSearch' })),
      ),
    ).toEqual([utc, undefined])
  })

  it('settles day and month from the whole file', async () => {
    const text =
      csv('3/4/2031, 7:08:09 AM', 'TimeGenerated [UTC]') + '"3/26/2031, 7:08:09 AM",ws01,LdapSearch,x,\n'
    const context = { zone: 'UTC', dateOrder: null, mapping: null }
    const settled = await defender.settle?.(partOf(text), context)
    expect(settled?.dateOrder).toBe('month-first')
    await expect(defender.settle?.(partOf(csv('3/4/2031 7:08:09 AM')), context)).rejects.toThrow(
      'evidence.date_order',
    )
    expect(await defender.settle?.(partOf(lines(envelope('DeviceEvents', {}))), context)).toBe(context)
  })

  it('keeps a row with an impossible time, without one', async () => {
    const units = await readUnits(
      defender,
      lines(envelope('DeviceEvents', { Timestamp: '0001-01-01T00:00:00Z' })),
    )
    expect(eventsOf(units)[0]?.at).toBeNull()
    expect(codesOf(units)).toEqual(['defender.time'])
  })

  it('asks no time of inventory', async () => {
    const units = await readUnits(
      defender,
      'DeviceId,DeviceName,SoftwareVendor,SoftwareName,SoftwareVersion\nx,ws01,lab,reader,1.2\n',
    )
    expect(codesOf(units)).toEqual([])
    expect(eventsOf(units)[0]).toMatchObject({
      kind: 'inventory',
      at: null,
      fields: { target: 'reader', host: 'ws01' },
    })
  })

  it('keeps ids beyond 2^53 exact', async () => {
    const units = await readUnits(
      defender,
      `{"category":"AdvancedHunting-DeviceEvents","properties":{"Timestamp":"${TIME}","DeviceName":"WS01","ActionType":"x","ReportId":9223372036854775807}}\n`,
    )
    expect(recordsOf(units)[0]?.key).toContain('"ws01","9223372036854775807"')
  })

  it('tells copies, links and pieces of evidence of one moment apart', async () => {
    const link = { Timestamp: TIME, NetworkMessageId: 'n1', UrlLocation: 'Body', ReportId: 'r' }
    const evidence = { Timestamp: TIME, AlertId: 'a1', Title: 't' }
    const units = await readUnits(
      defender,
      lines(
        envelope('EmailUrlInfo', { ...link, Url: 'https://a.example/' }),
        envelope('EmailUrlInfo', { ...link, Url: 'https://b.example/' }),
        envelope('AlertEvidence', { ...evidence, EntityType: 'File', SHA1: 'a'.repeat(40) }),
        envelope('AlertEvidence', { ...evidence, EntityType: 'Ip', RemoteIP: '10.0.0.9' }),
        envelope('EmailEvents', {
          Timestamp: TIME,
          NetworkMessageId: 'n1',
          RecipientEmailAddress: 'a@corp.example',
          ReportId: 'r',
        }),
        envelope('EmailEvents', {
          Timestamp: TIME,
          NetworkMessageId: 'n1',
          RecipientEmailAddress: 'b@corp.example',
          ReportId: 'r',
        }),
      ),
    )
    expect(new Set(recordsOf(units).map((record) => record.key)).size).toBe(6)
  })
})

describe('defender importer, processes', () => {
  it('joins a child to its parent by the same identity, with or without DeviceId and decimals', async () => {
    const parent = await fieldsOf('DeviceProcessEvents', {
      ...DEVICE,
      ActionType: 'ProcessCreated',
      ProcessId: 4242,
      ProcessCreationTime: '2031-05-06T07:08:09.1200000Z',
    })
    const child = await fieldsOf('DeviceProcessEvents', {
      ...DEVICE,
      ActionType: 'ProcessCreated',
      ProcessId: 5000,
      ProcessCreationTime: TIME,
      InitiatingProcessId: 4242,
      InitiatingProcessCreationTime: '2031-05-06T07:08:09.1200000Z',
    })
    const other = await fieldsOf('DeviceNetworkEvents', {
      DeviceName: 'ws01.corp.example',
      ActionType: 'ConnectionSuccess',
      InitiatingProcessId: 4242,
      InitiatingProcessCreationTime: '2031-05-06T07:08:09Z',
    })
    expect(parent.processGuid).toBe(child.parentGuid)
    // The index takes equal beginnings for one process.
    expect(other.processGuid?.slice(0, 18)).toBe(parent.processGuid?.slice(0, 18))
    expect(child.processGuid?.slice(0, 18)).not.toBe(parent.processGuid?.slice(0, 18))
  })

  it('puts the file name behind a folder that lacks it', async () => {
    const at = async (FolderPath: string, FileName: string): Promise<string | undefined> =>
      (await fieldsOf('DeviceImageLoadEvents', { FolderPath, FileName })).target
    expect(await at('C:\\Windows', 'a.dll')).toBe('C:\\Windows\\a.dll')
    expect(await at('C:\\Windows\\A.DLL', 'a.dll')).toBe('C:\\Windows\\A.DLL')
    expect(await at('/usr/lib', 'a.so')).toBe('/usr/lib/a.so')
    expect(await at('', 'a.dll')).toBe('a.dll')
  })

  it('names the asking account and address of a change over the network', async () => {
    expect(
      await fieldsOf('DeviceFileEvents', {
        ...DEVICE,
        ActionType: 'FileCreated',
        FileName: 'a.exe',
        FolderPath: 'C:\\s\\a.exe',
        RequestProtocol: 'Smb',
        RequestSourceIP: '10.0.0.9',
        RequestAccountName: 'bob',
        RequestAccountDomain: 'corp',
        RequestAccountSid: 'S-1-5-21-1-2-3-4',
        InitiatingProcessAccountName: 'system',
        InitiatingProcessAccountSid: 'S-1-5-18',
      }),
    ).toMatchObject({
      account: 'corp\\bob',
      accountSid: 'S-1-5-21-1-2-3-4',
      sourceIp: '10.0.0.9',
      protocol: 'Smb',
    })
  })

  it('reads what a cut AdditionalFields cell still says', async () => {
    expect(
      await fieldsOf('DeviceEvents', {
        ActionType: 'PowerShellCommand',
        AdditionalFields: '{"Command":"Get-\\u0041cl","Other":"cut of',
      }),
    ).toMatchObject({ detail: 'Get-Acl' })
  })

  it('gives the outcome and direction of connections as the rules read them', async () => {
    const connection = (ActionType: string): Promise<EventItem> =>
      readRow('DeviceNetworkEvents', { ActionType, LocalIP: '10.0.0.5', RemoteIP: '203.0.113.7' })
    expect((await connection('ConnectionFailed')).fields).toMatchObject({
      action: 'outbound',
      outcome: 'failure',
      sourceIp: '10.0.0.5',
      destinationIp: '203.0.113.7',
    })
    expect((await connection('InboundConnectionAccepted')).fields).toMatchObject({
      action: 'inbound',
      outcome: 'success',
      sourceIp: '203.0.113.7',
      destinationIp: '10.0.0.5',
    })
    expect((await connection('ListeningConnectionCreated')).kind).toBe('network-bind')
  })
})

describe('defender importer, mail and identities', () => {
  const mail = async (row: object): Promise<ReturnType<typeof messagesOf>[number] | undefined> =>
    messagesOf(
      await readUnits(
        defender,
        lines(
          envelope('EmailEvents', {
            Timestamp: TIME,
            NetworkMessageId: 'AAAAAAAA11112222333344444444AAAA',
            InternetMessageId: '<m1@example.net>',
            RecipientEmailAddress: 'Alice@corp.example',
            ...row,
          }),
        ),
      ),
    )[0]

  it('delivers a copy to a mailbox only when it arrived', async () => {
    expect(
      await mail({
        DeliveryAction: 'Delivered',
        DeliveryLocation: 'Inbox/folder',
        EmailDirection: 'Inbound',
      }),
    ).toMatchObject({
      uniqueId: 'aaaaaaaa-1111-2222-3333-44444444aaaa',
      mailbox: 'alice@corp.example',
      deliveredAt: AT,
      sentAt: null,
      recordedAction: 'delivered',
    })
    for (const row of [
      { DeliveryAction: 'Blocked' },
      { DeliveryAction: 'Delivered', DeliveryLocation: 'Quarantine' },
      { DeliveryAction: 'Delivered', EmailDirection: 'Outbound' },
    ]) {
      const message = await mail(row)
      expect(message?.mailbox).toBeUndefined()
      expect(message).toMatchObject({
        deliveredAt: null,
        sentAt: AT,
        recipients: [{ address: 'alice@corp.example', role: 'envelope' }],
      })
    }
  })

  it('tells by the envelope whose copy was quarantined where To names several (W31)', async () => {
    const message = await mail({
      DeliveryAction: 'Delivered',
      DeliveryLocation: 'Quarantine',
      To: 'bob@corp.example;alice@corp.example',
    })
    expect(message?.recipients).toEqual([
      { address: 'bob@corp.example', role: 'to' },
      { address: 'alice@corp.example', role: 'envelope' },
    ])
    const arrived = await mail({
      DeliveryAction: 'Delivered',
      DeliveryLocation: 'Inbox/folder',
      To: 'bob@corp.example;alice@corp.example',
    })
    expect(arrived?.recipients.map(({ role }) => role)).toEqual(['to', 'to'])
  })

  it('keeps what happened later as the recorded action', async () => {
    expect(
      await mail({
        DeliveryAction: 'Delivered',
        DeliveryLocation: 'Inbox/folder',
        LatestDeliveryLocation: 'Quarantine',
      }),
    ).toMatchObject({ mailbox: 'alice@corp.example', recordedAction: 'quarantine' })
  })

  it('reads authentication as JSON, and as the text older exports have', async () => {
    expect(
      (await mail({ AuthenticationDetails: '{"SPF":"pass","DKIM":"none","DMARC":"fail"}' }))?.authentication,
    ).toEqual({ spf: 'pass', dkim: 'none', dmarc: 'fail' })
    expect((await mail({ AuthenticationDetails: 'SPF=softfail;DKIM=none' }))?.authentication).toEqual({
      spf: 'softfail',
      dkim: 'none',
    })
  })

  it('gives links and attachments the id of their message', async () => {
    const units = await readUnits(
      defender,
      lines(
        envelope('EmailUrlInfo', {
          Timestamp: TIME,
          NetworkMessageId: '{AAAAAAAA-1111-2222-3333-44444444AAAA}',
          Url: 'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fout.example%2F',
          UrlLocation: 'Body',
        }),
        envelope('EmailAttachmentInfo', {
          Timestamp: TIME,
          NetworkMessageId: 'AAAAAAAA-1111-2222-3333-44444444AAAA',
          FileName: 'a.docm',
          FileSize: '10',
          SHA256: 'A'.repeat(64),
          RecipientEmailAddress: 'a@corp.example',
        }),
      ),
    )
    const messages = messagesOf(units)
    expect(messages.map((message) => message.uniqueId)).toEqual([
      'aaaaaaaa-1111-2222-3333-44444444aaaa',
      'aaaaaaaa-1111-2222-3333-44444444aaaa',
    ])
    expect(messages[0]?.urls).toMatchObject([{ url: 'https://out.example/' }])
    expect(messages[1]?.attachments).toEqual([{ name: 'a.docm', bytes: 10, sha256: 'a'.repeat(64) }])
  })

  it.each([
    ['ClickAllowed', false, 'success'],
    ['ClickBlocked', '0', 'failure'],
    ['ClickBlocked', 'True', 'success'],
    ['UrlScanInProgress', null, undefined],
  ])('says of %s with click-through %s: %s', async (ActionType, IsClickedThrough, outcome) => {
    expect(
      (await fieldsOf('UrlClickEvents', { Url: 'https://a.example/', ActionType, IsClickedThrough })).outcome,
    ).toBe(outcome)
  })

  it('makes a directory user of an identity that has a SID or object id', async () => {
    const units = await readUnits(
      defender,
      lines(
        envelope('IdentityInfo', {
          Timestamp: TIME,
          AccountUpn: 'a@corp.example',
          OnPremSid: 'S-1-5-21-1-2-3-4',
          AccountDomain: 'CORP',
          IsAccountEnabled: '0',
        }),
        envelope('IdentityInfo', { Timestamp: TIME, AccountUpn: 'b@corp.example' }),
      ),
    )
    expect(directoryOf(units)).toEqual([
      {
        type: 'directory',
        kind: 'user',
        objectId: 'S-1-5-21-1-2-3-4',
        sid: 'S-1-5-21-1-2-3-4',
        name: 'a@corp.example',
        upn: 'a@corp.example',
        netbiosDomain: 'CORP',
        enabled: false,
        collectedAt: AT,
        edges: [],
      },
    ])
    expect(eventsOf(units)).toMatchObject([{ kind: 'inventory', fields: { account: 'b@corp.example' } }])
  })

  it('tells users and addresses of a device one by one', async () => {
    const users = eventsOf(
      await readUnits(
        defender,
        lines(
          envelope('DeviceInfo', {
            Timestamp: TIME,
            ...DEVICE,
            LoggedOnUsers: JSON.stringify([
              { UserName: 'alice', DomainName: 'CORP', Sid: 'S-1-5-21-1-2-3-4' },
            ]),
          }),
        ),
      ),
    )
    expect(users[1]?.fields).toMatchObject({
      host: 'ws01.corp.example',
      account: 'CORP\\alice',
      accountSid: 'S-1-5-21-1-2-3-4',
    })
    const addresses = eventsOf(
      await readUnits(
        defender,
        lines(
          envelope('DeviceNetworkInfo', {
            Timestamp: TIME,
            ...DEVICE,
            IPAddresses: [{ IPAddress: '10.0.0.5' }, { IPAddress: 'fe80::1%3' }],
          }),
        ),
      ),
    )
    expect(addresses.map((event) => event.fields.hostIp)).toEqual([undefined, '10.0.0.5', 'fe80::1'])
  })

  it('names every message that a mailbox access read', async () => {
    const units = await readUnits(
      defender,
      lines(
        envelope('CloudAppEvents', {
          Timestamp: TIME,
          ActionType: 'MailItemsAccessed',
          RawEventData: {
            MailboxOwnerUPN: 'a@corp.example',
            Folders: [
              {
                FolderItems: [
                  { InternetMessageId: '<1@x.example>' },
                  null,
                  { InternetMessageId: '<2@x.example>' },
                ],
              },
            ],
          },
        }),
      ),
    )
    expect(eventsOf(units).map((event) => [event.kind, event.fields.messageId])).toEqual([
      ['mailbox-access', '1@x.example'],
      ['mailbox-access', '2@x.example'],
    ])
  })

  it('says when a record names more messages than become events', async () => {
    const FolderItems = Array.from({ length: 1_200 }, (_, at) => ({ InternetMessageId: `<${at}@x.example>` }))
    const units = await readUnits(
      defender,
      lines(
        envelope('CloudAppEvents', {
          Timestamp: TIME,
          RawEventData: { Operation: 'MailItemsAccessed', Folders: [{ FolderItems }] },
        }),
      ),
    )
    expect(eventsOf(units)).toHaveLength(1_000)
    expect(codesOf(units)).toEqual(['defender.too_many_items'])
  })

  it('reads sign-ins with outcome, place and risk', async () => {
    expect(
      await fieldsOf('EntraIdSignInEvents', {
        AccountUpn: 'a@corp.example',
        ErrorCode: 50126,
        IPAddress: '203.0.113.5',
        City: 'Taipei',
        Country: 'TW',
        RiskLevelDuringSignIn: 100,
        LogonType: '["interactiveUser"]',
        Application: 'Portal',
      }),
    ).toMatchObject({
      outcome: 'failure',
      status: '50126',
      location: 'Taipei, TW',
      severity: 'high',
      action: 'interactiveUser',
      application: 'Portal',
    })
  })
})

/**
 * Writes the fixtures of evtx, windows-json and json-lines: `node test/support/make-windows-fixtures.ts`. They are
 * committed; this file says how they came to be. All names and addresses are reserved for examples (RFC 2606, 5737).
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { writeEvtx, type WindowsEventSpec } from '../../core/demo/evtx-writer.ts'

const START = Date.UTC(2031, 4, 6, 7, 8, 9) * 1000 + 123_456
const SYSMON = {
  provider: 'Microsoft-Windows-Sysmon',
  providerGuid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}',
  channel: 'Microsoft-Windows-Sysmon/Operational',
  userSid: 'S-1-5-18',
}
const SECURITY = {
  provider: 'Microsoft-Windows-Security-Auditing',
  providerGuid: '{54849625-5478-4994-A5BA-3E3B0328C30D}',
  channel: 'Security',
  keywords: '0x8020000000000000',
}
const SID = 'S-1-5-21-1004336348-1177238915-682003330-1104'

let record = 0
const event = (
  base: Partial<WindowsEventSpec>,
  eventId: number,
  data: WindowsEventSpec['data'] = [],
): WindowsEventSpec => {
  record += 1
  return {
    provider: '',
    channel: '',
    computer: 'WS01.corp.example',
    timeUs: START + record * 1_000_001,
    recordId: record,
    ...base,
    eventId,
    data,
  }
}
const userEvent = (
  base: Partial<WindowsEventSpec>,
  eventId: number,
  userData: WindowsEventSpec['userData'],
): WindowsEventSpec => {
  const { data: _none, ...rest } = event(base, eventId)
  return userData === undefined ? rest : { ...rest, userData }
}

const GUID = '{11111111-2222-3333-4444-000000000100}'
const events: WindowsEventSpec[] = [
  event({ ...SYSMON, version: 5 }, 1, [
    ['RuleName', '-'],
    ['UtcTime', '2031-05-06 07:08:09.100'],
    ['ProcessGuid', GUID],
    ['ProcessId', '4242'],
    ['Image', 'C:\\Windows\\System32\\cmd.exe'],
    ['OriginalFileName', 'Cmd.Exe'],
    ['CommandLine', 'cmd /c whoami > "C:\\temp\\out.txt"'],
    ['CurrentDirectory', 'C:\\Users\\alice\\'],
    ['User', 'CORP\\alice'],
    ['LogonId', '0x3E7A1'],
    ['IntegrityLevel', 'Medium'],
    ['Hashes', `MD5=${'AB'.repeat(16)},SHA256=${'CD'.repeat(32)},IMPHASH=${'EF'.repeat(16)}`],
    ['ParentProcessGuid', '{11111111-2222-3333-4444-000000000099}'],
    ['ParentProcessId', '3100'],
    ['ParentImage', 'C:\\Program Files\\Mail\\reader.exe'],
    ['ParentCommandLine', '"C:\\Program Files\\Mail\\reader.exe"'],
  ]),
  event({ ...SYSMON, version: 5 }, 3, [
    ['UtcTime', '2031-05-06 07:08:10.000'],
    ['ProcessGuid', GUID],
    ['ProcessId', '4242'],
    ['Image', 'C:\\Windows\\System32\\cmd.exe'],
    ['User', 'CORP\\alice'],
    ['Protocol', 'tcp'],
    ['Initiated', 'true'],
    ['SourceIp', '::ffff:192.0.2.15'],
    ['SourcePort', '50101'],
    ['DestinationIp', '198.51.100.7'],
    ['DestinationHostname', '-'],
    ['DestinationPort', '443'],
  ]),
  event({ ...SYSMON, version: 2 }, 15, [
    ['UtcTime', '2031-05-06 07:08:11.000'],
    ['Image', 'C:\\Program Files\\Mail\\reader.exe'],
    ['TargetFilename', 'C:\\Users\\alice\\Downloads\\rechnung.zip:Zone.Identifier'],
    ['Hash', `SHA1=${'12'.repeat(20)}`],
    [
      'Contents',
      '[ZoneTransfer]  ZoneId=3  ReferrerUrl=https://mail.example/inbox  HostUrl=https://files.example/rechnung.zip ',
    ],
  ]),
  event({ ...SYSMON, version: 5 }, 22, [
    ['UtcTime', '2031-05-06 07:08:12.000'],
    ['Image', 'C:\\Windows\\System32\\cmd.exe'],
    ['QueryName', 'files.example'],
    ['QueryStatus', '0'],
    ['QueryResults', 'type:  5 cdn.example;::ffff:198.51.100.7;'],
  ]),
  event({ ...SECURITY, version: 2 }, 4624, [
    ['SubjectUserSid', 'S-1-0-0'],
    ['SubjectUserName', '-'],
    ['SubjectDomainName', '-'],
    ['SubjectLogonId', '0x0'],
    ['TargetUserSid', SID],
    ['TargetUserName', 'alice'],
    ['TargetDomainName', 'CORP'],
    ['TargetLogonId', '0x5F3A1'],
    ['LogonType', '3'],
    ['LogonProcessName', 'NtLmSsp '],
    ['AuthenticationPackageName', 'NTLM'],
    ['WorkstationName', 'WS02'],
    ['ProcessId', '0x0'],
    ['ProcessName', '-'],
    ['IpAddress', '192.0.2.22'],
    ['IpPort', '49877'],
  ]),
  event({ ...SECURITY, keywords: '0x8010000000000000' }, 4625, [
    ['TargetUserSid', 'S-1-0-0'],
    ['TargetUserName', 'bob'],
    ['TargetDomainName', 'CORP'],
    ['Status', '0xc000006d'],
    ['FailureReason', '%%2313'],
    ['SubStatus', '0xc000006a'],
    ['LogonType', '10'],
    ['IpAddress', '203.0.113.9'],
    ['IpPort', '0'],
  ]),
  event({ ...SECURITY, version: 2 }, 4688, [
    ['SubjectUserSid', 'S-1-5-18'],
    ['SubjectUserName', 'WS01$'],
    ['SubjectDomainName', 'CORP'],
    ['SubjectLogonId', '0x3e7'],
    ['NewProcessId', '0x1a4c'],
    ['NewProcessName', 'C:\\Windows\\System32\\schtasks.exe'],
    ['ProcessId', '0x3f0'],
    ['CommandLine', 'schtasks /run /tn Update'],
    ['TargetUserSid', 'S-1-0-0'],
    ['TargetUserName', '-'],
    ['TargetDomainName', '-'],
    ['TargetLogonId', '0x0'],
    ['ParentProcessName', 'C:\\Windows\\System32\\services.exe'],
  ]),
  event(SECURITY, 4698, [
    ['SubjectUserSid', SID],
    ['SubjectUserName', 'alice'],
    ['SubjectDomainName', 'CORP'],
    ['SubjectLogonId', '0x5f3a1'],
    ['TaskName', '\\Update'],
    [
      'TaskContent',
      '<?xml version="1.0"?><Task><Actions><Exec><Command>powershell.exe</Command><Arguments>-c &quot;1 &lt; 2&quot;</Arguments></Exec></Actions></Task>',
    ],
  ]),
  event(SECURITY, 4769, [
    ['TargetUserName', 'alice@CORP.EXAMPLE'],
    ['TargetDomainName', 'CORP.EXAMPLE'],
    ['ServiceName', 'FS01$'],
    ['TicketEncryptionType', '0x17'],
    ['IpAddress', '::ffff:192.0.2.22'],
    ['IpPort', '50000'],
    ['Status', '0x0'],
  ]),
  event({ provider: 'Service Control Manager', channel: 'System', version: 0 }, 7045, [
    ['ServiceName', 'Updater'],
    ['ImagePath', '%SystemRoot%\\upd.exe'],
    ['ServiceType', 'user mode service'],
    ['StartType', 'demand start'],
    ['AccountName', 'LocalSystem'],
  ]),
  event(
    { provider: 'Microsoft-Windows-PowerShell', channel: 'Microsoft-Windows-PowerShell/Operational' },
    4104,
    [
      ['MessageNumber', '1'],
      ['MessageTotal', '2'],
      ['ScriptBlockText', 'Get-Process |\r\n  Out-Null # 山田\u0000\u0007'],
      ['ScriptBlockId', GUID],
      ['Path', ''],
    ],
  ),
  event({ provider: 'PowerShell', channel: 'Windows PowerShell' }, 400, [
    [null, 'Available'],
    [null, 'None'],
    [null, '\tNewEngineState=Available\r\n\tHostApplication=powershell.exe -nop\r\n'],
  ]),
  userEvent({ provider: 'Microsoft-Windows-Eventlog', channel: 'Security' }, 1102, {
    element: 'LogFileCleared',
    namespace: 'http://manifests.microsoft.com/win/2004/08/windows/eventlog',
    fields: [
      ['SubjectUserSid', SID],
      ['SubjectUserName', 'alice'],
      ['SubjectDomainName', 'CORP'],
      ['SubjectLogonId', '0x5f3a1'],
    ],
  }),
  event(
    {
      provider: 'Microsoft-Windows-Windows Defender',
      channel: 'Microsoft-Windows-Windows Defender/Operational',
    },
    1116,
    [
      ['Threat Name', 'Trojan:Example/Test'],
      ['Severity Name', 'Severe'],
      [
        'Path',
        'containerfile:_C:\\Users\\alice\\a.zip; webfile:_C:\\Users\\alice\\a.zip|https://files.example/a.zip|pid:1,ProcessStart:2',
      ],
      ['Process Name', 'Unknown'],
      ['Detection User', 'CORP\\alice'],
    ],
  ),
  event({ provider: 'Example-Unknown', channel: 'Application', computer: '' }, 77, [
    ['__proto__', 'kept'],
    ['Same', 'one'],
    ['Same', 'two'],
    [null, 'unnamed'],
  ]),
]
// A second chunk: enough records that the first is full.
for (let i = 0; i < 30; i++)
  events.push(
    event({ ...SYSMON, version: 3 }, 5, [
      ['UtcTime', '2031-05-06 07:09:00.000'],
      ['ProcessId', String(5000 + i)],
      ['Image', `C:\\Tools\\tool${i}.exe`],
      ['Padding', 'x'.repeat(1_200)],
    ]),
  )

const folder = (name: string): string => {
  const path = new URL(`../fixtures/${name}/`, import.meta.url)
  mkdirSync(path, { recursive: true })
  return path.pathname
}
const save = (id: string, name: string, content: string | Uint8Array): void =>
  writeFileSync(folder(id) + name, content)

const good = Buffer.from(writeEvtx(events))
save('evtx', 'good.evtx', good)
save('evtx', 'truncated.evtx', good.subarray(0, 4096 + 65_536 + 6_000))
save('evtx', 'hostile.evtx', hostileEvtx())

/** Damage of the kinds of TRUST H4, one record or chunk each, with good records around it. */
function hostileEvtx(): Buffer {
  const bytes = Buffer.from(
    writeEvtx(
      events.slice(0, 8).concat(events.slice(0, 6).map((one, index) => ({ ...one, recordId: 9 + index }))),
    ),
  )
  const chunk = bytes.subarray(4096)
  const at: number[] = []
  for (let offset = 512; chunk.readUInt32LE(offset) === 0x2a2a; offset += chunk.readUInt32LE(offset + 4))
    at.push(offset)
  const values = (index: number): number => {
    const start = at[index]! + 24 + 4 + 10
    return chunk.readUInt32LE(start - 4) === start ? start + 24 + chunk.readUInt32LE(start + 20) : start
  }
  chunk.writeUInt32LE(0xffffffff, values(1)) // 2^32 values
  chunk.writeUInt32LE(65_500, at[2]! + 24 + 4 + 6) // template beyond the chunk
  chunk.writeUInt16LE(0xffff, values(4) + 4) // a value larger than the record
  chunk.writeUInt32LE(0xffff, at[3]! + 24 + 4 + 10 + 24 + 4 + 7) // a name beyond the chunk
  chunk.writeUInt32LE(0, at[9]! + 4) // record size 0
  chunk.writeUInt32LE(0x7fffffff, at[11]! + 4) // record size huge
  bytes.writeUInt32LE(1, 120) // dirty
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 120)), 124)
  const noMagic = Buffer.from(bytes.subarray(4096))
  noMagic.fill(0xee, 0, 8)
  return Buffer.concat([bytes, noMagic, Buffer.alloc(65_536, 0xa5)])
}

const lines = (...objects: unknown[]): string =>
  objects.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n') + '\n'
const nxlog = {
  EventTime: '2031-05-06 03:08:09',
  Hostname: 'WS01.corp.example',
  Keywords: -9223372036854775808,
  EventType: 'INFO',
  SeverityValue: 2,
  Severity: 'INFO',
  EventID: 1,
  SourceName: 'Microsoft-Windows-Sysmon',
  ProviderGuid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}',
  Version: 5,
  Task: 1,
  OpcodeValue: 0,
  RecordNumber: 42,
  ExecutionProcessID: 3000,
  ThreadID: 44,
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Domain: 'NT AUTHORITY',
  AccountName: 'SYSTEM',
  UserID: 'S-1-5-18',
  AccountType: 'User',
  Message: 'Process Create:',
  UtcTime: '2031-05-06 07:08:09.100',
  ProcessGuid: GUID,
  ProcessId: '4242',
  Image: 'C:\\Windows\\System32\\cmd.exe',
  CommandLine: 'cmd /c whoami',
  User: 'CORP\\alice',
  '@timestamp': '2031-05-06T07:08:10.456Z',
  host: 'collector.example',
  SourceModuleType: 'im_msvistalog',
}
const nxlogLine = JSON.stringify(nxlog).replace('-9223372036854776000', '-9223372036854775808')
const registry = {
  ...nxlog,
  EventID: 13,
  EventType: 'SetValue',
  EventTypeOrignal: 'INFO',
  RecordNumber: 43,
  TargetObject: 'HKLM\\SOFTWARE\\Example\\Run',
  Details: 'DWORD (0x00000001)',
}
const noZone = {
  EventTime: '2031-05-06 03:08:09',
  Hostname: 'WS01',
  EventID: 4624,
  SourceName: 'Microsoft-Windows-Security-Auditing',
  Channel: 'Security',
  TargetUserName: 'alice',
  TargetDomainName: 'CORP',
  TargetLogonId: '0x5F3A1',
  LogonType: '3',
  IpAddress: '192.0.2.22',
}
save(
  'windows-json',
  'good-nxlog.json',
  lines(nxlogLine, JSON.stringify(registry).replace('-9223372036854776000', '-9223372036854775808'), noZone),
)
const system = (id: number, recordId: number): object => ({
  Provider: {
    '#attributes': {
      Name: 'Microsoft-Windows-Security-Auditing',
      Guid: '54849625-5478-4994-A5BA-3E3B0328C30D',
    },
  },
  EventID: id,
  Version: 2,
  Level: 0,
  TimeCreated: { '#attributes': { SystemTime: '2031-05-06T07:08:09.123456Z' } },
  EventRecordID: recordId,
  Channel: 'Security',
  Computer: 'WS01.corp.example',
  Security: null,
})
const dump = {
  Event: {
    '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
    System: system(4624, 77),
    EventData: {
      TargetUserName: 'alice',
      TargetDomainName: 'CORP',
      TargetLogonId: '0x5f3a1',
      LogonType: 10,
      IpAddress: '192.0.2.22',
    },
  },
}
const siblings = {
  Event: {
    System: {
      Provider_attributes: { Name: 'Microsoft-Windows-Eventlog' },
      EventID: 104,
      EventID_attributes: { Qualifiers: 0 },
      TimeCreated_attributes: { SystemTime: '2031-05-06T07:08:10.000000Z' },
      EventRecordID: 78,
      Channel: 'System',
      Computer: 'WS01',
    },
    UserData: { LogFileCleared: { SubjectUserName: 'alice', SubjectDomainName: 'CORP', Channel: 'System' } },
  },
}
const unnamed = {
  Event: {
    System: {
      ...system(400, 79),
      Provider: { '#attributes': { Name: 'PowerShell' } },
      EventID: { '#attributes': { Qualifiers: 0 }, '#text': 400 },
      Channel: 'Windows PowerShell',
    },
    EventData: {
      Data: { '#text': ['Available', 'None', '\tHostApplication=powershell.exe -nop\r\n'] },
      Binary: null,
    },
  },
}
save('windows-json', 'good-evtx-dump.jsonl', lines(dump, siblings, unnamed))
save(
  'windows-json',
  'good-evtx-dump-pretty.json',
  [dump, siblings, unnamed]
    .map((one, index) => `Record ${index + 1}\n${JSON.stringify(one, null, 2)}\n`)
    .join(''),
)
const winlog = {
  '@timestamp': '2031-05-06T07:08:09.123Z',
  event: { code: '4688', provider: 'Microsoft-Windows-Security-Auditing' },
  host: { name: 'ws01' },
  message: 'A new process',
  winlog: {
    channel: 'Security',
    provider_name: 'Microsoft-Windows-Security-Auditing',
    event_id: '4688',
    record_id: 80,
    computer_name: 'WS01.corp.example',
    version: 2,
    event_data: {
      SubjectUserName: 'alice',
      SubjectDomainName: 'CORP',
      SubjectUserSid: SID,
      NewProcessId: '0x1a4c',
      ProcessId: '0x3f0',
      NewProcessName: 'C:\\Windows\\System32\\net.exe',
      CommandLine: 'net use',
    },
  },
}
const wazuh = {
  timestamp: '2031-05-06T07:08:11.000+0000',
  data: {
    win: {
      system: {
        providerName: 'Microsoft-Windows-Security-Auditing',
        eventID: '4625',
        version: '0',
        systemTime: '2031-05-06T07:08:11.5Z',
        eventRecordID: '81',
        channel: 'Security',
        computer: 'WS01',
      },
      eventdata: {
        targetUserName: 'bob',
        targetDomainName: 'CORP',
        status: '0xc000006d',
        subStatus: '0xc0000064',
        logonType: '3',
        ipAddress: '203.0.113.9',
      },
    },
  },
}
const velociraptor = {
  System: {
    Provider: { Name: 'Microsoft-Windows-TaskScheduler' },
    EventID: { Value: 106 },
    TimeCreated: { SystemTime: 1935731289.123 },
    EventRecordID: 82,
    Channel: 'Microsoft-Windows-TaskScheduler/Operational',
    Computer: 'WS01',
  },
  EventData: { TaskName: '\\Update', UserContext: 'CORP\\alice' },
}
save(
  'windows-json',
  'good-array.json',
  JSON.stringify([winlog, { _index: 'w', _id: '1', _source: winlog }, wazuh, velociraptor], null, 1),
)
save('windows-json', 'truncated.json', lines(nxlogLine, dump).slice(0, -40))
save(
  'windows-json',
  'hostile.json',
  lines(
    nxlogLine,
    '{"EventID":4624,"Channel":"Security","Channel":"System","Hostname":"WS01","RecordNumber":12345678901234567890}',
    '{"EventID":1,"Channel":"Security","__proto__":{"polluted":true},"constructor":"x","TimeCreated":"not a time"}',
    '{"EventID":1,"Channel":"Security",',
    '[1,2,3]',
    '{"EventID":' + '['.repeat(200) + ']'.repeat(200) + ',"Channel":"Security"}',
    '{"something":"else"}',
    '{"EventID":{"#text":"4624"},"Channel":"Security","TimeCreated":"99999999999999999999"}',
    '   ',
    JSON.stringify({ ...nxlog, TimeCreated: '2031-05-06T23:08:09.123Z', RecordNumber: 44 }).replace(
      '-9223372036854776000',
      '-9223372036854775808',
    ),
  ),
)

save(
  'json-lines',
  'good.jsonl',
  lines(
    {
      Timestamp: '2031-05-06T07:08:09.1234567Z',
      DeviceName: 'ws01.corp.example',
      ActionType: 'LdapSearch',
      AccountName: 'alice',
      AccountDomain: 'corp',
      RemoteIP: '198.51.100.7',
      RemotePort: 389,
      SHA256: 'ab'.repeat(32),
      FolderPath: 'C:\\x.exe',
      FileSize: null,
    },
    {
      TimeGenerated: '2031-05-06T07:10:00Z',
      Operation: 'MailItemsAccessed',
      UserId: 'alice@corp.example',
      Client_IPAddress: '203.0.113.9',
      ResultStatus: 'Succeeded',
    },
    {
      ts: 1935731289123,
      host: { name: 'fw01' },
      user: { name: 'bob', domain: 'CORP' },
      source: { ip: '192.0.2.1', port: 1234 },
      message: 'allowed',
    },
    { note: 'no time, no names' },
    { time: '2031-05-06 09:00:00', hostname: 'ws03' },
  ),
)
save(
  'json-lines',
  'good-array.json',
  JSON.stringify(
    [
      { '@timestamp': '2031-05-06T07:08:09Z', 'host.name': 'ws01', msg: 'a "quoted" {brace}' },
      { ticket: 12345678901234567890n.toString() },
    ],
    null,
    2,
  ).replace('"12345678901234567890"', '12345678901234567890'),
)
save(
  'json-lines',
  'truncated.jsonl',
  lines(
    { time: '2031-05-06T07:08:09Z', message: 'whole' },
    { time: '2031-05-06T07:08:10Z', message: 'cut' },
  ).slice(0, -12),
)
save(
  'json-lines',
  'hostile.jsonl',
  Buffer.concat([
    Buffer.from(
      lines(
        { time: '2031-05-06T07:08:09Z', message: '\u202egnp.exe <script>alert(1)</script> =cmd|1' },
        '{"a":1,"a":2,"b":{"c":1,"c":{"d":1}}}',
        '{"__proto__":{"x":1},"id":9007199254740993,"big":[18446744073709551615]}',
        '{"a":' + '{"a":'.repeat(70) + '1' + '}'.repeat(71),
        '"just text"',
        '{"open": "string',
      ),
    ),
    Buffer.from([0x7b, 0x22, 0x6d, 0x22, 0x3a, 0x22, 0xe9, 0xff, 0x22, 0x7d, 0x0a]),
  ]),
)

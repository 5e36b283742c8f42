import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InputOf } from '../../../core/contract/types.ts'
import { Workbench } from '../../support/workbench.ts'

const ESC = String.fromCharCode(27)
const CSI = String.fromCharCode(0x9b)
/** What attackers put into fields: formulas, escapes of terminals, bidi, quotes, line ends, names of prototypes, markup. */
export const HOSTILE: readonly string[] = [
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3+cmd',
  '@SUM(A1:A9)',
  '\t=1+1',
  '  =HYPERLINK("https://evil.example/x","y")',
  '＝1+1',
  '%0A=1',
  '"=1+1"',
  `${ESC}]52;c;ZXZpbA==${String.fromCharCode(7)} clear ${ESC}[2J`,
  `c1 ${CSI}31m red`,
  'bidi \u202egnp.exe \u2066x\u2069 zero\u200bwidth',
  'a "quoted" and \'single\', comma; semicolon',
  'two\r\nlines\nand\rthree',
  '__proto__',
  'constructor',
  '{"$ne":null}',
  '<script>alert(1)</script> & ]]> <!-- x',
  'half \ud800 character \udc00',
  'nul \u0000 byte',
  '../../etc/passwd',
  "[url:value = '\\'] OR [x",
  'see https://evil.example/a.b?x=1 and HTTP://Bad.Example/q',
  '日本語 繁體 🙂',
]
/** A cell as large as a hostile record can make it. */
export const LARGE = 'A'.repeat(1024 * 1024)

/** Sysmon process creations in flat JSON, one per hostile command line. */
function eventLines(): string {
  return [...HOSTILE, LARGE]
    .map((commandLine, index) =>
      JSON.stringify({
        '@timestamp': `2026-03-02T08:00:${String(index).padStart(2, '0')}.123Z`,
        Hostname: 'ws01.corp.example',
        Channel: 'Microsoft-Windows-Sysmon/Operational',
        SourceName: 'Microsoft-Windows-Sysmon',
        EventID: 1,
        RecordNumber: index + 1,
        UtcTime: `2026-03-02 08:00:${String(index).padStart(2, '0')}.123`,
        ProcessGuid: `{11111111-2222-3333-4444-${String(index).padStart(12, '0')}}`,
        ProcessId: String(1000 + index),
        Image: 'C:\\Windows\\System32\\cmd.exe',
        CommandLine: commandLine,
        ParentImage: 'C:\\Windows\\explorer.exe',
        ParentProcessId: '900',
        ParentProcessGuid: '{11111111-2222-3333-4444-999999999999}',
        Hashes: `SHA256=${'ab'.repeat(32)},MD5=${'cd'.repeat(16)}`,
        User: 'CORP\\amber',
      }),
    )
    .join('\n')
}

/** A download from a rated address that was run, and what it connected to: what files and hosts come from. */
function storyLines(): string {
  const shared = {
    Hostname: 'ws01.corp.example',
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    SourceName: 'Microsoft-Windows-Sysmon',
    User: 'CORP\\amber',
  }
  const browser = {
    ProcessGuid: '{22222222-2222-3333-4444-000000000001}',
    ProcessId: '2001',
    Image: 'C:\\Program Files\\Browser\\msedge.exe',
  }
  const payload = {
    ProcessGuid: '{22222222-2222-3333-4444-000000000002}',
    ProcessId: '2002',
    Image: 'C:\\Users\\amber\\Downloads\\q.exe',
  }
  const at = (second: number) => ({
    '@timestamp': `2026-03-02T09:00:0${second}.000Z`,
    UtcTime: `2026-03-02 09:00:0${second}.000`,
    RecordNumber: 100 + second,
  })
  return [
    {
      ...shared,
      ...at(1),
      ...browser,
      EventID: 1,
      CommandLine: 'msedge.exe',
      ParentImage: 'C:\\Windows\\explorer.exe',
      ParentProcessId: '900',
      ParentProcessGuid: '{11111111-2222-3333-4444-999999999999}',
    },
    {
      ...shared,
      ...at(2),
      ...browser,
      EventID: 15,
      TargetFilename: payload.Image,
      Hash: `SHA256=${'e1'.repeat(32)},MD5=${'e2'.repeat(16)}`,
      Contents: '[ZoneTransfer]  ZoneId=3  HostUrl=https://evil.example/a.b?x=1',
    },
    {
      ...shared,
      ...at(3),
      ...payload,
      EventID: 1,
      CommandLine: 'q.exe',
      Hashes: `SHA256=${'e1'.repeat(32)},MD5=${'e2'.repeat(16)}`,
      ParentImage: browser.Image,
      ParentProcessId: browser.ProcessId,
      ParentProcessGuid: browser.ProcessGuid,
    },
    {
      ...shared,
      ...at(4),
      ...payload,
      EventID: 22,
      QueryName: 'cdn.worse.example',
      QueryStatus: '0',
      QueryResults: '203.0.113.9;',
    },
    {
      ...shared,
      ...at(5),
      ...payload,
      EventID: 3,
      SourceIp: '10.0.0.5',
      DestinationIp: '203.0.113.9',
      DestinationPort: '443',
      Protocol: 'tcp',
      Initiated: 'true',
    },
    {
      ...shared,
      ...at(6),
      EventID: 10,
      SourceProcessGUID: payload.ProcessGuid,
      SourceProcessId: payload.ProcessId,
      SourceImage: payload.Image,
      TargetProcessGUID: '{22222222-2222-3333-4444-000000000009}',
      TargetProcessId: '700',
      TargetImage: 'C:\\Windows\\System32\\lsass.exe',
      GrantedAccess: '0x1410',
      CallTrace: 'C:\\Windows\\SYSTEM32\\ntdll.dll+9fc24|UNKNOWN(00000000)',
    },
    {
      ...shared,
      ...at(7),
      ...payload,
      EventID: 13,
      EventType: 'SetValue',
      TargetObject: 'HKU\\S-1-5-21-1-2-3-1001\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater',
      Details: 'C:\\Users\\amber\\Downloads\\q.exe',
    },
  ]
    .map((event) => JSON.stringify(event))
    .join('\n')
}

const mail = (subject: string, id: string, urls: readonly string[]): string =>
  [
    'From: "Parcel =1+1" <parcel@lure.example>',
    'To: Amber <amber@corp.example>',
    `Subject: ${subject}`,
    `Message-ID: <${id}@lure.example>`,
    'Date: Mon, 02 Mar 2026 07:00:00 +0000',
    'Delivered-To: amber@corp.example',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    ...urls,
    '',
  ].join('\r\n')

const PACK = {
  schema: 1,
  name: 'test-feed',
  version: '1',
  createdAt: '2026-03-03T00:00:00Z',
  source: 'test',
  entries: [
    { pattern: 'https://evil.example/a.b?x=1', scope: 'exact', level: 'dangerous' },
    { pattern: 'bad.example', scope: 'host', level: 'highly-suspicious' },
    { pattern: '203.0.113.9', scope: 'host', level: 'suspicious' },
    { pattern: 'worse.example', scope: 'domain', level: 'dangerous' },
  ],
}

/** A case with hostile fields, rated addresses and relations, made by the real importers; close it afterwards. */
export async function openExportCase(): Promise<Workbench> {
  const bench = await Workbench.open()
  const urls = [
    'https://evil.example/a.b?x=1',
    'http://www.bad.example/q',
    'http://bad.example/q',
    'http://203.0.113.9/z',
    'https://cdn.worse.example/k',
    "https://fine.example/o'k",
  ]
  await bench.import(
    bench.file('events.jsonl', eventLines()),
    bench.file('story.jsonl', storyLines()),
    bench.file('one.eml', mail('=1+1 Ihre Sendung', 'one', urls)),
    bench.file('two.eml', mail('-2 | next', 'two', urls.slice(0, 1))),
  )
  await bench.client.run('pack.add', { grants: [bench.file('feed.json', JSON.stringify(PACK))] })
  await bench.client.run('correlation.run', {})
  await addWork(bench)
  return bench
}

/** What an analyst may write: the same hostile words, copied out of evidence. */
async function addWork({ client }: Workbench): Promise<void> {
  const { rows } = await client.call('event.search', { limit: 1 })
  const targets = rows.map(({ id }) => ({ kind: 'event' as const, id }))
  for (const text of HOSTILE) await client.call('work.mark', { targets, type: 'note', text })
  const { entityId } = await client.call('work.addEntity', {
    kind: 'user',
    name: HOSTILE[0] ?? '',
    reason: HOSTILE.join(' '),
  })
  const [host] = (await client.call('entity.search', { kind: 'endpoint', limit: 1 })).rows
  await client.call('work.relate', {
    from: entityId,
    to: host?.id ?? '',
    label: '=1+1',
    reason: HOSTILE.join(' '),
  })
  await client.call('view.save', { screen: 'graph', name: '=view', state: { note: HOSTILE } })
}

/** Writes one target and reads the file back. */
export async function exported(bench: Workbench, target: string, more: Partial<InputOf<'export.run'>> = {}) {
  const path = join(bench.folder, `out-${target}`)
  const result = await bench.client.run('export.run', { grant: path, target, ...more })
  return { result, bytes: readFileSync(path) }
}

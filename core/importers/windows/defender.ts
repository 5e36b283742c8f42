import { toPath } from '../../normalise/path.ts'
import { present } from '../../normalise/placeholder.ts'
import {
  account,
  either,
  type EventRow,
  type EventTable,
  type FieldPicks,
  fixed,
  guid,
  host,
  mapped,
  named,
  outcomeBy,
  path,
  type Pick,
  rows,
  text,
} from './picks.ts'

/** First file of `Path`: `;`-joined `file:_C:\x`, `containerfile:_C:\a.zip`, `webfile:_C:\x|https://url|pid:..`. */
const threatFile: Pick<string> = (event) => {
  const entries = (event.data.get('Path') ?? '').split(';').map((entry) => entry.trim())
  const entry = entries.find((candidate) => /^(?:file|webfile):_/i.test(candidate)) ?? entries[0]
  return entry === undefined ? undefined : toPath(entry.replace(/^[a-z]+:_/i, '').split('|')[0])
}
const downloadUrl: Pick<string> = (event) =>
  present(/\|(https?:\/\/[^|;\s]+)/i.exec(event.data.get('Path') ?? '')?.[1])

const THREAT: FieldPicks = {
  target: threatFile,
  url: downloadUrl,
  processPath: path('Process Name'),
  account: text('Detection User', 'User'),
  rule: text('Threat Name'),
  severity: text('Severity Name'),
  detail: named('Threat Name', 'Severity Name', 'Category Name', 'Path', 'Source Name', 'Execution Name'),
}
const ACTION: FieldPicks = { ...THREAT, action: text('Action Name'), status: text('Error Code') }
const act = (action: string, ...names: string[]): EventRow => ({
  kind: 'protection-change',
  fields: { action: fixed(action), account: account('Domain', 'User'), detail: named(...names) },
})

/** Attack surface reduction rules by their ids: the event carries only the id. */
const REDUCTION_RULES = new Map([
  ['56a863a9-875e-4185-98a7-b882c64b5ce5', 'abuse of vulnerable signed drivers'],
  ['7674ba52-37eb-4a4f-a9a1-f0f9a1619a2c', 'Adobe Reader creating child processes'],
  ['d4f940ab-401b-4efc-aadc-ad5f3c50688a', 'Office creating child processes'],
  ['9e6c4e1f-7d60-472f-ba1a-a39ef669e4b2', 'credential theft from lsass.exe'],
  ['be9ba2d9-53ea-4cdc-84e5-9b1eeee46550', 'executable content from mail'],
  ['01443614-cd74-433a-b99e-2ecdc07bfc25', 'rare or untrusted executables'],
  ['5beb7efe-fd9a-4556-801d-275e5ffc04cc', 'obfuscated scripts'],
  ['d3e037e1-3eb8-44c8-a917-57927947596d', 'scripts starting downloaded programs'],
  ['3b576869-a4ec-4529-8536-b80a7769e899', 'Office creating executable content'],
  ['75668c1f-73b5-4cf0-bb93-3ecf5cb7cc84', 'Office injecting into processes'],
  ['26190899-1602-49e8-8b27-eb1d0a1ce869', 'Office communication programs creating child processes'],
  ['e6db77e5-3df2-4cf1-b95a-636979351e5b', 'persistence through WMI'],
  ['d1e49aac-8f56-4280-b9ba-993a6d77406c', 'process creation by PsExec and WMI'],
  ['b2b3f03d-6a65-4f7b-a9c7-1c7ef74a9ba4', 'untrusted programs from USB'],
  ['92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b', 'Win32 calls from Office macros'],
  ['c1db55ab-c21a-4637-bb3f-a12568109d35', 'ransomware protection'],
  ['a8f5898e-1dc8-49a9-9878-85004b8a61e6', 'web shells on servers'],
  ['33ddedf1-c6e0-47cb-833e-de6133960387', 'restart in safe mode'],
  ['c0033c00-d16d-4114-a5a0-dc9b3a7d2ceb', 'copied or impersonated system tools'],
])
/** Exploit guard: reduction rules (1121, 1122), protected folders (1123, 1124), network protection (1125, 1126). */
const guard = (action: 'blocked' | 'audited', ruleName?: string): EventRow => ({
  kind: 'alert',
  fields: {
    rule: ruleName === undefined ? mapped(guid('ID'), REDUCTION_RULES) : fixed(ruleName),
    target: path('Path', 'Involved File'),
    url: either(firstUrl('Destination'), firstUrl('Path')),
    destinationHost: (event) =>
      firstUrl('Destination')(event) === undefined ? host('Destination')(event) : undefined,
    processPath: path('Process Name'),
    account: account('Domain', 'User'),
    commandLine: text('Target Commandline'),
    parentCommandLine: text('Parent Commandline'),
    action: fixed(action),
    detail: named('ID', 'Destination', 'Involved File', 'RuleType'),
  },
})
function firstUrl(name: string): Pick<string> {
  return (event) => present(/https?:\/\/[^\s|;]+/i.exec(event.data.get(name) ?? '')?.[0])
}

const SCAN: FieldPicks = {
  account: account('Domain', 'User'),
  detail: named('Scan Type', 'Scan Parameters', 'Scan Resources', 'Scan Time Hours', 'Scan Time Minutes'),
}

const defenderRows: [number, EventRow][] = [
  ...rows([1006, 1015, 1116], { kind: 'malware-detected', fields: THREAT }),
  ...rows([1007, 1117], { kind: 'malware-action', fields: { ...ACTION, outcome: outcomeBy('Error Code') } }),
  ...rows([1008, 1118, 1119], { kind: 'malware-action', fields: { ...ACTION, outcome: fixed('failure') } }),
  [1009, { kind: 'malware-action', fields: { ...ACTION, action: fixed('restored') } }],
  [
    1010,
    { kind: 'malware-action', fields: { ...ACTION, action: fixed('restored'), outcome: fixed('failure') } },
  ],
  [1011, { kind: 'malware-action', fields: { ...ACTION, action: fixed('deleted') } }],
  [1013, act('history-deleted', 'Timestamp')],
  [1000, { kind: 'generic', fields: { ...SCAN, action: fixed('scan-started') } }],
  [1001, { kind: 'generic', fields: { ...SCAN, action: fixed('scan-finished') } }],
  [1002, { kind: 'generic', fields: { ...SCAN, action: fixed('scan-stopped') } }],
  [1121, guard('blocked')],
  [1122, guard('audited')],
  ...rows([1123, 1127], guard('blocked', 'controlled folder access')),
  ...rows([1124, 1128], guard('audited', 'controlled folder access')),
  [1125, guard('audited', 'network protection')],
  [1126, guard('blocked', 'network protection')],
  ...rows([2001, 2003], act('update-failed', 'Update Source', 'Error Code', 'Error Description')),
  [3002, act('real-time-failed', 'Feature Name', 'Reason', 'Error Code')],
  [5000, act('real-time-enabled')],
  [5001, act('real-time-disabled')],
  [5004, act('real-time-changed', 'Feature Name', 'Configuration')],
  [5007, act('configuration-changed', 'Old Value', 'New Value')],
  [5008, act('engine-failed', 'Resource', 'Failure Type')],
  ...rows([5009, 5011], act('scanning-enabled')),
  ...rows([5010, 5012], act('scanning-disabled')),
  [5013, act('tamper-protection', 'Changed Type', 'Value')],
]
/** Microsoft Defender Antivirus: its field names contain blanks (formats.md A3.2). */
export const defender: EventTable = new Map(defenderRows)

import {
  type EventRow,
  type EventTable,
  type FieldPicks,
  fixed,
  logonId,
  named,
  path,
  pid,
  protocol,
  rows,
  sid,
  text,
} from './picks.ts'

const APPLICATION: FieldPicks = {
  target: path('FullFilePath', 'FilePath', 'Package', 'PackageBuffer'),
  accountSid: sid('TargetUser'),
  logonId: logonId('TargetLogonId'),
  pid: pid('TargetProcessId'),
  rule: text('RuleName'),
  // FileHash is the Authenticode hash, not that of the whole file: it must not be compared with file hashes.
  detail: named('PolicyName', 'RuleId', 'Fqbn', 'FileHash'),
}
const applocker = (action: 'allowed' | 'audited' | 'blocked'): EventRow => ({
  kind: action === 'allowed' ? 'generic' : 'alert',
  fields: { ...APPLICATION, action: fixed(action) },
})
/** AppLocker: programs and libraries (8002 to 8004), scripts (8005 to 8007), packaged apps (8020 to 8025). */
export const appLocker: EventTable = new Map<number, EventRow>([
  ...rows([8002, 8005, 8020, 8023], applocker('allowed')),
  ...rows([8003, 8006, 8021, 8024], applocker('audited')),
  ...rows([8004, 8007, 8022, 8025], applocker('blocked')),
  [8001, { kind: 'protection-change', fields: { action: fixed('policy-applied') } }],
])

const IMAGE: FieldPicks = {
  target: path('FileNameBuffer', 'File Name', 'FileName'),
  processPath: path('ProcessNameBuffer', 'Process Name', 'ProcessName'),
  detail: named(
    'RequestedPolicy',
    'ValidatedPolicy',
    'Requested Signing Level',
    'Validated Signing Level',
    'PolicyName',
    'SHA256 Flat Hash',
    'Status',
  ),
}
const image = (action: 'audited' | 'blocked'): EventRow => ({
  kind: 'alert',
  fields: { ...IMAGE, rule: text('PolicyName', 'PolicyGUID'), action: fixed(action) },
})
/** CodeIntegrity: images below the demanded signing level (3033, 3063; 3065, 3066 audited) and application control. */
export const codeIntegrity: EventTable = new Map<number, EventRow>([
  ...rows([3001, 3002, 3003, 3004, 3023], {
    kind: 'image-load',
    fields: { ...IMAGE, outcome: fixed('failure'), action: fixed('unsigned') },
  }),
  ...rows([3033, 3063], {
    kind: 'image-load',
    fields: { ...IMAGE, outcome: fixed('failure'), action: fixed('blocked') },
  }),
  ...rows([3034, 3064, 3065, 3066], { kind: 'image-load', fields: { ...IMAGE, action: fixed('audited') } }),
  [3076, image('audited')],
  [3077, image('blocked')],
])

const RULE: FieldPicks = {
  target: text('RuleName', 'RuleId'),
  processPath: path('ModifyingApplication'),
  accountSid: sid('ModifyingUser'),
  protocol: protocol('Protocol'),
  detail: named(
    'ApplicationPath',
    'ServiceName',
    'Direction',
    'Action',
    'LocalPorts',
    'RemotePorts',
    'LocalAddresses',
    'RemoteAddresses',
    'Profiles',
    'Active',
    'Origin',
  ),
}
const firewallRule = (action: string): EventRow => ({
  kind: 'protection-change',
  fields: { ...RULE, action: fixed(action) },
})
/** Windows Firewall With Advanced Security: rules and settings, with the program that changed them. */
export const firewall: EventTable = new Map<number, EventRow>([
  ...rows([2002, 2003, 2008, 2082, 2083], {
    kind: 'protection-change',
    fields: {
      ...RULE,
      target: text('SettingType', 'SettingTypeString'),
      action: fixed('firewall-setting-changed'),
      detail: named('Profiles', 'SettingValueString', 'SettingValue', 'SettingValueText', 'Origin'),
    },
  }),
  ...rows([2004, 2071, 2097], firewallRule('firewall-rule-added')),
  ...rows([2005, 2073, 2099], firewallRule('firewall-rule-changed')),
  ...rows([2006, 2052], firewallRule('firewall-rule-deleted')),
  ...rows([2033, 2059], firewallRule('firewall-rules-cleared')),
  [
    2011,
    {
      kind: 'network-bind',
      fields: {
        processPath: path('ApplicationPath'),
        outcome: fixed('failure'),
        protocol: protocol('Protocol'),
        detail: named('Port', 'Reason'),
      },
    },
  ],
])

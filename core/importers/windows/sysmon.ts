import type { EventFields } from '../../model/event.ts'
import { answers } from './dns-answers.ts'
import { parseZoneIdentifier } from './zone-identifier.ts'
import {
  type EventRow,
  type EventTable,
  type FieldPicks,
  fixed,
  guid,
  hash,
  host,
  integrity,
  ip,
  logonId,
  named,
  path,
  pid,
  type Pick,
  port,
  protocol,
  technique,
  text,
} from './picks.ts'
import type { WindowsEvent } from './windows-event.ts'

/** What the configuration says about the matching rule; many embed ATT&CK ids: `technique_id=T1059.001,...`. */
const RULE: FieldPicks = { rule: text('RuleName'), technique: technique('RuleName') }
/** The acting process, as most Sysmon events name it (formats.md A2). `User` exists since about 13.3. */
const PROCESS: FieldPicks = {
  ...RULE,
  processPath: path('Image'),
  pid: pid('ProcessId'),
  processGuid: guid('ProcessGuid'),
  account: text('User'),
}
const HASHES: FieldPicks = {
  sha256: hash('sha256', 'Hashes', 'Hash'),
  sha1: hash('sha1', 'Hashes', 'Hash'),
  md5: hash('md5', 'Hashes', 'Hash'),
}
/** One process acting on another: events 8 and 10, which spell the GUID fields differently. */
const TWO_PROCESSES: FieldPicks = {
  ...RULE,
  processPath: path('SourceImage'),
  pid: pid('SourceProcessId'),
  processGuid: guid('SourceProcessGuid', 'SourceProcessGUID'),
  account: text('SourceUser'),
  target: path('TargetImage'),
  targetPid: pid('TargetProcessId'),
  targetGuid: guid('TargetProcessGuid', 'TargetProcessGUID'),
  targetAccount: text('TargetUser'),
}
const FILE: FieldPicks = { ...PROCESS, ...HASHES, target: path('TargetFilename') }
const REGISTRY: FieldPicks = { ...PROCESS, target: text('TargetObject'), action: text('EventType') }
const PIPE: FieldPicks = { ...PROCESS, target: text('PipeName'), action: text('EventType') }
const WMI: FieldPicks = { ...RULE, account: text('User'), action: text('Operation') }

/** WMI names come in quotes of their own. */
const unquoted =
  (name: string): Pick<string> =>
  (event) =>
    text(name)(event)
      ?.replace(/^"(.*)"$/s, '$1')
      .replace(/^\s+|\s+$/g, '')

const zone =
  (field: 'hostUrl' | 'referrerUrl'): Pick<string> =>
  (event) =>
    parseZoneIdentifier(event.data.get('Contents'))[field]

const direction: Pick<NonNullable<EventFields['action']>> = (event: WindowsEvent) => {
  const initiated = event.data.get('Initiated')?.toLowerCase()
  return initiated === 'true' ? 'outbound' : initiated === 'false' ? 'inbound' : undefined
}

const sysmonRows: [number, EventRow][] = [
  [
    1,
    {
      kind: 'process-start',
      fields: {
        ...PROCESS,
        ...HASHES,
        commandLine: text('CommandLine'),
        logonId: logonId('LogonId'),
        parentPath: path('ParentImage'),
        parentCommandLine: text('ParentCommandLine'),
        parentPid: pid('ParentProcessId'),
        parentGuid: guid('ParentProcessGuid'),
        originalName: text('OriginalFileName'),
        integrity: integrity('IntegrityLevel'),
        sessionId: text('TerminalSessionId'),
        detail: named('CurrentDirectory', 'ParentUser', 'Company', 'Description'),
      },
    },
  ],
  [
    2,
    {
      kind: 'file-time-change',
      fields: { ...FILE, detail: named('PreviousCreationUtcTime', 'CreationUtcTime') },
    },
  ],
  [
    3,
    {
      kind: 'network-connection',
      fields: {
        ...PROCESS,
        action: direction,
        sourceIp: ip('SourceIp'),
        sourcePort: port('SourcePort'),
        sourceHost: host('SourceHostname'),
        destinationIp: ip('DestinationIp'),
        destinationPort: port('DestinationPort'),
        destinationHost: host('DestinationHostname'),
        protocol: protocol('Protocol'),
      },
    },
  ],
  [
    4,
    {
      kind: 'protection-change',
      fields: { action: text('State'), detail: named('Version', 'SchemaVersion') },
    },
  ],
  [5, { kind: 'process-end', fields: PROCESS }],
  [
    6,
    {
      kind: 'driver-load',
      fields: {
        ...RULE,
        ...HASHES,
        target: path('ImageLoaded'),
        status: text('SignatureStatus'),
        detail: named('Signed', 'Signature'),
      },
    },
  ],
  [
    7,
    {
      kind: 'image-load',
      fields: {
        ...PROCESS,
        ...HASHES,
        target: path('ImageLoaded'),
        status: text('SignatureStatus'),
        originalName: text('OriginalFileName'),
        detail: named('Signed', 'Signature', 'Company', 'Description'),
      },
    },
  ],
  [
    8,
    {
      kind: 'remote-thread',
      fields: {
        ...TWO_PROCESSES,
        detail: named('StartAddress', 'StartModule', 'StartFunction', 'NewThreadId'),
      },
    },
  ],
  [9, { kind: 'raw-disk-read', fields: { ...PROCESS, target: text('Device') } }],
  [
    10,
    {
      kind: 'process-access',
      fields: { ...TWO_PROCESSES, status: text('GrantedAccess'), detail: named('CallTrace') },
    },
  ],
  [11, { kind: 'file-create', fields: { ...FILE, detail: named('CreationUtcTime') } }],
  [
    12,
    {
      kind: (event) =>
        /^delete/i.test(event.data.get('EventType') ?? '') ? 'registry-delete' : 'registry-key',
      fields: REGISTRY,
    },
  ],
  [13, { kind: 'registry-set', fields: { ...REGISTRY, detail: text('Details') } }],
  [14, { kind: 'registry-rename', fields: { ...REGISTRY, detail: text('NewName') } }],
  [
    15,
    {
      kind: 'file-stream',
      fields: { ...FILE, url: zone('hostUrl'), referrer: zone('referrerUrl'), detail: named('Contents') },
    },
  ],
  [
    16,
    {
      kind: 'protection-change',
      fields: {
        action: fixed('configuration-changed'),
        target: path('Configuration'),
        detail: named('ConfigurationFileHash'),
      },
    },
  ],
  [17, { kind: 'pipe-create', fields: PIPE }],
  [18, { kind: 'pipe-connect', fields: PIPE }],
  [
    19,
    {
      kind: 'wmi-filter',
      fields: { ...WMI, target: unquoted('Name'), detail: named('EventNamespace', 'Query') },
    },
  ],
  [
    20,
    {
      kind: 'wmi-consumer',
      fields: { ...WMI, target: unquoted('Name'), detail: named('Type', 'Destination') },
    },
  ],
  [
    21,
    {
      kind: 'wmi-binding',
      fields: { ...WMI, target: unquoted('Consumer'), detail: named('Consumer', 'Filter') },
    },
  ],
  [
    22,
    {
      kind: 'dns-query',
      fields: { ...PROCESS, target: host('QueryName'), status: text('QueryStatus'), detail: answers },
    },
  ],
  [
    23,
    {
      kind: 'file-delete',
      fields: { ...FILE, action: fixed('archived'), detail: named('IsExecutable', 'Archived') },
    },
  ],
  [
    24,
    {
      kind: 'clipboard-change',
      fields: { ...PROCESS, ...HASHES, sessionId: text('Session'), detail: named('ClientInfo', 'Archived') },
    },
  ],
  [25, { kind: 'process-tamper', fields: { ...PROCESS, action: text('Type') } }],
  [26, { kind: 'file-delete', fields: { ...FILE, detail: named('IsExecutable') } }],
  [27, { kind: 'file-create', fields: { ...FILE, action: fixed('blocked') } }],
  [28, { kind: 'file-delete', fields: { ...FILE, action: fixed('blocked'), detail: named('IsExecutable') } }],
  [29, { kind: 'file-create', fields: { ...FILE, action: fixed('executable') } }],
  // The driver had to drop events or the service failed: what this log does not show may still have happened.
  [
    255,
    {
      kind: 'protection-change',
      fields: { action: fixed('sensor-error'), detail: named('ID', 'Description') },
    },
  ],
]

/** Sysmon up to 15.15, schema 4.90 (formats.md A2). */
export const sysmon: EventTable = new Map(sysmonRows)

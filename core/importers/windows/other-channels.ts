import { toIp } from '../../normalise/host.ts'
import { answers } from './dns-answers.ts'
import {
  either,
  type EventRow,
  type EventTable,
  executionPid,
  type FieldPicks,
  fixed,
  host,
  int,
  named,
  path,
  pid,
  rows,
  text,
} from './picks.ts'

const TRANSFER: FieldPicks = {
  url: text('url', 'RemoteName'),
  target: text('name', 'jobTitle', 'LocalName'),
  account: text('jobOwner', 'User'),
  processPath: path('processPath'),
  pid: pid('processId'),
  bytesReceived: int('bytesTransferred'),
  status: text('hr', 'ErrorCode'),
  detail: named('bytesTotal', 'fileCount', 'proxy', 'peer', 'jobId', 'Id'),
}
const bitsRows: [number, EventRow][] = [
  [3, { kind: 'bits-transfer', fields: { ...TRANSFER, action: fixed('created') } }],
  [4, { kind: 'bits-transfer', fields: { ...TRANSFER, action: fixed('completed') } }],
  [5, { kind: 'bits-transfer', fields: { ...TRANSFER, action: fixed('cancelled') } }],
  [16403, { kind: 'bits-transfer', fields: { ...TRANSFER, action: fixed('file-added') } }],
  [59, { kind: 'bits-transfer', fields: { ...TRANSFER, action: fixed('started') } }],
  [60, { kind: 'bits-transfer', fields: { ...TRANSFER, action: fixed('stopped') } }],
  [61, { kind: 'bits-transfer', fields: { ...TRANSFER, action: fixed('failed') } }],
]
/** Microsoft-Windows-Bits-Client/Operational: downloads in the background. */
export const bits: EventTable = new Map(bitsRows)

/** WMI-Activity: a provider was loaded, a query failed, a temporary (5860) or permanent (5861) consumer. */
export const wmiActivity: EventTable = new Map<number, EventRow>([
  [
    5857,
    {
      kind: 'image-load',
      fields: {
        target: path('ProviderPath'),
        processPath: path('HostProcess'),
        pid: pid('ProcessID', 'ProcessId'),
        status: text('Code'),
        action: fixed('wmi-provider'),
        detail: named('ProviderName'),
      },
    },
  ],
  [
    5858,
    {
      kind: 'generic',
      fields: {
        account: text('User'),
        sourceHost: host('ClientMachine'),
        pid: pid('ClientProcessId'),
        status: text('ResultCode'),
        action: fixed('wmi-query-failed'),
        outcome: fixed('failure'),
        detail: named('Operation', 'Component', 'PossibleCause'),
      },
    },
  ],
  ...rows([5859, 5860], {
    kind: 'wmi-filter',
    fields: {
      account: text('User'),
      pid: pid('Processid', 'ProcessId', 'processid', 'ProcessID'),
      sourceHost: host('ClientMachine', 'MachineName'),
      target: text('Query'),
      detail: named('NamespaceName', 'Query', 'ProviderName', 'PossibleCause'),
    },
  }),
  [
    5861,
    {
      kind: 'wmi-binding',
      fields: { target: text('CONSUMER'), detail: named('Namespace', 'ESS', 'CONSUMER', 'PossibleCause') },
    },
  ],
])

const QUERY: FieldPicks = {
  target: host('QueryName'),
  status: text('QueryStatus', 'Status'),
  detail: either(answers, named('QueryType')),
}
/** 3006 and 3008 are written inside the program that asks; 3018 and 3020 by the service behind it. */
const dnsRows: [number, EventRow][] = [
  ...rows([3006, 3008], { kind: 'dns-query', fields: { ...QUERY, pid: executionPid } }),
  ...rows([3018, 3020], { kind: 'dns-query', fields: QUERY }),
]
/** Microsoft-Windows-DNS-Client/Operational; 1014 (System log, written by the service) is a name nobody answered for. */
export const dnsClient: EventTable = new Map([
  ...dnsRows,
  [
    1014,
    {
      kind: 'dns-query',
      fields: { target: host('QueryName'), outcome: fixed('failure'), action: fixed('timeout') },
    },
  ],
])

/** LDAP-Client 30: a search a program of this machine sent. */
export const ldapClient: EventTable = new Map<number, EventRow>([
  [
    30,
    {
      kind: 'directory-query',
      fields: {
        pid: executionPid,
        target: text('DistinguishedName'),
        detail: named('SearchFilter', 'AttributeList', 'ScopeOfSearch'),
      },
    },
  ],
])
/** 1644 of a domain controller: an expensive LDAP search, with numbered parameters; the client is `address:port`. */
export const directoryService: EventTable = new Map<number, EventRow>([
  [
    1644,
    {
      kind: 'directory-query',
      fields: {
        target: text('param1'),
        sourceIp: (event) => toIp(/^\[?([^\]]+?)\]?(?::\d+)?$/.exec(event.data.get('param5') ?? '')?.[1]),
        detail: named('param2', 'param6', 'param7'),
      },
    },
  ],
])

/** Shell-Core: commands of the Run keys as the shell starts them. */
export const shellCore: EventTable = new Map<number, EventRow>([
  [9707, { kind: 'generic', fields: { commandLine: text('Command'), action: fixed('run-key-started') } }],
  [
    9708,
    {
      kind: 'generic',
      fields: { commandLine: text('Command'), pid: pid('PID'), action: fixed('run-key-finished') },
    },
  ],
])

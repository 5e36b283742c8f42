import {
  either,
  type EventRow,
  type EventTable,
  type FieldPicks,
  fixed,
  host,
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
  detail: named('bytesTransferred', 'bytesTotal', 'hr', 'peer', 'jobId', 'Id'),
}
const bitsRows: [number, EventRow][] = [
  [3, { kind: 'bits-transfer', fields: { ...TRANSFER, action: fixed('created') } }],
  [4, { kind: 'bits-transfer', fields: { ...TRANSFER, action: fixed('completed') } }],
  [59, { kind: 'bits-transfer', fields: { ...TRANSFER, action: fixed('started') } }],
  [60, { kind: 'bits-transfer', fields: { ...TRANSFER, action: fixed('stopped') } }],
  [61, { kind: 'bits-transfer', fields: { ...TRANSFER, action: fixed('failed') } }],
]
/** Microsoft-Windows-Bits-Client/Operational: downloads in the background. */
export const bits: EventTable = new Map(bitsRows)

/** WMI-Activity: 5860 is a temporary, 5861 a permanent event consumer. */
export const wmiActivity: EventTable = new Map<number, EventRow>([
  [
    5860,
    {
      kind: 'wmi-filter',
      fields: {
        account: text('User'),
        pid: pid('Processid', 'ProcessId'),
        target: text('Query'),
        detail: named('NamespaceName', 'Query', 'PossibleCause'),
      },
    },
  ],
  [
    5861,
    {
      kind: 'wmi-binding',
      fields: { target: text('CONSUMER'), detail: named('Namespace', 'ESS', 'CONSUMER', 'PossibleCause') },
    },
  ],
])

const dnsRows = rows([3006, 3008, 3020], {
  kind: 'dns-query',
  fields: {
    target: host('QueryName'),
    status: text('QueryStatus', 'Status'),
    detail: either(text('QueryResults'), named('QueryType')),
  },
})
/** Microsoft-Windows-DNS-Client/Operational. */
export const dnsClient: EventTable = new Map(dnsRows)

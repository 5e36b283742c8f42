import { toIp, toPort } from '../../normalise/host.ts'
import {
  account,
  type EventRow,
  type EventTable,
  executionPid,
  type FieldPicks,
  fixed,
  host,
  ip,
  named,
  rows,
  text,
} from './picks.ts'
import type { Pick } from './picks.ts'

const SESSION: FieldPicks = {
  account: text('User'),
  sourceIp: ip('Address'),
  sessionId: text('SessionID'),
  detail: named('SessionID', 'Reason'),
}
const sessionRows: [number, EventRow][] = [
  [21, { kind: 'session-connect', fields: { ...SESSION, action: fixed('logon') } }],
  [22, { kind: 'session-connect', fields: { ...SESSION, action: fixed('shell-start') } }],
  [25, { kind: 'session-connect', fields: { ...SESSION, action: fixed('reconnect') } }],
  [23, { kind: 'session-disconnect', fields: { ...SESSION, action: fixed('logoff') } }],
  [24, { kind: 'session-disconnect', fields: { ...SESSION, action: fixed('disconnect') } }],
  ...rows([39, 40], {
    kind: 'session-disconnect',
    fields: {
      sessionId: text('TargetSession', 'Session'),
      detail: named('TargetSession', 'Source', 'Session', 'Reason'),
    },
  }),
]
/** LocalSessionManager: `Address` is `LOCAL` or an address. */
export const localSessions: EventTable = new Map(sessionRows)

/** 1149: network authentication reached, which is no proof of a full logon (formats.md A3.2). */
export const remoteConnections: EventTable = new Map<number, EventRow>([
  [
    1149,
    {
      kind: 'session-connect',
      fields: {
        account: account('Param2', 'Param1'),
        sourceIp: ip('Param3'),
        action: fixed('authenticated'),
      },
    },
  ],
])

const OUTBOUND: FieldPicks = {
  action: fixed('outbound'),
  destinationIp: ip('Value'),
  destinationHost: nameOnly('Value'),
  protocol: fixed('rdp'),
  pid: executionPid,
}
/** RDP client: where this machine connected to. */
export const rdpClient: EventTable = new Map(
  rows([1024, 1102], { kind: 'network-connection', fields: OUTBOUND }),
)

/** `192.0.2.1:50000`, `[2001:db8::1]:50000` */
const CLIENT = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/
const clientPart =
  <T>(read: (parts: RegExpExecArray) => T | undefined): Pick<T> =>
  (event) => {
    const parts = CLIENT.exec(event.data.get('ClientIP')?.trim() ?? '')
    return parts === null ? undefined : read(parts)
  }

/** RdpCoreTS: 131 a connection from `address:port` was accepted; 140 its user name or password was wrong. */
export const rdpCore: EventTable = new Map<number, EventRow>([
  [
    131,
    {
      kind: 'network-connection',
      fields: {
        action: fixed('inbound'),
        sourceIp: clientPart((parts) => toIp(parts[1] ?? parts[2])),
        sourcePort: clientPart((parts) => toPort(parts[3])),
        protocol: fixed('rdp'),
        detail: named('ConnType', 'ClientIP'),
      },
    },
  ],
  [
    140,
    {
      kind: 'logon-failure',
      fields: { sourceIp: ip('IPString'), outcome: fixed('failure'), protocol: fixed('rdp') },
    },
  ],
])

function nameOnly(field: string): Pick<string> {
  return (event) => (ip(field)(event) === undefined ? host(field)(event) : undefined)
}

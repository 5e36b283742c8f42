import {
  account,
  type EventRow,
  type EventTable,
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
    fields: { detail: named('TargetSession', 'Source', 'Session', 'Reason') },
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
}
/** RDP client: where this machine connected to. */
export const rdpClient: EventTable = new Map(
  rows([1024, 1102], { kind: 'network-connection', fields: OUTBOUND }),
)

/** RdpCoreTS 131: connection accepted from `address:port`. */
export const rdpCore: EventTable = new Map<number, EventRow>([
  [
    131,
    {
      kind: 'network-connection',
      fields: { action: fixed('inbound'), sourceIp: clientAddress, detail: named('ConnType', 'ClientIP') },
    },
  ],
])

function clientAddress(event: Parameters<Pick<string>>[0]): string | undefined {
  const client = event.data.get('ClientIP') ?? ''
  const address = /^\[([^\]]+)\]/.exec(client)?.[1] ?? client.replace(/:\d+$/, '')
  return ip('ClientIP')({ ...event, data: new Map([['ClientIP', address]]) })
}
function nameOnly(field: string): Pick<string> {
  return (event) => (ip(field)(event) === undefined ? host(field)(event) : undefined)
}

import type { EventKind } from '../../model/event.ts'
import { toInteger } from '../../normalise/host.ts'
import { DEVICE, IMAGE_HASHES, OWN_ACCOUNT, PROCESS, REMOTE_SESSION } from './actor.ts'
import { host, ip, logonId, named, type Pick, port, type RowMeaning, text } from './picks.ts'
import type { DefenderRow } from './row.ts'

/** Names of logon types, with the numbers Windows gives them (formats.md A3.3). */
const LOGON_TYPES = new Map([
  ['interactive', 2],
  ['network', 3],
  ['batch', 4],
  ['service', 5],
  ['unlock', 7],
  ['networkcleartext', 8],
  ['newcredentials', 9],
  ['remoteinteractive', 10],
  ['remote interactive', 10],
  ['remote desktop', 10],
  ['cachedinteractive', 11],
  ['cachedremoteinteractive', 12],
  ['cachedunlock', 13],
])
/** The type by name or number; exports join several with a comma, the first counts. */
export const logonType: Pick<number> = (row) => {
  const written = row.text('LogonType')?.trim().toLowerCase()
  if (written === undefined) return undefined
  const first =
    written
      .split(',')[0]
      ?.replace(/[[\]"]/g, '')
      .trim() ?? ''
  return LOGON_TYPES.get(written) ?? LOGON_TYPES.get(first) ?? toInteger(first)
}

const KINDS = new Map<string, EventKind>([
  ['logonsuccess', 'logon'],
  ['logonfailed', 'logon-failure'],
])
const kindOf = (row: DefenderRow): EventKind =>
  KINDS.get(row.text('ActionType')?.toLowerCase() ?? '') ?? 'generic'

/** DeviceLogonEvents: the account is the one that logged on, not that of the service which asked. */
export const deviceLogon: RowMeaning = {
  kind: kindOf,
  fields: {
    ...DEVICE,
    ...PROCESS,
    ...IMAGE_HASHES,
    ...OWN_ACCOUNT,
    logonId: logonId('LogonId'),
    targetLogonId: logonId('LogonId'),
    logonType,
    authentication: text('Protocol'),
    sourceIp: ip('RemoteIP'),
    sourcePort: port('RemotePort'),
    sourceHost: host('RemoteDeviceName'),
    outcome: (row) => {
      const kind = kindOf(row)
      return kind === 'logon' ? 'success' : kind === 'logon-failure' ? 'failure' : undefined
    },
    status: text('FailureReason'),
    detail: named('IsLocalAdmin', 'RemoteIPType', '+IsLocalLogon', ...REMOTE_SESSION),
  },
}

import type { EventKind } from '../../model/event.ts'
import { toInteger } from '../../normalise/host.ts'
import { logonTypeOf } from '../../normalise/logon-type.ts'
import { DEVICE, IMAGE_HASHES, OWN_ACCOUNT, PROCESS, REMOTE_SESSION } from './actor.ts'
import { host, ip, logonId, named, type Pick, port, type RowMeaning, text } from './picks.ts'
import type { DefenderRow } from './row.ts'

/** The type by name or number; exports join several with a comma, the first counts. */
export const logonType: Pick<number> = (row) => {
  const written = row.text('LogonType')?.trim()
  if (written === undefined) return undefined
  const first =
    written
      .split(',')[0]
      ?.replace(/[[\]"]/g, '')
      .trim() ?? ''
  return logonTypeOf(first) ?? toInteger(first)
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

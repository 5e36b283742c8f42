import {
  account,
  either,
  type FieldPicks,
  filePath,
  hashes,
  host,
  logonId,
  mail,
  pid,
  type Pick,
  sid,
  text,
  guid,
  toUrl,
} from './picks.ts'
import { processGuid } from './process-key.ts'
import type { DefenderRow } from './row.ts'

/** Endpoint and action: every table of the sensor has them. */
export const DEVICE: FieldPicks = {
  host: host('DeviceName'),
  hostId: text('DeviceId'),
  action: text('ActionType'),
}

/** Who did it: the account of the acting process. */
export const ACTOR: FieldPicks = {
  account: account('InitiatingProcessAccount'),
  accountSid: sid('InitiatingProcessAccountSid'),
  accountMail: mail('InitiatingProcessAccountUpn'),
  accountId: guid('InitiatingProcessAccountObjectId'),
  logonId: logonId('InitiatingProcessLogonId'),
}

/** The acting process with its parent, as every device table but the process table names it. */
export const PROCESS: FieldPicks = {
  ...ACTOR,
  processPath: filePath('InitiatingProcessFolderPath', 'InitiatingProcessFileName'),
  commandLine: text('InitiatingProcessCommandLine'),
  pid: pid('InitiatingProcessId'),
  processGuid: processGuid('InitiatingProcessId', 'InitiatingProcessCreationTime'),
  parentPath: text('InitiatingProcessParentFileName'),
  parentPid: pid('InitiatingProcessParentId'),
  parentGuid: processGuid('InitiatingProcessParentId', 'InitiatingProcessParentCreationTime'),
  originalName: text('InitiatingProcessVersionInfoOriginalFileName'),
  integrity: text('InitiatingProcessIntegrityLevel'),
  sessionId: text('InitiatingProcessSessionId'),
}

/** Events about no file of their own carry the hashes of the acting image. */
export const IMAGE_HASHES: FieldPicks = hashes('InitiatingProcess')

/** What is left of the acting process: for reading and searching. */
export const REMOTE_SESSION = [
  'InitiatingProcessRemoteSessionDeviceName',
  'InitiatingProcessRemoteSessionIP',
] as const

/** The account a device event is about, where it names one; else the account of the acting process. */
export const OWN_ACCOUNT: FieldPicks = {
  account: either(account('Account'), account('InitiatingProcessAccount')),
  accountSid: (row) => (hasOwnAccount(row) ? ownSid(row) : ACTOR.accountSid?.(row)),
  accountMail: (row) => (hasOwnAccount(row) ? ownMail(row) : ACTOR.accountMail?.(row)),
  accountId: (row) => (hasOwnAccount(row) ? ownId(row) : ACTOR.accountId?.(row)),
}
const ownAccount = account('Account')
const ownSid = sid('AccountSid')
const ownMail = mail('AccountUpn')
const ownId = guid('AccountObjectId')
const hasOwnAccount = (row: DefenderRow): boolean => ownAccount(row) !== undefined

/** The account acted on. */
export const TARGET_ACCOUNT: FieldPicks = {
  targetAccount: account('Account'),
  targetSid: sid('AccountSid'),
}

/** Identities name one account by all its names. */
export const IDENTITY_ACCOUNT: FieldPicks = {
  account: either(account('Account'), text('AccountUpn', 'AccountDisplayName')),
  accountSid: sid('AccountSid', 'OnPremSid'),
  accountMail: mail('AccountUpn'),
  accountId: guid('AccountObjectId'),
}

/** `RemoteUrl` holds an address, or only a host name. */
export const remoteUrl: Pick<string> = (row) => {
  const written = text('RemoteUrl')(row)
  return written !== undefined && /[/?]/.test(written) ? toUrl(written) : undefined
}
export const remoteHost: Pick<string> = (row) => {
  const written = text('RemoteUrl')(row)
  if (written === undefined) return undefined
  if (!/[/?]/.test(written)) return host('RemoteUrl')(row)?.replace(/:\d{1,5}$/, '')
  const reached = toUrl(written)
  return reached === undefined ? undefined : URL.parse(reached)?.hostname
}

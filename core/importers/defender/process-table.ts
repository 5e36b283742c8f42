import type { EventKind } from '../../model/event.ts'
import { ACTOR, DEVICE, REMOTE_SESSION } from './actor.ts'
import {
  account,
  either,
  filePath,
  guid,
  hashes,
  knownAccount,
  logonId,
  mail,
  named,
  pid,
  type RowMeaning,
  sid,
  text,
} from './picks.ts'
import { processGuid } from './process-key.ts'
import type { DefenderRow } from './row.ts'

const about = named(
  'ProcessTokenElevation',
  'ProcessVersionInfoCompanyName',
  'InitiatingProcessParentFileName',
  'InitiatingProcessSignerType',
  'InitiatingProcessSignatureStatus',
  'InitiatingProcessSHA1',
  'InitiatingProcessSHA256',
  'ProcessRemoteSessionDeviceName',
  'ProcessRemoteSessionIP',
  ...REMOTE_SESSION,
)

/** A process runs as somebody else than its parent: both are worth seeing. */
const ownAccount = account('Account')
const ownSid = sid('AccountSid')
function detail(row: DefenderRow): string | undefined {
  const parent = knownAccount(
    row.text('InitiatingProcessAccountDomain'),
    row.text('InitiatingProcessAccountName'),
  )
  const own = ownAccount(row)
  const started = parent !== undefined && own !== undefined && parent.toLowerCase() !== own.toLowerCase()
  const rest = about(row)
  if (!started) return rest
  return rest === undefined
    ? `InitiatingProcessAccount: ${parent}`
    : `InitiatingProcessAccount: ${parent}; ${rest}`
}

/** A query may drop ActionType: the table holds starts. */
const KINDS = new Map<string, EventKind>([
  ['', 'process-start'],
  ['processcreated', 'process-start'],
  ['processterminated', 'process-end'],
])

/** DeviceProcessEvents: the row is the started process, `InitiatingProcess*` its parent (formats.md A5). */
export const processStart: RowMeaning = {
  kind: (row) => KINDS.get(row.text('ActionType')?.toLowerCase() ?? '') ?? 'generic',
  fields: {
    ...DEVICE,
    account: either(account('Account'), account('InitiatingProcessAccount')),
    accountSid: (row) => (ownAccount(row) === undefined ? ACTOR.accountSid?.(row) : ownSid(row)),
    accountMail: mail('AccountUpn'),
    accountId: guid('AccountObjectId'),
    logonId: logonId('LogonId'),
    processPath: filePath('FolderPath', 'FileName'),
    commandLine: text('ProcessCommandLine'),
    pid: pid('ProcessId'),
    processGuid: processGuid('ProcessId', 'ProcessCreationTime'),
    parentPath: filePath('InitiatingProcessFolderPath', 'InitiatingProcessFileName'),
    parentCommandLine: text('InitiatingProcessCommandLine'),
    parentPid: pid('InitiatingProcessId'),
    parentGuid: processGuid('InitiatingProcessId', 'InitiatingProcessCreationTime'),
    ...hashes(''),
    originalName: text('ProcessVersionInfoOriginalFileName'),
    integrity: text('ProcessIntegrityLevel'),
    sessionId: text('CreatedProcessSessionId'),
    detail,
  },
}

import type { EventKind } from '../../model/event.ts'
import { present } from '../../normalise/placeholder.ts'
import { taskCommand } from '../windows/task-content.ts'
import {
  ACTOR,
  DEVICE,
  IMAGE_HASHES,
  OWN_ACCOUNT,
  PROCESS,
  remoteHost,
  remoteUrl,
  TARGET_ACCOUNT,
} from './actor.ts'
import {
  cut,
  DETAIL_LIMIT,
  either,
  extra,
  type FieldPicks,
  filePath,
  fixed,
  hashes,
  host,
  ip,
  named,
  pid,
  type Pick,
  port,
  type RowMeaning,
  text,
  url,
} from './picks.ts'
import { processGuid } from './process-key.ts'
import type { DefenderRow } from './row.ts'

/** Script text kept for reading; the raw record has it whole. */
export const SCRIPT_LIMIT = 16_384

export const FILE: FieldPicks = { target: filePath('FolderPath', 'FileName'), ...hashes('') }
const BASE: FieldPicks = {
  ...DEVICE,
  ...PROCESS,
  ...IMAGE_HASHES,
  account: OWN_ACCOUNT.account ?? (() => undefined),
  accountSid: OWN_ACCOUNT.accountSid ?? (() => undefined),
  hostIp: ip('LocalIP'),
  sourceIp: ip('LocalIP'),
  sourcePort: port('LocalPort'),
  destinationIp: ip('RemoteIP'),
  destinationPort: port('RemotePort'),
  destinationHost: either(host('RemoteDeviceName'), remoteHost),
  url: either(remoteUrl, url('FileOriginUrl')),
}
export const meaning = (kind: RowMeaning['kind'], fields: FieldPicks = {}): RowMeaning => ({
  kind,
  fields: { ...BASE, ...fields },
})

/** One process acting on another: the row's own process is the one acted on. */
export const ON_PROCESS: FieldPicks = {
  ...hashes('InitiatingProcess'),
  target: filePath('FolderPath', 'FileName'),
  targetPid: pid('ProcessId'),
  targetGuid: processGuid('ProcessId', 'ProcessCreationTime'),
  account: ACTOR.account ?? (() => undefined),
  targetAccount: TARGET_ACCOUNT.targetAccount ?? (() => undefined),
  detail: named('ProcessCommandLine', '+TotalBytesCopied', '+BaseAddress', '+RegionSize', '+Protection'),
}
/** Rights as the rules read them: lower-case hexadecimal. */
export const access: Pick<string> = (row) => {
  const mask = row.extra('DesiredAccess', 'GrantedAccess')?.trim()
  if (mask === undefined) return undefined
  return /^\d{1,10}$/.test(mask) ? `0x${Number(mask).toString(16)}` : mask.toLowerCase()
}

export const pipeName: Pick<string> = (row) =>
  present(row.extra('PipeName'))?.replace(/^\\Device\\NamedPipe(?=\\)/i, '')
export const pipeKind = (row: DefenderRow): EventKind =>
  /server/i.test(row.extra('NamedPipeEnd') ?? '') || /creat/i.test(row.extra('FileOperation') ?? '')
    ? 'pipe-create'
    : 'pipe-connect'

export const TASK: FieldPicks = {
  target: either(extra('TaskName'), text('FileName')),
  detail: (row) => taskCommand(row.extra('TaskContent', 'TaskContentNew')) ?? text('ProcessCommandLine')(row),
}

/** Addresses out of a list of results, or a bare list. */
export const dnsAnswers: Pick<string> = (row) => {
  const found = row.extra('DnsQueryResult')
  if (found === undefined) return undefined
  const results = [...found.matchAll(/"Result"\s*:\s*"([^"]{1,300})"/gi)].map((match) => match[1] ?? '')
  const list =
    results.length > 0 ? results : found.split(/[;,]/).map((part) => part.replace(/["[\]]/g, '').trim())
  return (
    cut(
      list
        .filter((one) => one !== '')
        .slice(0, 100)
        .join('; '),
      DETAIL_LIMIT,
    ) || undefined
  )
}

export const ACCOUNT_CHANGE: FieldPicks = {
  ...TARGET_ACCOUNT,
  account: ACTOR.account ?? (() => undefined),
  accountSid: ACTOR.accountSid ?? (() => undefined),
  detail: named('+GroupName', '+GroupDomainName', '+GroupSid', '+UserAccountControl', '+DisplayName'),
}
export const GROUP_CHANGE: FieldPicks = { ...ACCOUNT_CHANGE, target: extra('GroupName') }

const outcome: Pick<string> = (row) => {
  const action = row.text('ActionType') ?? ''
  return /blocked$/i.test(action)
    ? 'failure'
    : /(?:audited|allowed|override|warnbypassed)$/i.test(action)
      ? 'success'
      : undefined
}
const DETECTION = [
  '+ThreatName',
  '+Action',
  '+WasRemediated',
  '+WasExecutingWhileDetected',
  '+ReportSource',
  '+RuleId',
  '+IsAudit',
  '+Experience',
  '+PolicyName',
  '+ResponseCategory',
  '+DisplayName',
  '+Description',
  'ProcessCommandLine',
] as const
export const ALERT: FieldPicks = {
  ...FILE,
  rule: either(extra('RuleName', 'ThreatName', 'SignatureName', 'PolicyName'), text('ActionType')),
  outcome,
  detail: named(...DETECTION),
}
export const MALWARE: FieldPicks = {
  ...FILE,
  rule: extra('ThreatName'),
  severity: extra('Severity'),
  outcome: (row) => (/failed$/i.test(row.text('ActionType') ?? '') ? 'failure' : undefined),
  detail: named(...DETECTION),
}
export const DEVICE_CONNECTED: FieldPicks = {
  target: either(
    extra('ProductName', 'DeviceDescription', 'DeviceId', 'SerialNumber'),
    extra('DriveLetter', 'Volume'),
  ),
  outcome,
  detail: named(
    '+DriveLetter',
    '+Manufacturer',
    '+SerialNumber',
    '+BusType',
    '+ClassName',
    '+VendorIds',
    '+MediaName',
    '+RemovableStorageAccess',
    '+RemovableStoragePolicyVerdict',
  ),
}
export const SHARE: FieldPicks = {
  target: extra('ShareName', 'NetworkShareName'),
  detail: named('+FileSharePath', '+LocalPath'),
}
export const OPENED_URL: FieldPicks = {
  url: either(url('RemoteUrl'), url('FileOriginUrl')),
  application: text('FileName'),
  detail: named('ProcessCommandLine', 'InitiatingProcessFileName'),
}
/** A connection that the firewall or network protection stopped. */
export const STOPPED: FieldPicks = {
  action: (row) => (/inbound/i.test(row.text('ActionType') ?? '') ? 'inbound' : 'outbound'),
  status: text('ActionType'),
  outcome: fixed('failure'),
}

/** Text of a script or command. */
export function script(row: DefenderRow): string | undefined {
  const content = row.extra('Command', 'ScriptContent', 'Description') ?? row.text('ProcessCommandLine')
  return content === undefined ? undefined : cut(content, SCRIPT_LIMIT)
}

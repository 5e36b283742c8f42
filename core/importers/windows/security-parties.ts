import { account, type FieldPicks, ip, logonId, path, pid, port, sid } from './picks.ts'

/** Who did it: the four Subject fields of formats.md A3 (SUB). */
export const SUBJECT: FieldPicks = {
  account: account('SubjectDomainName', 'SubjectUserName'),
  accountSid: sid('SubjectUserSid'),
  logonId: logonId('SubjectLogonId'),
}
/** The account acted on (TGT). */
export const TARGET: FieldPicks = {
  targetAccount: account('TargetDomainName', 'TargetUserName'),
  targetSid: sid('TargetSid', 'TargetUserSid'),
}
/** The process that did it. */
export const PROCESS: FieldPicks = { processPath: path('ProcessName'), pid: pid('ProcessId') }
/** The machine it came from. */
export const CLIENT: FieldPicks = { sourceIp: ip('IpAddress'), sourcePort: port('IpPort') }

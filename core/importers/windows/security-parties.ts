import { account, type FieldPicks, logonId, sid } from './picks.ts'

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

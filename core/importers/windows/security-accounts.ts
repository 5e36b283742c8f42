import { toAccount } from '../../normalise/account.ts'
import { account, code, type EventRow, fixed, host, named, outcomeBy, pid, rows, sid, text } from './picks.ts'
import { SUBJECT, TARGET } from './security-parties.ts'

const ATTRIBUTES = [
  'SamAccountName',
  'DisplayName',
  'UserPrincipalName',
  'PrimaryGroupId',
  'AllowedToDelegateTo',
  'UserAccountControl',
  'OldUacValue',
  'NewUacValue',
  'PasswordLastSet',
  'AccountExpires',
  'UserWorkstations',
  'HomeDirectory',
  'ProfilePath',
  'SidHistory',
  'DnsHostName',
  'ServicePrincipalNames',
  'ScriptPath',
] as const

const userChange = (action: string, ...more: readonly string[]): EventRow => ({
  kind: 'account-change',
  fields: { ...SUBJECT, ...TARGET, action: fixed(action), detail: named(...more) },
})
/** Groups: the group is the target, the member the account acted on. `MemberName` is a DN or `-`. */
const group = (action: string): EventRow => ({
  kind: 'group-change',
  fields: {
    ...SUBJECT,
    target: (event) => toAccount(event.data.get('TargetDomainName'), event.data.get('TargetUserName')),
    targetAccount: text('MemberName'),
    targetSid: sid('MemberSid'),
    action: fixed(action),
    // The SID of the group itself tells Administrators in every language (S-1-5-32-544).
    detail: named('TargetSid', 'SamAccountName', 'MembershipExpirationTime', 'GroupTypeChange'),
  },
})
const right = (action: string, ...names: string[]): EventRow => ({
  kind: 'account-change',
  fields: { ...SUBJECT, targetSid: sid('TargetSid'), action: fixed(action), target: text(...names) },
})
const password = (action: string): EventRow => ({
  kind: 'password-change',
  fields: { ...SUBJECT, ...TARGET, action: fixed(action) },
})

/** Accounts and groups: created, changed, deleted (formats.md A3.1, 4720 to 4781). */
export const accountRows: [number, EventRow][] = [
  [4704, right('right-assigned', 'PrivilegeList')],
  [4705, right('right-removed', 'PrivilegeList')],
  [4717, right('access-granted', 'AccessGranted')],
  [4718, right('access-removed', 'AccessRemoved')],
  ...rows([4720, 4741], {
    kind: 'account-create',
    fields: { ...SUBJECT, ...TARGET, detail: named(...ATTRIBUTES) },
  }),
  [4722, userChange('enabled')],
  [4723, password('changed')],
  [4724, password('reset')],
  [4725, userChange('disabled')],
  ...rows([4726, 4743], { kind: 'account-delete', fields: { ...SUBJECT, ...TARGET } }),
  ...rows([4738, 4742], userChange('changed', ...ATTRIBUTES)),
  [
    4740,
    {
      kind: 'account-change',
      fields: {
        ...SUBJECT,
        targetAccount: text('TargetUserName'),
        targetSid: sid('TargetSid'),
        sourceHost: host('TargetDomainName'),
        action: fixed('locked-out'),
      },
    },
  ],
  [4765, userChange('sid-history-added', 'SourceUserName', 'SourceSid', 'SidList')],
  [4766, userChange('sid-history-refused', 'SourceUserName', 'SourceSid')],
  [4767, userChange('unlocked')],
  [4780, userChange('administrator-permissions-reset')],
  [
    4781,
    {
      kind: 'account-change',
      fields: {
        ...SUBJECT,
        targetAccount: account('TargetDomainName', 'NewTargetUserName'),
        targetSid: sid('TargetSid'),
        action: fixed('renamed'),
        detail: named('OldTargetUserName'),
      },
    },
  ],
  [4782, userChange('password-hash-read')],
  [
    4794,
    {
      kind: 'password-change',
      fields: {
        ...SUBJECT,
        sourceHost: host('Workstation'),
        action: fixed('directory-restore-mode'),
        status: code('Status'),
        outcome: outcomeBy('Status'),
        pid: pid('CallerProcessId'),
      },
    },
  ],
  ...rows([4727, 4731, 4744, 4749, 4754, 4759], group('group-created')),
  ...rows([4728, 4732, 4746, 4751, 4756, 4761], group('member-added')),
  ...rows([4729, 4733, 4747, 4752, 4757, 4762], group('member-removed')),
  ...rows([4730, 4734, 4748, 4753, 4758, 4763], group('group-deleted')),
  ...rows([4735, 4737, 4745, 4750, 4755, 4760, 4764], group('group-changed')),
]

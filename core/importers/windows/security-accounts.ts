import { toAccount } from '../../normalise/account.ts'
import { account, type EventRow, fixed, host, named, rows, sid, text } from './picks.ts'
import { SUBJECT, TARGET } from './security-parties.ts'

const userChange = (action: string): EventRow => ({
  kind: 'account-change',
  fields: { ...SUBJECT, ...TARGET, action: fixed(action) },
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
  },
})

/** Accounts and groups: created, changed, deleted (formats.md A3.1, 4720 to 4781). */
export const accountRows: [number, EventRow][] = [
  ...rows([4720, 4741], {
    kind: 'account-create',
    fields: { ...SUBJECT, ...TARGET, detail: named('SamAccountName', 'UserPrincipalName', 'DisplayName') },
  }),
  [4722, userChange('enabled')],
  ...rows([4723, 4724], { kind: 'password-change', fields: { ...SUBJECT, ...TARGET } }),
  [4725, userChange('disabled')],
  ...rows([4726, 4743], { kind: 'account-delete', fields: { ...SUBJECT, ...TARGET } }),
  ...rows([4738, 4742], userChange('changed')),
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
  [4765, userChange('sid-history-added')],
  [4767, userChange('unlocked')],
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
  ...rows([4727, 4731, 4744, 4749, 4754, 4759], group('group-created')),
  ...rows([4728, 4732, 4746, 4751, 4756, 4761], group('member-added')),
  ...rows([4729, 4733, 4747, 4752, 4757, 4762], group('member-removed')),
  ...rows([4730, 4734, 4758], group('group-deleted')),
  ...rows([4735, 4737, 4755], group('group-changed')),
]

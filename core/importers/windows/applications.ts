import { toAccount } from '../../normalise/account.ts'
import { toIp } from '../../normalise/host.ts'
import { toPath } from '../../normalise/path.ts'
import { present } from '../../normalise/placeholder.ts'
import {
  cut,
  DETAIL_LIMIT,
  type EventRow,
  type EventTable,
  type FieldPicks,
  fixed,
  named,
  path,
  type Pick,
  rows,
  text,
} from './picks.ts'

const PRODUCT: FieldPicks = {
  application: (event) =>
    text('param1')(event)
      ?.replace(/^Product: /, '')
      .replace(/ -- .*$/s, ''),
  detail: named('param1', 'param2', 'param4', 'param5'),
}
const installer = (action: string, outcome?: string): EventRow => ({
  kind: 'generic',
  fields: {
    ...PRODUCT,
    action: fixed(action),
    ...(outcome === undefined ? {} : { outcome: fixed(outcome) }),
  },
})
/** MsiInstaller: what was installed, changed or removed, by the account of the event. */
export const msiInstaller: EventTable = new Map<number, EventRow>([
  ...rows([1033, 11707], installer('installed')),
  ...rows([1034, 11724], installer('removed')),
  ...rows([1035, 11728], installer('reconfigured')),
  ...rows([11708, 10005], installer('installed', 'failure')),
  [1040, { kind: 'generic', fields: { target: path('param1'), action: fixed('installation-started') } }],
  [1042, { kind: 'generic', fields: { target: path('param1'), action: fixed('installation-ended') } }],
])

/** ESENT writes `program (pid,...)` and the database among its numbered parameters, at places that differ by version. */
const database: Pick<string> = (event) => {
  for (const value of event.data.values())
    if (/^(?:[a-z]:\\|\\\\)[^\r\n]*$/i.test(value.trim())) return toPath(value)
  return undefined
}
const ESENT: FieldPicks = {
  target: database,
  pid: (event) => {
    const pid = /^(\d{1,9})(?:,|$)/.exec(event.data.get('param2') ?? '')?.[1]
    return pid === undefined || Number(pid) === 0 ? undefined : Number(pid)
  },
  detail: named('param1', 'param2'),
}
/** ESENT 325 to 327: a database was created, attached or detached (a copied ntds.dit shows so). */
export const esent: EventTable = new Map<number, EventRow>([
  [325, { kind: 'file-create', fields: { ...ESENT, action: fixed('database-created') } }],
  [326, { kind: 'object-access', fields: { ...ESENT, action: fixed('database-attached') } }],
  [327, { kind: 'object-access', fields: { ...ESENT, action: fixed('database-detached') } }],
])

const sqlClient: Pick<string> = (event) => {
  for (const value of event.data.values()) {
    const ip = toIp(/\[CLIENT: ([^\]]+)\]/.exec(value)?.[1])
    if (ip !== undefined) return ip
  }
  return undefined
}
/** One `name:value` of an audit record; a value ends where the next name begins. */
const audited =
  (name: string): Pick<string> =>
  (event) => {
    const record = event.data.get('param1') ?? ''
    const found = new RegExp(`(?:^|\\s)${name}:([^]*?)(?=\\s[a-z_]{3,40}:|$)`).exec(record)?.[1]
    const value = present(found)
    return value === undefined ? undefined : cut(value, DETAIL_LIMIT)
  }
const AUDIT: FieldPicks = {
  account: audited('server_principal_name'),
  action: audited('action_id'),
  target: audited('object_name'),
  sourceIp: (event) => toIp(audited('client_ip')(event)),
  application: audited('application_name'),
  outcome: (event) => {
    const succeeded = audited('succeeded')(event)
    return succeeded === undefined ? undefined : succeeded === 'true' ? 'success' : 'failure'
  },
  detail: audited('statement'),
}
const SQL_LOGON: FieldPicks = {
  account: text('param1'),
  sourceIp: sqlClient,
  application: fixed('SQL Server'),
}
/** SQL Server: logons (18453 to 18456), changed settings (15457, such as xp_cmdshell) and audit records (33205). */
export const sqlServer: EventTable = new Map<number, EventRow>([
  ...rows([18453, 18454], {
    // A logon to the database, not to the machine.
    kind: 'generic',
    fields: { ...SQL_LOGON, action: fixed('database-logon'), outcome: fixed('success') },
  }),
  [
    18456,
    { kind: 'logon-failure', fields: { ...SQL_LOGON, outcome: fixed('failure'), detail: named('param2') } },
  ],
  [
    15457,
    {
      kind: 'protection-change',
      fields: {
        target: text('param1'),
        application: fixed('SQL Server'),
        action: fixed('configuration-changed'),
        detail: named('param2', 'param3'),
      },
    },
  ],
  [
    33205,
    {
      kind: (event) => (audited('action_id')(event) === 'LGIF' ? 'logon-failure' : 'generic'),
      fields: AUDIT,
    },
  ],
])

/** `corp.example/Users/Alice`: the name behind the last slash, which is no logon name. */
const cmdletUser: Pick<string> = (event) => {
  const said = text('param3')(event)
  return said === undefined ? undefined : toAccount(undefined, said)
}
const MAILBOX_COMMANDS =
  /^(?:Set|New|Add|Remove|Enable|Disable)-(?:Mailbox|CASMailbox|MailboxPermission|RecipientPermission|MailboxFolderPermission|MailboxExportRequest|MailboxSearch|ADPermission)/i
/** Exchange's log of commands: 1 done, 6 failed; numbered parameters are the command, its parameters and the caller. */
export const exchangeCmdlets: EventTable = new Map(
  rows([1, 6], {
    kind: (event) => {
      const command = event.data.get('param1') ?? ''
      if (/^(?:Set|New|Remove|Enable|Disable)-InboxRule/i.test(command)) return 'mailbox-rule'
      return MAILBOX_COMMANDS.test(command) ? 'mailbox-change' : 'generic'
    },
    fields: {
      account: cmdletUser,
      accountSid: (event) => /^S-1-5-[\d-]+$/.exec(event.data.get('param4') ?? '')?.[0],
      action: text('param1'),
      detail: text('param2'),
      application: fixed('Exchange'),
      outcome: (event) => (event.eventId === 6 ? 'failure' : 'success'),
    },
  }),
)

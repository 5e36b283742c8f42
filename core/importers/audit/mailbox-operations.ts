import type { RecordItem } from '../importer.ts'
import type { EventKind } from '../../model/event.ts'
import { inner } from '../log/named-row.ts'
import { describe } from '../log/values.ts'
import { eventAt } from '../log/when.ts'
import { type AuditRecord, pairOf, readPairs } from './audit-record.ts'
import { readItems } from './mailbox-items.ts'

/** What an operation made of an entry, and whether items beyond the limit were left out. */
export interface Reading {
  readonly items: readonly RecordItem[]
  readonly isCut?: boolean
}

const LOGON_TYPES: ReadonlyMap<string, string> = new Map([
  ['0', 'owner'],
  ['1', 'admin'],
  ['2', 'delegate'],
])

/** Reading, sending and removing of mail: one event per message that the entry names. */
export function readMailAccess(record: AuditRecord, kind: EventKind): Reading {
  const { row, when, fields } = record
  const { items, isCut } = readItems(row)
  const properties = readPairs(row.list('OperationProperties'))
  const logon = row.text('LogonType', 'Logon_Type')
  const detail = describe([
    ['access', pairOf(properties, 'MailAccessType')],
    ['throttled', pairOf(properties, 'IsThrottled')?.toLowerCase() === 'true' ? 'yes' : undefined],
    ['logon', LOGON_TYPES.get(logon ?? '') ?? logon?.toLowerCase()],
    ['to', inner(row.value('DestFolder')).text('Path', 'Name')],
    ['client', row.text('ClientProcessName')],
    ['count', row.text('OperationCount')],
  ])
  const sender =
    kind === 'mail-sent'
      ? (row.text('SendAsUserSmtp', 'SendOnBehalfOfUserSmtp') ?? row.text('MailboxOwnerUPN'))
      : undefined
  return {
    isCut,
    items: items.map((item) =>
      eventAt(when, kind, {
        ...fields,
        ...item,
        targetAccount: row.text('MailboxOwnerUPN'),
        targetSid: row.text('MailboxOwnerSid'),
        sender: sender?.toLowerCase(),
        detail,
      }),
    ),
  }
}

/** Parameters that send mail elsewhere. */
const FORWARDS = [
  'ForwardTo',
  'ForwardAsAttachmentTo',
  'RedirectTo',
  'RedirectMessageTo',
  'ForwardingSmtpAddress',
  'ForwardingAddress',
  'BlindCopyTo',
  'CopyTo',
  'AddToRecipients',
] as const
/** Parameters that say nothing about what the rule or change does. */
const NOISE: ReadonlySet<string> = new Set([
  'identity',
  'force',
  'confirm',
  'name',
  'mailbox',
  'domaincontroller',
])

const addressesIn = (text: string): string[] =>
  text.match(/[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}/g) ?? []

/** Inbox rules, transport rules, and settings of a mailbox: parameters for reading, forward targets as recipient. */
export function readMailboxSetting(record: AuditRecord, kind: EventKind): Reading {
  const { row, when, fields } = record
  const parameters = new Map([
    ...readPairs(row.list('OperationProperties')),
    ...readPairs(row.list('Parameters')),
  ])
  const forwards = FORWARDS.flatMap((name) => pairOf(parameters, name) ?? [])
  // UpdateInboxRules writes the actions as JSON text
  const actions = pairOf(parameters, 'RuleActions')
  const targets = [
    ...new Set([...forwards, ...(actions === undefined ? [] : [actions])].flatMap(addressesIn)),
  ]
  const identity = pairOf(parameters, 'Identity')
  const object = row.text('ObjectId', 'OfficeObjectId')
  const name = pairOf(parameters, 'Name', 'RuleName')
  return {
    items: [
      eventAt(when, kind, {
        ...fields,
        target: kind === 'mailbox-rule' ? (name ?? identity ?? object) : (object ?? identity),
        targetAccount:
          row.text('MailboxOwnerUPN') ??
          pairOf(parameters, 'Mailbox') ??
          (kind === 'mailbox-rule' ? undefined : (identity ?? object)),
        recipient: targets.length === 0 ? undefined : targets.join(', ').toLowerCase().slice(0, 2_000),
        detail: describe([
          ...[...parameters].filter(([key]) => !NOISE.has(key.toLowerCase())),
          ['external access', row.text('ExternalAccess')?.toLowerCase() === 'true' ? 'yes' : undefined],
        ]),
      }),
    ],
  }
}

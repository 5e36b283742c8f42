import type { EventKind } from '../../model/event.ts'
import { scalarText } from '../json/parse-object.ts'
import { inner } from '../log/named-row.ts'
import { describe, toLogUrl } from '../log/values.ts'
import { eventAt } from '../log/when.ts'
import { type AuditRecord, readPairs } from './audit-record.ts'
import { readDirectoryChange } from './directory-operations.ts'
import { type Reading, readMailAccess, readMailboxSetting } from './mailbox-operations.ts'
import { readSignIn } from './sign-in-operations.ts'
import { readAlert, readThreatClick, readThreatMail } from './threat-operations.ts'

const access =
  (kind: EventKind) =>
  (record: AuditRecord): Reading =>
    readMailAccess(record, kind)
const setting =
  (kind: EventKind) =>
  (record: AuditRecord): Reading =>
    readMailboxSetting(record, kind)

/** Operations by name; the first pattern that fits decides. */
const OPERATIONS: readonly (readonly [RegExp, (record: AuditRecord) => Reading])[] = [
  [/^(?:Send|SendAs|SendOnBehalf)$/i, access('mail-sent')],
  [/^(?:HardDelete|SoftDelete|MoveToDeletedItems|RecordDelete)$/i, access('mail-removed')],
  [
    /^(?:MailItemsAccessed|MessageBind|FolderBind|MailboxLogin|Copy|Move|Create|Update|SearchQueryInitiatedExchange)$/i,
    access('mailbox-access'),
  ],
  [
    /^(?:New|Set|Remove|Enable|Disable)-(?:InboxRule|TransportRule|SweepRule)$|^UpdateInboxRules$/i,
    setting('mailbox-rule'),
  ],
  [
    /^Set-(?:AdminAuditLogConfig|MailboxAuditBypassAssociation|OrganizationConfig)$/i,
    setting('audit-change'),
  ],
  [
    /^(?:(?:Set|Add|Remove|New|Enable)-(?:Mailbox|MailUser|MailContact|CASMailbox|RemoteDomain|.*Permission|MailboxAutoReplyConfiguration|MailboxJunkEmailConfiguration|.*Connector)|(?:Add|Modify|Remove|Update)FolderPermissions|UpdateCalendarDelegation)$/i,
    setting('mailbox-change'),
  ],
  [/^User(?:LoggedIn|LoginFailed|LoggedOff)$|^(?:Add-)?TeamsSessionStarted$/i, readSignIn],
  [/^TIMailData/i, readThreatMail],
  [/^TIUrlClickData/i, readThreatClick],
  [/^Alert(?:Triggered|EntityGenerated|Updated)$/i, readAlert],
]

/** What an entry of the audit log means. */
export function readOperation(record: AuditRecord): Reading {
  const name = record.operation.trim()
  // in the directory's entries a name can be anything; its workload decides
  const isDirectory =
    /^(?:AzureActiveDirectory|Azure Active Directory|AzureActiveDirectoryAccountLogon)$/i.test(
      record.fields.provider ?? '',
    )
  const known = OPERATIONS.find(([pattern]) => pattern.test(name))?.[1]
  return (known ?? (isDirectory ? readDirectoryChange : readActivity))(record)
}

/** Files, sharing, chats, searches and all other operations. */
function readActivity(record: AuditRecord): Reading {
  const { row, when, fields } = record
  const object = row.text('ObjectId', 'OfficeObjectId')
  const url = object !== undefined && /^https?:\/\//i.test(object) ? toLogUrl(object) : undefined
  return {
    items: [
      eventAt(when, 'cloud-activity', {
        ...fields,
        url,
        target:
          row.text('SourceFileName', 'Source_FileName', 'DestinationFileName') ??
          (url === undefined ? object : undefined),
        targetAccount: row.text('TargetUserOrGroupName', 'MailboxOwnerUPN'),
        hostId: row.text('MachineId'),
        host: row.text('MachineDomainInfo', 'DeviceName'),
        recipient: memberNames(record),
        detail: describe([
          ['item', row.text('ItemType')],
          ['folder', row.text('SourceRelativeUrl')],
          ['site', row.text('SiteUrl', 'Site_Url')],
          ['team', row.text('TeamName')],
          ['channel', row.text('ChannelName')],
          ['chat', row.text('ChatName')],
          ['communication', row.text('CommunicationType')],
          ['query', row.text('Query', 'QueryText', 'SearchQueryText')],
          ['sharing', row.text('SharingType')],
          ['size', row.text('FileSizeBytes')],
          ...readPairs(row.list('Parameters')),
          ...readPairs(row.list('ExtendedProperties')),
        ]),
      }),
    ],
  }
}

/** Members of a chat, or users added to a team. */
const MAX_MEMBERS = 100
function memberNames({ row }: AuditRecord): string | undefined {
  const names = row
    .list('Members')
    .slice(0, MAX_MEMBERS)
    .flatMap((entry) => scalarText(entry) ?? inner(entry).text('UPN', 'DisplayName') ?? [])
  return names.length === 0 ? undefined : names.join(', ').slice(0, 2_000)
}

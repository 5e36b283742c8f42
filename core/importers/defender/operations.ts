import type { EventKind } from '../../model/event.ts'

/** What an operation of the cloud's audit trail is, by its name in lower case. */
const KINDS: ReadonlyMap<string, EventKind> = new Map<string, EventKind>([
  ...list('mailbox-rule', [
    'New-InboxRule',
    'Set-InboxRule',
    'Remove-InboxRule',
    'Enable-InboxRule',
    'Disable-InboxRule',
    'UpdateInboxRules',
  ]),
  ...list('mailbox-access', [
    'MailItemsAccessed',
    'MailboxLogin',
    'MessageBind',
    'FolderBind',
    'AttachmentAccess',
  ]),
  ...list('mail-removed', ['HardDelete', 'SoftDelete', 'MoveToDeletedItems']),
  ...list('mail-sent', ['Send', 'SendAs', 'SendOnBehalf']),
  ...list('mailbox-change', [
    'Set-Mailbox',
    'Set-CASMailbox',
    'Set-MailboxAutoReplyConfiguration',
    'Set-MailboxJunkEmailConfiguration',
    'Set-MailboxAuditBypassAssociation',
    'Add-MailboxPermission',
    'Remove-MailboxPermission',
    'Add-MailboxFolderPermission',
    'Set-MailboxFolderPermission',
    'Add-RecipientPermission',
    'New-TransportRule',
    'Set-TransportRule',
    'New-InboundConnector',
    'Set-InboundConnector',
    'New-OutboundConnector',
    'Set-OutboundConnector',
    'UpdateFolderPermissions',
    'AddFolderPermissions',
    'ModifyFolderPermissions',
  ]),
  ...list('cloud-sign-in', [
    'UserLoggedIn',
    'UserLoginFailed',
    'LogonSuccess',
    'LogonFailed',
    'Log on',
    'Failed log on',
  ]),
])
function list(kind: EventKind, operations: readonly string[]): [string, EventKind][] {
  return operations.map((operation) => [operation.toLowerCase(), kind])
}

export const operationKind = (operation: string | undefined): EventKind =>
  KINDS.get(operation?.trim().toLowerCase().replace(/\.$/, '') ?? '') ?? 'cloud-activity'

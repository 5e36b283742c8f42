import type { ViewEvent } from './view.ts'

/** Rights of an application to mail, files or the directory that let it read or change what others own. */
export const STRONG_SCOPES =
  /\b(?:Mail\.(?:Read|ReadWrite|Send|ReadBasic)(?:\.All|\.Shared)?|MailboxSettings\.ReadWrite|full_access_as_app|EWS\.AccessAsUser\.All|IMAP\.AccessAs\w+|POP\.AccessAs\w+|Files\.(?:Read|ReadWrite)\.All|Sites\.(?:Read|ReadWrite|FullControl)\.All|Directory\.(?:ReadWrite\.All|AccessAsUser\.All)|RoleManagement\.ReadWrite\.Directory|AppRoleAssignment\.ReadWrite\.All|Application\.ReadWrite\.All|User\.ReadWrite\.All|Group\.ReadWrite\.All)\b/i
const MAIL_SCOPES = /\b(?:Mail\.|MailboxSettings\.|full_access_as_app|EWS\.|IMAP\.|POP\.)/i

/** Names of operations by which an application gets rights. */
export const GRANTS =
  /^(?:consent to application|add delegated permission grant|add oauth2permissiongrant|add app role assignment to service principal)/i

/** Whether an entry gave an application rights to mail. */
export const isAppGrant = ({ fields }: ViewEvent): boolean =>
  GRANTS.test(fields.action ?? '') && MAIL_SCOPES.test(fields.detail ?? '')

/** One copy of a mail message as one record of evidence shows it (a mailbox copy, an .eml, one mbox entry). */
export interface MessageItem {
  readonly type: 'message'
  /** Internet Message-ID without angle brackets, case kept; null when the header is missing. */
  readonly messageId: string | null
  /** Per-copy id of the mail system (`mail_unique_id`, NetworkMessageId). */
  readonly uniqueId?: string | undefined
  readonly subject: string
  readonly from: MailAddress | null
  readonly replyTo: readonly MailAddress[]
  readonly returnPath?: string | undefined
  readonly recipients: readonly MailRecipient[]
  /** The mailbox that holds this copy, when the source says so. */
  readonly mailbox?: string | undefined
  /** Microseconds UTC. */
  readonly sentAt: number | null
  readonly deliveredAt: number | null
  readonly sourceIp?: string | undefined
  readonly sourceDomain?: string | undefined
  readonly headers: readonly MailHeader[]
  readonly authentication: { readonly spf?: string; readonly dkim?: string; readonly dmarc?: string }
  readonly urls: readonly MailUrl[]
  readonly attachments: readonly MailAttachment[]
  /** Plain text of the body, sanitised: text only, never HTML; cut at a named limit. */
  readonly bodyText?: string | undefined
  /** What the mail product did with it, when the export says so (`quarantine`, `delete`, `pass`, ...). */
  readonly recordedAction?: string | undefined
  readonly inReplyTo?: string | undefined
  readonly references: readonly string[]
}

export interface MailAddress {
  /** Lower-cased `local@domain`. */
  readonly address: string
  readonly name?: string | undefined
}
export interface MailRecipient extends MailAddress {
  readonly role: 'to' | 'cc' | 'bcc' | 'envelope'
}
export interface MailHeader {
  readonly name: string
  readonly value: string
}
export interface MailUrl {
  /** The URL the reader would reach, rewriting undone. */
  readonly url: string
  /** The rewritten form as it stood in the mail, when it was one. */
  readonly rewritten?: string | undefined
  readonly where: 'body' | 'attachment'
  /** Visible text of the link, when HTML gave one. */
  readonly text?: string | undefined
  /** Index into `attachments` when `where` is `attachment`. */
  readonly attachment?: number | undefined
}
export interface MailAttachment {
  readonly name: string
  readonly contentType?: string | undefined
  readonly bytes?: number | undefined
  /** Lower-case hex. */
  readonly sha256?: string | undefined
  readonly sha1?: string | undefined
  readonly md5?: string | undefined
}

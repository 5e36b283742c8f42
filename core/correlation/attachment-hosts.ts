import { parseUrl } from '../normalise/url.ts'

/** Where mail read in a browser hands out its attachments, also the stores that mail gateways keep them in. */
const HOSTS: readonly string[] = [
  ...['mail.google.com', 'mail-attachment.googleusercontent.com', 'mail.proton.me', 'mail.zoho.com'],
  ...[
    'outlook.com',
    'outlook.office.com',
    'outlook.office365.com',
    'outlook.live.com',
    'outlook.cloud.microsoft',
  ],
  ...['attachments.office.net', 'attachment.outlook.office.net', 'attachment.outlook.live.net'],
  ...['mail.yahoo.com', 'mail.yahoo.net', 'mail.yahoo.co.jp', 'mail.aol.com', 'gmx.net', 'gmx.com', 'web.de'],
  ...[
    'www.icloud.com',
    'icloud-content.com',
    'mail.ru',
    'mail.yandex.ru',
    'mail.qq.com',
    'mail.163.com',
    'fastmail.com',
  ],
  ...['mimecast.com', 'pphosted.com', 'tmes.trendmicro.com', 'messagelabs.com', 'barracudanetworks.com'],
]
/** A mail server of one's own, by the first part of its name or by the program that answers there. */
const MAIL_SERVER =
  /^(?:(?:web-?)?mail\d*|owa|outlook|exchange|zimbra|roundcube|horde|imap|correo|courriel|posta)\./
const MAIL_PROGRAM =
  /^\/(?:owa|ecp|exchange|zimbra|roundcube(?:mail)?|webmail|horde|squirrelmail|rainloop|snappymail|mewebmail|service\/home\/~)(?:\/|$)/i
const MAIL_QUERY = /(?:^|&)_task=mail(?:&|$)/

/** Whether a page may have handed out an attachment of a mail; undefined where the text names no page (a folder, `about:internet`). */
export function mayHandOutAttachments(address: string): boolean | undefined {
  // What a page makes in the browser itself is named after the page.
  const url = parseUrl(address.replace(/^blob:/i, ''))
  if (!url) return undefined
  return (
    HOSTS.some((host) => url.host === host || url.host.endsWith(`.${host}`)) ||
    MAIL_SERVER.test(url.host) ||
    MAIL_PROGRAM.test(url.path) ||
    MAIL_QUERY.test(url.query ?? '')
  )
}

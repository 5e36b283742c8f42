import { baseName } from './path.ts'

/** A program that fetches mail. */
export interface MailClient {
  readonly name: string
  /** Outlook on Windows, the anchor of mail correlation (S15): its cache and its links are known. */
  readonly isOutlook: boolean
}

const other = (name: string): MailClient => ({ name, isOutlook: false })

/** By the name of the image, in lower case. */
const CLIENTS: ReadonlyMap<string, MailClient> = new Map([
  ['outlook.exe', { name: 'Outlook', isOutlook: true }],
  ['olk.exe', { name: 'Outlook (new)', isOutlook: true }],
  ['microsoft outlook', other('Outlook (macOS)')],
  ['hxoutlook.exe', other('Windows Mail')],
  ['wlmail.exe', other('Windows Live Mail')],
  ['thunderbird.exe', other('Thunderbird')],
  ['thunderbird', other('Thunderbird')],
  ['thunderbird-bin', other('Thunderbird')],
  ['em client.exe', other('eM Client')],
  ['mailclient.exe', other('eM Client')],
  ['notes2.exe', other('HCL Notes')],
  ['nlnotes.exe', other('HCL Notes')],
  ['mailbird.exe', other('Mailbird')],
  ['mailspring.exe', other('Mailspring')],
  ['foxmail.exe', other('Foxmail')],
  ['thebat.exe', other('The Bat!')],
  ['thebat32.exe', other('The Bat!')],
  ['thebat64.exe', other('The Bat!')],
  ['postbox.exe', other('Postbox')],
  ['sylpheed.exe', other('Sylpheed')],
  ['claws-mail.exe', other('Claws Mail')],
  ['claws-mail', other('Claws Mail')],
  ['evolution', other('Evolution')],
  ['b2.exe', other('Becky!')],
  ['turukame.exe', other('Hidemaru Mail')],
  ['shuriken.exe', other('Shuriken')],
  ['grpwise.exe', other('GroupWise')],
  ['zdesktop.exe', other('Zimbra Desktop')],
])

/** Apple Mail is called `Mail`, which says something only in its bundle. */
const APPLE_MAIL = /\/mail\.app\/contents\/macos\/mail$/i

/** The mail client a program is, by the path of its image; undefined for anything else. */
export function mailClientOf(path: string | undefined): MailClient | undefined {
  if (path === undefined) return undefined
  return (
    CLIENTS.get(baseName(path).toLowerCase()) ?? (APPLE_MAIL.test(path) ? other('Apple Mail') : undefined)
  )
}

import type { MessageItem } from '../../../core/model/message.ts'
import { SECOND } from './clock.ts'
import { EGRESS_IP, type Person } from './company.ts'
import * as name from './names.ts'
import type { World } from './world.ts'

export interface Attachment {
  readonly name: string
  readonly sha256: string
}
export interface Message {
  readonly id: string
  readonly subject: string
  readonly from: string
  readonly urls: readonly string[]
  readonly attachments: readonly Attachment[]
  readonly copies: readonly { readonly mailbox: string; readonly deliveredAt: number }[]
}
export interface Letter {
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly at: number
  readonly urls?: readonly string[]
  readonly attachments?: readonly Attachment[]
  /** The message it answers or passes on, where its headers say so. */
  readonly references?: Message
}

/** Sends a message; the mail product's metadata holds one record per mailbox. Its clock is right. */
export function send(world: World, letter: Letter): Message {
  const id = `${world.random.hex(16)}@${letter.from.split('@')[1] ?? 'mail.example'}`
  const copies = letter.to.map((mailbox, index) => ({
    mailbox,
    deliveredAt: letter.at + (3 + index) * SECOND,
  }))
  const [urls, attachments] = [letter.urls ?? [], letter.attachments ?? []]
  for (const copy of copies) {
    const item: MessageItem = {
      type: 'message',
      messageId: id,
      uniqueId: `${id}/${copy.mailbox}`,
      subject: letter.subject,
      from: { address: letter.from },
      replyTo: [],
      recipients: letter.to.map((address) => ({ address, role: 'to' })),
      mailbox: copy.mailbox,
      sentAt: letter.at,
      deliveredAt: copy.deliveredAt,
      headers: [],
      authentication: {},
      urls: urls.map((url) => ({ url, where: 'body' })),
      attachments: attachments.map((file) => ({ name: file.name, sha256: file.sha256, bytes: 40_000 })),
      ...(letter.references ? { inReplyTo: letter.references.id } : {}),
      references: letter.references ? [letter.references.id] : [],
    }
    world.records.add('mail', item)
  }
  const message = { id, subject: letter.subject, from: letter.from, urls, attachments, copies }
  sayMessage(world, message, letter.at)
  return message
}

function sayMessage(world: World, message: Message, sentAt: number): void {
  const { truth, company } = world
  const self = name.messageName(message.id)
  const ownerOf = (address: string) => company.accounts.find((account) => account.mail === address)
  for (const address of [message.from, ...message.copies.map((copy) => copy.mailbox)]) {
    const owner = ownerOf(address)
    if (owner) truth.say('owned-by', name.mailboxName(address), name.userName(owner), null)
  }
  truth.say('sent', name.mailboxName(message.from), self, sentAt)
  for (const copy of message.copies)
    truth.say('delivered-to', self, name.mailboxName(copy.mailbox), copy.deliveredAt)
  for (const file of message.attachments) truth.say('carries', self, name.attachmentName(file.sha256), null)
  for (const url of message.urls) truth.say('links-to', self, name.urlName(url), null)
}

/** A recipient passes a message on; some clients say so in the headers, some do not. */
export function forward(
  world: World,
  message: Message,
  from: Person,
  to: readonly string[],
  at: number,
  saysSo: boolean,
): Message {
  const passed = send(world, {
    from: from.mail,
    to,
    subject: `FW: ${message.subject}`,
    at,
    urls: message.urls,
    attachments: message.attachments,
    ...(saysSo ? { references: message } : {}),
  })
  world.truth.say('forwarded-as', name.messageName(message.id), name.messageName(passed.id), at)
  return passed
}

/** The mail product's own log of a click: it sees the user and the company's address, not the machine. */
export function logClick(world: World, url: string, who: Person, at: number): void {
  world.records.event('clicks', 'url-click', at, {
    provider: 'Microsoft Defender XDR',
    account: who.upn,
    accountMail: who.mail,
    url,
    sourceIp: EGRESS_IP,
    action: 'ClickAllowed',
    outcome: 'success',
  })
  world.truth.say('clicked-by', name.urlName(url), name.userName(who), at)
}

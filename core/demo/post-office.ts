import { SECOND } from './clock.ts'
import { COMPANY } from './company.ts'
import type { CopyAction, DemoAttachment, DemoMessage, MailCopy } from './mail.ts'
import type { Person } from './people.ts'
import type { Random } from './random.ts'

export interface PostSpec {
  readonly sentAt: number
  readonly from: { readonly address: string; readonly name: string }
  readonly to: readonly Person[]
  readonly subject: string
  readonly text: string
  readonly urls?: readonly string[]
  readonly attachments?: readonly DemoAttachment[]
  readonly source?: { readonly ip: string; readonly host: string }
  /** What the scanner did with the copy of this recipient; `pass` when absent. */
  readonly action?: (recipient: Person, index: number) => CopyAction
  readonly inReplyTo?: string
  readonly mailer?: string
  readonly authentication?: string
  /** Local part of the Message-ID; drawn when absent. */
  readonly id?: string
}

const INSIDE = { ip: '10.10.0.6', host: `mail.${COMPANY.mailDomain}` }

/** Everything that went through the mail system, in the order it was posted. */
export class PostOffice {
  readonly messages: DemoMessage[] = []
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  post(spec: PostSpec): DemoMessage {
    const source = spec.source ?? INSIDE
    const domain = spec.from.address.replace(/^.*@/, '')
    const message: DemoMessage = {
      messageId: `${spec.id ?? `${this.#random.hex(12)}.${this.messages.length}`}@${domain}`,
      from: spec.from,
      to: spec.to.map((person) => ({ address: person.mail, name: person.displayName })),
      subject: spec.subject,
      sentAt: wholeSecond(spec.sentAt),
      sourceIp: source.ip,
      sourceHost: source.host,
      urls: spec.urls ?? [],
      text: spec.text,
      attachments: spec.attachments ?? [],
      copies: spec.to.map((person, index): MailCopy => ({
        mailbox: person.mail,
        // Mail headers know whole seconds only; a copy has one delivery time in every file that shows it.
        deliveredAt: wholeSecond(spec.sentAt) + (4 + index) * SECOND,
        uniqueId: this.#random.hex(24),
        action: spec.action?.(person, index) ?? 'pass',
      })),
      ...(spec.inReplyTo === undefined ? {} : { inReplyTo: spec.inReplyTo }),
      ...(spec.mailer === undefined ? {} : { mailer: spec.mailer }),
      authentication:
        spec.authentication ??
        `spf=pass smtp.mailfrom=${domain}; dkim=pass header.d=${domain}; dmarc=pass header.from=${domain}`,
    }
    this.messages.push(message)
    return message
  }
}

const wholeSecond = (us: number): number => us - (us % SECOND)

/** The person as a sender. */
export const asSender = (person: Person): { address: string; name: string } => ({
  address: person.mail,
  name: person.displayName,
})

/** The copy in this person's mailbox. @throws RangeError when there is none */
export function copyFor(message: DemoMessage, person: Person): MailCopy {
  const copy = message.copies.find((candidate) => candidate.mailbox === person.mail)
  if (!copy) throw new RangeError(`${message.messageId} never reached ${person.mail}`)
  return copy
}

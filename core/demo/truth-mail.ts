import { toIso } from './clock.ts'
import { ATTACK } from './company.ts'
import type { DemoMessage, MailCopy } from './mail.ts'
import type { Person } from './people.ts'
import type { Story } from './story.ts'
import { LISTED } from './story-mail.ts'
import { endpoint, user } from './truth-names.ts'
import type { TrueExposure, TrueTouch, Truth } from './truth.ts'

/** Who did what with a message of the campaign. */
export function trueTouches(story: Story): TrueTouch[] {
  const { scene, mail, clicks, document } = story
  const { cast, hosts } = scene
  const touch = (sent: DemoMessage, action: TrueTouch['action'], person: Person, at: number): TrueTouch => ({
    messageId: sent.messageId,
    action,
    user: user(person),
    endpoint: endpoint(hosts.deskOf(person)),
    at: toIso(at),
  })
  return [
    ...clicks.clicks.map((click) =>
      touch(click.message === 'link' ? mail.link : mail.forward, 'clicked', click.person, click.at),
    ),
    touch(mail.link, 'typed-password', cast.clicker, clicks.passwordTypedAt),
    touch(mail.link, 'forwarded', cast.forwarder, mail.forward.sentAt),
    touch(mail.document, 'opened', cast.opener, document.savedAt),
    touch(mail.document, 'ran', cast.opener, document.word.at),
  ]
}

/** Every copy of the campaign with what its recipient did. */
export function trueExposures(story: Story): TrueExposure[] {
  const { mail, clicks, document, scene } = story
  const people = new Map(scene.staff.map((person) => [person.mail, person]))
  const exposure = (sent: DemoMessage, copy: MailCopy): TrueExposure => {
    const person = people.get(copy.mailbox)
    const click = clicks.clicks.find(
      (candidate) =>
        candidate.person === person &&
        (candidate.message === 'link') === (sent === mail.link) &&
        sent !== mail.document,
    )
    const hasRun = sent === mail.document && person === scene.cast.opener
    const host = click?.host ?? (hasRun ? document.desk.host : undefined)
    return {
      messageId: sent.messageId,
      recipient: copy.mailbox,
      deliveredAt: toIso(copy.deliveredAt),
      clickedAt: click ? toIso(click.at) : null,
      executedAt: hasRun ? toIso(document.word.at) : null,
      endpoint: host ? endpoint(host) : null,
    }
  }
  return [mail.link, mail.forward, mail.document].flatMap((sent) =>
    sent.copies.map((copy) => exposure(sent, copy)),
  )
}

/** What the second pack changes. */
export function trueRetroScan({
  mail,
}: Story): Pick<Truth, 'turned' | 'newlyMatching' | 'noLongerMatching' | 'excluded'> {
  const matching = [mail.link, mail.forward, mail.document]
  const became = (address: string) => ({ url: address, from: 'untested', to: 'dangerous' }) as const
  return {
    turned: [
      // Listed URLs turned as well, but the scan leaves them alone: they stand under `excluded`.
      ...[ATTACK.signInUrl, ATTACK.trackingUrl].map(became),
      { url: LISTED.newsletterUrl, from: 'dangerous', to: 'untested' },
    ],
    newlyMatching: matching.flatMap((sent) =>
      sent.copies.map((copy) => ({
        messageId: sent.messageId,
        mailbox: copy.mailbox,
        url: sent.urls[0] ?? '',
      })),
    ),
    noLongerMatching: mail.newsletter.copies.map((copy) => ({
      messageId: mail.newsletter.messageId,
      mailbox: copy.mailbox,
      url: LISTED.newsletterUrl,
      recordedAction: copy.action,
      restored: copy.action === 'quarantine',
    })),
    excluded: [
      { messageId: mail.approvedSender.messageId, url: LISTED.approvedSenderUrl, why: 'approved sender' },
      { messageId: mail.approvedUrl.messageId, url: LISTED.approvedUrl, why: 'approved URL' },
      { messageId: mail.blockedUrl.messageId, url: LISTED.blockedUrl, why: 'blocked URL' },
    ],
  }
}

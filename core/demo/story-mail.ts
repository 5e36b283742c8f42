import { at } from './clock.ts'
import { ATTACK, COMPANY } from './company.ts'
import { attachment, type DemoMessage } from './mail.ts'
import type { Person } from './people.ts'
import { asSender, type PostOffice } from './post-office.ts'
import type { Scene } from './scene.ts'
import { writeZip } from './zip.ts'

/** The messages the story turns on. */
export interface StoryMail {
  /** The link: untested on delivery, dangerous a week later. */
  readonly link: DemoMessage
  /** The attachment. */
  readonly document: DemoMessage
  /** One recipient sends the link on to a colleague. */
  readonly forward: DemoMessage
  /** Decoy: a newsletter that the pack of the day called dangerous. */
  readonly newsletter: DemoMessage
  /** Decoy: a macro workbook from a colleague. */
  readonly workbook: DemoMessage
  readonly approvedSender: DemoMessage
  readonly approvedUrl: DemoMessage
  readonly blockedUrl: DemoMessage
  readonly linkRecipients: readonly Person[]
  readonly documentRecipients: readonly Person[]
  /** Two more recipients who click the link and do no more. */
  readonly curious: readonly [Person, Person]
}

export const LISTED = {
  approvedSender: 'portal@ziegel-partner.example',
  approvedSenderUrl: 'https://portal.ziegel-partner.example/bestellung/7781',
  approvedUrl: 'https://forms.umfrage.example/q/2026',
  blockedUrl: 'https://gratis.bonuskarte.example/start',
  newsletterUrl: 'https://lnk.kurzlink.example/x7Qz1',
} as const

const CAMPAIGN = { ip: ATTACK.senderIp, host: `out3.${ATTACK.mailDomain}` }
const MAILER = 'PostWerk 2.4'
const LINK_RECIPIENTS = 40
const DOCUMENT_RECIPIENTS = 15

export function sendStoryMail(scene: Scene, post: PostOffice): StoryMail {
  const { cast, staff, hosts } = scene
  const random = scene.random.fork('campaign')
  const named = new Set<Person>([
    cast.clicker,
    cast.opener,
    cast.forwarder,
    cast.colleague,
    cast.accountant,
    cast.thunderbirdUser,
    cast.sensorless,
  ])
  const atDesks = new Set(hosts.workstations.map((host) => host.owner))
  const crowd = staff.filter(
    (person) => person.department !== 'IT' && !named.has(person) && atDesks.has(person),
  )
  const drawn = random.sample(crowd, LINK_RECIPIENTS - 4)
  const [first, second] = drawn
  if (!first || !second) throw new RangeError('Too few people')
  const linkRecipients = [cast.clicker, ...drawn, cast.forwarder, cast.thunderbirdUser, cast.sensorless]
  // A third of those who got the document had got the link as well.
  const both = drawn.slice(4, 9)
  const documentRecipients = [
    ...both,
    cast.opener,
    ...random.sample(
      crowd.filter((person) => !drawn.includes(person)),
      DOCUMENT_RECIPIENTS - 6,
    ),
  ]

  const link = post.post({
    id: '48213.freigabe.7f3a',
    sentAt: at('2026-03-10 07:41:03.120'),
    from: { address: `zustellung@${ATTACK.mailDomain}`, name: 'Lumenpost Zustellung' },
    to: linkRecipients,
    subject: 'Ihre Sendung 48213 wartet auf Freigabe',
    text: 'Guten Tag,\n\neine Sendung an Ihre Firma konnte nicht zugestellt werden.\nBitte melden Sie sich an und geben Sie die Zustellung frei.\n\nLumenpost Zustelldienst',
    urls: [ATTACK.signInUrl],
    source: CAMPAIGN,
    mailer: MAILER,
  })
  const forward = post.post({
    id: 'LDS-forward-5521',
    sentAt: at('2026-03-10 08:55:40.300'),
    from: asSender(cast.forwarder),
    to: [cast.colleague],
    subject: `FW: ${link.subject}`,
    text: 'Hi Yi-Chun, is this one yours? I am not expecting anything.\nOwen',
    urls: [ATTACK.signInUrl],
    inReplyTo: link.messageId,
  })
  const document = post.post({
    id: '48213.avis.c21d',
    sentAt: at('2026-03-11 00:11:58.040'),
    from: { address: `avis@${ATTACK.mailDomain}`, name: 'Lumenpost 配送センター' },
    to: documentRecipients,
    subject: '納品書 48213 / Lieferavis 48213',
    text: '添付の納品書をご確認ください。\nPlease find the delivery note attached.',
    urls: [ATTACK.trackingUrl],
    attachments: [
      attachment(ATTACK.attachmentName, 'application/vnd.ms-word.document.macroEnabled.12', documentBytes()),
    ],
    source: CAMPAIGN,
    mailer: MAILER,
  })
  return {
    link,
    forward,
    document,
    linkRecipients,
    documentRecipients,
    curious: [first, second],
    ...sendDecoys(scene, post),
  }
}

function sendDecoys(
  scene: Scene,
  post: PostOffice,
): Pick<StoryMail, 'newsletter' | 'workbook' | 'approvedSender' | 'approvedUrl' | 'blockedUrl'> {
  const random = scene.random.fork('decoy mail')
  const { cast, staff } = scene
  const some = (count: number): Person[] => random.sample(staff, count)
  const newsletter = post.post({
    id: 'newsletter-2026-03',
    sentAt: at('2026-03-05 06:00:10.500'),
    from: { address: 'newsletter@fotonik-heute.example', name: 'Fotonik heute' },
    to: some(180),
    subject: 'Fotonik heute: 10 Fakten über Freiformlinsen 🔭',
    text: 'Die Ausgabe März ist da.',
    urls: [LISTED.newsletterUrl],
    source: { ip: '192.0.2.210', host: 'news.fotonik-heute.example' },
    // The scanner was being rolled out: it judged every third mailbox that day.
    action: (_, index) => (index % 3 === 0 ? 'quarantine' : 'pass'),
  })
  const workbook = post.post({
    id: 'JEN-budget-2026',
    sentAt: at('2026-03-10 09:12:00.000'),
    from: { address: `controlling@${COMPANY.mailDomain}`, name: 'Controlling' },
    to: [
      cast.accountant,
      ...staff
        .filter(
          (person) =>
            person.department === 'Finanzen' && person !== cast.accountant && person !== cast.colleague,
        )
        .slice(0, 6),
    ],
    subject: 'Budget 2026: bitte Makros aktivieren',
    text: 'Die Vorlage rechnet wie jedes Jahr mit Makros.',
    attachments: [
      attachment('Budget_2026.xlsm', 'application/vnd.ms-excel.sheet.macroEnabled.12', workbookBytes()),
    ],
  })
  const listed = (id: string, sentAt: string, address: string, url: string, count: number): DemoMessage =>
    post.post({
      id,
      sentAt: at(sentAt),
      from: { address, name: '' },
      to: some(count),
      subject: `Hinweis ${id}`,
      text: 'Siehe Verweis.',
      urls: [url],
      source: { ip: '192.0.2.220', host: `mta.${address.replace(/^.*@/, '')}` },
    })
  return {
    newsletter,
    workbook,
    approvedSender: listed(
      'bestellung-7781',
      '2026-03-09 10:20:30.000',
      LISTED.approvedSender,
      LISTED.approvedSenderUrl,
      3,
    ),
    approvedUrl: listed(
      'umfrage-2026',
      '2026-03-09 13:02:00.000',
      'team@umfrage.example',
      LISTED.approvedUrl,
      4,
    ),
    blockedUrl: listed(
      'bonus-77',
      '2026-03-10 15:30:00.000',
      'bonus@bonuskarte.example',
      LISTED.blockedUrl,
      2,
    ),
  }
}

/** Word and Excel files as far as a hash and a file name need them: an archive with one harmless text. */
const officeFile = (part: string, text: string): Uint8Array =>
  writeZip([
    {
      name: '[Content_Types].xml',
      bytes: Buffer.from(
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
      ),
    },
    {
      name: part,
      bytes: Buffer.from(
        `<?xml version="1.0" encoding="UTF-8"?><text>${text} Redthread demo, contains no macro.</text>`,
      ),
    },
  ])
const documentBytes = (): Uint8Array => officeFile('word/document.xml', 'Lieferavis 48213.')
const workbookBytes = (): Uint8Array => officeFile('xl/workbook.xml', 'Budget 2026.')

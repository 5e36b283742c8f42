import { type FoundTrait, type Trait, type Traced, TRAITS, traitsOf } from '../campaign-traits.ts'
import { exampleLink, exampleMessage, exampleUser } from '../example-mail.ts'
import type { MessageCopy } from '../message-copy.ts'
import { MessageGroups } from '../message-groups.ts'
import { OutsideMessages } from '../outside-messages.ts'
import { PopularHosts, senderDomain } from '../rare-hosts.ts'
import type { Find, Rule } from '../rule.ts'
import { sumOf, SumValues } from '../text-sums.ts'
import type { CorrelationView } from '../view.ts'

const CONFIDENCE: Readonly<Record<Trait, number>> = {
  attachment: 0.92,
  url: 0.85,
  host_subject: 0.8,
  source_host: 0.75,
  source_subject: 0.7,
}
/** Waves of one campaign follow each other within days. */
const WINDOW_US = 14 * 86_400_000_000
/** One sender writes to several people within hours; later letters of the same sender are correspondence. */
const SAME_SENDER_US = 48 * 3_600_000_000
/** A sender seen on so many days, over so long, is a correspondent or a newsletter, no wave. */
const REGULAR_DAYS = 3
const REGULAR_SPAN_US = 7 * 86_400_000_000
const DAY_US = 86_400_000_000
/** Earlier messages a message is joined to: a line through the campaign, never everybody with everybody. */
const MAX_JOINS = 3
/** Messages named with a campaign; the rest is counted. */
const MAX_INVOLVED = 60

const rule: Rule = {
  id: 'mail.campaign',
  order: 13,
  relations: ['same-campaign'],
  detections: ['campaign'],
  attack: ['T1566', 'T1583.001'],
  texts: {
    en: {
      title: 'Messages of one campaign',
      description:
        'Messages from outside that belong together: the same attachment, the same rare page, a rare host with a nearly same subject, or the same sending address with one of these. Each message is joined to the ones before it, as a line.',
      needs:
        'Mail metadata with links or attachments; the sending address and headers where the source has them; the directory tells who is inside.',
      falsePositives:
        'Letters of one supplier to several people look alike. Newsletters, regular correspondents and mail from inside are left out; so are hosts that many senders link to. List servers that append the same advert to every letter can still join them.',
      'detection.campaign': 'A mail campaign from several senders',
      'reason.attachment': 'Both messages carry {what}.',
      'reason.url': 'Both messages link to the same page on {what}, which few senders link to.',
      'reason.host_subject':
        'Both messages link to {what}, which few senders link to, under nearly the same subject.',
      'reason.source_host': 'Both messages came in from the same address and link to {what}.',
      'reason.source_subject': 'Both messages came in from {what} under nearly the same subject.',
      'reason.campaign':
        '{messages} messages from {senders} sender domains to {recipients} mailbox hang together by what they carry, link to or say. | {messages} messages from {senders} sender domains to {recipients} mailboxes hang together by what they carry, link to or say.',
    },
    'zh-TW': {
      title: '同一攻擊活動的郵件',
      description:
        '來自外部且彼此相關的郵件：相同附件、相同的罕見網頁、罕見主機搭配幾乎相同的主旨，或相同的寄送位址搭配上述任一項。每封郵件與先前的郵件依序相連成一條線。',
      needs: '含連結或附件的郵件中繼資料；若來源提供，亦採用寄送位址與標頭；由目錄判斷內部人員。',
      falsePositives:
        '同一供應商寄給多人的信件看起來很像。電子報、經常往來的寄件者與內部郵件均已略過；許多寄件者都會連結的主機亦同。若郵件論壇在每封信末附上相同廣告，仍可能被誤連。',
      'detection.campaign': '來自多個寄件者的郵件攻擊活動',
      'reason.attachment': '兩封郵件都帶有 {what}。',
      'reason.url': '兩封郵件都連結至 {what} 上的同一網頁，而很少寄件者會連結該主機。',
      'reason.host_subject': '兩封郵件都以幾乎相同的主旨連結至 {what}，而很少寄件者會連結該主機。',
      'reason.source_host': '兩封郵件來自相同的寄送位址，且都連結至 {what}。',
      'reason.source_subject': '兩封郵件都來自 {what}，且主旨幾乎相同。',
      'reason.campaign':
        '共 {messages} 封郵件，來自 {senders} 個寄件網域，寄往 {recipients} 個信箱，其附件、連結或主旨彼此相關。',
    },
    ja: {
      title: '同じキャンペーンのメール',
      description:
        '外部から届いた互いに関連するメールです。同じ添付ファイル、同じ珍しいページ、珍しいホストとほぼ同じ件名、または送信元アドレスとこれらのいずれかが共通しています。各メールは直前のものと線状に結び付けます。',
      needs:
        'リンクまたは添付ファイルを含むメールのメタデータ。情報源にあれば送信元アドレスとヘッダー。内部の利用者はディレクトリから判断します。',
      falsePositives:
        '1 つの取引先から複数人に送られたメールは似通います。ニュースレター、定期的なやり取りの相手、内部からのメール、多くの送信者がリンクするホストは除きます。メーリングリストが毎回付ける同じ広告でつながってしまうことはあります。',
      'detection.campaign': '複数の送信者によるメールキャンペーン',
      'reason.attachment': '両方のメールに {what} が添付されています。',
      'reason.url':
        '両方のメールが {what} の同じページにリンクしています。このホストにリンクする送信者はわずかです。',
      'reason.host_subject':
        '両方のメールが、ほぼ同じ件名で {what} にリンクしています。このホストにリンクする送信者はわずかです。',
      'reason.source_host': '両方のメールが同じ送信元アドレスから届き、{what} にリンクしています。',
      'reason.source_subject': '両方のメールが、ほぼ同じ件名で {what} から届いています。',
      'reason.campaign':
        '{senders} 個の送信ドメインから {recipients} 個のメールボックスに届いた {messages} 通のメールが、添付ファイル・リンク・件名でつながっています。',
    },
  },
  matches: [
    {
      title: 'three senders, one rare host, nearly one subject; and the same attachment',
      items: [
        exampleMessage(0, {
          messageId: 'a@one.example',
          from: { address: 'x@one.example' },
          subject: 'Your parcel 4711 could not be delivered',
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://track.parcel-desk.example/q/1a7c02', where: 'body' }],
        }),
        exampleMessage(600, {
          messageId: 'b@two.example',
          from: { address: 'y@two.example' },
          subject: 'Your parcel 9812 could not be delivered today',
          mailbox: 'bruno@corp.example',
          urls: [{ url: 'https://track.parcel-desk.example/q/2f61aa', where: 'body' }],
        }),
        exampleMessage(900, {
          messageId: 'c@three.example',
          from: { address: 'z@three.example' },
          subject: 'Parcel notice',
          mailbox: 'chiyo@corp.example',
          urls: [{ url: 'https://track.parcel-desk.example/q/2f61aa', where: 'body' }],
        }),
      ],
      finds: [
        'same-campaign: Your parcel 4711 could not be delivered -> Your parcel 9812 could not be delivered today',
        'same-campaign: Your parcel 9812 could not be delivered today -> Parcel notice',
        '!campaign: Your parcel 4711 could not be delivered',
      ],
    },
    {
      title: 'one sender, one attachment, two people within the hour',
      items: [
        exampleMessage(0, {
          messageId: 'a@one.example',
          subject: 'Invoice A',
          mailbox: 'amber@corp.example',
          attachments: [{ name: 'bill.docm', sha256: 'ab'.repeat(32) }],
        }),
        exampleMessage(600, {
          messageId: 'b@one.example',
          subject: 'Invoice B',
          mailbox: 'bruno@corp.example',
          attachments: [{ name: 'bill.docm', sha256: 'ab'.repeat(32) }],
        }),
      ],
      finds: ['same-campaign: Invoice A -> Invoice B'],
    },
    {
      title: 'two senders and one link, which a table of its own tells of',
      items: [
        exampleMessage(0, {
          messageId: 'a@one.example',
          uniqueId: 'n1',
          from: { address: 'x@one.example' },
          subject: 'Parcel',
          mailbox: 'amber@corp.example',
        }),
        exampleLink(0, 'n1', 'https://track.parcel-desk.example/q/2f61aa'),
        exampleMessage(600, {
          messageId: 'b@two.example',
          uniqueId: 'n2',
          from: { address: 'y@two.example' },
          subject: 'Notice',
          mailbox: 'bruno@corp.example',
        }),
        exampleLink(600, 'n2', 'https://track.parcel-desk.example/q/2f61aa'),
      ],
      finds: ['same-campaign: Parcel -> Notice'],
    },
  ],
  ignores: [
    {
      title:
        'a newsletter by its headers, mail from inside to all hands, answers, and a picture in every signature',
      items: [
        exampleUser('amber', 1105),
        ...['amber', 'bruno'].map((name, index) =>
          exampleMessage(index * 60, {
            messageId: `n${index}@news.example`,
            from: { address: 'letter@news.example' },
            subject: 'News of the month for friends',
            mailbox: `${name}@corp.example`,
            headers: [{ name: 'List-Unsubscribe', value: '<https://news.example/u>' }],
            urls: [{ url: 'https://news.example/issue/12', where: 'body' }],
          }),
        ),
        ...['bruno', 'chiyo'].map((name, index) =>
          exampleMessage(300 + index * 60, {
            messageId: `h${index}@corp.example`,
            from: { address: 'amber@corp.example' },
            subject: 'Summer party of the company',
            mailbox: `${name}@corp.example`,
            urls: [{ url: 'https://intranet.corp.example/party', where: 'body' }],
          }),
        ),
        ...['amber', 'bruno'].map((name, index) =>
          exampleMessage(600 + index * 60, {
            messageId: `p${index}@partner${index}.example`,
            from: { address: `x@partner${index}.example` },
            subject: `About ${index}`,
            mailbox: `${name}@corp.example`,
            attachments: [{ name: 'logo.png', sha256: 'cd'.repeat(32) }],
          }),
        ),
      ],
      finds: [],
    },
    {
      title: 'two letters of one sender to the same two people, one row for each of them',
      items: ['Offer', 'Order'].flatMap((subject, index) =>
        ['amber', 'bruno'].map((name) =>
          exampleMessage(index * 600, {
            messageId: `c${index}@partner.example`,
            subject,
            mailbox: `${index === 0 ? name : name === 'amber' ? 'bruno' : 'amber'}@corp.example`,
            urls: [{ url: 'https://portal.partner.example/offers/12', where: 'body' }],
          }),
        ),
      ),
      finds: [],
    },
    {
      title: 'letters of a correspondent who writes on many days',
      items: [0, 3, 6, 9].map((day) =>
        exampleMessage(day * 86_400, {
          messageId: `d${day}@supplier.example`,
          from: { address: 'orders@supplier.example' },
          subject: 'Delivery note for your order',
          mailbox: day % 2 === 0 ? 'amber@corp.example' : 'bruno@corp.example',
          urls: [{ url: 'https://portal.supplier.example/orders', where: 'body' }],
        }),
      ),
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const messages = new OutsideMessages(view)
    if (messages.length < 2) return
    const popular = new PopularHosts(view.mail.copies)
    const regular = regularSenders(messages)
    const bulk = bulkMail(view)
    /** Trait -> place of the last message with it, of those looked at. */
    const latest = new SumValues()
    const groups = new MessageGroups()
    for (let place = 0; place < messages.length; place += 1) {
      const message = messages.at(place)
      const found = new Map<number, { before: Traced; by: FoundTrait }>()
      for (const by of traitsOf(message, popular)) {
        const sum = sumOf(by.key)
        const earlier = latest.get(sum)
        latest.set(sum, place)
        if (earlier === undefined || earlier === place) continue
        const before = messages.at(earlier)
        if (!areTogether(before, message, messages, regular, bulk)) continue
        const known = found.get(earlier)
        if (!known || compareTraits(by, known.by) < 0) found.set(earlier, { before, by })
      }
      // Of equal ones the latest: which link a log names first tells nothing.
      const best = [...found].sort((a, b) => rankOf(a[1].by) - rankOf(b[1].by) || b[0] - a[0])
      for (const [earlier, { before, by }] of best.slice(0, MAX_JOINS)) {
        const { trait, shown } = by
        groups.join(earlier, place)
        yield {
          kind: 'same-campaign',
          from: before.copy.message.id,
          to: message.copy.message.id,
          at: message.at,
          confidence: CONFIDENCE[trait],
          reason: trait,
          params: { what: shown.slice(0, 200) },
          proof: proofsOf(view, before, message, by),
        }
      }
    }
    for (const group of groups.all())
      yield* campaign(
        messages,
        group.map((place) => messages.at(place)),
      )
  },
}
export default rule

const proofOf = (copy: MessageCopy): { eventId: number; evidenceId: number; record: number } => ({
  eventId: copy.eventId,
  evidenceId: copy.evidenceId,
  record: copy.record,
})

const rankOf = ({ trait }: FoundTrait): number => TRAITS.indexOf(trait)
const compareTraits = (a: FoundTrait, b: FoundTrait): number =>
  rankOf(a) - rankOf(b) || (a.shown < b.shown ? -1 : a.shown > b.shown ? 1 : 0)

/** The copies that stand for two messages, and the one that states what the later one has of the earlier. */
function proofsOf(
  view: CorrelationView,
  before: Traced,
  message: Traced,
  by: FoundTrait,
): ReturnType<typeof proofOf>[] {
  const stating = by.place === message.copy.place ? undefined : view.mail.copies[by.place]
  return [before.copy, message.copy, ...(stating ? [stating] : [])].map(proofOf)
}

const lists = `SELECT entity_id AS id, headers LIKE '%"list-id"%' OR headers LIKE '%"list-post"%' OR headers LIKE '%"x-beenthere"%' OR headers LIKE '%"x-mailman-%' AS isPost FROM message
  WHERE headers LIKE '%"list-unsubscribe%' OR headers LIKE '%"list-id"%' OR headers LIKE '%"list-post"%'
  OR headers LIKE '%"x-beenthere"%' OR headers LIKE '%"x-mailman-%' ORDER BY isPost`

/** Senders who write on several days over more than a week. */
function regularSenders(messages: OutsideMessages): Set<number> {
  const days = new Map<number, { days: Set<number>; first: number; last: number }>()
  for (let place = 0; place < messages.length; place += 1) {
    const { copy, at } = messages.at(place)
    const id = copy.from?.id ?? 0
    const known = days.get(id)
    if (!known) days.set(id, { days: new Set([Math.floor(at / DAY_US)]), first: at, last: at })
    else {
      known.days.add(Math.floor(at / DAY_US))
      known.last = at
    }
  }
  return new Set(
    [...days].flatMap(([id, one]) =>
      one.days.size >= REGULAR_DAYS && one.last - one.first >= REGULAR_SPAN_US ? [id] : [],
    ),
  )
}

/** Mail by lists: a newsletter, or a post of somebody to a list for discussion. */
const bulkMail = (view: CorrelationView): Map<number, 'newsletter' | 'post'> =>
  new Map(
    (view.mailTables.prepare(lists).all() as { id: number; isPost: number }[]).map((row) => [
      row.id,
      row.isPost === 1 ? 'post' : 'newsletter',
    ]),
  )

function areTogether(
  a: Traced,
  b: Traced,
  messages: OutsideMessages,
  regular: ReadonlySet<number>,
  bulk: ReadonlyMap<number, 'newsletter' | 'post'>,
): boolean {
  if (b.at - a.at > WINDOW_US) return false
  const sender = a.copy.from?.id
  if (sender !== b.copy.from?.id)
    // Mailing lists carry letters of many senders.
    return !(
      bulk.has(a.copy.message.id) &&
      bulk.has(b.copy.message.id) &&
      senderDomain(a.copy) === senderDomain(b.copy)
    )
  if (b.at - a.at > SAME_SENDER_US || sender === undefined || regular.has(sender)) return false
  if (bulk.has(a.copy.message.id) || bulk.has(b.copy.message.id)) return false
  // A second letter to the same person is a conversation.
  const known = messages.mailboxesOf(a.copy.message.id)
  for (const mailbox of messages.mailboxesOf(b.copy.message.id)) if (!known.has(mailbox)) return true
  return false
}

function* campaign(messages: OutsideMessages, group: readonly Traced[]): Generator<Find> {
  const senders = new Set(group.map(({ copy }) => senderDomain(copy)))
  const [first] = group
  if (!first || group.length < 3 || senders.size < 2) return
  const recipients = new Set(group.flatMap(({ copy }) => [...messages.mailboxesOf(copy.message.id)]))
  yield {
    detection: 'campaign',
    level: 'medium',
    subject: first.copy.message.id,
    involved: group.slice(1, MAX_INVOLVED).map(({ copy }) => copy.message.id),
    at: first.at,
    until: group.at(-1)?.at ?? first.at,
    confidence: senders.size >= 3 ? 0.75 : 0.6,
    reason: 'campaign',
    params: {
      messages: group.length,
      senders: senders.size,
      recipients: recipients.size,
      count: recipients.size,
    },
    proof: group.slice(0, MAX_INVOLVED).map(({ copy }) => proofOf(copy)),
  }
}

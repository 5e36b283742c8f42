import type { DetectionLevel } from '../../model/detection.ts'
import { exampleLink, exampleMessage, exampleUser } from '../example-mail.ts'
import { exampleEvent } from '../example.ts'
import { extensionOf } from '../file-names.ts'
import { openedLinks } from '../link-evidence.ts'
import type { MessageCopy } from '../message-copy.ts'
import { PopularHosts, registeredDomain, senderDomain } from '../rare-hosts.ts'
import type { Find, Rule } from '../rule.ts'
import { sumOf, SumValues } from '../text-sums.ts'
import type { CorrelationView } from '../view.ts'

/** The victim is known to have opened it before it was sent on. */
const AFTER_ACT = 0.88
/** Sent on to many; whether the victim opened it is not recorded. */
const MANY_ONLY = 0.6
/** A thing sent on later than this is its own story. */
const WINDOW_US = 14 * 86_400_000_000
/** An act on an endpoint whose clock is wrong may seem to follow the sending. */
const CLOCK_US = 600_000_000
/** One colleague who is asked "is this real?" is honest; so are two. */
const SOME = 3
/** Nobody asks so many. */
const MANY = 8
const MAX_INVOLVED = 60
/** Pictures and signatures travel with every answer. */
const DECORATION = /^(?:png|jpe?g|gif|bmp|ico|svg|webp|css|vcf|ics|p7s|asc)$/
const FORWARD = /^\s*(?:fw|fwd|wg|tr|rv|enc|i|doorst|転送|轉寄|转发)\s*[:：]/i

const rule: Rule = {
  id: 'mail.internal-phishing',
  order: 43,
  relations: ['forwarded-as'],
  detections: ['internal_phishing'],
  attack: ['T1534', 'T1114.003'],
  texts: {
    en: {
      title: 'Phishing sent on from inside',
      description:
        'A link or attachment that somebody of the organisation had received went out again from that person’s mailbox, to several others, after the person had opened it: the mailbox is likely in the hands of the sender of the first message.',
      needs:
        'Mail metadata of both directions; the directory ties mailboxes to people; clicks, browser starts or file events show that the first message was acted on.',
      falsePositives:
        'People forward news and offers to colleagues. Forwards to one or two, links that many senders use, and links to the own organisation are left out.',
      'detection.internal_phishing': 'A received link or attachment was sent on to many from inside',
      'reason.acted':
        '{address} received {what}, opened it, and sent it on to {recipients} others in {messages} message. | {address} received {what}, opened it, and sent it on to {recipients} others in {messages} messages.',
      'reason.many':
        '{address} received {what} and sent it on to {recipients} others in {messages} message. | {address} received {what} and sent it on to {recipients} others in {messages} messages.',
      'reason.sent_on': '{address} had received {what} and sent it on.',
    },
    'zh-TW': {
      title: '從內部轉寄的網路釣魚',
      description:
        '組織內某人收到的連結或附件，在該人開啟之後，又從其信箱寄給其他多人：該信箱很可能已落入最初寄件者手中。',
      needs:
        '雙向的郵件中繼資料；由目錄將信箱對應到人員；點擊、瀏覽器啟動或檔案事件可顯示第一封郵件已被開啟。',
      falsePositives:
        '同事之間會互相轉寄新聞與優惠。僅轉寄給一兩人、許多寄件者都使用的連結，以及指向組織自身的連結均已略過。',
      'detection.internal_phishing': '收到的連結或附件從內部再寄給多人',
      'reason.acted': '{address} 收到 {what} 並開啟，之後以 {messages} 封郵件寄給另外 {recipients} 人。',
      'reason.many': '{address} 收到 {what}，之後以 {messages} 封郵件寄給另外 {recipients} 人。',
      'reason.sent_on': '{address} 先前收到 {what}，之後再寄出。',
    },
    ja: {
      title: '内部から広がるフィッシング',
      description:
        '組織内の人が受け取ったリンクや添付ファイルが、本人が開いた後に、その人のメールボックスから複数の相手へ再び送られました。メールボックスが最初の送信者の手に渡っている可能性が高いです。',
      needs:
        '送受信両方のメールのメタデータ、メールボックスと人を結び付けるディレクトリ。クリック、ブラウザーの起動、ファイルイベントがあれば最初のメールを開いたことが分かります。',
      falsePositives:
        '同僚へのニュースや案内の転送もあります。1～2 人への転送、多くの送信者が使うリンク、自組織へのリンクは除きます。',
      'detection.internal_phishing': '受信したリンクや添付ファイルが内部から多数へ送られた',
      'reason.acted':
        '{address} は {what} を受信して開いた後、{messages} 通のメールで他の {recipients} 人に送りました。',
      'reason.many':
        '{address} は {what} を受信し、{messages} 通のメールで他の {recipients} 人に送りました。',
      'reason.sent_on': '{address} は {what} を受信した後、それを送りました。',
    },
  },
  matches: [
    {
      title: 'a victim clicks, and the link goes out to four colleagues',
      items: [
        exampleUser('amber', 1105),
        ...['bruno', 'chiyo', 'dario', 'edith'].map((name, index) => exampleUser(name, 1106 + index)),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://sign-in.rare.example/doc', where: 'body' }],
        }),
        exampleEvent('process-start', 300, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          processPath: 'C:\\x\\msedge.exe',
          commandLine: 'msedge.exe https://sign-in.rare.example/doc',
          parentPath: 'C:\\Office\\OUTLOOK.EXE',
        }),
        ...['bruno', 'chiyo', 'dario', 'edith'].map((name, index) =>
          exampleMessage(3600 + index, {
            messageId: `on${index}@corp.example`,
            subject: 'Please read this document',
            from: { address: 'amber@corp.example' },
            mailbox: `${name}@corp.example`,
            urls: [{ url: 'https://sign-in.rare.example/doc', where: 'body' }],
          }),
        ),
      ],
      finds: ['forwarded-as: Invoice -> Please read this document', '!internal_phishing: amber'],
    },
    {
      title: 'the same where the mail product tells of links in a table of their own',
      items: [
        exampleUser('amber', 1105),
        ...['bruno', 'chiyo', 'dario', 'edith'].map((name, index) => exampleUser(name, 1106 + index)),
        exampleMessage(0, { uniqueId: 'n1', mailbox: 'amber@corp.example' }),
        exampleLink(0, 'n1', 'https://sign-in.rare.example/doc'),
        exampleEvent('url-click', 300, {
          host: undefined,
          account: 'amber@corp.example',
          accountMail: 'amber@corp.example',
          url: 'https://sign-in.rare.example/doc',
          networkMessageId: 'n1',
          outcome: 'success',
        }),
        ...['bruno', 'chiyo', 'dario', 'edith'].map((name) =>
          exampleMessage(3600, {
            messageId: 'on@corp.example',
            uniqueId: 'n2',
            subject: 'Please read this document',
            from: { address: 'amber@corp.example' },
            mailbox: `${name}@corp.example`,
          }),
        ),
        exampleLink(3600, 'n2', 'https://sign-in.rare.example/doc'),
      ],
      finds: ['forwarded-as: Invoice -> Please read this document', '!internal_phishing: amber'],
    },
  ],
  ignores: [
    {
      title: 'a question to one colleague, a link everybody sends, and an announcement of the own site',
      items: [
        exampleUser('amber', 1105),
        ...['bruno', 'chiyo', 'dario', 'edith'].map((name, index) => exampleUser(name, 1106 + index)),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [
            { url: 'https://sign-in.rare.example/doc', where: 'body' },
            { url: 'https://www.google.com/maps/place', where: 'body' },
            { url: 'https://intranet.corp.example/canteen', where: 'body' },
          ],
        }),
        exampleMessage(600, {
          messageId: 'ask@corp.example',
          subject: 'FW: Invoice - is this real?',
          from: { address: 'amber@corp.example' },
          mailbox: 'bruno@corp.example',
          urls: [{ url: 'https://sign-in.rare.example/doc', where: 'body' }],
        }),
        ...['bruno', 'chiyo', 'dario', 'edith'].map((name, index) =>
          exampleMessage(3600 + index, {
            messageId: `on${index}@corp.example`,
            subject: 'Lunch',
            from: { address: 'amber@corp.example' },
            mailbox: `${name}@corp.example`,
            urls: [
              { url: 'https://www.google.com/maps/place', where: 'body' },
              { url: 'https://intranet.corp.example/canteen', where: 'body' },
            ],
          }),
        ),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const episodes = sentOn(view)
    if (episodes.length === 0) return
    const acts = actsOf(view, episodes)
    for (const episode of episodes) yield* judge(view, episode, acts)
  },
}
export default rule

/** One thing (a link or a file) received by somebody of the organisation and sent on from that mailbox. */
interface Episode {
  readonly userId: number
  readonly key: string
  readonly what: string
  readonly received: MessageCopy
  readonly receivedAt: number
  /** With the copies that say what it carried, which need not be those that say who sent it. */
  readonly sent: { readonly copy: MessageCopy; readonly at: number; readonly proof: Find['proof'] }[]
  readonly others: Set<number>
}

/** Things worth following: links to rare hosts outside, and files that are no decoration. */
function thingsOf(
  copy: MessageCopy,
  popular: PopularHosts,
  own: ReadonlySet<string>,
): { key: string; what: string; place: number }[] {
  const links = copy.urls
    .filter(({ host }) => !popular.has(host) && !own.has(registeredDomain(host)))
    .map(({ entity, url, place }) => ({ key: `u ${entity.id}`, what: url.slice(0, 200), place }))
  const files = copy.attachments.flatMap((file) => {
    const hash = file.sha256 ?? file.sha1
    return hash === null || DECORATION.test(extensionOf(file.name))
      ? []
      : [{ key: `f ${hash.toLowerCase()}`, what: file.name, place: file.place }]
  })
  return [...links, ...files]
}

function sentOn(view: CorrelationView): Episode[] {
  const { copies } = view.mail
  const popular = new PopularHosts(copies)
  const owners = new Map<number, number>()
  const own = new Set<string>()
  for (const copy of copies)
    for (const mailbox of [...copy.mailboxes, ...(copy.from ? [copy.from] : [])]) {
      if (owners.has(mailbox.id)) continue
      const owner = view.mail.ownerOf(mailbox)
      owners.set(mailbox.id, owner?.user.id ?? 0)
      if (owner) own.add(registeredDomain(mailbox.name.split('@').at(-1)?.toLowerCase() ?? ''))
    }
  // First receipt of each thing by each person, from somebody else.
  const first = new SumValues()
  for (const copy of copies) {
    const at = copy.deliveredAt ?? copy.sentAt
    if (at === null) continue
    const sender = copy.from ? (owners.get(copy.from.id) ?? 0) : 0
    for (const mailbox of copy.mailboxes) {
      const user = owners.get(mailbox.id) ?? 0
      if (user === 0 || user === sender) continue
      for (const { key } of thingsOf(copy, popular, own)) {
        const receipt = sumOf(`${user}|${key}`)
        const known = copies[first.get(receipt) ?? -1]
        if (!known || at < timeOf(known)) first.set(receipt, copy.place)
      }
    }
  }
  const episodes = new Map<string, Episode>()
  for (const copy of copies) {
    const { from } = copy.own
    const user = from ? (owners.get(from.id) ?? 0) : 0
    const at = copy.sentAt ?? copy.deliveredAt
    if (user === 0 || at === null) continue
    for (const { key, what, place } of thingsOf(copy, popular, own)) {
      const received = copies[first.get(sumOf(`${user}|${key}`)) ?? -1]
      if (!received || received.message.id === copy.message.id) continue
      const receivedAt = timeOf(received)
      if (at < receivedAt || at - receivedAt > WINDOW_US) continue
      const id = `${user}|${key}`
      const episode: Episode = episodes.get(id) ?? {
        userId: user,
        key,
        what,
        received,
        receivedAt,
        sent: [],
        others: new Set(),
      }
      episodes.set(id, episode)
      episode.sent.push({ copy, at, proof: proofs(copies, copy, place) })
      for (const mailbox of copy.mailboxes)
        if (owners.get(mailbox.id) !== user) episode.others.add(mailbox.id)
    }
  }
  return [...episodes.values()].filter((episode) => episode.others.size >= SOME)
}

const timeOf = (copy: MessageCopy): number => copy.deliveredAt ?? copy.sentAt ?? Infinity

/** `user|thing` -> first act on it: a link opened by the person or on the person's endpoint, a file that appeared there. */
function actsOf(
  view: CorrelationView,
  episodes: readonly Episode[],
): Map<string, { at: number; proof: Find['proof'] }> {
  const wanted = new Set(episodes.map((episode) => episode.key))
  const { recipients } = view
  const acts = new Map<string, { at: number; proof: Find['proof'] }>()
  const note = (user: number, key: string, at: number, proof: Find['proof']): void => {
    const known = acts.get(`${user}|${key}`)
    if (!known || at < known.at) acts.set(`${user}|${key}`, { at, proof })
  }
  if ([...wanted].some((key) => key.startsWith('u ')))
    for (const find of openedLinks(view)) {
      if (find.at === null || typeof find.from !== 'number' || typeof find.to !== 'number') continue
      const key = `u ${find.from}`
      if (!wanted.has(key)) continue
      const users = find.kind === 'clicked-by' ? [find.to] : recipients.usersOn(find.to)
      for (const user of users) note(user, key, find.at, find.proof)
    }
  if ([...wanted].some((key) => key.startsWith('f ')))
    for (const event of view.events(
      ['file-create', 'file-stream', 'process-start'],
      ['sha256', 'sha1', 'target', 'processPath'],
    )) {
      const { sha256, sha1, target, processPath } = event.fields
      const key = [sha256, sha1].map((hash) => `f ${hash}`).find((one) => wanted.has(one))
      if (key === undefined || event.at === null || event.endpointId === null) continue
      const proof = [{ eventId: event.id, evidenceId: event.evidenceId, record: event.record }]
      for (const user of recipients.actorsOn(event.endpointId, event.userId, target ?? processPath))
        note(user, key, event.at, proof)
    }
  return acts
}

function* judge(
  view: CorrelationView,
  episode: Episode,
  acts: ReadonlyMap<string, { at: number; proof: Find['proof'] }>,
): Generator<Find> {
  const sent = episode.sent.sort((a, b) => a.at - b.at)
  const [start] = sent
  if (!start) return
  const act = acts.get(`${episode.userId}|${episode.key}`)
  const hasActed =
    act !== undefined && act.at >= episode.receivedAt - CLOCK_US && act.at <= start.at + CLOCK_US
  const isHonestForward = sent.every(({ copy }) => FORWARD.test(copy.subject)) && episode.others.size < MANY
  if (isHonestForward || (!hasActed && episode.others.size < MANY)) return
  const address = start.copy.from?.name ?? '?'
  const messages = [...new Map(sent.map((one) => [one.copy.message.id, one])).values()]
  const proof = [
    proofOf(episode.received),
    ...(hasActed ? act.proof : []),
    ...messages.slice(0, MAX_INVOLVED).flatMap((one) => one.proof),
  ]
  for (const { copy, at, proof: sending } of messages)
    yield {
      kind: 'forwarded-as',
      from: episode.received.message.id,
      to: copy.message.id,
      at,
      confidence: hasActed ? AFTER_ACT : MANY_ONLY,
      reason: 'sent_on',
      params: { address, what: episode.what },
      proof: [proofOf(episode.received), ...sending],
    }
  const isFromOutside = senderDomain(episode.received) !== senderDomain(start.copy)
  const level: DetectionLevel = hasActed
    ? isFromOutside || episode.others.size >= MANY
      ? 'high'
      : 'medium'
    : 'medium'
  yield {
    detection: 'internal_phishing',
    level,
    subject: episode.userId,
    involved: [
      episode.received.message.id,
      ...(start.copy.from ? [start.copy.from.id] : []),
      ...messages.slice(0, MAX_INVOLVED).map(({ copy }) => copy.message.id),
    ],
    window: episode.key.startsWith('u ') ? episode.what : episode.key,
    at: start.at,
    until: sent.at(-1)?.at ?? start.at,
    confidence: hasActed ? AFTER_ACT : MANY_ONLY,
    reason: hasActed ? 'acted' : 'many',
    params: {
      address,
      what: episode.what,
      recipients: episode.others.size,
      messages: messages.length,
      count: messages.length,
    },
    proof,
  }
}

/** A copy, and the one that says what the message carried. */
function proofs(copies: readonly MessageCopy[], copy: MessageCopy, place: number): Find['proof'] {
  const stating = place === copy.place ? undefined : copies[place]
  return stating ? [proofOf(copy), proofOf(stating)] : [proofOf(copy)]
}

const proofOf = (copy: MessageCopy): { eventId: number; evidenceId: number; record: number } => ({
  eventId: copy.eventId,
  evidenceId: copy.evidenceId,
  record: copy.record,
})

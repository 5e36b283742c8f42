import type { DetectionLevel } from '../../model/detection.ts'
import { exampleLink, exampleMessage, exampleUser } from '../example-mail.ts'
import { exampleEvent } from '../example.ts'
import { type Fresh, freshThings } from '../fresh-things.ts'
import { openedLinks } from '../link-evidence.ts'
import { minutesAfter } from '../mailboxes.ts'
import type { MessageCopy } from '../message-copy.ts'
import { senderDomain } from '../rare-hosts.ts'
import type { DetectionDraft, Find, Rule } from '../rule.ts'
import { type Household, householdOf, thingsOf } from '../sent-things.ts'
import { sumOf, SumValues } from '../text-sums.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The victim is known to have opened it before it was sent on. */
const AFTER_ACT = 0.88
/** Sent on to many; whether the victim opened it is not recorded. */
const MANY_ONLY = 0.6
/** A new link after an odd sign-in of the sender; from where it was sent is not recorded. */
const FRESH_ONLY = 0.65
/** A thing sent on later than this is its own story. */
const WINDOW_US = 14 * 86_400_000_000
/** An act on an endpoint whose clock is wrong may seem to follow the sending. */
const CLOCK_US = 600_000_000
/** One colleague who is asked "is this real?" is honest; so are two. */
const SOME = 3
/** Nobody asks so many. */
const MANY = 8
const MAX_INVOLVED = 60
const FORWARD = /^\s*(?:fw|fwd|wg|tr|rv|enc|i|doorst|転送|轉寄|转发)\s*[:：]/i

/** A sign-in of an example, and a message with a link to a colleague. */
const cloudSignIn = (seconds: number, location: string, sourceIp: string) =>
  exampleEvent('cloud-sign-in', seconds, {
    host: undefined,
    account: 'amber@corp.example',
    sourceIp,
    location,
    outcome: 'success',
  })
const newLink = (seconds: number, to: string, more: Parameters<typeof exampleMessage>[1] = {}) =>
  exampleMessage(seconds, {
    messageId: 'new@corp.example',
    uniqueId: 'n9',
    subject: 'Please sign',
    from: { address: 'amber@corp.example' },
    mailbox: `${to}@corp.example`,
    urls: [{ url: `https://${more.uniqueId ?? 'n9'}.rare.example/doc`, where: 'body' }],
    ...more,
  })

const rule: Rule = {
  id: 'mail.internal-phishing',
  order: 43,
  relations: ['forwarded-as'],
  detections: ['internal_phishing', 'new_from_inside'],
  attack: ['T1534', 'T1114.003'],
  texts: {
    en: {
      title: 'Phishing sent on from inside',
      description:
        'A link or attachment that somebody of the organisation had received went out again from that person’s mailbox, to several others, after the person had opened it: the mailbox is likely in the hands of the sender of the first message. Also a link or attachment that no mail had before, sent to several colleagues within a day after an odd sign-in of the sender.',
      needs:
        'Mail metadata of both directions; the directory ties mailboxes to people; clicks, browser starts or file events show that the first message was acted on. For new links, sign-ins of the cloud, best with records of what mailboxes send.',
      falsePositives:
        'People forward news and offers to colleagues. Forwards to one or two, links that many senders use, and links to the own organisation are left out.',
      'detection.internal_phishing': 'A received link or attachment was sent on to many from inside',
      'detection.new_from_inside':
        'A link or attachment no mail had before went out to colleagues after an odd sign-in',
      'reason.acted':
        '{address} received {what}, opened it, and sent it on to {recipients} others in {messages} message. | {address} received {what}, opened it, and sent it on to {recipients} others in {messages} messages.',
      'reason.many':
        '{address} received {what} and sent it on to {recipients} others in {messages} message. | {address} received {what} and sent it on to {recipients} others in {messages} messages.',
      'reason.fresh':
        '{address} sent {what}, which no mail before had, to {recipients} colleague, {minutes} min after an odd sign-in ({country}). | {address} sent {what}, which no mail before had, to {recipients} colleagues, {minutes} min after an odd sign-in ({country}).',
      'reason.fresh_strange':
        '{address} sent {what}, which no mail before had, to {recipients} colleague, {minutes} min after an odd sign-in ({country}) and not from an address the account is known to use. | {address} sent {what}, which no mail before had, to {recipients} colleagues, {minutes} min after an odd sign-in ({country}) and not from an address the account is known to use.',
      'reason.sent_on': '{address} had received {what} and sent it on.',
    },
    'zh-TW': {
      title: '從內部轉寄的網路釣魚',
      description:
        '組織內某人收到的連結或附件，在該人開啟之後，又從其信箱寄給其他多人：該信箱很可能已落入最初寄件者手中。另有寄件者異常登入後一天內，寄給數位同事、先前郵件從未出現過的連結或附件。',
      needs:
        '雙向的郵件中繼資料；由目錄將信箱對應到人員；點擊、瀏覽器啟動或檔案事件可顯示第一封郵件已被開啟。新連結另需雲端登入紀錄，有寄件紀錄更佳。',
      falsePositives:
        '同事之間會互相轉寄新聞與優惠。僅轉寄給一兩人、許多寄件者都使用的連結，以及指向組織自身的連結均已略過。',
      'detection.internal_phishing': '收到的連結或附件從內部再寄給多人',
      'detection.new_from_inside': '異常登入後，先前郵件從未出現過的連結或附件寄給了同事',
      'reason.acted': '{address} 收到 {what} 並開啟，之後以 {messages} 封郵件寄給另外 {recipients} 人。',
      'reason.many': '{address} 收到 {what}，之後以 {messages} 封郵件寄給另外 {recipients} 人。',
      'reason.fresh':
        '{address} 在異常登入（{country}）{minutes} 分鐘後，將先前郵件從未出現過的 {what} 寄給 {recipients} 位同事。',
      'reason.fresh_strange':
        '{address} 在異常登入（{country}）{minutes} 分鐘後，自並非該帳號已知使用的位址，將先前郵件從未出現過的 {what} 寄給 {recipients} 位同事。',
      'reason.sent_on': '{address} 先前收到 {what}，之後再寄出。',
    },
    ja: {
      title: '内部から広がるフィッシング',
      description:
        '組織内の人が受け取ったリンクや添付ファイルが、本人が開いた後に、その人のメールボックスから複数の相手へ再び送られました。メールボックスが最初の送信者の手に渡っている可能性が高いです。また、送信者の不審なサインインから 1 日以内に複数の同僚へ送られた、それまでのメールになかったリンクや添付ファイルも示します。',
      needs:
        '送受信両方のメールのメタデータ、メールボックスと人を結び付けるディレクトリ。クリック、ブラウザーの起動、ファイルイベントがあれば最初のメールを開いたことが分かります。新しいリンクにはクラウドのサインイン記録（送信記録があればなお良い）。',
      falsePositives:
        '同僚へのニュースや案内の転送もあります。1～2 人への転送、多くの送信者が使うリンク、自組織へのリンクは除きます。',
      'detection.internal_phishing': '受信したリンクや添付ファイルが内部から多数へ送られた',
      'detection.new_from_inside':
        '不審なサインインの後、それまでのメールになかったリンクや添付ファイルが同僚へ送られた',
      'reason.acted':
        '{address} は {what} を受信して開いた後、{messages} 通のメールで他の {recipients} 人に送りました。',
      'reason.many':
        '{address} は {what} を受信し、{messages} 通のメールで他の {recipients} 人に送りました。',
      'reason.fresh':
        '{address} は不審なサインイン（{country}）の {minutes} 分後に、それまでのメールになかった {what} を {recipients} 人の同僚に送りました。',
      'reason.fresh_strange':
        '{address} は不審なサインイン（{country}）の {minutes} 分後に、そのアカウントの既知のアドレスではない所から、それまでのメールになかった {what} を {recipients} 人の同僚に送りました。',
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
    {
      title: 'a new link to four colleagues, after somebody signed in from far away',
      items: [
        exampleUser('amber', 1105),
        ...['bruno', 'chiyo', 'dario', 'edith'].map((name, index) => exampleUser(name, 1106 + index)),
        cloudSignIn(0, 'Taipei, TW', '203.0.113.7'),
        cloudSignIn(600, 'Lagos, NG', '198.51.100.9'),
        ...['bruno', 'chiyo', 'dario', 'edith'].map((name) => newLink(3600, name)),
      ],
      finds: ['!new_from_inside: amber'],
    },
  ],
  ignores: [
    {
      title:
        'a new link to colleagues, from the usual address in spite of an odd sign-in, and on an ordinary day',
      items: [
        exampleUser('amber', 1105),
        ...['bruno', 'chiyo', 'dario', 'edith'].map((name, index) => exampleUser(name, 1106 + index)),
        cloudSignIn(0, 'Taipei, TW', '203.0.113.7'),
        ...['bruno', 'chiyo', 'dario', 'edith'].map((name) =>
          newLink(300, name, { messageId: 'b@corp.example', uniqueId: 'n8' }),
        ),
        cloudSignIn(600, 'Lagos, NG', '198.51.100.9'),
        exampleEvent('mail-sent', 3600, {
          host: undefined,
          account: 'amber@corp.example',
          sender: 'amber@corp.example',
          action: 'Send',
          sourceIp: '203.0.113.7',
          messageId: 'new@corp.example',
          outcome: 'success',
        }),
        ...['bruno', 'chiyo', 'dario', 'edith'].map((name) => newLink(3600, name)),
      ],
      finds: [],
    },
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
    const household = householdOf(view)
    const episodes = sentOn(view, household)
    if (episodes.length > 0) {
      const acts = actsOf(view, episodes)
      for (const episode of episodes) yield* judge(view, episode, acts)
    }
    for (const fresh of freshThings(view, household)) yield tellFresh(fresh)
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

function sentOn(view: CorrelationView, household: Household): Episode[] {
  const { copies } = view.mail
  const { owners, popular, own } = household
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

/** A link or file nobody had before, out of the mailbox of somebody who had an odd sign-in. */
function tellFresh(fresh: Fresh): DetectionDraft {
  const { copy, at, sign, send, what, others } = fresh
  return {
    detection: 'new_from_inside',
    level: send === 'strange' ? 'high' : 'medium',
    subject: fresh.userId,
    involved: [copy.message.id, ...(copy.from ? [copy.from.id] : [])],
    // The key of the message: numbers of rows are others in another run.
    window: fresh.messageKey,
    at,
    confidence: send === 'strange' ? AFTER_ACT : FRESH_ONLY,
    reason: send === 'strange' ? 'fresh_strange' : 'fresh',
    params: {
      address: copy.from?.name ?? '?',
      what,
      recipients: others,
      count: others,
      minutes: minutesAfter(at, sign.until),
      country: sign.country ?? sign.ip ?? '?',
    },
    proof: [proofOf(copy), ...sign.events.map((event) => proofOfEvent(event))],
  }
}

const proofOfEvent = (event: ViewEvent): Find['proof'][number] => ({
  eventId: event.id,
  evidenceId: event.evidenceId,
  record: event.record,
})

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

import type { DetectionLevel } from '../../model/detection.ts'
import { dayOf } from '../accounts.ts'
import { ipEntity, proofOf } from '../drafts.ts'
import { exampleMessage, exampleUser } from '../example-mail.ts'
import { exampleEvent } from '../example.ts'
import { domainOf, mailboxAt, minutesAfter, OddSignIns, ownDomains } from '../mailboxes.ts'
import type { MessageCopy } from '../message-copy.ts'
import type { EntityHandle, Find, Rule } from '../rule.ts'
import { StrangerSends, type Strangeness, type StrangerSend } from '../stranger-sends.ts'
import { sumOf, SumPlaces } from '../text-sums.ts'
import type { CorrelationView } from '../view.ts'

/** How sure it is that another than the owner sent, by how the address stands out. */
const SURE: Readonly<Record<Strangeness, number>> = { odd: 0.85, new: 0.65, rule: 0.6 }
/** New is the country alone: people travel. */
const WEAK: Readonly<Record<Strangeness, number>> = { odd: 0.6, new: 0.45, rule: 0.6 }
/** Both an address the account never used and a rule that hides the answers. */
const WITH_RULE = 0.75
/** So many colleagues at once are not a letter to somebody. */
const MANY_COLLEAGUES = 4
const MAX_INVOLVED = 60
/** What letters that turn a payment elsewhere are about. */
const PAYMENT =
  /(?<!\p{L})(?:invoice|payment|paying|wire transfer|bank|iban|remittance|payroll|salary|swift|rechnung|zahlung|überweisung|kontodaten|konto|gehalt|facture|paiement|virement|factura|pago|bonifico|fattura|pagamento)|bankverbindung|kontoverbindung|發票|付款|匯款|銀行|帳戶|薪資|請求書|振込|送金|支払|口座|給与/iu

/** What an example needs: an account at home, a sign-in from far away, and mail. */
const signIn = (seconds: number, location: string, sourceIp: string) =>
  exampleEvent('cloud-sign-in', seconds, {
    host: undefined,
    account: 'amber@corp.example',
    sourceIp,
    location,
    outcome: 'success',
  })
const send = (seconds: number, sourceIp: string, messageId: string, subject: string) =>
  exampleEvent('mail-sent', seconds, {
    host: undefined,
    account: 'amber@corp.example',
    targetAccount: 'amber@corp.example',
    sender: 'amber@corp.example',
    action: 'Send',
    sourceIp,
    messageId,
    subject,
    outcome: 'success',
  })
const PEOPLE = ['bruno', 'chiyo', 'dario', 'edith'].map((name, index) => exampleUser(name, 1106 + index))
const toColleagues = (seconds: number, messageId: string) =>
  ['bruno', 'chiyo', 'dario', 'edith'].map((name) =>
    exampleMessage(seconds, {
      messageId,
      subject: 'Please sign',
      from: { address: 'amber@corp.example' },
      mailbox: `${name}@corp.example`,
    }),
  )

const rule: Rule = {
  id: 'mailbox.sent',
  order: 58,
  relations: [],
  detections: ['payment-mail', 'mail-to-colleagues', 'mail-sent'],
  attack: ['T1534', 'T1657', 'T1078.004'],
  attackOf: {
    'payment-mail': ['T1657'],
    'mail-to-colleagues': ['T1534'],
    'mail-sent': ['T1078.004'],
  },
  texts: {
    en: {
      title: 'Mail that another than the owner may have sent',
      description:
        'A mailbox sent mail from the address of an odd sign-in, from an address the account had never signed in from before an odd sign-in of its own, or from where a rule was made that hides mail as those of fraud do. Rated higher for mail about payments and for mail to many colleagues.',
      needs:
        'Records of what mailboxes send, with the address of the client (Send, SendAs and SendOnBehalf in the unified audit log), and sign-ins; messages with their recipients tell to whom.',
      falsePositives:
        'The owner on a journey or behind a VPN who signs in with an unmanaged device. From the usual addresses of the account nothing is told.',
      'detection.payment-mail': 'Mail about a payment sent by what may be a stranger',
      'detection.mail-to-colleagues': 'Mail to many colleagues sent by what may be a stranger',
      'detection.mail-sent': 'Mail sent by what may be a stranger',
      'reason.odd':
        '{address} sent {messages} message (mailboxes it went to: {recipients}) from {ip}, the address of an odd sign-in ({country}) {minutes} min before: {subject} | {address} sent {messages} messages (mailboxes they went to: {recipients}) from {ip}, the address of an odd sign-in ({country}) {minutes} min before: {subject}',
      'reason.new':
        '{address} sent {messages} message (mailboxes it went to: {recipients}) from {ip}, which the account had not signed in from before, {minutes} min after an odd sign-in ({country}): {subject} | {address} sent {messages} messages (mailboxes they went to: {recipients}) from {ip}, which the account had not signed in from before, {minutes} min after an odd sign-in ({country}): {subject}',
      'reason.rule':
        '{address} sent {messages} message (mailboxes it went to: {recipients}) from {ip}, where a rule that hides mail had been made: {subject} | {address} sent {messages} messages (mailboxes they went to: {recipients}) from {ip}, where a rule that hides mail had been made: {subject}',
    },
    'zh-TW': {
      title: '可能並非擁有者寄出的郵件',
      description:
        '信箱自異常登入的位址、自該帳號在異常登入之前從未登入過的位址，或自建立詐騙式隱藏郵件規則之處寄出郵件。與付款有關及寄給許多同事的郵件等級較高。',
      needs:
        '載有用戶端位址的寄件紀錄（整合稽核記錄中的 Send、SendAs 與 SendOnBehalf）以及登入紀錄；由附收件者的郵件得知寄給何人。',
      falsePositives: '擁有者出差或使用 VPN，並以未受管理的裝置登入。自該帳號平常位址寄出者不會提示。',
      'detection.payment-mail': '可能由他人寄出的付款相關郵件',
      'detection.mail-to-colleagues': '可能由他人寄給許多同事的郵件',
      'detection.mail-sent': '可能由他人寄出的郵件',
      'reason.odd':
        '{address} 自 {ip} 寄出 {messages} 封郵件給 {recipients} 個信箱；{minutes} 分鐘前有異常登入（{country}）來自同一位址：{subject}',
      'reason.new':
        '{address} 在異常登入（{country}）{minutes} 分鐘後，自該帳號先前從未登入過的 {ip} 寄出 {messages} 封郵件給 {recipients} 個信箱：{subject}',
      'reason.rule':
        '{address} 自 {ip} 寄出 {messages} 封郵件給 {recipients} 個信箱；隱藏郵件的規則先前即建立於該處：{subject}',
    },
    ja: {
      title: '所有者以外が送ったかもしれないメール',
      description:
        '不審なサインインのあったアドレス、不審なサインインの前にはそのアカウントが使ったことのないアドレス、または詐欺に見られるメール隠しのルールが作られた場所から、メールボックスがメールを送りました。支払いに関するメールと多くの同僚へのメールはレベルを上げます。',
      needs:
        'クライアントのアドレスを含む送信記録（統合監査ログの Send、SendAs、SendOnBehalf）とサインイン記録。宛先のあるメールの記録があれば送り先も分かります。',
      falsePositives:
        '出張中や VPN 経由で、管理されていない端末からサインインした所有者本人。アカウントのふだんのアドレスからの送信は示しません。',
      'detection.payment-mail': '他人が送ったかもしれない支払いのメール',
      'detection.mail-to-colleagues': '他人が多くの同僚に送ったかもしれないメール',
      'detection.mail-sent': '他人が送ったかもしれないメール',
      'reason.odd':
        '{address} は {ip} から {messages} 通のメールを {recipients} 件のメールボックスへ送りました。{minutes} 分前に同じアドレスから不審なサインイン（{country}）がありました：{subject}',
      'reason.new':
        '{address} は不審なサインイン（{country}）の {minutes} 分後に、それまでサインインのなかった {ip} から {messages} 通のメールを {recipients} 件のメールボックスへ送りました：{subject}',
      'reason.rule':
        '{address} は、メールを隠すルールが作られた {ip} から {messages} 通のメールを {recipients} 件のメールボックスへ送りました：{subject}',
    },
  },
  matches: [
    {
      title: 'to four colleagues and about an invoice, from where an odd sign-in came',
      items: [
        exampleUser('amber', 1105),
        ...PEOPLE,
        signIn(0, 'Taipei, TW', '203.0.113.7'),
        signIn(600, 'Lagos, NG', '198.51.100.9'),
        send(1200, '198.51.100.9', 'on@corp.example', 'Please sign'),
        ...toColleagues(1200, 'on@corp.example'),
        send(2400, '198.51.100.9', 'pay@corp.example', 'AW: Rechnung 4711 - neue Bankverbindung'),
      ],
      finds: ['!mail-to-colleagues: amber@corp.example', '!payment-mail: amber@corp.example'],
    },
    {
      title: 'from an address that never signed in, after an odd sign-in of the account',
      items: [
        exampleUser('amber', 1105),
        signIn(0, 'Taipei, TW', '203.0.113.7'),
        signIn(600, 'Lagos, NG', '198.51.100.9'),
        send(1200, '192.0.2.66', 'a@corp.example', 'Hello'),
      ],
      finds: ['!mail-sent: amber@corp.example'],
    },
    {
      title: 'from where a rule was made that hides invoices',
      items: [
        exampleUser('amber', 1105),
        exampleEvent('mailbox-rule', 0, {
          host: undefined,
          account: 'amber@corp.example',
          sourceIp: '192.0.2.66',
          outcome: 'success',
          action: 'New-InboxRule',
          target: '.',
          detail: 'SubjectOrBodyContainsWords: invoice; MoveToFolder: RSS Feeds',
        }),
        send(600, '192.0.2.66', 'b@corp.example', 'New bank details'),
      ],
      finds: ['!payment-mail: amber@corp.example'],
    },
  ],
  ignores: [
    {
      title: 'the owner goes on working at home after somebody signed in from far away, and an ordinary day',
      items: [
        exampleUser('amber', 1105),
        ...PEOPLE,
        signIn(0, 'Taipei, TW', '203.0.113.7'),
        send(300, '203.0.113.7', 'x@corp.example', 'Invoice 4'),
        signIn(600, 'Lagos, NG', '198.51.100.9'),
        send(1200, '203.0.113.7', 'on@corp.example', 'Please sign'),
        ...toColleagues(1200, 'on@corp.example'),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const { list } = new StrangerSends(view, new OddSignIns(view))
    if (list.length === 0) return
    const letters = new Letters(view)
    const groups = new Map<string, { mailbox: EntityHandle; address: string; what: What; list: Letter[] }>()
    for (const send of list) {
      const { account = '', accountMail, targetAccount, sender, sourceIp = '' } = send.event.fields
      const address = sender ?? targetAccount ?? accountMail ?? account
      const letter = letters.of(send)
      const key = `${address}|${sourceIp}|${dayOf(send.at)}|${letter.what}`
      const group = groups.get(key) ?? {
        mailbox: mailboxAt(view, address),
        address,
        what: letter.what,
        list: [],
      }
      groups.set(key, group)
      group.list.push(letter)
    }
    for (const { mailbox, address, what, list: sent } of groups.values())
      yield* tell(mailbox, address, what, sent)
  },
}
export default rule

type What = 'payment-mail' | 'mail-to-colleagues' | 'mail-sent'
interface Letter {
  readonly send: StrangerSend
  readonly what: What
  readonly message: number | undefined
  readonly recipients: ReadonlySet<number>
}

/** What is known of the messages that were sent, by Message-ID. */
class Letters {
  readonly #copies: readonly MessageCopy[]
  readonly #byMessageId = new SumPlaces()
  readonly #own: ReadonlySet<string>

  constructor(view: CorrelationView) {
    this.#copies = view.mail.copies
    this.#own = ownDomains(view)
    for (const { messageId, place } of this.#copies)
      if (messageId !== null) this.#byMessageId.add(sumOf(messageId), place)
  }

  of(send: StrangerSend): Letter {
    const { messageId, subject = '' } = send.event.fields
    const recipients = new Set<number>()
    let colleagues = 0
    let message: number | undefined
    for (const place of messageId === undefined ? [] : this.#byMessageId.of(sumOf(messageId))) {
      const copy = this.#copies[place]
      message ??= copy?.message.id
      for (const mailbox of copy?.mailboxes ?? []) {
        if (recipients.has(mailbox.id)) continue
        recipients.add(mailbox.id)
        if (this.#own.has(domainOf(mailbox.name))) colleagues += 1
      }
    }
    const what = PAYMENT.test(subject)
      ? 'payment-mail'
      : colleagues >= MANY_COLLEAGUES
        ? 'mail-to-colleagues'
        : 'mail-sent'
    return { send, what, message, recipients }
  }
}

function* tell(mailbox: EntityHandle, address: string, what: What, sent: readonly Letter[]): Generator<Find> {
  const [first, ...others] = sent
  if (!first) return
  // The surest speaks for all: an odd sign-in may come between two letters from one address.
  const best = others.reduce((one, other) => (sureOf(other.send) > sureOf(one.send) ? other : one), first)
  const { how, at, event, sign } = best.send
  const confidence = sureOf(best.send)
  const messages = new Set(sent.map(({ send }) => send.event.fields.messageId ?? send.event.id)).size
  const { userId, fields } = event
  yield {
    detection: what,
    level: levelOf(what, confidence),
    subject: mailbox,
    involved: [
      ...(userId === null ? [] : [userId]),
      ipEntity(fields.sourceIp ?? '?'),
      ...new Set(sent.flatMap(({ message }) => message ?? []).slice(0, MAX_INVOLVED)),
    ],
    window: `${dayOf(first.send.at)} ${fields.sourceIp ?? ''}`,
    at: first.send.at,
    until: sent.at(-1)?.send.at ?? first.send.at,
    confidence,
    reason: how,
    params: {
      address,
      messages,
      count: messages,
      recipients: new Set(sent.flatMap(({ recipients }) => [...recipients])).size,
      ip: fields.sourceIp ?? '?',
      minutes: minutesAfter(at, sign?.until),
      country: sign?.country ?? sign?.ip ?? '?',
      subject: (fields.subject ?? '').slice(0, 120),
    },
    proof: sent.flatMap(({ send }) => [
      ...proofOf(send.event),
      ...(send.sign?.events ?? []).flatMap((one) => proofOf(one)),
    ]),
  }
}

const sureOf = ({ how, sign, hasRule }: StrangerSend): number =>
  Math.max((sign?.isWeak === true ? WEAK : SURE)[how], hasRule && how === 'new' ? WITH_RULE : 0)

function levelOf(what: What, sure: number): DetectionLevel {
  if (what === 'mail-sent') return sure >= WITH_RULE ? 'medium' : 'low'
  return sure >= WITH_RULE ? 'high' : 'medium'
}

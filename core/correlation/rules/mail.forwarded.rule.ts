import { partition } from '../columns.ts'
import { exampleLink, exampleMessage } from '../example-mail.ts'
import type { MessageCopy } from '../message-copy.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import { sumOf, SumPlaces, SumValues } from '../text-sums.ts'

/** The new message names the old one in its headers. */
const BY_REFERENCE = 0.95
/** A recipient sends on the same link or attachment under a forwarding subject. */
const BY_CONTENT = 0.85
/** The same content, but the subject does not say so. */
const BY_CONTENT_ONLY = 0.6
/** A forward later than this is its own story. */
const WINDOW_US = 14 * 86_400_000_000

/** Earlier copies of one thing that a message is held against, the latest. Attack: the same link a thousand times each way. */
const MAX_EARLIER = 8

/** Prefixes mail programs put before a forwarded subject, in the languages of the field. */
const FORWARD = /^\s*(?:fw|fwd|wg|tr|rv|enc|i|vs|doorst|転送|轉寄|转发)\s*[:：]/i
/** And before an answered one. */
const ANSWER = /^\s*(?:re|aw|antw|sv|odp|ynt|答复|回复|回覆|返信)\s*(?:\[\d+\])?\s*[:：]/i

const rule: Rule = {
  id: 'mail.forwarded',
  order: 12,
  relations: ['forwarded-as'],
  attack: ['T1534'],
  texts: {
    en: {
      title: 'Forwarded messages',
      description:
        'A recipient of a message sent it on: the new message refers to the old one under a forwarding subject, or carries the same link or attachment. An answer is none, unless it brings these to somebody new.',
      needs: 'Mail metadata of both messages.',
      falsePositives:
        'Two messages can hold the same popular link without one being a forward of the other. An answer that takes somebody new in passes on what it quotes.',
      'reason.reference': 'The headers of the new message refer to the old one.',
      'reason.same_content':
        '{address} had received the message and later sent the same {what} with a forwarding subject.',
      'reason.same_content_only': '{address} had received the message and later sent the same {what}.',
    },
    'zh-TW': {
      title: '轉寄的郵件',
      description:
        '某收件者將郵件轉寄出去：新郵件以轉寄主旨引用舊郵件，或帶有相同的連結或附件。回覆不算轉寄，除非將這些內容帶給新的收件者。',
      needs: '兩封郵件的中繼資料。',
      falsePositives: '兩封郵件可能只是含有相同的常見連結。回覆若加入新的收件者，也會轉交其引用的內容。',
      'reason.reference': '新郵件的標頭引用了舊郵件。',
      'reason.same_content': '{address} 先收到該郵件，之後以轉寄主旨寄出相同的內容（{what}）。',
      'reason.same_content_only': '{address} 先收到該郵件，之後寄出相同的內容（{what}）。',
    },
    ja: {
      title: '転送されたメール',
      description:
        '受信者がメールを転送しました。新しいメールが転送の件名で元のメールを参照しているか、同じリンクや添付ファイルを含みます。返信は、新しい相手に内容を渡す場合を除き、転送とはみなしません。',
      needs: '両方のメールのメタデータ。',
      falsePositives:
        'よく使われる同じリンクを含むだけの場合があります。新しい相手を加えた返信は、引用した内容を渡すことになります。',
      'reason.reference': '新しいメールのヘッダーが元のメールを参照しています。',
      'reason.same_content': '{address} はメールを受信した後、転送の件名で同じ内容（{what}）を送信しました。',
      'reason.same_content_only': '{address} はメールを受信した後、同じ内容（{what}）を送信しました。',
    },
  },
  matches: [
    {
      title: 'an answer that takes somebody new in, with what was in the message',
      items: [
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
        exampleMessage(3600, {
          messageId: 'm2@corp.example',
          subject: 'AW: Invoice',
          from: { address: 'amber@corp.example' },
          mailbox: 'basil@corp.example',
          inReplyTo: 'm1@out.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
      ],
      finds: ['forwarded-as: Invoice -> AW: Invoice'],
    },
    {
      title: 'headers name the old message and the subject says that it is passed on',
      items: [
        exampleMessage(0, { mailbox: 'amber@corp.example' }),
        exampleMessage(3600, {
          messageId: 'm2@corp.example',
          subject: 'WG: Invoice',
          from: { address: 'amber@corp.example' },
          mailbox: 'basil@corp.example',
          references: ['m1@out.example'],
        }),
      ],
      finds: ['forwarded-as: Invoice -> WG: Invoice'],
    },
    {
      title: 'a recipient sends the same link on',
      items: [
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
        exampleMessage(3600, {
          messageId: 'm2@corp.example',
          subject: 'FW: Invoice',
          from: { address: 'amber@corp.example' },
          mailbox: 'basil@corp.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
      ],
      finds: ['forwarded-as: Invoice -> FW: Invoice'],
    },
    {
      title: 'the same where links stand in a table of their own',
      items: [
        exampleMessage(0, { uniqueId: 'n1', mailbox: 'amber@corp.example' }),
        exampleLink(0, 'n1', 'https://out.example/a'),
        exampleMessage(3600, {
          messageId: 'm2@corp.example',
          uniqueId: 'n2',
          subject: 'FW: Invoice',
          from: { address: 'amber@corp.example' },
          mailbox: 'basil@corp.example',
        }),
        exampleLink(3600, 'n2', 'https://out.example/a'),
      ],
      finds: ['forwarded-as: Invoice -> FW: Invoice'],
    },
  ],
  ignores: [
    {
      title: 'an answer that quotes the link, back to whoever sent it',
      items: [
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          from: { address: 'basil@corp.example' },
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
        exampleMessage(3600, {
          messageId: 'm2@corp.example',
          subject: 'AW: Invoice',
          from: { address: 'amber@corp.example' },
          mailbox: 'basil@corp.example',
          inReplyTo: 'm1@out.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
      ],
      finds: [],
    },
    {
      title: 'two mails of one outside sender',
      items: [
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
        exampleMessage(60, {
          messageId: 'm2@out.example',
          mailbox: 'basil@corp.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    const { copies } = view.mail
    /** Message-ID -> place of the first copy that carries it. */
    const byMessageId = new SumValues()
    const received = new SumPlaces((a, b) => timeOf(copies[a]) - timeOf(copies[b]))
    const people = new People(copies)
    for (const copy of copies) {
      const id = copy.messageId === null ? undefined : sumOf(copy.messageId)
      if (id !== undefined && byMessageId.get(id) === undefined) byMessageId.set(id, copy.place)
      const contents = contentOf(copy)
      for (const mailbox of copy.mailboxes)
        for (const key of contents.keys()) received.add(sumOf(`${mailbox.id}|${key}`), copy.place)
    }
    for (const copy of copies) {
      const proof = [{ eventId: copy.eventId, evidenceId: copy.evidenceId, record: copy.record }]
      const at = copy.sentAt ?? copy.deliveredAt
      for (const id of [copy.inReplyTo, ...copy.references]) {
        const old = id === null ? undefined : copies[byMessageId.get(sumOf(id)) ?? -1]
        if (old && old.message.id !== copy.message.id && people.isPassedOn(old, copy)) {
          yield {
            kind: 'forwarded-as',
            from: old.message.id,
            to: copy.message.id,
            at,
            confidence: BY_REFERENCE,
            reason: 'reference',
            proof: [...proof, proofOfCopy(old)],
          }
        }
      }
      const { from } = copy.own
      if (!from || at === null) continue
      const [isForward, isAnswer] = [FORWARD.test(copy.subject), ANSWER.test(copy.subject)]
      for (const [key, place] of contentOf(copy)) {
        for (const old of latestBefore(copies, received.of(sumOf(`${from.id}|${key}`)), at)) {
          const before = old.deliveredAt ?? old.sentAt
          if (old.message.id === copy.message.id || before === null || before > at || at - before > WINDOW_US)
            continue
          // An answer quotes what it answers: whoever gets it back is told nothing new.
          if (isAnswer && !people.hasNew(old, copy)) continue
          yield {
            kind: 'forwarded-as',
            from: old.message.id,
            to: copy.message.id,
            at,
            confidence: isForward ? BY_CONTENT : BY_CONTENT_ONLY,
            reason: isForward ? 'same_content' : 'same_content_only',
            params: { address: from.name, what: key.slice(key.indexOf(' ') + 1).slice(0, 200) },
            proof: [...proof, ...proofOfOther(copies, place, copy), proofOfCopy(old)],
          }
        }
      }
    }
  },
}
export default rule

/** Who has to do with each message: its sender and everybody who holds a copy. */
class People {
  readonly #copies: readonly MessageCopy[]
  readonly #places = new SumPlaces((a, b) => a - b)

  constructor(copies: readonly MessageCopy[]) {
    this.#copies = copies
    for (const copy of copies) this.#places.add(sumOf(`${copy.message.id}`), copy.place)
  }

  /** Whether a message that names an older one passes it on: its subject says so, or what was in it goes to somebody new. */
  isPassedOn(old: MessageCopy, copy: MessageCopy): boolean {
    if (FORWARD.test(copy.subject)) return true
    const held = contentOf(old)
    return [...contentOf(copy).keys()].some((key) => held.has(key)) && this.hasNew(old, copy)
  }

  /** Whether somebody gets the newer message who had nothing to do with the older one. */
  hasNew(old: MessageCopy, copy: MessageCopy): boolean {
    const known = this.#of(old)
    if (copy.from) known.add(copy.from.id)
    return [...this.#of(copy)].some((id) => !known.has(id))
  }

  #of({ message }: MessageCopy): Set<number> {
    const found = new Set<number>()
    for (const place of this.#places.of(sumOf(`${message.id}`))) {
      const copy = this.#copies[place]
      if (copy?.from) found.add(copy.from.id)
      for (const { id } of copy?.mailboxes ?? []) found.add(id)
    }
    return found
  }
}

const timeOf = (copy: MessageCopy | undefined): number => copy?.deliveredAt ?? copy?.sentAt ?? Infinity

/** The last copies that came up to a time, of places in the order of time. */
function latestBefore(copies: readonly MessageCopy[], places: Uint32Array, at: number): MessageCopy[] {
  const end = partition(places.length, (next) => timeOf(copies[places[next] ?? 0]) <= at)
  return Array.from(places.subarray(Math.max(0, end - MAX_EARLIER), end)).flatMap(
    (place) => copies[place] ?? [],
  )
}

const proofOfCopy = (copy: MessageCopy) => ({
  eventId: copy.eventId,
  evidenceId: copy.evidenceId,
  record: copy.record,
})

/** The copy that states a thing, where another copy of the message is cited. */
const proofOfOther = (
  copies: readonly MessageCopy[],
  place: number,
  cited: MessageCopy,
): RelationDraft['proof'] => {
  const stating = place === cited.place ? undefined : copies[place]
  return stating ? [proofOfCopy(stating)] : []
}

/** What makes two messages carry the same thing, with the place of the copy that states it. */
function contentOf(copy: MessageCopy): Map<string, number> {
  const keys = new Map<string, number>()
  for (const link of copy.urls) keys.set(`url ${link.url}`, link.place)
  for (const file of copy.attachments) if (file.sha256 ?? file.sha1) keys.set(`file ${file.name}`, file.place)
  return keys
}

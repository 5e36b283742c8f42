import { toAddressKey } from '../../normalise/mail.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { exampleMessage } from '../example-mail.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import type { ViewEvent } from '../view.ts'

/** The mail system says what it did to the copy. */
const RELEASED = 0.97

const rule: Rule = {
  id: 'mail.released',
  order: 11,
  relations: ['delivered-to'],
  // That mail came is no phishing; what was opened, or called so, is.
  attack: [],
  texts: {
    en: {
      title: 'Released messages',
      description:
        'A message that was held reached a mailbox after all, at the time the mail system released it.',
      needs:
        'Post-delivery events of the mail system (EmailPostDeliveryEvents) that name message and recipient.',
      falsePositives: 'The record says that the copy was released, not that its owner saw it.',
      'reason.released': 'The mail system released the copy that it held for this mailbox.',
    },
    'zh-TW': {
      title: '放行的郵件',
      description: '遭攔下的郵件經郵件系統放行後，於放行時間送達信箱。',
      needs: '郵件系統的送達後事件（EmailPostDeliveryEvents），其中載明郵件與收件者。',
      falsePositives: '紀錄只說明副本已放行，不代表信箱擁有者已看到。',
      'reason.released': '郵件系統放行了為此信箱攔下的副本。',
    },
    ja: {
      title: '解放されたメール',
      description:
        '保留されたメールが、メールシステムによる解放の日時にメールボックスへ届いたことを示します。',
      needs: 'メールと受信者を示す、メールシステムの配信後イベント（EmailPostDeliveryEvents）。',
      falsePositives: '記録が示すのはコピーが解放されたことで、所有者が見たことではありません。',
      'reason.released': 'メールシステムが、このメールボックスのために保留していたコピーを解放しました。',
    },
  },
  matches: [
    {
      title: 'a quarantined message that was released',
      items: [
        exampleMessage(0, {
          messageId: 'm1@out.example',
          mailbox: 'amber@corp.example',
          recordedAction: 'quarantine',
          deliveredAt: null,
        }),
        exampleEvent('mail-released', 90, {
          messageId: 'm1@out.example',
          recipient: 'amber@corp.example',
          outcome: 'success',
        }),
      ],
      finds: ['delivered-to: Invoice -> amber@corp.example'],
    },
  ],
  ignores: [
    {
      title: 'a release that failed, and one of a message that is not here',
      items: [
        exampleMessage(0, {
          messageId: 'm1@out.example',
          mailbox: 'amber@corp.example',
          recordedAction: 'quarantine',
          deliveredAt: null,
        }),
        exampleEvent('mail-released', 90, {
          messageId: 'm1@out.example',
          recipient: 'amber@corp.example',
          outcome: 'failure',
        }),
        exampleEvent('mail-released', 95, { messageId: 'm2@out.example', recipient: 'amber@corp.example' }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    const released = new Map<string, ViewEvent[]>()
    for (const event of view.events(['mail-released'], ['messageId', 'recipient', 'outcome'])) {
      const { messageId, outcome } = event.fields
      if (messageId === undefined || outcome === 'failure') continue
      const list = released.get(messageId)
      if (list === undefined) released.set(messageId, [event])
      else list.push(event)
    }
    if (released.size === 0) return
    for (const { messageId, message } of view.mail.copies) {
      if (messageId === null) continue
      const events = released.get(messageId) ?? []
      released.delete(messageId)
      for (const event of events) {
        const mailbox = view.mail.mailbox(toAddressKey(event.fields.recipient ?? '') ?? '')
        if (!mailbox) continue
        yield {
          kind: 'delivered-to',
          from: message.id,
          to: mailbox.id,
          at: event.at,
          confidence: RELEASED,
          reason: 'released',
          proof: proofOf(event),
        }
      }
    }
  },
}
export default rule

import { exampleMessage } from '../example-mail.ts'
import type { RelationDraft, Rule } from '../rule.ts'

/** A mailbox copy in the export of the mail system. */
const BY_COPY = 0.99
/** Recipients of a header or envelope: sent to, perhaps not delivered (filtered, moved, forged). */
const BY_RECIPIENT = 0.9
/** Members of a group get its mail, unless the group holds it back or the export is older than their membership. */
const BY_GROUP = 0.8
/** The sender stands in a header anyone can write. */
const SENDER = 0.8
const PART = 0.99

const rule: Rule = {
  id: 'mail.message',
  order: 10,
  relations: ['sent', 'delivered-to', 'carries', 'links-to'],
  // That mail came is no phishing; what was opened, or called so, is.
  attack: [],
  texts: {
    en: {
      title: 'Messages',
      description:
        'Who sent a message, which mailboxes received it, which attachments it carries and which links it holds.',
      needs: 'Mail metadata: the mail scanner’s sweep, .eml or mbox files.',
      falsePositives:
        'The sender address of a message can be forged. Without mailbox copies, a recipient may not have received the message.',
      'reason.sender': 'The message names {address} as sender.',
      'reason.copy': 'The mail export lists a copy in this mailbox.',
      'reason.recipient': 'The message names this recipient.',
      'reason.group': 'The message was sent to the group {group}, of which the owner was a member.',
      'reason.attachment': 'The message carries this attachment.',
      'reason.link': 'The message holds this link.',
      'reason.link_in_attachment': 'The attachment {name} holds this link.',
    },
    'zh-TW': {
      title: '郵件',
      description: '郵件由誰寄出、送達哪些信箱、帶有哪些附件、含有哪些連結。',
      needs: '郵件中繼資料：郵件掃描器的清查結果、.eml 或 mbox 檔。',
      falsePositives: '寄件者地址可能遭偽造。沒有信箱副本時，收件者不一定真的收到郵件。',
      'reason.sender': '郵件載明寄件者為 {address}。',
      'reason.copy': '郵件匯出檔列出此信箱中有一份副本。',
      'reason.recipient': '郵件載明此收件者。',
      'reason.group': '郵件寄給群組 {group}，信箱擁有者當時是其成員。',
      'reason.attachment': '郵件帶有此附件。',
      'reason.link': '郵件含有此連結。',
      'reason.link_in_attachment': '附件 {name} 含有此連結。',
    },
    ja: {
      title: 'メール',
      description: 'メールの送信者、配信先のメールボックス、添付ファイル、含まれるリンクを示します。',
      needs: 'メールのメタデータ（メールスキャナーの検索結果、.eml、mbox）。',
      falsePositives:
        'メールの送信者アドレスは偽装できます。メールボックスのコピーがない場合、受信者に実際に届いたとは限りません。',
      'reason.sender': 'メールは送信者を {address} としています。',
      'reason.copy': 'メールのエクスポートが、このメールボックス内のコピーを示しています。',
      'reason.recipient': 'メールがこの受信者を示しています。',
      'reason.group': 'メールはグループ {group} 宛てで、メールボックスの所有者は当時そのメンバーでした。',
      'reason.attachment': 'メールにこの添付ファイルがあります。',
      'reason.link': 'メールにこのリンクが含まれています。',
      'reason.link_in_attachment': '添付ファイル {name} にこのリンクが含まれています。',
    },
  },
  matches: [
    {
      title: 'a copy with a link and an attachment',
      items: [
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
          attachments: [{ name: 'invoice.docm', sha256: 'ab'.repeat(32) }],
        }),
      ],
      finds: [
        'sent: billing@out.example -> Invoice',
        'delivered-to: Invoice -> amber@corp.example',
        'carries: Invoice -> invoice.docm',
        'links-to: Invoice -> https://out.example/a',
      ],
    },
  ],
  ignores: [
    {
      title: 'a message that was stopped on the way reached nobody',
      items: [
        exampleMessage(0, {
          from: null,
          recordedAction: 'blocked',
          deliveredAt: null,
          recipients: [{ address: 'amber@corp.example', role: 'to' }],
        }),
      ],
      finds: [],
    },
    {
      title: 'a message held in quarantine for a mailbox never reached it',
      items: [
        exampleMessage(0, {
          from: null,
          mailbox: 'amber@corp.example',
          recordedAction: 'quarantine',
          deliveredAt: null,
          recipients: [{ address: 'amber@corp.example', role: 'to' }],
        }),
      ],
      finds: [],
    },
    {
      title: 'a draft without sender and recipients goes nowhere',
      items: [exampleMessage(0, { from: null })],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    for (const copy of view.mail.copies) {
      const proof = [{ eventId: copy.eventId, evidenceId: copy.evidenceId, record: copy.record }]
      const message = copy.message.id
      const at = copy.deliveredAt ?? copy.sentAt
      // Each relation cites a record that states it.
      const { from, urls, attachments } = copy.own
      if (from)
        yield {
          kind: 'sent',
          from: from.id,
          to: message,
          at: copy.sentAt ?? at,
          confidence: SENDER,
          reason: 'sender',
          params: { address: from.name },
          proof,
        }
      const isCopy = copy.deliveredAt !== null && copy.mailboxes.length === 1
      for (const mailbox of copy.mailboxes) {
        const group = copy.byGroup.get(mailbox)
        if (group) {
          yield {
            kind: 'delivered-to',
            from: message,
            to: mailbox.id,
            at,
            confidence: BY_GROUP,
            reason: 'group',
            params: { group: group.name },
            proof,
          }
          continue
        }
        yield {
          kind: 'delivered-to',
          from: message,
          to: mailbox.id,
          at,
          confidence: isCopy ? BY_COPY : BY_RECIPIENT,
          reason: isCopy ? 'copy' : 'recipient',
          proof,
        }
      }
      for (const file of attachments)
        yield {
          kind: 'carries',
          from: message,
          to: file.entity.id,
          at,
          confidence: PART,
          reason: 'attachment',
          proof,
        }
      for (const link of urls) {
        const holder = link.attachment === null ? undefined : attachments[link.attachment]
        if (holder)
          yield {
            kind: 'links-to',
            from: holder.entity.id,
            to: link.entity.id,
            at,
            confidence: PART,
            reason: 'link_in_attachment',
            params: { name: holder.name },
            proof,
          }
        else
          yield {
            kind: 'links-to',
            from: message,
            to: link.entity.id,
            at,
            confidence: PART,
            reason: 'link',
            proof,
          }
      }
    }
  },
}
export default rule

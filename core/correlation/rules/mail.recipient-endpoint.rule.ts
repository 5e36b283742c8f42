import { partition } from '../columns.ts'
import { proofOf } from '../drafts.ts'
import { exampleMessage, exampleUser } from '../example-mail.ts'
import { exampleEvent } from '../example.ts'
import type { Recipients } from '../recipients.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import type { CorrelationView } from '../view.ts'

/** A program ran as the recipient: whoever sat there, it was under that account. */
const AT_WORK = 0.9
/** Mail that nobody was there to read within this time is read somewhere else. */
const WINDOW_US = 3 * 86_400_000_000

const rule: Rule = {
  id: 'mail.recipient-endpoint',
  order: 44,
  relations: ['logged-on-to'],
  attack: ['T1566'],
  texts: {
    en: {
      title: 'Where recipients were at work',
      description:
        'After a message with a link or attachment was delivered, its recipient was at work on an endpoint: the first program that ran there under the account. The logon itself may be hours older than the message; this is when the message could be acted on, and where.',
      needs:
        'Mail metadata, the directory for the owners of mailboxes, and process starts with their accounts.',
      falsePositives:
        'Scheduled programs run under an account while nobody is there. Recipients also read mail on telephones and at home.',
      'reason.at_work':
        'A program ran as this recipient {minutes} min after the message “{subject}” was delivered.',
    },
    'zh-TW': {
      title: '收件者在何處工作',
      description:
        '含連結或附件的郵件送達後，其收件者在某個端點上工作：以該帳號在該處執行的第一個程式。登入本身可能早於郵件數小時；此處指出郵件可能於何時、何處被處理。',
      needs: '郵件中繼資料、用於判定信箱擁有者的目錄，以及載明帳號的處理程序啟動紀錄。',
      falsePositives: '排程的程式會在無人時以該帳號執行。收件者也可能在手機或家中閱讀郵件。',
      'reason.at_work': '郵件「{subject}」送達 {minutes} 分鐘後，有程式以此收件者的身分執行。',
    },
    ja: {
      title: '受信者が作業していた場所',
      description:
        'リンクや添付ファイルを含むメールの配信後に、受信者がエンドポイントで作業していました。そのアカウントで最初に動作したプログラムを根拠とします。ログオン自体はメールより何時間も前のことがあり、これはメールに反応しえた時と場所を示します。',
      needs:
        'メールのメタデータ、メールボックスの所有者を示すディレクトリ、アカウントを含むプロセス起動の記録。',
      falsePositives:
        '誰もいないときでも、スケジュールされたプログラムがそのアカウントで動作します。受信者はスマートフォンや自宅でもメールを読みます。',
      'reason.at_work':
        'メール「{subject}」の配信から {minutes} 分後に、この受信者としてプログラムが動作しました。',
    },
  },
  matches: [
    {
      title: 'the recipient starts a program half an hour after delivery, logged on since the morning',
      items: [
        exampleUser('amber', 1105),
        exampleEvent('process-start', -7200, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          processPath: 'C:\\Windows\\explorer.exe',
          pid: 5,
        }),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
        exampleEvent('process-start', 1800, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          processPath: 'C:\\Office\\OUTLOOK.EXE',
          pid: 6,
        }),
      ],
      finds: ['logged-on-to: amber -> WS-01'],
    },
  ],
  ignores: [
    {
      title: 'work before the message, and a message that holds nothing to act on',
      items: [
        exampleUser('amber', 1105),
        exampleUser('bruno', 1106),
        exampleEvent('process-start', -60, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          processPath: 'C:\\Windows\\explorer.exe',
          pid: 5,
        }),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
        exampleMessage(10, { messageId: 'm2@out.example', mailbox: 'bruno@corp.example' }),
        exampleEvent('process-start', 60, {
          account: 'CORP\\bruno',
          accountSid: 'S-1-5-21-1-2-3-1106',
          processPath: 'C:\\Windows\\explorer.exe',
          pid: 6,
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    const { recipients } = view
    if (recipients.isEmpty) return
    const work = workOf(view, recipients)
    const isOpenable = withParts(view)
    const startOf = (place: number | undefined): number =>
      view.processes.started.at(place ?? -1)?.startAt ?? Infinity
    for (const userId of recipients.users()) {
      const places = work.get(userId)
      if (!places) continue
      // Each moment of work is told once, for the message that came right before it.
      const told = new Set<number>()
      const received = [...recipients.receivedBy(userId, (place) => isOpenable[place] === 1)]
      const latestFirst = received.sort((a, b) => (b.deliveredAt ?? 0) - (a.deliveredAt ?? 0))
      for (const { copy, deliveredAt } of latestFirst) {
        if (deliveredAt === null) continue
        for (const [endpointId, starts] of places) {
          const next = partition(starts.length, (one) => startOf(starts[one]) < deliveredAt)
          const process = view.processes.started.at(starts[next] ?? -1)
          if (!process || startOf(starts[next]) - deliveredAt > WINDOW_US || told.has(process.eventId))
            continue
          const { event } = process
          if (!event || event.at === null) continue
          told.add(event.id)
          yield {
            kind: 'logged-on-to',
            from: userId,
            to: endpointId,
            at: event.at,
            confidence: AT_WORK,
            reason: 'at_work',
            params: {
              minutes: Math.round((event.at - deliveredAt) / 60e6),
              subject: copy.subject.slice(0, 120),
            },
            proof: [
              ...proofOf(event),
              { eventId: copy.eventId, evidenceId: copy.evidenceId, record: copy.record },
            ],
          }
        }
      }
    }
  },
}
export default rule

/** Process starts under the accounts of recipients: by user and endpoint their places among all, in the order of time. */
function workOf(view: CorrelationView, recipients: Recipients): Map<number, Map<number, number[]>> {
  const work = new Map<number, Map<number, number[]>>()
  let next = 0
  for (const { userId, startAt, endpointId } of view.processes.started) {
    const place = next
    next += 1
    if (userId === null || startAt === null || !recipients.has(userId)) continue
    let places = work.get(userId)
    if (!places) work.set(userId, (places = new Map<number, number[]>()))
    const list = places.get(endpointId)
    if (list) list.push(place)
    else places.set(endpointId, [place])
  }
  return work
}

/** 1 at the places of copies with a link or a file. */
function withParts(view: CorrelationView): Uint8Array {
  const { copies } = view.mail
  const found = new Uint8Array(copies.length)
  for (const copy of copies) if (copy.urls.length > 0 || copy.attachments.length > 0) found[copy.place] = 1
  return found
}

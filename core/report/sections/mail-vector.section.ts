import type { MessageDetail } from '../../contract/nouns/mail.ts'
import type { ReportContext } from '../context.ts'
import { outside, type Block, type Inline, type Line } from '../document.ts'
import { citeProofs, citeSparingly } from '../facts/citations.ts'
import { findVector, hasArrived, sourcesOfVector } from '../facts/vector.ts'
import { defangAddress } from '../render/text.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'
import { otherMail } from './mail-vector/other-mail.ts'
import { mailTexts } from './mail-vector/texts.ts'
import { attachmentTable, recipientMatrix, relatedMessages, urlTable } from './mail-vector/tables.ts'

/** Results of mail authentication that have words of their own (RFC 8601 section 2.7). */
const RESULTS: ReadonlySet<string> = new Set([
  'pass',
  'fail',
  'softfail',
  'neutral',
  'none',
  'temperror',
  'permerror',
  'policy',
  'bestguesspass',
])

export default {
  id: 'mail-vector',
  order: 110,
  options: [{ id: 'recipients', kind: 'number', default: 300, min: 1, max: 20000 }],
  texts: {
    en: {
      'option.recipients': 'Recipients at most',
      title: 'Mail vector',
      description:
        'The candidate message: sender, authentication, links then and now, and what each recipient did.',
      subject: 'Subject',
      from: 'From',
      sender: '{address} (shown as “{name}”)',
      replyTo: 'Answers go to',
      returnPath: 'Return path',
      sent: 'Sent',
      delivered: 'Delivered',
      at: '{time} ({zone})',
      messageId: 'Message-ID',
      origin: 'Sent from',
      spf: 'SPF',
      dkim: 'DKIM',
      dmarc: 'DMARC',
      'result.pass': 'passed',
      'result.fail': 'failed',
      'result.softfail': 'failed softly: the sender’s domain advises doubt',
      'result.neutral': 'neutral: the domain states nothing about this server',
      'result.none': 'no policy or signature',
      'result.temperror': 'could not be checked (temporary fault)',
      'result.permerror': 'could not be checked (faulty record)',
      'result.policy': 'not accepted by local policy',
      'result.bestguesspass': 'no policy; the best guess passed',
      'result.absent': 'not in the evidence',
      urls: 'Links in the message',
      url: 'URL',
      shown: 'Text shown',
      then: 'At delivery',
      now: 'Now',
      decidedBy: 'Decided by',
      attachments: 'Attachments',
      type: 'Type',
      bytes: 'Bytes',
      recipients: 'Who received it, and what they did ({zone})',
      recipient: 'Recipient',
      receivedAt: 'Delivered',
      clickedAt: 'Link followed',
      executedAt: 'Something ran',
      loggedOnAt: 'Next logon',
      matrixNote:
        'An empty cell means that the evidence shows no such act; it does not prove that there was none.',
      related: 'Forwarded copies and messages of the same campaign',
      left: '{count} more recipient is not printed; the workbench lists it under the message. | {count} more recipients are not printed; the workbench lists them under the message.',
      evidence: 'Evidence',
      empty: 'No mail is known to lead into what this report describes.',
      ...mailTexts.en,
    },
    'zh-TW': {
      'option.recipients': '最多收件者數',
      title: '郵件攻擊媒介',
      description: '候選郵件：寄件者、驗證結果、連結在當時與現在的風險，以及每位收件者的行為。',
      subject: '主旨',
      from: '寄件者',
      sender: '{address}（顯示為「{name}」）',
      replyTo: '回覆對象',
      returnPath: '退信路徑',
      sent: '寄出時間',
      delivered: '送達時間',
      at: '{time}（{zone}）',
      messageId: '郵件識別碼（Message-ID）',
      origin: '寄出來源',
      spf: 'SPF',
      dkim: 'DKIM',
      dmarc: 'DMARC',
      'result.pass': '通過',
      'result.fail': '未通過',
      'result.softfail': '軟性未通過：寄件網域建議存疑',
      'result.neutral': '中立：網域未對此伺服器表態',
      'result.none': '無政策或簽章',
      'result.temperror': '無法檢查（暫時性錯誤）',
      'result.permerror': '無法檢查（設定有誤）',
      'result.policy': '本地政策不接受',
      'result.bestguesspass': '無政策；推測為通過',
      'result.absent': '證據中沒有',
      urls: '郵件中的連結',
      url: 'URL',
      shown: '顯示文字',
      then: '送達當時',
      now: '現在',
      decidedBy: '判定依據',
      attachments: '附件',
      type: '類型',
      bytes: '位元組',
      recipients: '收件者及其行為（{zone}）',
      recipient: '收件者',
      receivedAt: '送達',
      clickedAt: '點擊連結',
      executedAt: '執行內容',
      loggedOnAt: '其後登入',
      matrixNote: '空白表示證據中未見該行為，並不證明未曾發生。',
      related: '轉寄的副本與同一攻擊活動的郵件',
      left: '另有 {count} 位收件者未列印；可於工作台的該郵件下查看。',
      evidence: '證據',
      empty: '未知有任何郵件通往本報告所述的活動。',
      ...mailTexts['zh-TW'],
    },
    ja: {
      'option.recipients': '受信者の最大数',
      title: 'メールの侵入経路',
      description: '候補となるメールの送信者、認証結果、リンクの当時と現在の評価、各受信者の行動を示します。',
      subject: '件名',
      from: '差出人',
      sender: '{address}（表示名「{name}」）',
      replyTo: '返信先',
      returnPath: 'Return-Path',
      sent: '送信日時',
      delivered: '配信日時',
      at: '{time}（{zone}）',
      messageId: 'Message-ID',
      origin: '送信元',
      spf: 'SPF',
      dkim: 'DKIM',
      dmarc: 'DMARC',
      'result.pass': '合格',
      'result.fail': '不合格',
      'result.softfail': '弱い不合格：送信ドメインは疑うよう求めています',
      'result.neutral': '中立：ドメインはこのサーバーについて何も示していません',
      'result.none': 'ポリシーまたは署名なし',
      'result.temperror': '確認できず（一時的な障害）',
      'result.permerror': '確認できず（設定の誤り）',
      'result.policy': 'ローカルポリシーで受け入れられず',
      'result.bestguesspass': 'ポリシーなし（推定では合格）',
      'result.absent': '証拠に含まれていません',
      urls: 'メール内のリンク',
      url: 'URL',
      shown: '表示文字列',
      then: '配信時',
      now: '現在',
      decidedBy: '判定の根拠',
      attachments: '添付ファイル',
      type: '種類',
      bytes: 'バイト数',
      recipients: '受信者とその行動（{zone}）',
      recipient: '受信者',
      receivedAt: '配信',
      clickedAt: 'リンクを開いた',
      executedAt: '実行',
      loggedOnAt: 'その後のログオン',
      matrixNote: '空欄は証拠にその行動が見られないことを示し、行動がなかったことの証明ではありません。',
      related: '転送されたメールと同じ攻撃キャンペーンのメール',
      left: 'ほか {count} 名の受信者は印刷していません。ワークベンチのメール画面で確認できます。',
      evidence: '証拠',
      empty: '本報告書の内容につながるメールは知られていません。',
      ...mailTexts.ja,
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { words } = context
    const vector = await findVector(context)
    const others = await otherMail(context, vector?.message.id ?? null)
    if (vector === undefined) return [{ block: 'paragraph', text: [words('empty')] }, ...others]
    const { message } = vector
    const related = await relatedMessages(context, message.id)
    const says: Line = [
      ...(vector.finding === null ? [] : [words('ofFinding', { n: vector.finding })]),
      ...(vector.isPerhaps ? [words('perhaps')] : []),
      ...((await hasArrived(context, message)) ? [] : [words('notArrived')]),
    ]
    return [
      ...(says.length === 0 ? [] : [{ block: 'paragraph' as const, text: says }]),
      await facts(context, message),
      urlTable(context, message),
      ...(message.attachmentList.length > 0 ? [attachmentTable(context, message)] : []),
      ...recipientMatrix(context, message),
      ...(related ? [related] : []),
      ...others,
    ]
  },
} satisfies Section

async function facts(context: ReportContext, message: MessageDetail): Promise<Block> {
  const { words, time, case: info } = context
  const at = (iso: string | null): Line => [
    iso === null ? shared('unknown') : words('at', { time: time(iso), zone: info.zone }),
  ]
  const address = (text: string): Inline => outside(text, 'address')
  const sender =
    message.fromName === ''
      ? [address(message.from)]
      : [words('sender', { address: defangAddress(message.from), name: message.fromName })]
  const origin = [message.sourceDomain, message.sourceIp].flatMap((text) =>
    text === null ? [] : [address(text)],
  )
  return {
    block: 'pairs',
    rows: [
      { label: words('subject'), value: [outside(message.subject, 'strong')] },
      { label: words('from'), value: sender },
      ...(message.replyTo.length > 0
        ? [{ label: words('replyTo'), value: message.replyTo.map(address) }]
        : []),
      ...(message.returnPath === null
        ? []
        : [{ label: words('returnPath'), value: [address(message.returnPath)] }]),
      { label: words('sent'), value: at(message.sentAt) },
      { label: words('delivered'), value: at(message.deliveredAt) },
      {
        label: words('messageId'),
        value: [message.messageId === null ? shared('none') : outside(message.messageId, 'mono')],
      },
      ...(origin.length > 0 ? [{ label: words('origin'), value: origin }] : []),
      ...(['spf', 'dkim', 'dmarc'] as const).map((check) => ({
        label: words(check),
        value: authResult(context, message.authentication[check]),
      })),
      {
        label: words('evidence'),
        value: citeProofs(citeSparingly(context), {
          sources: await sourcesOfVector(context, message),
          total: message.sources.length,
        }),
      },
    ],
  }
}

/** `pass (sender ip is ...)` -> passed; an unknown word is shown as it stands. */
function authResult({ words }: ReportContext, result: string | null): Line {
  if (result === null || result.trim() === '') return [words('result.absent')]
  const [word = ''] = result
    .trim()
    .toLowerCase()
    .split(/[\s;(]/, 1)
  return RESULTS.has(word) ? [words(`result.${word}`)] : [outside(result)]
}

import type { DetectionLevel } from '../../model/detection.ts'
import { ipEntity, proofOf } from '../drafts.ts'
import { exampleMessage, exampleUser } from '../example-mail.ts'
import { exampleEvent } from '../example.ts'
import { type JudgedMessage, judgedMail, wasStopped } from '../judged-waves.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import type { CorrelationView } from '../view.ts'

/** The product says so; it knows more than the evidence, and errs at times. */
const SURE = 0.88
const UNSURE = 0.65
/** Only the time says that the sign-in has to do with the message. */
const BY_TIME = 0.55
/** Records and entities named with one wave; the rest is counted. */
const MAX_NAMED = 60
/** People named in the sentence. */
const MAX_SHOWN = 5

/** A row of EmailEvents for one recipient. */
const judgedCopy = (name: string, action: 'Delivered' | 'Junked' | 'Blocked') =>
  exampleMessage(0, {
    uniqueId: 'n1',
    recipients: [{ address: `${name}@corp.example`, role: 'envelope' }],
    ...(action === 'Blocked' ? { deliveredAt: null } : { mailbox: `${name}@corp.example` }),
    recordedAction: action.toLowerCase(),
    urls: [{ url: 'https://sign-in.rare.example/doc', where: 'body' }],
    headers: [
      { name: 'DeliveryAction', value: action },
      { name: 'ThreatTypes', value: 'Phish' },
      { name: 'DetectionMethods', value: '{"Phish":["URL malicious reputation"]}' },
    ],
  })
const click = (name: string, action: 'ClickAllowed' | 'ClickBlocked') =>
  exampleEvent('url-click', 900, {
    host: undefined,
    account: `${name}@corp.example`,
    accountMail: `${name}@corp.example`,
    url: 'https://sign-in.rare.example/doc',
    networkMessageId: 'n1',
    action,
    outcome: action === 'ClickAllowed' ? 'success' : 'failure',
  })

const rule: Rule = {
  id: 'mail.judged',
  order: 56,
  relations: [],
  detections: ['judged-clicked', 'judged-followed', 'judged-delivered', 'judged-held', 'judged-click'],
  attack: ['T1566', 'T1204.001'],
  attackOf: {
    'judged-clicked': ['T1566', 'T1204.001'],
    'judged-followed': ['T1566'],
    'judged-delivered': ['T1566'],
    'judged-held': ['T1566'],
    'judged-click/click': ['T1204.001'],
    'judged-click/click_stopped': [],
  },
  texts: {
    en: {
      title: 'Mail that a product called malicious',
      description:
        'What the mail product or scanner said of a message (phishing or malware; spam alone is left out), and what became of it: delivered, put into junk, stopped, or taken back later; who opened its link, and who signed in oddly within a day of getting it. Messages of one wave are told together. A link that was opened, or an odd sign-in after it, weighs most; what was stopped on its way weighs little.',
      needs:
        'EmailEvents, EmailPostDeliveryEvents and UrlClickEvents of Defender for Office 365, the unified audit log (TIMailData), security events of a cloud mail scanner, message traces that name malware, or mail with the headers of Exchange Online Protection. For who acted on it, click logs and sign-ins.',
      falsePositives:
        'Products call newsletters, sharing notices and phishing exercises malicious. Scanners and previews open links as well; an odd sign-in of a recipient may have nothing to do with the message.',
      'detection.judged-clicked': 'Somebody opened a link of mail that the product called malicious',
      'detection.judged-followed': 'Odd sign-in after mail that the product called malicious',
      'detection.judged-delivered': 'Mail that the product called malicious reached mailboxes',
      'detection.judged-held':
        'Mail that the product called malicious was stopped, put into junk or taken back',
      'detection.judged-click': 'A click that the product called malicious',
      'reason.clicked':
        '{when}: {product} said “{said}”. Messages: {messages}; copies in the inbox: {inbox}, in junk: {junk}, stopped: {stopped}, taken back later: {removed}. Opened by: {who}. Clicks that were stopped: {blocked}.',
      'reason.followed':
        '{when}: {product} said “{said}”. Messages: {messages}; copies in the inbox: {inbox}, in junk: {junk}, stopped: {stopped}, taken back later: {removed}. {who} signed in oddly ({country}) {minutes} min after the copy came.',
      'reason.fate':
        '{when}: {product} said “{said}”. Messages: {messages}; copies in the inbox: {inbox}, in junk: {junk}, stopped: {stopped}, taken back later: {removed}. No click is recorded that was let through; clicks that were stopped: {blocked}.',
      'reason.click': '{when}: the product said “{said}” of a link that {who} opened ({action}).',
      'reason.click_stopped':
        '{when}: the product said “{said}” of a link that {who} clicked, and stopped it ({action}).',
    },
    'zh-TW': {
      title: '產品判定為惡意的郵件',
      description:
        '郵件產品或掃描程式對郵件的判定（網路釣魚或惡意程式；僅為垃圾郵件者略過），以及郵件的下場：送達、移至垃圾郵件、遭攔下，或事後收回；誰開啟了其中的連結，以及誰在收到後一天內有異常登入。同一波的郵件合併說明。連結遭開啟或其後有異常登入者分量最重；途中攔下者分量輕。',
      needs:
        'Defender for Office 365 的 EmailEvents、EmailPostDeliveryEvents 與 UrlClickEvents、整合稽核記錄（TIMailData）、雲端郵件掃描程式的安全性事件、載明惡意程式的郵件追蹤，或含 Exchange Online Protection 標頭的郵件。要知道誰有所動作，需要點擊記錄與登入記錄。',
      falsePositives:
        '產品會將電子報、共用通知與釣魚演練判為惡意。掃描程式與預覽也會開啟連結；收件者的異常登入可能與該郵件無關。',
      'detection.judged-clicked': '有人開啟了產品判定為惡意的郵件中的連結',
      'detection.judged-followed': '收到產品判定為惡意的郵件後出現異常登入',
      'detection.judged-delivered': '產品判定為惡意的郵件送達信箱',
      'detection.judged-held': '產品判定為惡意的郵件遭攔下、移至垃圾郵件或收回',
      'detection.judged-click': '產品判定為惡意的點擊',
      'reason.clicked':
        '{when}：{product} 的判定為「{said}」。郵件數：{messages}；副本於收件匣：{inbox}、垃圾郵件：{junk}、遭攔下：{stopped}、事後收回：{removed}。開啟者：{who}。遭阻擋的點擊：{blocked}。',
      'reason.followed':
        '{when}：{product} 的判定為「{said}」。郵件數：{messages}；副本於收件匣：{inbox}、垃圾郵件：{junk}、遭攔下：{stopped}、事後收回：{removed}。{who} 在副本送達後 {minutes} 分鐘有異常登入（{country}）。',
      'reason.fate':
        '{when}：{product} 的判定為「{said}」。郵件數：{messages}；副本於收件匣：{inbox}、垃圾郵件：{junk}、遭攔下：{stopped}、事後收回：{removed}。沒有獲准點擊的紀錄；遭阻擋的點擊：{blocked}。',
      'reason.click': '{when}：{who} 開啟的連結，產品判定為「{said}」（{action}）。',
      'reason.click_stopped': '{when}：{who} 點擊的連結，產品判定為「{said}」並予以阻擋（{action}）。',
    },
    ja: {
      title: '製品が悪意ありと判定したメール',
      description:
        'メール製品やスキャナーによるメールの判定（フィッシングまたはマルウェア。スパムのみのものは除く）と、その後の経過です。配信、迷惑メールへの振り分け、阻止、事後の回収のほか、リンクを開いた人と、受信から 1 日以内に不審なサインインがあった人を示します。同じ波のメールはまとめて示します。リンクが開かれたもの、その後に不審なサインインがあったものが最も重く、途中で阻止されたものは軽く扱います。',
      needs:
        'Defender for Office 365 の EmailEvents、EmailPostDeliveryEvents、UrlClickEvents、統合監査ログ（TIMailData）、クラウドメールスキャナーのセキュリティイベント、マルウェア名を含むメッセージ追跡、または Exchange Online Protection のヘッダーを持つメール。誰が反応したかにはクリックログとサインインが必要です。',
      falsePositives:
        '製品はニュースレター、共有通知、フィッシング訓練も悪意ありと判定します。スキャナーやプレビューもリンクを開きます。受信者の不審なサインインはメールと無関係の場合があります。',
      'detection.judged-clicked': '製品が悪意ありと判定したメールのリンクが開かれた',
      'detection.judged-followed': '製品が悪意ありと判定したメールの後の不審なサインイン',
      'detection.judged-delivered': '製品が悪意ありと判定したメールがメールボックスに届いた',
      'detection.judged-held':
        '製品が悪意ありと判定したメールが阻止された、迷惑メールに入れられた、または回収された',
      'detection.judged-click': '製品が悪意ありと判定したクリック',
      'reason.clicked':
        '{when}：{product} の判定は「{said}」。メール：{messages} 通、コピーは受信トレイ {inbox}、迷惑メール {junk}、阻止 {stopped}、事後の回収 {removed}。開いた人：{who}。阻止されたクリック：{blocked}。',
      'reason.followed':
        '{when}：{product} の判定は「{said}」。メール：{messages} 通、コピーは受信トレイ {inbox}、迷惑メール {junk}、阻止 {stopped}、事後の回収 {removed}。コピーが届いて {minutes} 分後に {who} の不審なサインイン（{country}）がありました。',
      'reason.fate':
        '{when}：{product} の判定は「{said}」。メール：{messages} 通、コピーは受信トレイ {inbox}、迷惑メール {junk}、阻止 {stopped}、事後の回収 {removed}。許可されたクリックの記録はありません。阻止されたクリック：{blocked}。',
      'reason.click': '{when}：{who} が開いたリンクを、製品は「{said}」と判定しました（{action}）。',
      'reason.click_stopped':
        '{when}：{who} がクリックしたリンクを、製品は「{said}」と判定し、阻止しました（{action}）。',
    },
  },
  matches: [
    {
      title: 'a phish for three: one copy was stopped, one lies in junk, the third was opened',
      items: [
        exampleUser('amber', 1105),
        judgedCopy('amber', 'Delivered'),
        judgedCopy('bruno', 'Junked'),
        judgedCopy('chiyo', 'Blocked'),
        click('amber', 'ClickAllowed'),
      ],
      finds: ['!judged-clicked: Invoice'],
    },
    {
      title: 'a phish that lies in an inbox; the click was stopped',
      items: [exampleUser('amber', 1105), judgedCopy('amber', 'Delivered'), click('amber', 'ClickBlocked')],
      finds: ['!judged-delivered: Invoice'],
    },
    {
      title: 'a phish that the scanner took out of the mailbox',
      items: [
        exampleMessage(0, { mailbox: 'amber@corp.example' }),
        exampleEvent('alert', 30, {
          host: undefined,
          provider: 'Exchange Online',
          messageId: 'm1@out.example',
          severity: 'Dangerous',
          action: 'Quarantine',
          detail: 'filter: Web Reputation; risk: https://sign-in.rare.example/doc',
        }),
        exampleEvent('mail-removed', 60, {
          host: undefined,
          messageId: 'm1@out.example',
          recipient: 'amber@corp.example',
          rule: 'Phish ZAP',
          outcome: 'success',
        }),
      ],
      finds: ['!judged-held: Invoice'],
    },
    {
      title: 'a click in a chat that the product let through and called phishing',
      items: [
        exampleUser('amber', 1105),
        exampleEvent('url-click', 0, {
          host: undefined,
          account: 'amber@corp.example',
          accountMail: 'amber@corp.example',
          url: 'https://sign-in.rare.example/doc',
          severity: 'Phish',
          action: 'ClickAllowed',
          outcome: 'success',
        }),
      ],
      finds: ['!judged-click: amber'],
    },
  ],
  ignores: [
    {
      title: 'spam, a click on mail nobody judged, and a match of the company’s own content rules',
      items: [
        exampleUser('amber', 1105),
        exampleMessage(0, {
          uniqueId: 'n1',
          mailbox: 'amber@corp.example',
          headers: [{ name: 'ThreatTypes', value: 'Spam' }],
          urls: [{ url: 'https://sign-in.rare.example/doc', where: 'body' }],
        }),
        click('amber', 'ClickAllowed'),
        exampleEvent('alert', 30, {
          host: undefined,
          messageId: 'm1@out.example',
          severity: '',
          rule: 'Cards',
          detail: 'filter: Data Loss Prevention; data loss: Credit cards',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const { waves, strays } = judgedMail(view)
    for (const wave of waves) yield* toldOf(view, wave)
    for (const { event, said } of strays) {
      const { action = '?', account = '?', outcome } = event.fields
      if (event.userId === null) continue
      yield {
        detection: 'judged-click',
        level: outcome === 'failure' ? 'low' : 'medium',
        subject: event.userId,
        window: event.fields.url ?? '',
        at: event.at,
        confidence: SURE,
        reason: outcome === 'failure' ? 'click_stopped' : 'click',
        params: { when: minuteOf(event.at), said, who: account, action },
        proof: proofOf(event),
      }
    }
  },
}
export default rule

/** One wave of messages, by the gravest that came of it. */
function* toldOf(view: CorrelationView, wave: readonly JudgedMessage[]): Generator<DetectionDraft> {
  const [first] = wave
  const verdicts = wave
    .flatMap((message) => message.verdicts)
    .sort((a, b) => Number(b.isSure) - Number(a.isSure) || (a.at ?? Infinity) - (b.at ?? Infinity))
  const [verdict] = verdicts
  if (!first || !verdict) return
  const fates = wave.flatMap((message) => message.fates)
  const clicks = wave.flatMap((message) => message.clicks)
  const opened = clicks.filter((one) => !one.wasStopped)
  const people = new Map(opened.map((one) => [one.userId ?? one.who, one]))
  // Who opened the link is told of already; the click leads on to the sign-in.
  const followed = wave
    .flatMap((message) => message.followed)
    .filter(({ userId }) => !people.has(userId))
    .sort((a, b) => a.odd.at - b.odd.at)
  const count = (fate: string): number => fates.filter((copy) => copy.fate === fate).length
  const told = {
    when: minuteOf(verdict.at ?? first.at),
    product: verdict.product,
    said: verdict.said,
    messages: wave.length,
    inbox: count('inbox'),
    junk: count('junk'),
    stopped: count('stopped'),
    removed: count('removed'),
    blocked: clicks.length - opened.length,
  }
  const records = [
    ...verdicts.flatMap(({ proof }) => proof),
    ...clicks.flatMap(({ proof }) => proof),
    ...fates.flatMap(({ proof }) => proof),
  ].slice(0, MAX_NAMED)
  const base = {
    subject: first.copy.message.id,
    at: first.at ?? verdict.at,
    confidence: verdict.isSure ? SURE : UNSURE,
    proof: records,
  }
  const others = wave.slice(1, MAX_NAMED).map(({ copy }) => copy.message.id)
  if (people.size > 0)
    yield {
      ...base,
      detection: 'judged-clicked',
      // It happened when the first of them opened it, not when the mail came.
      at: opened.reduce((least, { at }) => Math.min(least, at), Infinity),
      level: verdict.isSure ? 'high' : 'medium',
      involved: [
        ...new Set<EntityHandle>([
          ...opened.flatMap(({ url }) => url ?? []),
          ...[...people.values()].flatMap(({ userId }) => userId ?? []),
          ...others,
        ]),
      ].slice(0, MAX_NAMED),
      until: opened.at(-1)?.at ?? null,
      reason: 'clicked',
      params: { ...told, who: listed([...people.values()].map(({ who }) => who)) },
    }
  else if (followed.length === 0)
    yield {
      ...base,
      ...fateOf(wave, told.inbox),
      involved: others,
      reason: 'fate',
      params: told,
    }
  const [entered] = followed
  if (!entered) return
  yield {
    ...base,
    detection: 'judged-followed',
    level: verdict.isSure ? 'high' : 'medium',
    involved: [
      ...new Set(followed.map(({ userId }) => userId)),
      ...followed.flatMap(({ odd }) => (odd.ip === undefined ? [] : [ipEntity(odd.ip)])),
      ...others,
    ].slice(0, MAX_NAMED),
    until: followed.at(-1)?.odd.at ?? null,
    confidence: Math.min(BY_TIME, base.confidence),
    reason: 'followed',
    params: {
      ...told,
      who: listed([...new Set(followed.map(({ userId }) => view.entity(userId).name))]),
      country: entered.odd.country ?? '?',
      minutes: Math.round((entered.odd.at - entered.deliveredAt) / 60e6),
    },
    proof: [...followed.flatMap(({ odd }) => odd.events.slice(-1).flatMap(proofOf)), ...records].slice(
      0,
      MAX_NAMED,
    ),
  }
}

/** Nobody is known to have acted on it: in an inbox it can still be. */
function fateOf(
  wave: readonly JudgedMessage[],
  inbox: number,
): { readonly detection: string; readonly level: DetectionLevel } {
  return inbox > 0 && !wave.every(wasStopped)
    ? { detection: 'judged-delivered', level: 'medium' }
    : { detection: 'judged-held', level: 'low' }
}

/** `ana, bob, carl +2`. */
const listed = (names: readonly string[]): string =>
  names.slice(0, MAX_SHOWN).join(', ') + (names.length > MAX_SHOWN ? ` +${names.length - MAX_SHOWN}` : '')

/** `2026-03-10 08:00 UTC`. */
const minuteOf = (at: number | null): string =>
  at === null ? '?' : `${new Date(at / 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`

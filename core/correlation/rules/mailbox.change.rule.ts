import type { DetectionLevel } from '../../model/detection.ts'
import { dayOf, readDetail } from '../accounts.ts'
import { ipEntity, proofOf } from '../drafts.ts'
import { exampleMessage, exampleUser } from '../example-mail.ts'
import { exampleEvent } from '../example.ts'
import { hides, looksOfFraud } from '../hiding-rules.ts'
import { MailboxIdentities } from '../mailbox-identities.ts'
import { domainOf, mailboxAt, minutesAfter, OddSignIns, ownDomains } from '../mailboxes.ts'
import type { OddSignIn } from '../odd-sign-ins.ts'
import type { EntityHandle, Find, Rule } from '../rule.ts'
import { type SetForward, usedForwards } from '../used-forwards.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The provider recorded the change. */
const RECORDED = 0.95
/** A forward that was set: mail goes there from then on, if the provider lets it. */
const FORWARDS = 0.9
/** The change alone; after an odd sign-in it is surer. */
const ALONE = 0.7
const AFTER_ODD = 0.92
/** After a sign-in from a new country and nothing else that is odd. */
const AFTER_WEAK = 0.8

const FORWARD_NAMES =
  /-(?:ForwardTo|ForwardAsAttachmentTo|RedirectTo|RedirectMessageTo|ForwardingSmtpAddress|ForwardingAddress|BlindCopyTo|CopyTo)\s+"?(?:smtp:)?([A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,253})/gi

/** A change of a mailbox in an example. */
function change(
  seconds: number,
  kind: 'mailbox-rule' | 'mailbox-change',
  action: string,
  more: Parameters<typeof exampleEvent>[2],
) {
  return exampleEvent(kind, seconds, {
    host: undefined,
    account: 'amber@corp.example',
    sourceIp: '198.51.100.9',
    outcome: 'success',
    action,
    ...more,
  })
}
function signIn(seconds: number, location: string, sourceIp: string) {
  return exampleEvent('cloud-sign-in', seconds, {
    host: undefined,
    account: 'amber@corp.example',
    sourceIp,
    location,
    outcome: 'success',
  })
}

const rule: Rule = {
  id: 'mailbox.change',
  order: 56,
  relations: ['changed-mailbox', 'forwards-to', 'owned-by'],
  detections: ['forward-outside', 'hiding-rule', 'access-granted', 'audit-off'],
  attack: ['T1114.003', 'T1564.008', 'T1098.002', 'T1562.008'],
  attackOf: {
    'forward-outside': ['T1114.003'],
    'hiding-rule': ['T1564.008'],
    'access-granted': ['T1098.002'],
    'audit-off': ['T1562.008'],
  },
  texts: {
    en: {
      title: 'Changed mailboxes: rules, forwarding, permissions',
      description:
        'Who changed a mailbox and from where, and where its mail is forwarded to; copies of messages that came by such a forward are shown as its work. Forwarding out of the organisation, rules that hide mail, granted access and switched-off auditing are told, rated higher after an odd sign-in of the account or from the same address.',
      needs: 'The unified audit log or the management log of Exchange (New-InboxRule, Set-Mailbox, ...).',
      falsePositives:
        'People forward mail to their private address or sort newsletters away; administrators grant access to shared mailboxes.',
      'detection.forward-outside': 'Mail forwarded out of the organisation',
      'detection.hiding-rule': 'Inbox rule that hides mail',
      'detection.access-granted': 'Access to a mailbox granted',
      'detection.audit-off': 'Auditing of mailboxes switched off',
      'reason.changed': '{action} by {actor}.',
      'reason.changed_from': '{action} by {actor} from {ip}.',
      'reason.forwards': '{action} by {actor} sends mail of this mailbox there.',
      'reason.forward_used':
        'A forward that was set leads there, and a copy of “{subject}” came there {seconds} s after the first mailbox had got it.',
      'reason.owner': 'The audit log names the owner of the mailbox.',
      'reason.outside': '{actor} ({action}) sends mail to {target}, outside of the organisation.',
      'reason.outside_odd':
        '{actor} ({action}) sends mail to {target}, outside of the organisation, {minutes} min after an odd sign-in ({country}).',
      'reason.hides': 'The rule {rule} of {actor} hides mail: {how}.',
      'reason.hides_odd':
        'The rule {rule} of {actor} hides mail: {how}; made {minutes} min after an odd sign-in ({country}).',
      'reason.granted': '{actor} granted access ({action}): {how}.',
      'reason.granted_odd':
        '{actor} granted access ({action}): {how}; {minutes} min after an odd sign-in ({country}).',
      'reason.audit': '{actor} switched off what is recorded of mailboxes ({action}).',
    },
    'zh-TW': {
      title: '信箱變更：規則、轉寄、權限',
      description:
        '誰從何處變更了信箱，以及郵件轉寄至何處；經由此類轉寄抵達的郵件副本顯示為其作用。提示轉寄至組織外部、隱藏郵件的規則、授予的存取權與關閉的稽核；若發生在該帳號或同一位址的異常登入之後，等級較高。',
      needs: '整合稽核記錄或 Exchange 管理記錄（New-InboxRule、Set-Mailbox 等）。',
      falsePositives: '使用者將郵件轉寄到私人信箱或整理電子報；系統管理員授予共用信箱的存取權。',
      'detection.forward-outside': '郵件轉寄至組織外部',
      'detection.hiding-rule': '隱藏郵件的收件匣規則',
      'detection.access-granted': '授予信箱存取權',
      'detection.audit-off': '關閉信箱稽核',
      'reason.changed': '{actor} 執行了 {action}。',
      'reason.changed_from': '{actor} 自 {ip} 執行了 {action}。',
      'reason.forwards': '{actor} 執行 {action}，使此信箱的郵件轉寄至該處。',
      'reason.forward_used':
        '已設定的轉寄通往該處，且「{subject}」的副本在原信箱收到 {seconds} 秒後抵達該處。',
      'reason.owner': '稽核記錄載明信箱的擁有者。',
      'reason.outside': '{actor}（{action}）將郵件轉寄至組織外部的 {target}。',
      'reason.outside_odd':
        '{actor}（{action}）在異常登入（{country}）{minutes} 分鐘後，將郵件轉寄至組織外部的 {target}。',
      'reason.hides': '{actor} 的規則 {rule} 會隱藏郵件：{how}。',
      'reason.hides_odd':
        '{actor} 的規則 {rule} 會隱藏郵件：{how}；建立於異常登入（{country}）{minutes} 分鐘後。',
      'reason.granted': '{actor} 授予了存取權（{action}）：{how}。',
      'reason.granted_odd':
        '{actor} 授予了存取權（{action}）：{how}；發生於異常登入（{country}）{minutes} 分鐘後。',
      'reason.audit': '{actor} 關閉了信箱的稽核紀錄（{action}）。',
    },
    ja: {
      title: 'メールボックスの変更：ルール・転送・権限',
      description:
        '誰がどこからメールボックスを変更し、メールがどこへ転送されるか。そうした転送で届いたメールの写しは、転送の働きとして示します。組織外への転送、メールを隠すルール、付与されたアクセス権、無効化された監査を示し、そのアカウントまたは同じアドレスからの不審なサインインの後ならレベルを上げます。',
      needs: '統合監査ログまたは Exchange の管理ログ（New-InboxRule、Set-Mailbox など）。',
      falsePositives:
        '私用アドレスへの転送やニュースレターの仕分け。管理者による共有メールボックスへのアクセス権付与。',
      'detection.forward-outside': '組織外へのメール転送',
      'detection.hiding-rule': 'メールを隠す受信トレイルール',
      'detection.access-granted': 'メールボックスへのアクセス権付与',
      'detection.audit-off': 'メールボックス監査の無効化',
      'reason.changed': '{actor} による {action}。',
      'reason.changed_from': '{ip} からの {actor} による {action}。',
      'reason.forwards': '{actor} の {action} により、このメールボックスのメールがそこへ送られます。',
      'reason.forward_used':
        '設定済みの転送がそこへ通じており、元のメールボックスに届いた {seconds} 秒後に「{subject}」の写しがそこへ届きました。',
      'reason.owner': '監査ログにメールボックスの所有者が記されています。',
      'reason.outside': '{actor}（{action}）が組織外の {target} へメールを転送します。',
      'reason.outside_odd':
        '{actor}（{action}）が不審なサインイン（{country}）の {minutes} 分後に、組織外の {target} へメールを転送しました。',
      'reason.hides': '{actor} のルール {rule} がメールを隠します：{how}',
      'reason.hides_odd':
        '{actor} のルール {rule} がメールを隠します：{how}（不審なサインイン（{country}）の {minutes} 分後に作成）。',
      'reason.granted': '{actor} がアクセス権を付与しました（{action}）：{how}',
      'reason.granted_odd':
        '{actor} がアクセス権を付与しました（{action}）：{how}（不審なサインイン（{country}）の {minutes} 分後）。',
      'reason.audit': '{actor} がメールボックスの記録を無効にしました（{action}）。',
    },
  },
  matches: [
    {
      title:
        'a forward out of the organisation and a rule that hides answers, after two countries in ten minutes',
      items: [
        signIn(0, 'Taipei, TW', '203.0.113.7'),
        signIn(600, 'Lagos, NG', '198.51.100.9'),
        change(1200, 'mailbox-change', 'Set-Mailbox', {
          targetAccount: 'amber@corp.example',
          recipient: 'drop@evil.example',
          detail: 'ForwardingSmtpAddress: smtp:drop@evil.example; DeliverToMailboxAndForward: True',
        }),
        change(1300, 'mailbox-rule', 'New-InboxRule', {
          target: '..',
          detail: 'SubjectOrBodyContainsWords: invoice; MoveToFolder: RSS Feeds; MarkAsRead: True',
        }),
      ],
      finds: [
        'changed-mailbox: amber@corp.example -> amber@corp.example',
        'changed-mailbox: 198.51.100.9 -> amber@corp.example',
        'forwards-to: amber@corp.example -> drop@evil.example',
        '!forward-outside: amber@corp.example',
        '!hiding-rule: amber@corp.example',
      ],
    },
    {
      title:
        'mailboxes by alias, display name, distinguished name and id; one that two may mean stays a name',
      items: [
        ...['amber', 'basil', 'chiyo', 'dario'].map((name, index) => exampleUser(name, 1105 + index)),
        { ...exampleUser('edith', 1109), dn: 'CN=Edith,OU=Staff,DC=corp,DC=example' },
        { ...exampleUser('fumio', 1110), displayName: 'Fumio Sato' },
        ...['corp', 'two'].map((domain) => ({
          ...exampleUser(`gus-${domain}`, domain === 'corp' ? 1111 : 1112),
          mail: `gus@${domain}.example`,
        })),
        ...['basil', 'gus'].map((name, index) =>
          exampleMessage(index, { messageId: `${name}@out.example`, mailbox: `${name}@corp.example` }),
        ),
        exampleMessage(2, { messageId: 'gus2@out.example', mailbox: 'gus@two.example' }),
        ...['amber', 'basil', 'CN=Edith,OU=Staff,DC=corp,DC=example', 'Fumio Sato', 'gus'].map(
          (written, index) =>
            change(10 + index, 'mailbox-change', 'Set-Mailbox', {
              accountMail: 'amber@corp.example',
              targetAccount: written,
              sourceIp: undefined,
            }),
        ),
      ],
      finds: ['amber', 'basil', 'edith', 'fumio']
        .map((name) => `changed-mailbox: amber -> ${name}@corp.example`)
        .concat('changed-mailbox: amber -> gus'),
    },
    {
      title: 'a copy of a message that came by a forward set before',
      items: [
        exampleUser('amber', 1105),
        exampleUser('basil', 1106),
        change(-86_400, 'mailbox-rule', 'New-InboxRule', {
          target: 'Forward',
          recipient: 'basil@corp.example',
          detail: 'ForwardTo: basil@corp.example',
        }),
        exampleMessage(0, { mailbox: 'amber@corp.example' }),
        exampleMessage(5, { mailbox: 'basil@corp.example' }),
      ],
      finds: ['forwards-to: amber@corp.example -> basil@corp.example'],
    },
    {
      title: 'the management log of an Exchange server',
      items: [
        exampleEvent('mailbox-change', 0, {
          account: 'CORP\\adm',
          action: 'Set-Mailbox',
          outcome: 'success',
          detail: '-Identity "basil@corp.example" -ForwardingSmtpAddress "smtp:x@evil.example"',
        }),
      ],
      finds: ['forwards-to: basil@corp.example -> x@evil.example', '!forward-outside: basil@corp.example'],
    },
  ],
  ignores: [
    {
      title: 'a refused change and a transport rule of nobody',
      items: [
        change(0, 'mailbox-change', 'Set-Mailbox', {
          targetAccount: 'amber@corp.example',
          outcome: 'failure',
          recipient: 'drop@evil.example',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const identities = new MailboxIdentities(view)
    const forwards: SetForward[] = []
    let odd: OddSignIns | undefined
    let domains: ReadonlySet<string> | undefined
    for (const event of view.events(
      ['mailbox-rule', 'mailbox-change', 'audit-change'],
      [
        'account',
        'accountMail',
        'action',
        'target',
        'targetAccount',
        'recipient',
        'detail',
        'sourceIp',
        'outcome',
        'provider',
      ],
    )) {
      if (event.fields.outcome === 'failure') continue
      if (event.kind === 'audit-change') {
        yield* auditOff(event)
        continue
      }
      odd ??= new OddSignIns(view)
      domains ??= ownDomains(view)
      for (const find of changed(view, event, odd, domains, identities)) {
        yield find
        if ('kind' in find && find.kind === 'forwards-to') {
          const { from, to, at, proof } = find
          if (typeof from === 'number' && typeof to === 'number') forwards.push({ from, to, at, proof })
        }
      }
    }
    yield* usedForwards(view, forwards)
  },
}
export default rule

/** Whose mailbox it is: as the record names it, else the one of who made a rule. */
function mailboxOf({ kind, fields }: ViewEvent): string | undefined {
  const { targetAccount, account, accountMail, detail = '' } = fields
  const [, quoted, bare] = /-(?:Identity|Mailbox)\s+(?:"([^"]{1,256})"|([^"\s]{1,256}))/i.exec(detail) ?? []
  return targetAccount ?? quoted ?? bare ?? (kind === 'mailbox-rule' ? (accountMail ?? account) : undefined)
}

function* changed(
  view: CorrelationView,
  event: ViewEvent,
  odd: OddSignIns,
  domains: ReadonlySet<string>,
  identities: MailboxIdentities,
): Generator<Find> {
  const named = mailboxOf(event)
  const written = named === undefined ? '' : identities.addressOf(named, event)
  if (written === '') return
  const { account = '?', action = '?', sourceIp, recipient, detail = '', target = '' } = event.fields
  const mailbox = mailboxAt(view, written)
  const base = { at: event.at, proof: proofOf(event) }
  const params = { action, actor: account }
  if (event.userId !== null)
    yield {
      ...base,
      kind: 'changed-mailbox',
      from: event.userId,
      to: mailbox,
      confidence: RECORDED,
      reason: 'changed',
      params,
    }
  if (sourceIp !== undefined)
    yield {
      ...base,
      kind: 'changed-mailbox',
      from: ipEntity(sourceIp),
      to: mailbox,
      confidence: RECORDED,
      reason: 'changed_from',
      params: { ...params, ip: sourceIp },
    }
  const owner = view.book.find('user', 'upn', written) ?? view.book.find('user', 'smtp', written)
  if (owner)
    yield {
      ...base,
      kind: 'owned-by',
      from: mailbox,
      to: owner.id,
      at: null,
      confidence: 0.9,
      reason: 'owner',
    }
  if (/^(?:remove|disable)-/i.test(action)) return
  const sign = odd.before(event)
  const isTaken = sign !== undefined && !sign.isWeak
  const involved = [
    ...(event.userId === null ? [] : [event.userId]),
    ...(sourceIp === undefined ? [] : [ipEntity(sourceIp)]),
  ]
  const find = (
    detection: string,
    level: DetectionLevel,
    reason: string,
    more: Record<string, string>,
  ): Find => ({
    ...base,
    detection,
    level,
    subject: mailbox,
    involved,
    window: dayOf(event.at),
    confidence: sign ? (sign.isWeak ? AFTER_WEAK : AFTER_ODD) : ALONE,
    reason: sign ? `${reason}_odd` : reason,
    params: { ...params, ...more, ...oddParams(event, sign) },
  })
  const targets = [
    ...(recipient ?? '').split(', ').filter((one) => one.includes('@')),
    ...[...detail.matchAll(FORWARD_NAMES)].flatMap((match) => match[1]?.toLowerCase() ?? []),
  ]
  const own = domainOf(written)
  for (const address of new Set(targets)) {
    const to: EntityHandle = mailboxAt(view, address)
    if (to === mailbox) continue
    yield {
      ...base,
      kind: 'forwards-to',
      from: mailbox,
      to,
      confidence: FORWARDS,
      reason: 'forwards',
      params,
    }
    if (domainOf(address) === own || domains.has(domainOf(address))) continue
    const isGone = /deletemessage:\s*true|delivertomailboxandforward:?\s*"?false/i.test(detail)
    yield find('forward-outside', isTaken ? 'critical' : sign || isGone ? 'high' : 'medium', 'outside', {
      target: address,
    })
  }
  const how = event.kind === 'mailbox-rule' ? hides(detail) : undefined
  if (how !== undefined) {
    const isFraud = looksOfFraud(target, detail)
    const level: DetectionLevel = isTaken
      ? isFraud
        ? 'critical'
        : 'high'
      : isFraud
        ? 'high'
        : sign
          ? 'medium'
          : 'low'
    yield find('hiding-rule', level, 'hides', { rule: target, how })
  }
  if (event.kind === 'mailbox-change' && /permission|delegation/i.test(action))
    yield find('access-granted', isTaken ? 'high' : sign ? 'medium' : 'low', 'granted', {
      how: (readDetail(detail, 'User') ?? detail).slice(0, 200),
    })
}

const oddParams = (event: ViewEvent, sign: OddSignIn | undefined): Record<string, string | number> =>
  sign === undefined || event.at === null
    ? {}
    : {
        minutes: minutesAfter(event.at, sign.until),
        country: sign.country ?? sign.ip ?? '?',
      }

/** Only where the parameters say that less is written down from then on. */
function* auditOff(event: ViewEvent): Generator<Find> {
  const { action = '', detail = '', account = '?' } = event.fields
  const isOff =
    (/^Set-MailboxAuditBypassAssociation$/i.test(action) &&
      /auditbypassenabled:?\s*"?\$?true/i.test(detail)) ||
    (/^Set-AdminAuditLogConfig$/i.test(action) &&
      /(?:unifiedauditlogingestionenabled|adminauditlogenabled):?\s*"?\$?false/i.test(detail)) ||
    (/^Set-OrganizationConfig$/i.test(action) && /auditdisabled:?\s*"?\$?true/i.test(detail))
  const subject = event.userId ?? event.endpointId
  if (!isOff || subject === null) return
  yield {
    detection: 'audit-off',
    level: 'high',
    subject,
    window: dayOf(event.at),
    at: event.at,
    confidence: RECORDED,
    reason: 'audit',
    params: { actor: account, action },
    proof: proofOf(event),
  }
}

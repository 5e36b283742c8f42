import type { DetectionLevel } from '../../model/detection.ts'
import { bareName, dayOf, findAccount, isComputer, readDetail } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { exampleUser } from '../example-mail.ts'
import type { DetectionDraft, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The SID of the record belongs to another account in the directory. A renamed account looks so as well. */
const OTHER_NAME = 0.75
/** The account has asked for strong tickets all along, and now proved itself with the weak key: the hash of its password. */
const WEAK_PROOF = 0.6
/** So many strong tickets before make a habit. */
const HABIT = 5
const WEAK = new Set(['0x17', '0x18'])
const STRONG = new Set(['0x11', '0x12'])

const rule: Rule = {
  id: 'logon.ticket',
  order: 54,
  relations: [],
  detections: ['forged-ticket', 'weak-key-used'],
  attack: ['T1558.001', 'T1550.003', 'T1550.002'],
  texts: {
    en: {
      title: 'Tickets that do not fit the account',
      description:
        'A Kerberos logon under a name whose SID belongs to another account of the directory (a forged, golden ticket), and a first ticket proven with the weak key by an account that used strong keys all along (overpass the hash). Only what records and directory contradict is told.',
      needs: 'Security 4624 and 4768; a directory export for the names of SIDs.',
      falsePositives:
        'An account renamed after the export of the directory; an old program or device that only knows RC4.',
      'detection.forged-ticket': 'Logon under a name that its SID does not have (forged ticket)',
      'detection.weak-key-used': 'First ticket with the weak key, against all habit (overpass the hash)',
      'reason.name': '{account} logged on to {host} by Kerberos with the SID of {owner} ({sid}).',
      'reason.weak':
        '{account} asked for its ticket with RC4 from {source}, after {count} time with AES. | {account} asked for its ticket with RC4 from {source}, after {count} times with AES.',
    },
    'zh-TW': {
      title: '與帳號不符的票證',
      description:
        '以某名稱進行 Kerberos 登入，但其 SID 屬於目錄中的另一帳號（偽造的黃金票證）；以及一向使用強金鑰的帳號，這次以弱金鑰取得初始票證（Overpass-the-Hash）。僅提示紀錄與目錄互相矛盾之處。',
      needs: '安全性 4624 與 4768；查對 SID 名稱所需的目錄匯出檔。',
      falsePositives: '目錄匯出後才更名的帳號；只支援 RC4 的舊程式或裝置。',
      'detection.forged-ticket': '登入名稱與其 SID 不符（偽造票證）',
      'detection.weak-key-used': '一反常態以弱金鑰取得初始票證（Overpass-the-Hash）',
      'reason.name': '{account} 以 {owner} 的 SID（{sid}）透過 Kerberos 登入 {host}。',
      'reason.weak': '{account} 自 {source} 以 RC4 索取票證，先前 {count} 次均使用 AES。',
    },
    ja: {
      title: 'アカウントと合わないチケット',
      description:
        'SID がディレクトリ上の別のアカウントのものである名前での Kerberos ログオン（偽造されたゴールデンチケット）と、常に強い鍵を使っていたアカウントが弱い鍵で初回チケットを得たこと（Overpass-the-Hash）。記録とディレクトリが矛盾するものだけを示します。',
      needs: 'セキュリティ 4624 と 4768。SID の名前にはディレクトリのエクスポートが必要です。',
      falsePositives: 'エクスポート後に名前が変わったアカウント。RC4 しか使えない古いプログラムや機器。',
      'detection.forged-ticket': 'SID と異なる名前でのログオン（偽造チケット）',
      'detection.weak-key-used': '普段と異なり弱い鍵で得た初回チケット（Overpass-the-Hash）',
      'reason.name': '{account} が {owner} の SID（{sid}）で {host} に Kerberos でログオンしました。',
      'reason.weak':
        '{account} が {source} から RC4 でチケットを要求しました。それまでの {count} 回は AES でした。',
    },
  },
  matches: [
    {
      title: 'a made-up name with the SID of the administrator, and a hash used for a ticket',
      items: [
        { ...exampleUser('Administrator', 500) },
        exampleUser('amber', 1105),
        exampleEvent('logon', 0, {
          host: 'FS-01.corp.example',
          account: 'CORP\\ghost',
          accountSid: 'S-1-5-21-1-2-3-500',
          logonType: 3,
          authentication: 'Kerberos',
        }),
        ...[1, 2, 3, 4, 5, 6].map((place) => first(place * 60, 'CORP\\amber', '0x12')),
        first(900, 'CORP\\amber', '0x17'),
      ],
      finds: ['!forged-ticket: Administrator', '!weak-key-used: amber'],
    },
  ],
  ignores: [
    {
      title:
        'the same name in another spelling, an account that the directory does not know, and one that only knows RC4',
      items: [
        exampleUser('amber', 1105),
        exampleEvent('logon', 0, {
          account: 'corp.example\\AMBER',
          accountSid: 'S-1-5-21-1-2-3-1105',
          logonType: 3,
          authentication: 'Kerberos',
        }),
        exampleEvent('logon', 5, {
          account: 'CORP\\basil',
          accountSid: 'S-1-5-21-1-2-3-1199',
          logonType: 3,
          authentication: 'Kerberos',
        }),
        ...[1, 2, 3, 4, 5, 6, 7].map((place) => first(place * 60, 'CORP\\old', '0x17')),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const strong = new Map<string, number>()
    for (const event of view.events(
      ['logon', 'kerberos-tgt'],
      ['account', 'accountSid', 'authentication', 'logonType', 'detail', 'sourceIp'],
    )) {
      if (event.kind === 'logon') yield* forged(view, event)
      else yield* weak(view, event, strong)
    }
  },
}
export default rule

/** A first ticket of an example. */
function first(seconds: number, account: string, encryption: string) {
  return exampleEvent('kerberos-tgt', seconds, {
    host: 'DC-01.corp.example',
    account,
    sourceIp: '10.0.0.9',
    outcome: 'success',
    detail: `TicketEncryptionType: ${encryption}; PreAuthType: 2`,
  })
}

function* forged(view: CorrelationView, event: ViewEvent): Generator<DetectionDraft> {
  const { account, accountSid, authentication = '', logonType } = event.fields
  if (logonType !== 3 || !/^kerberos/i.test(authentication) || account === undefined) return
  if (accountSid?.startsWith('S-1-5-21-') !== true || isComputer(account) || event.endpointId === null) return
  const owner = view.book.find('user', 'sid', accountSid)
  const name = owner?.attributes['samAccountName']
  if (!owner || typeof name !== 'string' || name.toLowerCase() === bareName(account)) return
  // A user principal name may stand where the account name should.
  const names = [...owner.aliases.values()].filter(({ reason }) =>
    reason.key.startsWith('identity.directory'),
  )
  if (names.some(({ kind, value }) => kind === 'upn' && bareName(value) === bareName(account))) return
  const level: DetectionLevel = /-50[0-2]$/.test(accountSid) ? 'high' : 'medium'
  yield {
    detection: 'forged-ticket',
    level,
    subject: owner.id,
    involved: [event.endpointId],
    window: `${bareName(account)}|${dayOf(event.at)}`,
    at: event.at,
    confidence: OTHER_NAME,
    reason: 'name',
    params: { account, owner: name, sid: accountSid, host: view.entity(event.endpointId).name },
    proof: proofOf(event),
  }
}

/** Counts strong tickets of each account until one comes with the weak key. */
function* weak(
  view: CorrelationView,
  event: ViewEvent,
  strong: Map<string, number>,
): Generator<DetectionDraft> {
  const { account, accountSid, detail, sourceIp } = event.fields
  if (account === undefined || isComputer(account)) return
  // A ticket without preauthentication proves nothing about the key: another rule looks at those.
  if (readDetail(detail, 'PreAuthType') === '0') return
  // Newer records name the key of the proof itself beside that of the ticket.
  const encryption = (
    readDetail(detail, 'PreAuthEncryptionType') ??
    readDetail(detail, 'TicketEncryptionType') ??
    ''
  ).toLowerCase()
  const name = bareName(account)
  const count = strong.get(name) ?? 0
  if (STRONG.has(encryption)) strong.set(name, count + 1)
  if (!WEAK.has(encryption) || count < HABIT) return
  const user = event.userId ?? findAccount(view, account, accountSid)?.id
  const source = view.addresses.find(sourceIp, event.at)
  const subject = user ?? source?.id ?? event.endpointId
  if (subject === null) return
  yield {
    detection: 'weak-key-used',
    level: 'medium',
    subject,
    involved: source && source.id !== subject ? [source.id] : [],
    window: dayOf(event.at),
    at: event.at,
    confidence: WEAK_PROOF,
    reason: 'weak',
    params: { account, source: source?.name ?? sourceIp ?? '?', count },
    proof: proofOf(event),
  }
}

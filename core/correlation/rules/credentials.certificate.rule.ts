import { bareName, dayOf, readDetail } from '../accounts.ts'
import { ipEntity, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { foldSerial, type ForeignCertificate, foreignCertificates, isRuler } from '../issued-certificates.ts'
import type { EntityHandle, Find, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The authority itself names both accounts. */
const ISSUED = 0.85
/** The ticket names the certificate. */
const USED = 0.97
/** A ticket by some certificate for that account within a day, where the authority records no number. */
const PERHAPS_USED = 0.75
const AGENT = 0.5
const DAY_US = 86_400_000_000
/** Whoever gets certificates for so many accounts is there for it (NDES, mobile devices, smart cards). */
const AGENT_ACCOUNTS = 5
const MAX_CITED = 30
/** Kerberos pre-authentication by a certificate: PA-PK-AS-REQ (RFC 4556). */
const BY_CERTIFICATE = '16'

const rule: Rule = {
  id: 'credentials.certificate',
  order: 53,
  relations: ['accessed-credentials'],
  detections: ['certificate-for-another', 'certificate-used', 'certificate-agent'],
  attack: ['T1649'],
  texts: {
    en: {
      title: 'Certificates for somebody else',
      description:
        'A certification authority of the directory issued a certificate to one account that speaks for another one (a user principal name in its alternative name), as templates that let the requester choose allow (ESC1). Critical where a ticket was then got with it. Accounts that get certificates for many others and none that rules are told as agents, low.',
      needs:
        'Certification Services auditing (Security 4887, with the alternative name on current servers, or in the attributes of the request), and Security 4768 of domain controllers for its use.',
      falsePositives:
        'Enrolment agents, NDES and device management; administrators who request a certificate for a service account.',
      'detection.certificate-for-another': 'Certificate issued for another account',
      'detection.certificate-used': 'Ticket got with a certificate for another account',
      'detection.certificate-agent': 'Certificates issued to one account for many',
      'reason.issued': '{requester} got a certificate of the template {template} that speaks for {account}.',
      'reason.used':
        '{requester} got a certificate that speaks for {account}; with certificate {serial} a ticket of {account} was then got from {source}.',
      'reason.perhaps':
        '{requester} got a certificate that speaks for {account}; within a day a ticket of {account} was got by certificate from {source}.',
      'reason.agent': '{requester} got certificates for {accounts} accounts, as an enrolment agent does.',
      'reason.certificate': 'A certificate issued to the requester served to get a ticket of this account.',
    },
    'zh-TW': {
      title: '為他人核發的憑證',
      description:
        '目錄的憑證授權單位將憑證核發給某帳號，但憑證代表另一帳號（替代名稱中的使用者主體名稱），允許申請者自訂主體的範本即會如此（ESC1）。其後以之取得票證則為嚴重。為許多一般帳號取得憑證者視為註冊代理，列為低度。',
      needs:
        '憑證服務稽核（安全性 4887，較新伺服器載有替代名稱，或見於申請屬性）；使用情形需網域控制站的安全性 4768。',
      falsePositives: '註冊代理、NDES 與裝置管理；管理員為服務帳號申請憑證。',
      'detection.certificate-for-another': '核發了代表另一帳號的憑證',
      'detection.certificate-used': '以代表另一帳號的憑證取得票證',
      'detection.certificate-agent': '某帳號為許多帳號取得憑證',
      'reason.issued': '{requester} 取得了範本 {template} 的憑證，該憑證代表 {account}。',
      'reason.used':
        '{requester} 取得了代表 {account} 的憑證；其後自 {source} 以憑證 {serial} 取得了 {account} 的票證。',
      'reason.perhaps':
        '{requester} 取得了代表 {account} 的憑證；一日內自 {source} 以憑證取得了 {account} 的票證。',
      'reason.agent': '{requester} 為 {accounts} 個帳號取得憑證，與註冊代理相同。',
      'reason.certificate': '核發給申請者的憑證被用於取得此帳號的票證。',
    },
    ja: {
      title: '他人のための証明書',
      description:
        'ディレクトリの証明機関が、あるアカウントに別のアカウントを表す証明書（代替名にユーザープリンシパル名）を発行しました。申請者が名前を選べるテンプレートで可能になります（ESC1）。それでチケットが取得された場合は緊急です。特権のない多数のアカウントのために取得するアカウントは登録エージェントとして低とします。',
      needs:
        '証明書サービスの監査（セキュリティ 4887。新しいサーバーでは代替名付き、または申請の属性）、使用についてはドメインコントローラーのセキュリティ 4768。',
      falsePositives: '登録エージェント、NDES、デバイス管理。サービスアカウントの証明書を申請する管理者。',
      'detection.certificate-for-another': '別のアカウントを表す証明書が発行された',
      'detection.certificate-used': '別のアカウントを表す証明書でチケットが取得された',
      'detection.certificate-agent': '1 つのアカウントが多数のアカウントの証明書を取得した',
      'reason.issued': '{requester} が、テンプレート {template} の、{account} を表す証明書を取得しました。',
      'reason.used':
        '{requester} が {account} を表す証明書を取得し、その証明書 {serial} により {source} から {account} のチケットが取得されました。',
      'reason.perhaps':
        '{requester} が {account} を表す証明書を取得し、1 日以内に {source} から証明書により {account} のチケットが取得されました。',
      'reason.agent':
        '{requester} が {accounts} 個のアカウントの証明書を取得しました。登録エージェントの動きです。',
      'reason.certificate': '申請者に発行された証明書が、このアカウントのチケットの取得に使われました。',
    },
  },
  matches: [
    {
      title: 'a certificate for the administrator, and a ticket with its number',
      items: [
        logon(-90, 'CORP\\amber'),
        logon(-80, 'CORP\\administrator'),
        issued(0, 'CORP\\amber', 'Principal Name=administrator@corp.example', '73000000040D'),
        ticket(400, 'administrator@CORP', '73000000040d'),
      ],
      finds: [
        '!certificate-for-another: CORP\\amber',
        '!certificate-used: CORP\\amber',
        'accessed-credentials: CORP\\amber -> CORP\\administrator',
      ],
    },
    {
      title: 'an enrolment agent',
      items: [
        logon(-100, 'CORP\\svc_scep'),
        ...['u1', 'u2', 'u3', 'u4', 'u5'].flatMap((name, place) => [
          logon(place - 90, `CORP\\${name}`),
          issued(place, 'CORP\\svc_scep', `Principal Name=${name}@corp`, `61${place}`),
        ]),
      ],
      finds: ['!certificate-agent: CORP\\svc_scep'],
    },
  ],
  ignores: [
    {
      title: 'a certificate of one’s own, of a machine, and for a web server',
      items: [
        logon(-90, 'CORP\\amber'),
        issued(0, 'CORP\\amber', 'Principal Name=amber@corp.example', '61'),
        issued(1, 'CORP\\WS-01$', 'DNS Name=ws-01.corp.example', '62'),
        issued(2, 'CORP\\amber', 'DNS Name=portal.corp.example', '63'),
        ticket(400, 'amber@CORP', '61'),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const byRequester = new Map<string, ForeignCertificate[]>()
    for (const certificate of foreignCertificates(view)) {
      const key = certificate.requester.toLowerCase()
      const list = byRequester.get(key)
      if (list) list.push(certificate)
      else byRequester.set(key, [certificate])
    }
    if (byRequester.size === 0) return
    const foreign: ForeignCertificate[] = []
    for (const list of byRequester.values()) {
      const others = list.filter(({ name, user }) => !isRuler(name, user))
      const accounts = new Set(others.map(({ name }) => name)).size
      const isAgent = accounts >= AGENT_ACCOUNTS
      if (isAgent) yield agent(view, others, accounts)
      foreign.push(...(isAgent ? list.filter((one) => !others.includes(one)) : list))
    }
    for (const certificate of foreign) yield issuedFor(view, certificate)
    yield* uses(view, foreign)
  },
}
export default rule

/** The account that asked; where the case does not know it, the authority that said so. */
const requesterOf = (
  view: CorrelationView,
  { requesterUser, requester, event }: ForeignCertificate,
): EntityHandle =>
  requesterUser?.id ?? view.findEndpoint(requester.replace(/^.*\\|\$$/g, ''))?.id ?? event.endpointId ?? 0

function issuedFor(view: CorrelationView, certificate: ForeignCertificate): Find {
  const { requester, name, user, template, at, event } = certificate
  return {
    detection: 'certificate-for-another',
    level: 'high',
    subject: requesterOf(view, certificate),
    involved: [...(user ? [user.id] : []), ...(event.endpointId === null ? [] : [event.endpointId])],
    window: `${dayOf(at)} ${name}`,
    at,
    confidence: ISSUED,
    reason: 'issued',
    params: { requester, account: user?.name ?? name, template },
    proof: proofOf(event),
  }
}

function agent(view: CorrelationView, list: readonly ForeignCertificate[], accounts: number): Find {
  const [first] = list as readonly [ForeignCertificate]
  return {
    detection: 'certificate-agent',
    level: 'low',
    subject: requesterOf(view, first),
    involved: first.event.endpointId === null ? [] : [first.event.endpointId],
    at: first.at,
    until: list.at(-1)?.at ?? null,
    confidence: AGENT,
    reason: 'agent',
    params: { requester: first.requester, accounts },
    proof: list.slice(0, MAX_CITED).flatMap(({ event }) => proofOf(event)),
  }
}

/** Tickets that were got with these certificates. */
function* uses(view: CorrelationView, foreign: readonly ForeignCertificate[]): Generator<Find> {
  const bySerial = new Map(foreign.flatMap((one) => (one.serial === '' ? [] : [[one.serial, one] as const])))
  const unnumbered = new Map(foreign.flatMap((one) => (one.serial === '' ? [[one.name, one] as const] : [])))
  const told = new Set<ForeignCertificate>()
  for (const event of view.events(['kerberos-tgt'], ['account', 'accountSid', 'detail', 'sourceIp'])) {
    const { detail = '', account } = event.fields
    const at = event.at
    if (at === null || account === undefined || !detail.includes('CertSerialNumber')) continue
    const serial = foldSerial(readDetail(detail, 'CertSerialNumber'))
    const named = bySerial.get(serial)
    const likely = named ?? unnumbered.get(bareName(account))
    const certificate = named ?? (likely && isLikely(likely, at, detail) ? likely : undefined)
    if (!certificate || at < certificate.at || told.has(certificate)) continue
    told.add(certificate)
    yield* used(view, certificate, event, named === undefined ? 'perhaps' : 'used')
  }
}

const isLikely = (one: ForeignCertificate, at: number, detail: string): boolean =>
  readDetail(detail, 'PreAuthType') === BY_CERTIFICATE && at >= one.at && at - one.at <= DAY_US

function* used(
  view: CorrelationView,
  certificate: ForeignCertificate,
  event: ViewEvent,
  reason: 'used' | 'perhaps',
): Generator<Find> {
  const { sourceIp, detail } = event.fields
  const source = view.addresses.find(sourceIp, event.at)
  const from: EntityHandle | undefined =
    source?.id ?? (sourceIp === undefined ? undefined : ipEntity(sourceIp))
  const { requesterUser, user } = certificate
  const confidence = reason === 'used' ? USED : PERHAPS_USED
  const proof = [...proofOf(certificate.event), ...proofOf(event)]
  if (requesterUser && user)
    yield {
      kind: 'accessed-credentials',
      from: requesterUser.id,
      to: user.id,
      at: event.at,
      confidence,
      reason: 'certificate',
      proof,
    }
  yield {
    detection: 'certificate-used',
    level: 'critical',
    subject: requesterOf(view, certificate),
    involved: [...(user ? [user.id] : []), ...(from === undefined ? [] : [from])],
    window: `${dayOf(certificate.at)} ${certificate.name}`,
    at: event.at,
    confidence,
    reason,
    params: {
      requester: certificate.requester,
      account: user?.name ?? certificate.name,
      serial: readDetail(detail, 'CertSerialNumber') ?? '?',
      source: source?.name ?? sourceIp ?? '?',
    },
    proof,
  }
}

/** Events of an example: a session, an issued certificate, a ticket got with one. */
function logon(seconds: number, account: string) {
  return exampleEvent('logon', seconds, { account, logonType: 2 })
}
function issued(seconds: number, account: string, name: string, serial: string) {
  return exampleEvent('generic', seconds, {
    host: 'CA-01.corp.example',
    account,
    action: 'certificate-issued',
    detail: `RequestId: 7; Attributes: CertificateTemplate:VPN; SubjectAlternativeName: ${name}; CertificateTemplate: VPN; SerialNumber: ${serial}`,
  })
}
function ticket(seconds: number, account: string, serial: string) {
  return exampleEvent('kerberos-tgt', seconds, {
    host: 'DC-01.corp.example',
    account,
    sourceIp: '10.0.0.9',
    detail: `PreAuthType: 16; CertIssuerName: corp-CA; CertSerialNumber: ${serial}`,
  })
}

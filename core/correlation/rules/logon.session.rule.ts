import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The endpoint's own record of a successful logon. */
const RECORDED = 0.97
/** The network part of a remote-desktop logon was passed (1149); the logon itself may still have failed. */
const AUTHENTICATED = 0.6

const rule: Rule = {
  id: 'logon.session',
  order: 30,
  scope: 'endpoint',
  relations: ['logged-on-to'],
  attack: ['T1078'],
  texts: {
    en: {
      title: 'Logons',
      description:
        'A user logged on to an endpoint: at the machine, over the network, by remote desktop, as a batch job or unlocking it.',
      needs: 'Logon records of the endpoint (Security 4624, terminal services).',
      falsePositives:
        'A network logon shows that the account was used, not who used it. Unlocking and reconnecting count as logons.',
      'reason.untyped': 'A logon recorded by the endpoint; the record names no type.',
      'reason.untyped_from': 'A logon from {source}, recorded by the endpoint; the record names no type.',
      'reason.logon': 'Logon type {type} recorded by the endpoint.',
      'reason.logon_from': 'Logon type {type} from {source}, recorded by the endpoint.',
      'reason.authenticated':
        'The endpoint accepted the name and password for remote desktop; whether the session started is not in this record.',
      'reason.session': 'Remote desktop session recorded by the endpoint.',
    },
    'zh-TW': {
      title: '登入',
      description: '使用者登入端點：在本機、透過網路、遠端桌面、批次工作或解除鎖定。',
      needs: '端點的登入紀錄（安全性 4624、終端服務）。',
      falsePositives: '網路登入只顯示帳號被使用，不代表是本人使用。解除鎖定與重新連線也算登入。',
      'reason.untyped': '端點記錄的登入；紀錄未載明類型。',
      'reason.untyped_from': '端點記錄的登入，來自 {source}；紀錄未載明類型。',
      'reason.logon': '端點記錄的登入，類型 {type}。',
      'reason.logon_from': '端點記錄的登入，類型 {type}，來自 {source}。',
      'reason.authenticated': '端點接受了遠端桌面的名稱與密碼；此紀錄未載明工作階段是否開始。',
      'reason.session': '端點記錄的遠端桌面工作階段。',
    },
    ja: {
      title: 'ログオン',
      description:
        'ユーザーがエンドポイントにログオンしました（ローカル、ネットワーク、リモートデスクトップ、バッチ、ロック解除）。',
      needs: 'エンドポイントのログオン記録（セキュリティ 4624、ターミナルサービス）。',
      falsePositives:
        'ネットワークログオンはアカウントが使われたことを示すだけで、本人とは限りません。ロック解除や再接続もログオンに含まれます。',
      'reason.untyped': 'エンドポイントが記録したログオン（種類の記載なし）。',
      'reason.untyped_from': 'エンドポイントが記録した {source} からのログオン（種類の記載なし）。',
      'reason.logon': 'エンドポイントが記録したログオン（種類 {type}）。',
      'reason.logon_from': 'エンドポイントが記録した {source} からのログオン（種類 {type}）。',
      'reason.authenticated':
        'エンドポイントがリモートデスクトップの名前とパスワードを受け入れました。セッションが始まったかはこの記録に含まれません。',
      'reason.session': 'エンドポイントが記録したリモートデスクトップセッション。',
    },
  },
  matches: [
    {
      title: 'somebody sits down',
      items: [exampleEvent('logon', 0, { account: 'CORP\\amber', logonType: 2, logonId: '0x1' })],
      finds: ['logged-on-to: CORP\\amber -> WS-01'],
    },
  ],
  ignores: [
    {
      title: 'a failed logon, the system itself and a computer account',
      items: [
        exampleEvent('logon-failure', 0, { account: 'CORP\\amber', logonType: 3 }),
        exampleEvent('logon', 1, { account: 'NT AUTHORITY\\SYSTEM', accountSid: 'S-1-5-18', logonType: 5 }),
        exampleEvent('logon', 2, { account: 'CORP\\WS-02$', logonType: 3 }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    for (const session of view.sessions.all) {
      const source = sourceOf(view, session.event)
      yield {
        kind: 'logged-on-to',
        from: session.userId,
        to: session.endpointId,
        at: session.from,
        confidence: RECORDED,
        ...reasonOf(session.logonType, source),
        proof: proofOf(session.event),
      }
    }
    for (const event of view.events(['session-connect'], ['sourceIp', 'action', 'protocol'])) {
      if (event.userId === null || event.endpointId === null || event.at === null) continue
      const isStarted = event.fields.action !== 'authenticated' || event.fields.protocol === 'winrm'
      yield {
        kind: 'logged-on-to',
        from: event.userId,
        to: event.endpointId,
        at: event.at,
        confidence: isStarted ? RECORDED : AUTHENTICATED,
        reason: isStarted ? 'session' : 'authenticated',
        proof: proofOf(event),
      }
    }
  },
}
export default rule

/** Remote desktop writes the target's own name where that of the client should stand: then the address tells where it came from. */
function sourceOf(view: CorrelationView, event: ViewEvent): string | undefined {
  const { sourceHost, sourceIp } = event.fields
  const isItself =
    sourceHost !== undefined && view.findEndpoint(sourceHost, event.at)?.id === event.endpointId
  return isItself ? (sourceIp ?? sourceHost) : (sourceHost ?? sourceIp)
}

/** Zero is a type of its own (the system's): where a record names none, none is told. */
function reasonOf(type: number | null, source: string | undefined): Pick<RelationDraft, 'reason' | 'params'> {
  const from = source === undefined ? {} : { source }
  if (type === null) return { reason: source === undefined ? 'untyped' : 'untyped_from', params: from }
  return { reason: source === undefined ? 'logon' : 'logon_from', params: { type, ...from } }
}

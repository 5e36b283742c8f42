import { dayOf } from '../accounts.ts'
import { ipEntity, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The record says so; whether somebody meant harm it does not say. */
const STATED = 0.9
/** A person mistakes one server for another, seldom a third one. */
const MANY_HOSTS = 3
/** Windows refused the session for want of the right (4825), or the kind of logon to that account (STATUS_LOGON_TYPE_NOT_GRANTED). */
const REFUSED_SESSION = 4825
const NOT_GRANTED = '0xc000015b'
const REMOTE_DESKTOP = 10

const rule: Rule = {
  id: 'logon.refused-desktop',
  order: 53,
  relations: [],
  detections: ['refused-desktop'],
  attack: ['T1021.001', 'T1078'],
  texts: {
    en: {
      title: 'Remote desktop refused to a valid account',
      description:
        'Name and password were right, but the account may not use remote desktop on that endpoint: whoever tries accounts they got hold of is stopped like this. Several endpoints in one day weigh more.',
      needs: 'Security 4825, or 4625 of remote desktop with its status.',
      falsePositives:
        'People who mistake a server or whose rights were taken away or not given yet. One refusal says little.',
      'detection.refused-desktop': 'Remote desktop refused to a valid account',
      'reason.refused':
        '{account} was refused at remote desktop {tries} times that day, on endpoints: {hosts}, from {source}: the password was right, the right was missing.',
    },
    'zh-TW': {
      title: '有效帳號遭遠端桌面拒絕',
      description:
        '帳號與密碼正確，但該帳號無權在此端點使用遠端桌面：試用竊得帳號的人會這樣被擋下。一天之內涉及多個端點者較為可疑。',
      needs: '安全性 4825，或帶有狀態碼的遠端桌面 4625。',
      falsePositives: '弄錯伺服器的人，或權限已被移除、尚未授予的人。單次拒絕意義不大。',
      'detection.refused-desktop': '有效帳號遭遠端桌面拒絕',
      'reason.refused':
        '{account} 當日自 {source} 連線，遭遠端桌面拒絕 {tries} 次，涉及 {hosts} 台端點：密碼正確，但沒有權限。',
    },
    ja: {
      title: '有効なアカウントがリモートデスクトップで拒否された',
      description:
        '名前とパスワードは正しいが、そのアカウントにはこのエンドポイントでリモートデスクトップを使う権利がありません。入手したアカウントを試す者はこのように止められます。一日に複数のエンドポイントに及ぶ場合はより疑わしいものです。',
      needs: 'セキュリティ 4825、または状態コード付きのリモートデスクトップの 4625。',
      falsePositives:
        'サーバーを取り違えた人、権利を外された人やまだ与えられていない人。一度の拒否だけでは多くを語りません。',
      'detection.refused-desktop': '有効なアカウントがリモートデスクトップで拒否された',
      'reason.refused':
        '{account} はこの日 {source} から接続し、リモートデスクトップで {tries} 回拒否されました（エンドポイント {hosts} 台）。パスワードは正しく、権利がありませんでした。',
    },
  },
  matches: [
    {
      title: 'an account that is refused by one server after the other',
      items: ['FS-01', 'FS-02', 'DB-01'].map((host, place) =>
        exampleEvent('logon-failure', place * 60, {
          host: `${host}.corp.example`,
          code: REFUSED_SESSION,
          account: 'CORP\\amber',
          sourceIp: '10.0.0.9',
        }),
      ),
      finds: ['!refused-desktop: CORP\\amber'],
    },
    {
      title: 'the same told by a failed logon of remote desktop',
      items: [
        exampleEvent('logon-failure', 0, {
          code: 4625,
          account: 'CORP\\amber',
          logonType: REMOTE_DESKTOP,
          status: '0xC000015B',
          sourceIp: '10.0.0.9',
        }),
      ],
      finds: ['!refused-desktop: CORP\\amber'],
    },
  ],
  ignores: [
    {
      title: 'wrong passwords, and a service that may not log on as one',
      items: [
        exampleEvent('logon-failure', 0, {
          code: 4625,
          account: 'CORP\\amber',
          logonType: REMOTE_DESKTOP,
          status: '0xC000006A',
        }),
        exampleEvent('logon-failure', 1, {
          code: 4625,
          account: 'CORP\\svc',
          logonType: 5,
          status: '0xC000015B',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const groups = new Map<string, ViewEvent[]>()
    const fields = ['code', 'account', 'sourceIp', 'logonType', 'status'] as const
    for (const event of view.events(['logon-failure'], fields)) {
      if (event.endpointId === null || event.at === null || !isRefused(event)) continue
      const who = event.userId ?? event.fields.account?.toLowerCase() ?? ''
      const key = `${who}|${event.fields.sourceIp ?? ''}|${dayOf(event.at)}`
      const group = groups.get(key)
      if (group) group.push(event)
      else groups.set(key, [event])
    }
    for (const events of groups.values()) yield* found(view, events)
  },
}
export default rule

const isRefused = ({ fields: { code, logonType, status } }: ViewEvent): boolean =>
  code === REFUSED_SESSION || (logonType === REMOTE_DESKTOP && status?.toLowerCase() === NOT_GRANTED)

/** What one account met with from one source in one day. */
function* found(view: CorrelationView, events: readonly ViewEvent[]): Generator<DetectionDraft> {
  const [first] = events
  const last = events.at(-1)
  if (!first || !last || first.endpointId === null) return
  const hosts = new Set(events.flatMap(({ endpointId }) => endpointId ?? []))
  const { sourceIp, account } = first.fields
  const from: EntityHandle[] =
    sourceIp === undefined ? [] : [view.addresses.find(sourceIp, first.at)?.id ?? ipEntity(sourceIp)]
  const subject = first.userId ?? first.endpointId
  yield {
    detection: 'refused-desktop',
    level: hosts.size >= MANY_HOSTS ? 'medium' : 'low',
    subject,
    involved: [...hosts, ...from].filter((one) => one !== subject),
    window: `${first.at}`,
    at: first.at,
    until: last.at,
    confidence: STATED,
    reason: 'refused',
    params: { account: account ?? '?', tries: events.length, hosts: hosts.size, source: sourceIp ?? '?' },
    proof: events.flatMap(proofOf),
  }
}

import { cloudApp, ipEntity } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { RelationDraft, Rule } from '../rule.ts'

/** The provider recorded the sign-in and its address. */
const RECORDED = 0.95
/** The device names itself, or the address was its own at that time. */
const BY_DEVICE = 0.8

const rule: Rule = {
  id: 'cloud.sign-in',
  order: 32,
  relations: ['signed-in-to', 'signed-in-as'],
  attack: ['T1078.004'],
  texts: {
    en: {
      title: 'Sign-ins to cloud services',
      description:
        'Which account signed in to which application, from which address, and from which endpoint where the record or the address tells.',
      needs: 'Sign-in records of Entra ID or the unified audit log.',
      falsePositives:
        'The address may be that of a proxy, a VPN or the provider itself. A sign-in shows that the account was used, not by whom.',
      'reason.app': 'Successful sign-in to {app} recorded by the provider.',
      'reason.ip': 'Successful sign-in from {ip} ({place}) recorded by the provider.',
      'reason.device': 'The sign-in record names this device.',
      'reason.address': 'The sign-in came from {ip}, the address of this endpoint at that time.',
    },
    'zh-TW': {
      title: '雲端服務登入',
      description: '哪個帳號從哪個位址登入哪個應用程式，並在紀錄或位址可辨識時指出端點。',
      needs: 'Entra ID 或整合稽核記錄的登入紀錄。',
      falsePositives: '位址可能屬於代理伺服器、VPN 或服務供應商本身。登入顯示帳號被使用，不代表是何人使用。',
      'reason.app': '服務供應商記錄了成功登入 {app}。',
      'reason.ip': '服務供應商記錄了自 {ip}（{place}）的成功登入。',
      'reason.device': '登入紀錄載明此裝置。',
      'reason.address': '登入來自 {ip}，當時此位址屬於該端點。',
    },
    ja: {
      title: 'クラウドサービスへのサインイン',
      description:
        'どのアカウントがどのアドレスからどのアプリケーションにサインインしたか。記録やアドレスから分かる場合はエンドポイントも示します。',
      needs: 'Entra ID または統合監査ログのサインイン記録。',
      falsePositives:
        'アドレスはプロキシ、VPN、プロバイダー自身のものかもしれません。サインインはアカウントの使用を示すだけで、誰が使ったかは示しません。',
      'reason.app': '{app} へのサインイン成功がプロバイダーに記録されています。',
      'reason.ip': '{ip}（{place}）からのサインイン成功がプロバイダーに記録されています。',
      'reason.device': 'サインイン記録にこのデバイスが記されています。',
      'reason.address': '{ip} からのサインインです。その時点でこのエンドポイントのアドレスでした。',
    },
  },
  matches: [
    {
      title: 'a sign-in from an address, with the name of a known device',
      items: [
        exampleEvent('logon', -60, { account: 'CORP\\amber', logonType: 2 }),
        exampleEvent('cloud-sign-in', 0, {
          host: undefined,
          accountMail: 'amber@corp.example',
          account: 'amber@corp.example',
          sourceIp: '203.0.113.7',
          sourceHost: 'WS-01',
          location: 'Taipei, TW',
          application: 'Exchange Online',
          outcome: 'success',
        }),
      ],
      finds: [
        'signed-in-to: CORP\\amber -> Exchange Online',
        'signed-in-as: 203.0.113.7 -> CORP\\amber',
        'signed-in-as: WS-01 -> CORP\\amber',
      ],
    },
  ],
  ignores: [
    {
      title: 'a refused sign-in, and one that was interrupted',
      items: ['failure', undefined].map((outcome) =>
        exampleEvent('cloud-sign-in', 0, {
          host: undefined,
          account: 'amber@corp.example',
          sourceIp: '203.0.113.7',
          application: 'Exchange Online',
          ...(outcome === undefined ? {} : { outcome }),
        }),
      ),
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    const { signIns } = view
    for (const event of view.events(
      ['cloud-sign-in'],
      ['outcome', 'sourceIp', 'sourceHost', 'hostId', 'location', 'application', 'target'],
    )) {
      const { userId, at } = event
      const { outcome, sourceIp, sourceHost, hostId, location, application, target } = event.fields
      if (userId === null || outcome !== 'success' || signIns.isRepeat(event)) continue
      const app = application ?? target
      const base = { at, proof: signIns.proofOf(event) }
      if (app !== undefined)
        yield {
          ...base,
          kind: 'signed-in-to',
          from: userId,
          to: cloudApp(app),
          confidence: RECORDED,
          reason: 'app',
          params: { app },
        }
      if (sourceIp !== undefined)
        yield {
          ...base,
          kind: 'signed-in-as',
          from: ipEntity(sourceIp),
          to: userId,
          confidence: RECORDED,
          reason: 'ip',
          params: { ip: sourceIp, place: location ?? '?' },
        }
      const device =
        (hostId === undefined
          ? undefined
          : (view.book.find('endpoint', 'device-id', hostId) ??
            view.book.find('endpoint', 'object-id', hostId, at))) ??
        (sourceHost === undefined ? undefined : view.findEndpoint(sourceHost, at))
      const endpoint = device ?? view.addresses.find(sourceIp, at)
      if (endpoint)
        yield {
          ...base,
          kind: 'signed-in-as',
          from: endpoint.id,
          to: userId,
          confidence: BY_DEVICE,
          reason: device ? 'device' : 'address',
          ...(device ? {} : { params: { ip: sourceIp ?? '' } }),
        }
    }
  },
}
export default rule

import ipaddr from 'ipaddr.js'
import { isComputer } from '../accounts.ts'
import { ipEntity, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import { isSystemAccount } from '../../identity/well-known.ts'

/** The endpoint's own record names the address; whose machine it was then, nobody knows. */
const RECORDED = 0.9
/** Over the network, and by remote desktop. */
const FROM_AFAR = new Set([3, 10])
/** Addresses that a machine has for itself. */
const OWN = new Set(['loopback', 'unspecified', 'linkLocal'])

const rule: Rule = {
  id: 'logon.address',
  order: 55,
  scope: 'endpoint',
  relations: ['remote-logon'],
  attack: ['T1021', 'T1078'],
  texts: {
    en: {
      title: 'Logons from addresses of no known endpoint',
      description:
        'A logon over the network or by remote desktop came from an address that was no known endpoint’s at that time: a machine without a sensor, a VPN, or the outside.',
      needs: 'Logon records of the target with a source address.',
      falsePositives:
        'Addresses of endpoints whose logs were not collected, and those that a VPN or DHCP hands out: the same address may be another machine’s the next day.',
      'reason.address':
        '{user} logged on from {ip} (logon type {type}), which was no known endpoint’s address then.',
    },
    'zh-TW': {
      title: '來自不明端點位址的登入',
      description:
        '透過網路或遠端桌面的登入，來自當時不屬於任何已知端點的位址：沒有感測器的機器、VPN 或外部。',
      needs: '目標端點含來源位址的登入紀錄。',
      falsePositives: '未收集記錄的端點位址，以及 VPN 或 DHCP 分配的位址：同一位址隔天可能屬於另一台機器。',
      'reason.address': '{user} 自 {ip} 登入（登入類型 {type}），當時此位址不屬於任何已知端點。',
    },
    ja: {
      title: '既知のエンドポイントのものでないアドレスからのログオン',
      description:
        'ネットワークまたはリモートデスクトップ経由のログオンが、その時点で既知のどのエンドポイントのものでもないアドレスから行われました。センサーのないマシン、VPN、または外部です。',
      needs: '送信元アドレスを含む、ログオン先の記録。',
      falsePositives:
        'ログを収集していないエンドポイントのアドレスや、VPN・DHCP が割り当てるアドレス。同じアドレスが翌日には別のマシンのものかもしれません。',
      'reason.address':
        '{user} が {ip} からログオンしました（種類 {type}）。その時点で既知のエンドポイントのアドレスではありません。',
    },
  },
  matches: [
    {
      title: 'remote desktop from an address nobody knows',
      items: [
        exampleEvent('logon', 0, {
          account: 'CORP\\amber',
          logonType: 10,
          sourceIp: '10.8.0.23',
          sourceHost: 'WS-01',
        }),
      ],
      finds: ['remote-logon: 10.8.0.23 -> WS-01'],
    },
  ],
  ignores: [
    {
      title: 'a logon at the machine itself, that of a computer, and one from a known endpoint',
      items: [
        exampleEvent('network-connection', 0, {
          host: 'WS-02.corp.example',
          sourceIp: '10.0.0.2',
          destinationIp: '10.0.0.1',
          action: 'outbound',
        }),
        exampleEvent('logon', 1, { account: 'CORP\\amber', logonType: 3, sourceIp: '127.0.0.1' }),
        exampleEvent('logon', 2, { account: 'CORP\\WS-07$', logonType: 3, sourceIp: '10.0.0.7' }),
        exampleEvent('logon', 3, { account: 'CORP\\amber', logonType: 3, sourceIp: '10.0.0.2' }),
        exampleEvent('logon', 4, {
          account: 'CORP\\amber',
          logonType: 3,
          sourceIp: '10.9.0.9',
          sourceHost: 'WS-02',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    for (const event of view.events(['logon'], ['sourceIp', 'sourceHost', 'logonType', 'account'])) {
      const { sourceIp, sourceHost, logonType, account = '' } = event.fields
      if (event.endpointId === null || event.at === null || event.userId === null) continue
      if (sourceIp === undefined || logonType === undefined || !FROM_AFAR.has(logonType)) continue
      if (isComputer(account) || isSystemAccount(account) || isOwn(sourceIp)) continue
      if (view.addresses.find(sourceIp, event.at)) continue
      const named = sourceHost === undefined ? undefined : view.findEndpoint(sourceHost, event.at)
      if (named && named.id !== event.endpointId) continue
      yield {
        kind: 'remote-logon',
        from: ipEntity(sourceIp),
        to: event.endpointId,
        at: event.at,
        confidence: RECORDED,
        reason: 'address',
        params: { user: account, ip: sourceIp, type: logonType },
        proof: proofOf(event),
      }
    }
  },
}
export default rule

const isOwn = (ip: string): boolean => !ipaddr.isValid(ip) || OWN.has(ipaddr.process(ip).range())

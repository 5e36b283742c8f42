import type { BookEntity } from '../../identity/entity-book.ts'
import { isSystemAccount } from '../../identity/well-known.ts'
import { isComputer } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { EntityHandle, RelationDraft, Rule } from '../rule.ts'
import type { Session } from '../session-index.ts'
import { TimeIndex } from '../time-index.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The target wrote address and workstation name, and both are the same known endpoint. */
const BY_BOTH = 0.95
/** One of the two: an address may sit behind translation, a workstation name is the client's own word. */
const BY_ONE = 0.85
/** Address and name speak of different endpoints: the address is harder to make up. */
const IN_DISPUTE = 0.6
/** The source recorded credentials given for the target, and the target recorded the logon that followed. */
const BY_BOTH_ENDS = 0.92
/** Only the source speaks: the target's logons are not in the case, it may not have let them in. */
const BY_SOURCE = 0.6
/** The client of remote desktop went to the target, whose logons are not in the case: it may not have been let in. */
const BY_CLIENT = 0.5
/** The logon follows the credentials within this time. */
const FOLLOWS_US = 600_000_000
const CLOCK_US = 60_000_000
const DESKTOP_PORT = 3389

const rule: Rule = {
  id: 'logon.remote',
  order: 31,
  relations: ['remote-logon'],
  attack: ['T1021', 'T1021.001'],
  texts: {
    en: {
      title: 'Remote logons',
      description:
        'From one endpoint to another by logon: network, remote desktop, or explicit credentials. Joined from both ends where both recorded it.',
      needs:
        'Logon records of the target with source address or workstation, or explicit-credential records (Security 4648) of the source, and addresses of endpoints.',
      falsePositives:
        'Administration, management agents and file shares log on remotely all day. Addresses behind translation or reused by DHCP can name the wrong source.',
      'reason.by_both':
        '{user} logged on from this endpoint (type {type}); address {ip} and workstation name agree.',
      'reason.by_address':
        '{user} logged on from {ip} (type {type}), the address of this endpoint at that time.',
      'reason.by_name': '{user} logged on (type {type}); the record names this workstation.',
      'reason.explicit':
        '{user} gave credentials of {target} for the target on this endpoint; logons of the target are not in the case.',
      'reason.explicit_and_logon':
        '{user} gave credentials of {target} on this endpoint, and the target recorded the logon that followed.',
      'reason.client':
        'The remote-desktop client of this endpoint went to the target; logons of the target are not in the case.',
      'reason.client_and_logon':
        'The remote-desktop client of this endpoint went to the target, which recorded a remote-desktop logon of {user} right after.',
    },
    'zh-TW': {
      title: '遠端登入',
      description: '從一個端點登入另一個端點：網路登入、遠端桌面或明確提供認證。若兩端皆有紀錄則合併。',
      needs:
        '目標端載有來源位址或工作站名稱的登入紀錄，或來源端的明確認證紀錄（安全性 4648），以及端點的位址。',
      falsePositives:
        '系統管理、管理代理程式與檔案共用整天都會遠端登入。位址轉換或 DHCP 重複使用的位址可能指向錯誤的來源。',
      'reason.by_both': '{user} 從此端點登入（類型 {type}），位址 {ip} 與工作站名稱一致。',
      'reason.by_address': '{user} 從 {ip} 登入（類型 {type}），當時此位址屬於該端點。',
      'reason.by_name': '{user} 登入（類型 {type}），紀錄載明此工作站。',
      'reason.explicit': '{user} 在此端點上為目標提供了 {target} 的認證；案件中沒有目標端的登入紀錄。',
      'reason.explicit_and_logon': '{user} 在此端點上提供了 {target} 的認證，目標端隨後記錄了登入。',
      'reason.client': '此端點的遠端桌面用戶端連往目標；案件中沒有目標端的登入紀錄。',
      'reason.client_and_logon': '此端點的遠端桌面用戶端連往目標，目標端隨即記錄了 {user} 的遠端桌面登入。',
    },
    ja: {
      title: 'リモートログオン',
      description:
        'あるエンドポイントから別のエンドポイントへのログオン（ネットワーク、リモートデスクトップ、明示的な資格情報）。両端に記録があれば結び付けます。',
      needs:
        '送信元アドレスまたはワークステーション名を含む対象側のログオン記録、または送信元側の明示的な資格情報の記録（セキュリティ 4648）と、エンドポイントのアドレス。',
      falsePositives:
        '管理作業、管理エージェント、ファイル共有では日常的にリモートログオンが発生します。アドレス変換や DHCP の再利用により送信元を取り違えることがあります。',
      'reason.by_both':
        '{user} がこのエンドポイントからログオンしました（種類 {type}）。アドレス {ip} とワークステーション名が一致します。',
      'reason.by_address':
        '{user} が {ip} からログオンしました（種類 {type}）。その時点でこのエンドポイントのアドレスです。',
      'reason.by_name':
        '{user} がログオンしました（種類 {type}）。記録がこのワークステーションを示しています。',
      'reason.explicit':
        '{user} がこのエンドポイントで、対象に対して {target} の資格情報を使用しました。対象側のログオン記録はケースにありません。',
      'reason.explicit_and_logon':
        '{user} がこのエンドポイントで {target} の資格情報を使用し、続いて対象側でログオンが記録されました。',
      'reason.client':
        'このエンドポイントのリモートデスクトップクライアントが対象に接続しました。対象側のログオン記録はケースにありません。',
      'reason.client_and_logon':
        'このエンドポイントのリモートデスクトップクライアントが対象に接続し、直後に対象側で {user} のリモートデスクトップログオンが記録されました。',
    },
  },
  matches: [
    {
      title: 'a network logon from the address of another endpoint',
      items: [
        exampleEvent('network-connection', 0, {
          host: 'WS-02.corp.example',
          sourceIp: '10.0.0.2',
          destinationIp: '10.0.0.1',
          action: 'outbound',
        }),
        exampleEvent('logon', 5, {
          account: 'CORP\\amber',
          logonType: 3,
          sourceIp: '10.0.0.2',
          sourceHost: 'WS-02',
        }),
      ],
      finds: ['remote-logon: WS-02 -> WS-01'],
    },
    {
      title: 'a logon under a name without domain, which may be that of several',
      items: [
        exampleEvent('network-connection', 0, {
          host: 'MAC-02',
          sourceIp: '10.0.0.2',
          destinationIp: '10.0.0.1',
          action: 'outbound',
        }),
        exampleEvent('logon', 5, { host: 'srv-git', account: 'dana', logonType: 10, sourceIp: '10.0.0.2' }),
        exampleEvent('logon', 6, { host: 'srv-web', account: 'WS-9$', logonType: 3, sourceIp: '10.0.0.2' }),
      ],
      finds: ['remote-logon: MAC-02 -> SRV-GIT'],
    },
    {
      title: 'explicit credentials for another endpoint that records the logon',
      items: [
        exampleEvent('logon', 9, { host: 'FS-01.corp.example', account: 'CORP\\adm', logonType: 3 }),
        exampleEvent('explicit-credentials', 5, {
          account: 'CORP\\amber',
          targetAccount: 'CORP\\adm',
          destinationHost: 'FS-01.corp.example',
        }),
      ],
      finds: ['remote-logon: WS-01 -> FS-01'],
    },
    {
      title: 'the client of remote desktop on one side, the logon it led to on the other',
      items: [
        exampleEvent('network-connection', 5, {
          action: 'outbound',
          protocol: 'rdp',
          destinationHost: 'FS-01.corp.example',
        }),
        exampleEvent('logon', 20, { host: 'FS-01.corp.example', account: 'CORP\\adm', logonType: 10 }),
      ],
      finds: ['remote-logon: WS-01 -> FS-01'],
    },
    {
      title: 'the program that opened the desktop, behind an address nobody knows',
      items: [
        exampleEvent('dns-query', 3, {
          processPath: 'C:\\Windows\\System32\\mstsc.exe',
          pid: 71,
          target: 'FS-01.corp.example',
          detail: '10.0.0.9;',
        }),
        exampleEvent('network-connection', 5, {
          processPath: 'C:\\Windows\\System32\\mstsc.exe',
          pid: 71,
          action: 'outbound',
          destinationIp: '10.0.0.9',
          destinationPort: 3389,
        }),
        exampleEvent('logon', 20, {
          host: 'FS-01.corp.example',
          account: 'CORP\\adm',
          logonType: 10,
          sourceIp: '10.90.0.1',
        }),
      ],
      finds: ['remote-logon: WS-01 -> FS-01', 'remote-logon: mstsc.exe -> FS-01'],
    },
  ],
  ignores: [
    {
      title: 'a remote-desktop client that went to a target which let in somebody from elsewhere',
      items: [
        exampleEvent('logon', -60, {
          host: 'AD-09.corp.example',
          hostIp: '10.0.0.77',
          account: 'CORP\\adm',
          logonType: 2,
        }),
        exampleEvent('logon', 0, { host: 'FS-01.corp.example', account: 'CORP\\amber', logonType: 2 }),
        exampleEvent('network-connection', 5, {
          action: 'outbound',
          protocol: 'rdp',
          destinationHost: 'FS-01.corp.example',
        }),
        exampleEvent('logon', 2000, { host: 'FS-01.corp.example', account: 'CORP\\adm', logonType: 10 }),
      ],
      finds: [],
    },
    {
      title: 'explicit credentials that the target did not accept',
      items: [
        exampleEvent('logon', 0, { host: 'FS-01.corp.example', account: 'CORP\\amber', logonType: 2 }),
        exampleEvent('explicit-credentials', 5, {
          account: 'CORP\\amber',
          targetAccount: 'CORP\\adm',
          destinationHost: 'FS-01.corp.example',
        }),
        exampleEvent('logon-failure', 6, { host: 'FS-01.corp.example', account: 'CORP\\adm', logonType: 3 }),
      ],
      finds: [],
    },
    {
      title: 'a logon from the machine itself and from an unknown address',
      items: [
        exampleEvent('logon', 0, {
          account: 'CORP\\amber',
          logonType: 3,
          sourceIp: '127.0.0.1',
          sourceHost: 'WS-01',
        }),
        exampleEvent('logon', 1, { account: 'CORP\\amber', logonType: 3, sourceIp: '192.0.2.77' }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    for (const event of view.events(
      ['logon', 'session-connect'],
      ['sourceIp', 'sourceHost', 'logonType', 'account'],
    )) {
      if (event.endpointId === null || (event.userId === null && !isPerson(event.fields.account))) continue
      const source = sourceOf(view, event)
      if (!source || source.entity.id === event.endpointId) continue
      const params = {
        user: event.fields.account ?? '',
        type: event.fields.logonType ?? 10,
        ip: event.fields.sourceIp ?? '',
      }
      yield {
        kind: 'remote-logon',
        from: source.entity.id,
        to: event.endpointId,
        at: event.at,
        confidence: source.confidence,
        reason: source.reason,
        params,
        proof: proofOf(event),
      }
    }
    yield* fromSource(view)
  },
}
export default rule

/** A bare name that several may carry still is somebody: where the logon came from does not hang on who it was. */
const isPerson = (account: string | undefined): boolean =>
  account !== undefined &&
  account !== '-' &&
  !/[\\@]/.test(account) &&
  !isComputer(account) &&
  !isSystemAccount(account)

/** Endpoints whose logons are held by account; beyond, they are read again. */
const MOST_ENDPOINTS = 64

type Logons = TimeIndex<{ readonly at: number; readonly session: Session }>

/** Logons that each endpoint recorded: by account, and those of remote desktop; read when an endpoint is first asked for. */
class Recorded {
  readonly #logons = new Map<number, Logons>()
  readonly #view: CorrelationView

  constructor(view: CorrelationView) {
    this.#view = view
  }
  has(endpointId: number): boolean {
    return this.#view.sessions.isRecorded(endpointId)
  }
  /** The first logon of the account (of anybody by remote desktop when empty) that may follow what was done at the time. */
  following(endpointId: number, account: string, at: number): Session | undefined {
    return this.#on(endpointId).first(account, at - CLOCK_US, at + FOLLOWS_US)?.session
  }

  #on(endpointId: number): Logons {
    const known = this.#logons.get(endpointId)
    if (known) return known
    if (this.#logons.size >= MOST_ENDPOINTS) this.#logons.clear()
    const logons: Logons = new TimeIndex()
    this.#logons.set(endpointId, logons)
    for (const session of this.#view.sessions.on(endpointId)) {
      logons.add(baseName(session.event.fields.account ?? ''), { at: session.from, session })
      if (session.logonType === 10) logons.add('', { at: session.from, session })
    }
    return logons
  }
}

/** What the source recorded, joined to the logon at the target; alone only where the target is not recorded. */
function* fromSource(view: CorrelationView): Generator<RelationDraft> {
  const recorded = new Recorded(view)
  for (const event of view.events(
    ['explicit-credentials'],
    ['destinationHost', 'account', 'targetAccount', 'processPath', 'pid', 'processGuid'],
  )) {
    const { at, endpointId } = event
    if (endpointId === null || at === null || event.fields.destinationHost === undefined) continue
    const target = view.findEndpoint(event.fields.destinationHost, event.at)
    if (!target || target.id === endpointId) continue
    const params = { user: event.fields.account ?? '', target: event.fields.targetAccount ?? '' }
    const base = { kind: 'remote-logon' as const, from: endpointId, to: target.id, params }
    const wanted = baseName(event.fields.targetAccount ?? '')
    const session = wanted === '' ? undefined : recorded.following(target.id, wanted, at)
    if (session)
      for (const from of [endpointId, programBehind(view, event)])
        if (from !== undefined)
          yield {
            ...base,
            from,
            at: session.from,
            confidence: BY_BOTH_ENDS,
            reason: 'explicit_and_logon',
            proof: [...proofOf(event), ...proofOf(session.event)],
          }
    if (!session && !recorded.has(target.id))
      yield { ...base, at, confidence: BY_SOURCE, reason: 'explicit', proof: proofOf(event) }
  }
  for (const event of view.events(
    ['network-connection'],
    [
      'destinationHost',
      'destinationIp',
      'destinationPort',
      'protocol',
      'action',
      'processPath',
      'pid',
      'processGuid',
    ],
  )) {
    const { at, endpointId } = event
    const { protocol, destinationPort, action, destinationHost, destinationIp } = event.fields
    if (protocol !== 'rdp' && destinationPort !== DESKTOP_PORT) continue
    if (action !== 'outbound' || endpointId === null || at === null) continue
    const named = destinationHost === undefined ? undefined : view.findEndpoint(destinationHost, event.at)
    const target = named ?? view.addresses.find(destinationIp, at)
    if (!target || target.id === endpointId) continue
    const base = { kind: 'remote-logon' as const, from: endpointId, to: target.id }
    const session = recorded.following(target.id, '', at)
    // A logon that names another endpoint as its source was not this client's.
    const other = session && sourceOf(view, session.event)
    if (session && (other === undefined || other.entity.id === endpointId))
      for (const from of [endpointId, programBehind(view, event)])
        if (from !== undefined)
          yield {
            ...base,
            from,
            at: session.from,
            confidence: BY_BOTH_ENDS,
            reason: 'client_and_logon',
            params: { user: session.event.fields.account ?? '' },
            proof: [...proofOf(event), ...proofOf(session.event)],
          }
    if (!session && !recorded.has(target.id))
      yield { ...base, at, confidence: BY_CLIENT, reason: 'client', proof: proofOf(event) }
  }
}
/** The program that gave the credentials or opened the connection; services of Windows do both for everybody. */
function programBehind(view: CorrelationView, event: ViewEvent): EntityHandle | undefined {
  const { processPath } = event.fields
  if (
    processPath === undefined ||
    /^system$|\\(?:svchost|lsass|services|winlogon|consent)\.exe$/i.test(processPath)
  )
    return undefined
  return view.processes.actorOf(event)?.draft
}
const baseName = (account: string) => (account.split('\\').at(-1) ?? '').split('@')[0]?.toLowerCase() ?? ''

function sourceOf(
  view: CorrelationView,
  event: ViewEvent,
): { entity: BookEntity; confidence: number; reason: string } | undefined {
  const byAddress = view.addresses.find(event.fields.sourceIp, event.at)
  const named =
    event.fields.sourceHost === undefined ? undefined : view.findEndpoint(event.fields.sourceHost, event.at)
  // Remote desktop writes the target's own name where the workstation should stand.
  const byName = named?.id === event.endpointId ? undefined : named
  if (byAddress && byName) {
    if (byAddress.id === byName.id) return { entity: byAddress, confidence: BY_BOTH, reason: 'by_both' }
    return { entity: byAddress, confidence: IN_DISPUTE, reason: 'by_address' }
  }
  if (byAddress) return { entity: byAddress, confidence: BY_ONE, reason: 'by_address' }
  return byName ? { entity: byName, confidence: BY_ONE, reason: 'by_name' } : undefined
}

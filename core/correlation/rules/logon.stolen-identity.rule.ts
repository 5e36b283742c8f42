import ipaddr from 'ipaddr.js'
import { baseName } from '../../normalise/path.ts'
import { readDetail } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import { isLsass, judgeLsassAccess, judgeReportedAccess } from '../lsass-access.ts'
import type { DetectionDraft, Rule } from '../rule.ts'
import { TimeIndex } from '../time-index.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The session was made and lsass.exe was reached into around it: that is how a hash is put into a session. */
const HASH_PUT_IN = 0.9
/** Credentials for the network only: `runas /netonly` makes the same session. */
const NETWORK_ONLY = 0.5
/** A program of somebody else runs in a session that NTLM opened from the machine to itself. */
const BORROWED_SESSION = 0.85
/** Remote desktop from the machine to itself: the client sits at the other end of a tunnel. */
const TUNNEL = 0.85
/** Only SYSTEM may take over a session without its password. */
const HIJACK = 0.9
/** The tools reach into lsass.exe within this time of the logon. */
const AROUND_US = 30_000_000
/** The borrowed session is used at once. */
const USED_US = 60_000_000

const rule: Rule = {
  id: 'logon.stolen-identity',
  order: 54,
  relations: [],
  detections: [
    'pass-the-hash',
    'network-credentials',
    'borrowed-session',
    'tunnelled-desktop',
    'session-hijack',
  ],
  scope: 'endpoint',
  attack: ['T1550.002', 'T1134.003', 'T1563.002', 'T1572', 'T1021.001'],
  texts: {
    en: {
      title: 'Sessions under a stolen identity',
      description:
        'Signs that somebody acts as another user without the password: a session for network credentials only with access to lsass.exe around it (pass the hash), a program in a session that NTLM opened from the machine to itself, remote desktop through a tunnel, and a desktop session taken over.',
      needs: 'Logon records of the endpoint (Security 4624), process starts, and Sysmon 10 for lsass.exe.',
      falsePositives:
        'Administrators use runas /netonly: told as network credentials, rated lower. Helper tools that connect remote desktop to the machine itself (gateways, recorders). Support staff may move sessions with tscon.',
      'detection.pass-the-hash': 'A hash put into a session (pass the hash)',
      'detection.network-credentials': 'Other credentials for the network only',
      'detection.borrowed-session': 'A program in a session opened by NTLM from the machine to itself',
      'detection.tunnelled-desktop': 'Remote desktop from the machine to itself (tunnel)',
      'detection.session-hijack': 'A desktop session taken over',
      'reason.hash':
        'A session of {account} for network credentials of {other} was made while {program} reached into lsass.exe.',
      'reason.network':
        'A session of {account} that uses credentials of {other} on the network (logon type 9).',
      'reason.borrowed':
        '{program} runs as {account} in a session that NTLM opened from {ip}; its parent runs as another user.',
      'reason.tunnel': '{account} logged on by remote desktop from {ip}, the machine itself, port {port}.',
      'reason.tscon': 'tscon.exe, run as SYSTEM, connected a session: {command}',
    },
    'zh-TW': {
      title: '盜用身分的工作階段',
      description:
        '顯示有人在沒有密碼的情況下以他人身分行動的跡象：僅供網路認證使用的工作階段且前後有存取 lsass.exe（Pass-the-Hash）、在由本機以 NTLM 開啟給自己的工作階段中執行程式、透過通道的遠端桌面，以及遭接管的桌面工作階段。',
      needs: '端點的登入紀錄（安全性 4624）、處理程序啟動，以及針對 lsass.exe 的 Sysmon 10。',
      falsePositives:
        '系統管理員會使用 runas /netonly：以「網路認證」提示，等級較低。由本機連回本機遠端桌面的輔助工具（閘道、側錄）。支援人員可能以 tscon 移動工作階段。',
      'detection.pass-the-hash': '將雜湊植入工作階段（Pass-the-Hash）',
      'detection.network-credentials': '僅供網路使用的其他認證',
      'detection.borrowed-session': '在本機以 NTLM 開啟給自己的工作階段中執行程式',
      'detection.tunnelled-desktop': '由本機連回本機的遠端桌面（通道）',
      'detection.session-hijack': '桌面工作階段遭接管',
      'reason.hash': '{program} 存取 lsass.exe 的同時，建立了 {account} 使用 {other} 網路認證的工作階段。',
      'reason.network': '{account} 的工作階段在網路上使用 {other} 的認證（登入類型 9）。',
      'reason.borrowed':
        '{program} 以 {account} 身分在由 {ip} 以 NTLM 開啟的工作階段中執行，其父處理程序屬於另一位使用者。',
      'reason.tunnel': '{account} 由本機 {ip} 的連接埠 {port} 以遠端桌面登入。',
      'reason.tscon': 'tscon.exe 以 SYSTEM 身分連接了工作階段：{command}',
    },
    ja: {
      title: '盗用された身元のセッション',
      description:
        'パスワードなしで他人として行動している兆候です。ネットワーク資格情報専用のセッションと lsass.exe へのアクセス（Pass-the-Hash）、端末から自分自身へ NTLM で開かれたセッション内のプログラム、トンネル経由のリモートデスクトップ、乗っ取られたデスクトップセッションを対象とします。',
      needs:
        'エンドポイントのログオン記録（セキュリティ 4624）、プロセス起動、lsass.exe に対する Sysmon 10。',
      falsePositives:
        '管理者は runas /netonly を使います（「ネットワーク資格情報」として低いレベルで示します）。端末自身へリモートデスクトップ接続する補助ツール（ゲートウェイ、録画）。サポート担当者が tscon でセッションを移すこともあります。',
      'detection.pass-the-hash': 'セッションへのハッシュの注入（Pass-the-Hash）',
      'detection.network-credentials': 'ネットワーク専用の別の資格情報',
      'detection.borrowed-session': '端末自身へ NTLM で開かれたセッション内のプログラム',
      'detection.tunnelled-desktop': '端末自身からのリモートデスクトップ（トンネル）',
      'detection.session-hijack': 'デスクトップセッションの乗っ取り',
      'reason.hash':
        '{program} が lsass.exe にアクセスする間に、{other} のネットワーク資格情報を使う {account} のセッションが作られました。',
      'reason.network':
        '{account} のセッションがネットワーク上で {other} の資格情報を使います（ログオン種類 9）。',
      'reason.borrowed':
        '{program} が、{ip} から NTLM で開かれたセッションで {account} として動作しています。親プロセスは別のユーザーです。',
      'reason.tunnel':
        '{account} が端末自身 {ip} のポート {port} からリモートデスクトップでログオンしました。',
      'reason.tscon': 'SYSTEM として実行された tscon.exe がセッションを接続しました：{command}',
    },
  },
  matches: [
    {
      title: 'a session for the network only while a tool reaches into lsass.exe',
      items: [
        exampleEvent('process-access', 4, {
          processPath: 'C:\\t\\m.exe',
          pid: 9,
          target: 'C:\\Windows\\System32\\lsass.exe',
          targetPid: 600,
          status: '0x1438',
        }),
        exampleEvent('logon', 5, {
          account: 'CORP\\amber',
          logonType: 9,
          detail: 'LogonProcessName: seclogo; TargetOutboundUserName: adm',
        }),
      ],
      finds: ['!pass-the-hash: WS-01'],
    },
    {
      title: 'a program in a session from the machine to itself, and remote desktop through a tunnel',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\ps.exe',
          processGuid: exampleGuid(1),
          pid: 11,
          account: 'CORP\\amber',
          logonId: '0x1',
        }),
        exampleEvent('logon', 5, {
          account: 'CORP\\basil',
          logonType: 3,
          authentication: 'NTLM',
          sourceIp: '127.0.0.1',
          targetLogonId: '0x77',
        }),
        exampleEvent('process-start', 6, {
          processPath: 'C:\\cmd.exe',
          processGuid: exampleGuid(2),
          pid: 12,
          account: 'CORP\\basil',
          logonId: '0x77',
          parentGuid: exampleGuid(1),
          parentPid: 11,
          parentPath: 'C:\\ps.exe',
        }),
        exampleEvent('logon', 60, {
          account: 'CORP\\cora',
          logonType: 10,
          sourceIp: '127.0.0.1',
          sourcePort: 49164,
        }),
      ],
      finds: ['!borrowed-session: CORP\\basil', '!tunnelled-desktop: WS-01'],
    },
    {
      title: 'SYSTEM takes a session over',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\tscon.exe',
          commandLine: 'tscon 2 /dest:rdp-tcp#8',
          pid: 5,
          logonId: '0x3e7',
          accountSid: 'S-1-5-18',
        }),
      ],
      finds: ['!session-hijack: WS-01'],
    },
  ],
  ignores: [
    {
      title:
        'a person at the machine, a service that talks to itself, and an administrator who moves the own session',
      items: [
        exampleEvent('logon', 0, {
          account: 'CORP\\amber',
          logonType: 2,
          sourceIp: '127.0.0.1',
          authentication: 'Negotiate',
        }),
        exampleEvent('logon', 5, {
          account: 'CORP\\svc',
          logonType: 3,
          authentication: 'NTLM',
          sourceIp: '127.0.0.1',
          targetLogonId: '0x9',
        }),
        exampleEvent('logon', 9, {
          account: 'CORP\\cora',
          logonType: 10,
          sourceIp: '10.0.0.7',
          sourcePort: 49164,
        }),
        exampleEvent('process-start', 12, {
          processPath: 'C:\\Windows\\System32\\tscon.exe',
          commandLine: 'tscon 2 /password:x /dest:console',
          pid: 5,
          account: 'CORP\\adm',
          logonId: '0x44',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const networkOnly: ViewEvent[] = []
    const fromItself = new TimeIndex<{ readonly at: number; readonly event: ViewEvent }>()
    for (const event of view.events(
      ['logon'],
      [
        'account',
        'logonType',
        'authentication',
        'sourceIp',
        'sourcePort',
        'targetLogonId',
        'logonId',
        'detail',
      ],
    )) {
      const { logonType, authentication = '', sourceIp, detail } = event.fields
      if (event.endpointId === null || event.at === null || event.userId === null) continue
      if (logonType === 9 && /^seclogo$/i.test(readDetail(detail, 'LogonProcessName') ?? ''))
        networkOnly.push(event)
      if (!isLoopback(sourceIp)) continue
      if (logonType === 10) yield tunnel(event, event.endpointId)
      const session = event.fields.targetLogonId ?? event.fields.logonId
      if (logonType === 3 && /^ntlm/i.test(authentication) && session !== undefined)
        fromItself.add(`${event.endpointId}|${session}`, { at: event.at, event })
    }
    if (networkOnly.length > 0) yield* credentials(view, networkOnly)
    for (const process of view.processes.started) {
      const { event, startAt } = process
      if (event === null || startAt === null) continue
      if (baseName(process.path).toLowerCase() === 'tscon.exe') {
        if (event.fields.logonId === '0x3e7' && /\/dest:/i.test(process.commandLine))
          yield {
            detection: 'session-hijack',
            level: 'high',
            subject: process.endpointId,
            involved: [process.draft],
            window: `${startAt}`,
            at: startAt,
            confidence: HIJACK,
            reason: 'tscon',
            params: { command: process.commandLine.slice(0, 200) },
            proof: proofOf(event),
          }
        continue
      }
      if (fromItself.size === 0) continue
      const key = `${process.endpointId}|${event.fields.logonId ?? ''}`
      const logon = fromItself.last(key, startAt - USED_US, startAt + 3_000_000)?.event
      const parent = logon && view.processes.parentOf(event)
      if (!logon || parent?.userId == null || parent.userId === logon.userId) continue
      yield {
        detection: 'borrowed-session',
        level: 'high',
        subject: logon.userId ?? process.endpointId,
        involved: [process.endpointId, process.draft, parent.draft],
        window: event.fields.logonId ?? '',
        at: startAt,
        confidence: BORROWED_SESSION,
        reason: 'borrowed',
        params: {
          program: process.draft.name,
          account: logon.fields.account ?? '',
          ip: logon.fields.sourceIp ?? '',
        },
        proof: [...proofOf(logon), ...proofOf(event)],
      }
    }
  },
}
export default rule

const isLoopback = (ip: string | undefined): boolean =>
  ip !== undefined && ipaddr.isValid(ip) && ipaddr.process(ip).range() === 'loopback'

function tunnel(event: ViewEvent, endpointId: number): DetectionDraft {
  const { account = '', sourceIp = '', sourcePort = 0 } = event.fields
  return {
    detection: 'tunnelled-desktop',
    level: 'high',
    subject: endpointId,
    involved: event.userId === null ? [] : [event.userId],
    window: `${event.at ?? ''}`,
    at: event.at,
    confidence: TUNNEL,
    reason: 'tunnel',
    params: { account, ip: sourceIp, port: sourcePort },
    proof: proofOf(event),
  }
}

/** Sessions for network credentials, and whether somebody reached into lsass.exe around them. */
function* credentials(view: CorrelationView, logons: readonly ViewEvent[]): Generator<DetectionDraft> {
  const endpoints = new Set(logons.map((event) => event.endpointId))
  const reached = new TimeIndex<{ readonly at: number; readonly event: ViewEvent }>()
  for (const event of view.events(
    ['process-access'],
    ['target', 'processPath', 'status', 'detail', 'action', 'pid', 'processGuid'],
  )) {
    if (event.at === null || !endpoints.has(event.endpointId) || !isLsass(event.fields.target)) continue
    const { processPath = '', status, detail = '', action } = event.fields
    if (judgeLsassAccess(processPath, status, detail) ?? judgeReportedAccess(processPath, action))
      reached.add(`${event.endpointId}`, { at: event.at, event })
  }
  for (const event of logons) {
    const { endpointId, at } = event
    if (endpointId === null || at === null) continue
    const access = reached.last(`${endpointId}`, at - AROUND_US, at + AROUND_US)?.event
    const program = access && view.processes.actorOf(access)
    const other = readDetail(event.fields.detail, 'TargetOutboundUserName') ?? '?'
    yield {
      detection: access ? 'pass-the-hash' : 'network-credentials',
      level: access ? 'high' : 'low',
      subject: endpointId,
      involved: [...(event.userId === null ? [] : [event.userId]), ...(program ? [program.draft] : [])],
      window: `${at}`,
      at,
      confidence: access ? HASH_PUT_IN : NETWORK_ONLY,
      reason: access ? 'hash' : 'network',
      params: { account: event.fields.account ?? '', other, program: program?.draft.name ?? '' },
      proof: [...proofOf(event), ...(access ? proofOf(access) : [])],
    }
  }
}

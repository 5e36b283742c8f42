import { baseName } from '../../normalise/path.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import type { DetectionDraft, Rule } from '../rule.ts'
import type { ViewEvent } from '../view.ts'

/** A program that serves nobody took a connection, and started a shell right then. */
const SERVED = 0.85
/** The same with a connection that it made itself. */
const CALLED = 0.75

/** The shell starts with the connection, or when the first line comes in. */
const TOGETHER_US = 30_000_000
/** Programs that people and scripts run, not services: none of them takes connections in honest use. */
const NO_SERVERS =
  /(?:^|\\)(?:powershell|pwsh|nc|ncat|nc64|netcat|powercat|python\w*|perl|ruby|wscript|cscript|mshta|rundll32|regsvr32|winword|excel|outlook|acrord32)\.exe$/i
/** Of these a connection outwards followed by a shell is a reverse shell; PowerShell does both all day. */
const CALLERS = /(?:^|\\)(?:nc|ncat|nc64|netcat|powercat|mshta|rundll32|regsvr32)\.exe$/i
const SHELLS = /^(?:cmd|powershell|pwsh|bash|sh)\.exe$/i
/** A shell that waits for lines: nothing stands behind its name but options that keep it open. */
const WAITING =
  /^\s*"?[^"]*?(?:cmd|powershell|pwsh|bash|sh)(?:\.exe)?"?\s*(?:\/[akq]\s*|-(?:i|noexit|nop(?:rofile)?|nologo)\s*)*$/i
/** Connections of one process kept; a scanner in PowerShell makes many thousands. */
const MAX_CONTACTS = 200

const rule: Rule = {
  id: 'network.shell-served',
  order: 38,
  relations: [],
  detections: ['bind-shell', 'reverse-shell'],
  scope: 'endpoint',
  attack: ['T1059', 'T1571', 'T1095'],
  texts: {
    en: {
      title: 'A shell given to another machine',
      description:
        'A program that serves nobody in honest use took a connection from another machine, or called one, and started a shell that waits for lines within half a minute: whoever is at the other end types into it.',
      needs: 'Process start and network records of one sensor (Sysmon 1 and 3, Defender).',
      falsePositives:
        'Remote tools of administrators written in PowerShell or Python. Shells that were given a command are left out.',
      'detection.bind-shell': 'A shell is served to another machine',
      'detection.reverse-shell': 'A shell was handed out to another machine',
      'reason.served': '{program} took a connection from {ip} on port {port} and started {shell}.',
      'reason.called': '{program} called {ip}, port {port}, and started {shell}.',
    },
    'zh-TW': {
      title: '將殼層交給另一台電腦',
      description:
        '在正常使用下不提供服務的程式接受了另一台電腦的連線，或主動連線，並在半分鐘內啟動等待輸入的殼層：位於另一端的人可在其中輸入命令。',
      needs: '同一感測器的處理程序啟動與網路紀錄（Sysmon 1 與 3、Defender）。',
      falsePositives: '以 PowerShell 或 Python 撰寫的管理員遠端工具。已指定命令的殼層不列入。',
      'detection.bind-shell': '向另一台電腦提供殼層',
      'detection.reverse-shell': '將殼層交給另一台電腦',
      'reason.served': '{program} 在連接埠 {port} 接受來自 {ip} 的連線，並啟動 {shell}。',
      'reason.called': '{program} 連線至 {ip} 的連接埠 {port}，並啟動 {shell}。',
    },
    ja: {
      title: '別のマシンに渡されたシェル',
      description:
        '通常は何も提供しないプログラムが、別のマシンからの接続を受け付けるか自ら接続し、30 秒以内に入力を待つシェルを起動しました。相手側にいる者がそこにコマンドを入力します。',
      needs: '同じセンサーによるプロセス起動とネットワークの記録（Sysmon 1 と 3、Defender）。',
      falsePositives:
        'PowerShell や Python で書かれた管理者のリモートツール。コマンドを与えられたシェルは対象外です。',
      'detection.bind-shell': '別のマシンへのシェルの提供',
      'detection.reverse-shell': '別のマシンへ渡されたシェル',
      'reason.served': '{program} がポート {port} で {ip} からの接続を受け付け、{shell} を起動しました。',
      'reason.called': '{program} が {ip} のポート {port} に接続し、{shell} を起動しました。',
    },
  },
  matches: [
    {
      title: 'PowerShell takes a connection and starts a shell; netcat calls out and does',
      items: [
        exampleEvent('network-connection', 0, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          processGuid: exampleGuid(1),
          pid: 5,
          sourceIp: '10.0.0.5',
          sourcePort: 4444,
          destinationIp: '10.0.0.9',
          destinationPort: 38208,
          action: 'inbound',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          processGuid: exampleGuid(2),
          pid: 6,
          commandLine: '"cmd"',
          parentGuid: exampleGuid(1),
          parentPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          parentPid: 5,
        }),
        exampleEvent('network-connection', 60, {
          processPath: 'C:\\t\\nc.exe',
          processGuid: exampleGuid(3),
          pid: 7,
          sourceIp: '10.0.0.5',
          destinationIp: '203.0.113.9',
          destinationPort: 443,
          action: 'outbound',
        }),
        exampleEvent('process-start', 61, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          processGuid: exampleGuid(4),
          pid: 8,
          commandLine: 'cmd.exe',
          parentGuid: exampleGuid(3),
          parentPath: 'C:\\t\\nc.exe',
          parentPid: 7,
        }),
      ],
      finds: ['!bind-shell: powershell.exe', '!reverse-shell: nc.exe'],
    },
  ],
  ignores: [
    {
      title: 'PowerShell that goes online and runs a command, and a server that does',
      items: [
        exampleEvent('network-connection', 0, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          processGuid: exampleGuid(1),
          pid: 5,
          destinationIp: '192.0.2.9',
          destinationPort: 443,
          action: 'outbound',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          processGuid: exampleGuid(2),
          pid: 6,
          commandLine: 'cmd.exe /c ver',
          parentGuid: exampleGuid(1),
          parentPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          parentPid: 5,
        }),
        exampleEvent('network-connection', 60, {
          processPath: 'C:\\Program Files\\Build\\agent.exe',
          processGuid: exampleGuid(3),
          pid: 7,
          sourcePort: 8080,
          destinationIp: '10.0.0.9',
          action: 'inbound',
        }),
        exampleEvent('process-start', 61, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          processGuid: exampleGuid(4),
          pid: 8,
          commandLine: 'cmd.exe',
          parentGuid: exampleGuid(3),
          parentPath: 'C:\\Program Files\\Build\\agent.exe',
          parentPid: 7,
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const contacts = new Map<string, ViewEvent[]>()
    for (const event of view.events(
      ['network-connection'],
      ['processPath', 'processGuid', 'pid', 'sourcePort', 'destinationIp', 'destinationPort', 'action'],
    )) {
      const { processPath = '', action = '' } = event.fields
      const isInbound = action === 'inbound' || action === 'accepted'
      if (event.at === null || !(isInbound ? NO_SERVERS : CALLERS).test(processPath)) continue
      const actor = view.processes.actorOf(event)
      if (!actor) continue
      const known = contacts.get(actor.draft.key) ?? []
      contacts.set(actor.draft.key, known)
      if (known.length < MAX_CONTACTS) known.push(event)
    }
    if (contacts.size === 0) return
    for (const event of view.events(
      ['process-start'],
      ['processPath', 'processGuid', 'pid', 'commandLine', 'parentGuid', 'parentPid', 'parentPath'],
    )) {
      const { processPath = '', commandLine = '' } = event.fields
      const { at } = event
      if (at === null || !SHELLS.test(baseName(processPath)) || !WAITING.test(commandLine)) continue
      const parent = view.processes.parentOf(event)
      const shell = view.processes.actorOf(event)
      const contact = parent
        ? contacts.get(parent.draft.key)?.find((one) => Math.abs((one.at ?? 0) - at) <= TOGETHER_US)
        : undefined
      if (!parent || !shell || !contact) continue
      const isInbound = contact.fields.action !== 'outbound'
      yield {
        detection: isInbound ? 'bind-shell' : 'reverse-shell',
        level: 'high',
        subject: parent.draft,
        involved: [shell.draft, shell.endpointId],
        at,
        confidence: isInbound ? SERVED : CALLED,
        reason: isInbound ? 'served' : 'called',
        params: {
          program: parent.draft.name,
          shell: shell.draft.name,
          ip: contact.fields.destinationIp ?? '?',
          port: (isInbound ? contact.fields.sourcePort : contact.fields.destinationPort) ?? '?',
        },
        proof: [...proofOf(event), ...proofOf(contact)],
      }
    }
  },
}
export default rule

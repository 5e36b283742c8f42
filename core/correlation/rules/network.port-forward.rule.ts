import { dayOf } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { DetectionDraft, Rule } from '../rule.ts'

/** A client of SSH was told to let the other side in. */
const REVERSE = 0.85
/** It was told to reach a service of administration through the other side. */
const FORWARD = 0.6
/** Windows itself passes a port on. */
const PASSED_ON = 0.75
/** A tool that is made for nothing else. */
const TOOL = 0.8

/** Command lines read up to here; Windows takes no longer ones. */
const MAX_COMMAND = 32_768
const CLIENT = /^(?:ssh|plink|kitty|klink|putty)(?:64)?(?:\.exe)?$/i
/** `[address:]port:host:port`: of `-R` the last port is one here, of `-L` one there. */
const FORWARDS = /\s-([RL])\s*["']?((?:[\w.*[\]:-]+:)?\d{1,5}:[\w.-]+:(\d{1,5}))/g
/** Remote desktop, file shares, WinRM, RPC, SSH, databases of administrators. */
const ADMIN_PORTS = new Set(['3389', '445', '139', '5985', '5986', '135', '22', '1433'])
const PORTPROXY = /\bnetsh(?:\.exe)?["']?\s+i(?:nterface|nt)?\s+portproxy\s+add\s+v4tov4\b(.{0,400})/i
const TUNNELERS =
  /\b(?:ngrok(?:\.exe)?["']?\s+(?:tcp|http)\s|chisel\w*(?:\.exe)?["']?\s+(?:client|server)\s|frpc(?:\.exe)?["']?\s+-c\s|cloudflared(?:\.exe)?["']?\s+tunnel\b|ligolo\w*(?:\.exe)?["']?\s+.{0,80}-connect\s|rpivot|gost(?:\.exe)?["']?\s+-L)/i

const rule: Rule = {
  id: 'network.port-forward',
  order: 38,
  relations: [],
  detections: ['tunnel'],
  scope: 'endpoint',
  attack: ['T1572', 'T1090.001', 'T1021.001'],
  texts: {
    en: {
      title: 'Ports passed on through a tunnel',
      description:
        'A program passes a port of administration (remote desktop, file shares, WinRM) on to another machine: an SSH client with reverse forwarding, the port proxy of Windows, or a tool made for tunnels. Whoever sits at the other end works here as if from the machine itself, past the firewall.',
      needs: 'Process start records with command lines (Sysmon 1, Security 4688 with command line auditing).',
      falsePositives:
        'Administrators who reach machines behind a jump host; support tools and developers who publish a local page. Forwarding of web ports is left out.',
      'detection.tunnel': 'Port passed on through a tunnel',
      'reason.reverse': '{program} lets the other side reach a port here: {what}.',
      'reason.forward': '{program} reaches a port of administration through the other side: {what}.',
      'reason.passed_on': 'Windows was told to pass a port on: {what}',
      'reason.tool': '{program} is a tool for tunnels: {what}',
    },
    'zh-TW': {
      title: '透過通道轉送連接埠',
      description:
        '程式將系統管理用的連接埠（遠端桌面、檔案共用、WinRM）轉送至另一台電腦：SSH 用戶端的反向轉送、Windows 的連接埠 Proxy，或專門建立通道的工具。位於另一端的人可繞過防火牆，如同在本機上操作。',
      needs: '含命令列的處理程序啟動紀錄（Sysmon 1、已啟用命令列稽核的安全性 4688）。',
      falsePositives:
        '經由跳板主機連線的系統管理員；發布本機網頁的支援工具與開發人員。網頁連接埠的轉送不列入。',
      'detection.tunnel': '透過通道轉送連接埠',
      'reason.reverse': '{program} 讓對方可連入本機的連接埠：{what}。',
      'reason.forward': '{program} 透過對方連線至系統管理用的連接埠：{what}。',
      'reason.passed_on': 'Windows 被要求轉送連接埠：{what}',
      'reason.tool': '{program} 是建立通道的工具：{what}',
    },
    ja: {
      title: 'トンネルによるポートの転送',
      description:
        '管理用のポート（リモートデスクトップ、ファイル共有、WinRM）を別のマシンへ転送するプログラムです。SSH クライアントのリバース転送、Windows のポートプロキシ、トンネル専用ツールが該当します。相手側にいる者は、ファイアウォールを越えてこのマシン自身から操作しているように振る舞えます。',
      needs:
        'コマンドラインを含むプロセス起動の記録（Sysmon 1、またはコマンドラインの監査を有効にしたセキュリティ 4688）。',
      falsePositives:
        '踏み台経由でマシンに接続する管理者、ローカルのページを公開するサポートツールや開発者。Web のポートの転送は対象外です。',
      'detection.tunnel': 'トンネルによるポートの転送',
      'reason.reverse': '{program} が、相手側からこのマシンのポートへの接続を可能にします：{what}。',
      'reason.forward': '{program} が、相手側を経由して管理用ポートに接続します：{what}。',
      'reason.passed_on': 'Windows にポートの転送が設定されました：{what}',
      'reason.tool': '{program} はトンネル用のツールです：{what}',
    },
  },
  matches: [
    {
      title: 'remote desktop let in by plink, a port passed on by Windows, a tunnel tool',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Users\\amber\\Desktop\\plink.exe',
          pid: 5,
          commandLine: 'plink.exe 198.51.100.7 -P 80 -C -R 127.0.0.3:4444:127.0.0.2:3389 -l test -pw test',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\netsh.exe',
          pid: 6,
          commandLine:
            'netsh interface portproxy add v4tov4 listenport=8443 connectaddress=10.0.0.8 connectport=3389',
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\ProgramData\\ngrok.exe',
          pid: 7,
          commandLine: 'ngrok.exe tcp 3389',
        }),
      ],
      finds: ['!tunnel: plink.exe', '!tunnel: netsh.exe', '!tunnel: ngrok.exe'],
    },
  ],
  ignores: [
    {
      title: 'a session on a server, a web page of a developer, and a look at what is passed on',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\OpenSSH\\ssh.exe',
          pid: 5,
          commandLine: 'ssh -L 8080:localhost:80 dev@build.corp.example',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Program Files\\PuTTY\\plink.exe',
          pid: 6,
          commandLine: 'plink.exe -batch admin@switch-07.corp.example show run',
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\Windows\\System32\\netsh.exe',
          pid: 7,
          commandLine: 'netsh interface portproxy show all',
        }),
        exampleEvent('process-start', 3, {
          processPath: 'C:\\Windows\\System32\\xcopy.exe',
          pid: 8,
          commandLine: 'xcopy /R /S C:\\data D:\\data',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    for (const process of view.processes.started) {
      if (!process.event || process.commandLine === '') continue
      const found = tunnelOf(process.draft.name, process.commandLine.slice(0, MAX_COMMAND))
      if (!found) continue
      yield {
        detection: 'tunnel',
        level: found.confidence >= TOOL ? 'high' : 'medium',
        subject: process.draft,
        involved: [process.endpointId],
        window: dayOf(process.startAt),
        at: process.startAt,
        confidence: found.confidence,
        reason: found.reason,
        params: { program: process.draft.name, what: found.what.trim().slice(0, 200) },
        proof: proofOf(process.event),
      }
    }
  },
}
export default rule

interface Tunnel {
  readonly reason: 'reverse' | 'forward' | 'passed_on' | 'tool'
  readonly confidence: number
  readonly what: string
}

function tunnelOf(program: string, command: string): Tunnel | undefined {
  const passed = PORTPROXY.exec(command)
  if (passed) return { reason: 'passed_on', confidence: PASSED_ON, what: passed[1] ?? '' }
  const tool = TUNNELERS.exec(command)
  // A shell that passes the command on is not meant: the tool has a record of its own.
  if (tool && !/^(?:cmd|powershell|pwsh)\.exe$/i.test(program))
    return { reason: 'tool', confidence: TOOL, what: tool[0] }
  if (!CLIENT.test(program)) return undefined
  for (const [, way, what = '', port = ''] of command.matchAll(FORWARDS)) {
    if (!ADMIN_PORTS.has(port)) continue
    return way === 'R'
      ? { reason: 'reverse', confidence: REVERSE, what }
      : { reason: 'forward', confidence: FORWARD, what }
  }
  return undefined
}

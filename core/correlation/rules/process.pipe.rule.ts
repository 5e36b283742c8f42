import type { DetectionLevel } from '../../model/detection.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { Find, Rule } from '../rule.ts'

/** The name is the default of the tool; honest programs have no reason to choose it. */
const BY_NAME = 0.88
/** A tool that administrators use as well. */
const SHARED_TOOL = 0.6

/** Default names of pipes, by the tool that makes them. */
const PIPES: readonly { readonly tool: string; readonly level: DetectionLevel; readonly pattern: RegExp }[] =
  [
    {
      tool: 'Cobalt Strike',
      level: 'critical',
      pattern: /^\\(?:msse-\d{1,5}-server|msagent_[0-9a-f]{1,8}|postex(?:_ssh)?_[0-9a-f]{1,8})$/i,
    },
    // Names short enough that an honest program may choose them one day.
    {
      tool: 'Cobalt Strike',
      level: 'medium',
      pattern: /^\\(?:status_[0-9a-f]{2}|interprocess_[0-9a-f]{2}|windows\.update\.manager[0-9a-f]{2,3})$/i,
    },
    { tool: 'Metasploit', level: 'high', pattern: /^\\(?:msf-pipe|meterpreter)[\w-]*$/i },
    { tool: 'Covenant', level: 'high', pattern: /^\\(?:gruntsvc|covenant)[\w-]*$/i },
    {
      tool: 'gsecdump, WCE',
      level: 'high',
      pattern:
        /^\\(?:lsadump|cachedump|wceservicepipe|gsecdump|isapi_(?:http|dg)2?|sdlrpc|ahexec|winsession|lsassw|rpchlp_3|nt(?:apvsrq|svcs\d{2}))$/i,
    },
    { tool: 'RemCom', level: 'medium', pattern: /^\\remcom_(?:communication|std(?:in|out|err))\w*/i },
    { tool: 'CSExec', level: 'medium', pattern: /^\\csexecsvc\w*/i },
    { tool: 'PAExec', level: 'low', pattern: /^\\paexec(?:in|out|err)?\w*/i },
  ]

const rule: Rule = {
  id: 'process.pipe',
  order: 41,
  relations: [],
  detections: ['tool_pipe'],
  scope: 'endpoint',
  attack: ['T1559', 'T1055', 'T1570', 'T1021.002'],
  texts: {
    en: {
      title: 'Pipes of known tools',
      description:
        'A process made or opened a pipe whose name is the default of an attack tool or of a tool for remote execution. Beacons speak to each other and to their helpers over such pipes.',
      needs: 'Pipe records: Sysmon 17 and 18, or the export of an endpoint sensor.',
      falsePositives:
        'Names can be changed, so their absence proves nothing. Administrators use some of the tools for remote execution; those weigh less. PsExec is told by its service.',
      'detection.tool_pipe': 'A pipe of a known tool',
      'reason.pipe': '{program} used the pipe {pipe}, a default name of {tool}.',
    },
    'zh-TW': {
      title: '已知工具的具名管道',
      description:
        '處理程序建立或開啟了以攻擊工具或遠端執行工具預設名稱命名的具名管道。Beacon 之間以及與其輔助程式會透過此類管道通訊。',
      needs: '具名管道紀錄：Sysmon 17 與 18，或端點感測器的匯出資料。',
      falsePositives:
        '名稱可以更改，因此未出現並不代表沒有。部分遠端執行工具管理員也會使用，嚴重性較低。PsExec 由其服務判斷。',
      'detection.tool_pipe': '已知工具的具名管道',
      'reason.pipe': '{program} 使用了具名管道 {pipe}，這是 {tool} 的預設名稱。',
    },
    ja: {
      title: '既知のツールのパイプ',
      description:
        'プロセスが、攻撃ツールまたはリモート実行ツールの既定の名前を持つ名前付きパイプを作成または開きました。ビーコン同士や補助プログラムとの通信に使われます。',
      needs: 'パイプの記録（Sysmon 17・18、またはエンドポイントセンサーのエクスポート）。',
      falsePositives:
        '名前は変更できるため、見つからなくても安全とは限りません。リモート実行ツールの一部は管理者も使うため軽く見ます。PsExec はサービスから判断します。',
      'detection.tool_pipe': '既知のツールのパイプ',
      'reason.pipe': '{program} がパイプ {pipe} を使用しました。{tool} の既定の名前です。',
    },
  },
  matches: [
    {
      title: 'a beacon’s pipe made, and one of a remote tool opened',
      items: [
        exampleEvent('pipe-create', 0, {
          processPath: 'C:\\ProgramData\\a.exe',
          pid: 5,
          target: '\\MSSE-1337-server',
        }),
        exampleEvent('pipe-connect', 1, {
          processPath: 'C:\\Windows\\System32\\rundll32.exe',
          pid: 6,
          target: '\\RemCom_communication',
        }),
      ],
      finds: ['!tool_pipe: a.exe', '!tool_pipe: rundll32.exe'],
    },
  ],
  ignores: [
    {
      title: 'pipes of Windows and browsers',
      items: [
        exampleEvent('pipe-create', 0, {
          processPath: 'C:\\x\\chrome.exe',
          pid: 5,
          target: '\\mojo.5688.8052.183894939787088877',
        }),
        exampleEvent('pipe-connect', 1, { processPath: 'System', pid: 4, target: '\\lsass' }),
        exampleEvent('pipe-connect', 2, { processPath: 'System', pid: 4, target: '\\svcctl' }),
        exampleEvent('pipe-create', 3, {
          processPath: 'C:\\Program Files\\Vendor\\s.exe',
          pid: 6,
          target: '\\statusmonitor',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    for (const event of view.events(
      ['pipe-create', 'pipe-connect'],
      ['processPath', 'pid', 'processGuid', 'target'],
    )) {
      const { target } = event.fields
      if (event.endpointId === null || target === undefined) continue
      const pipe = target.startsWith('\\') ? target : `\\${target}`
      const known = PIPES.find(({ pattern }) => pattern.test(pipe))
      if (!known) continue
      const process = view.processes.actorOf(event)
      yield {
        detection: 'tool_pipe',
        level: known.level,
        subject: process?.draft ?? event.endpointId,
        involved: [event.endpointId],
        window: known.tool,
        at: event.at,
        confidence: known.level === 'low' || known.level === 'medium' ? SHARED_TOOL : BY_NAME,
        reason: 'pipe',
        params: {
          program: process?.draft.name ?? view.entity(event.endpointId).name,
          pipe,
          tool: known.tool,
        },
        proof: proofOf(event),
      }
    }
  },
}
export default rule

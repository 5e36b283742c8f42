import type { DetectionLevel } from '../model/detection.ts'
import type { Texts } from '../model/text.ts'
import { baseName } from '../normalise/path.ts'
import { programOf } from './command-line.ts'
import { orderedDownloads } from './downloads.ts'
import { decodedCommand } from '../normalise/encoded-command.ts'
import { placeOf } from './hiding-places.ts'
import { openedFiles } from './opened-files.ts'

/**
 * What is odd about a command that somebody set to run again (a run key, service, task, WMI consumer). Each is one reason,
 * `reason.sign_<sign>` of {@link COMMAND_SIGN_TEXTS}, with the parameters `name` and `command`.
 */
export type CommandSign =
  'pipe' | 'output' | 'encoded' | 'download' | 'proxy' | 'hidden_place' | 'script' | 'user_place' | 'fresh'

export interface CommandJudgement {
  readonly sign: CommandSign
  readonly level: DetectionLevel
  readonly confidence: number
}

/** Commands longer than this are read up to here; Windows takes no longer ones. */
const MAX_COMMAND = 32_768

/** A service that writes to a pipe of the machine itself lends its SYSTEM token to the other end (getsystem). */
const PIPE = /\becho\b[^>]{0,200}>\s*\\\\\.\\pipe\\/i
/** Output of a remote command, fetched over an administrative share (Impacket, CrackMapExec), or a program on one. */
const OUTPUT =
  /\\\\(?:127\.0\.0\.1|localhost|%computername%)\\(?:admin|[a-z])\$\\|>\s*%(?:systemroot|windir)%\\temp\\[^\s]{1,60}\s+2>&1/i

/** Programs of Windows that were given foreign code to run, in ways honest commands do not have. */
const PROXIES: readonly RegExp[] = [
  /\bmshta(?:\.exe)?["']?\s+["']?(?:https?:|vbscript:|javascript:|about:)/i,
  /\brundll32(?:\.exe)?["']?\s+.{0,40}(?:javascript:|vbscript:|\bshell32\.dll,ShellExec_RunDLL|url\.dll,(?:OpenURL|FileProtocolHandler)|zipfldr\.dll,RouteTheCall|advpack\.dll,(?:LaunchINFSection|RegisterOCX)|ieadvpack\.dll,|pcwutl\.dll,LaunchApplication|\bdavclnt\.dll,DavSetCookie)/i,
  /\bregsvr32(?:\.exe)?["']?\s+(?=.{0,200}\bscrobj(?:\.dll)?\b)/i,
  /\bregsvr32(?:\.exe)?["']?\s+.{0,80}\/i:["']?(?:https?:|\\\\)/i,
  /\bwmic(?:\.exe)?["']?\s.{0,300}\/format:["']?(?:https?:|\\\\|[a-z]:\\|[^\s"']{1,80}\.xsl)/i,
  /\bmsiexec(?:\.exe)?["']?\s+.{0,60}[-/](?:i|package|y|z|q\S*)\s*["']?https?:/i,
  /\bcmstp(?:\.exe)?["']?\s+.{0,40}\/(?:s|ni|au)\b/i,
  /\bodbcconf(?:\.exe)?["']?\s+.{0,80}regsvr/i,
  /\bpcalua(?:\.exe)?["']?\s+-a\b/i,
  /\bvshadow(?:\.exe)?["']?\s+.{0,80}-exec=/i,
  /\bwmic(?:\.exe)?["']?\s+(?:["']?process["']?\s+)(?:"?call"?\s+)"?create\b/i,
  /\bforfiles(?:\.exe)?["']?\s+.{0,120}\/c\b/i,
  /\binstallutil(?:\.exe)?["']?\s+.{0,120}\/u\b/i,
  /\bmavinject(?:32|64)?(?:\.exe)?["']?\s+\d+\s+\/injectrunning/i,
  /\b(?:hh|presentationhost|ieexec)(?:\.exe)?["']?\s+["']?https?:/i,
  /\bbitsadmin(?:\.exe)?["']?\s+.{0,200}\/setnotifycmdline\b/i,
  /\bregister-cimprovider(?:\.exe)?["']?\s+.{0,80}-path\b/i,
  /\bsyncappvpublishingserver(?:\.exe|\.vbs)?["']?\s+.{0,20}["'][^"']{0,10};/i,
]
const SCRIPT_HOSTS = new Set([
  'cmd.exe',
  'powershell.exe',
  'pwsh.exe',
  'wscript.exe',
  'cscript.exe',
  'mshta.exe',
  'python.exe',
  'pythonw.exe',
])

/** Whether a program of Windows is told to run foreign code: one way among {@link PROXIES}. */
export const isProxyCommand = (command: string): boolean =>
  PROXIES.some((proxy) => proxy.test(command.slice(0, MAX_COMMAND)))

/** The worst sign of a command that was set to run again; undefined when it looks like any installed program. */
export function judgeCommand(text: string): CommandJudgement | undefined {
  // Sysmon doubles every percent sign of a registry value.
  const command = text.slice(0, MAX_COMMAND).replaceAll('%%', '%')
  if (PIPE.test(command)) return { sign: 'pipe', level: 'critical', confidence: 0.95 }
  if (OUTPUT.test(command)) return { sign: 'output', level: 'critical', confidence: 0.93 }
  const decoded = decodedCommand(command)
  if (decoded !== undefined) return { sign: 'encoded', level: 'high', confidence: 0.9 }
  if (isProxyCommand(command)) return { sign: 'proxy', level: 'high', confidence: 0.88 }
  if (orderedDownloads(command).length > 0) return { sign: 'download', level: 'high', confidence: 0.85 }
  const program =
    programOf(command) ?? programOf(command.replace(/^%comspec%/i, 'C:\\Windows\\System32\\cmd.exe'))
  const name = baseName(program ?? command.split(/[\s"]+/).find((word) => word !== '') ?? '').toLowerCase()
  // What a shell or loader is given counts as much as the program itself.
  const files = [
    ...(program === undefined ? [] : [program]),
    ...openedFiles(name, command).map((file) => file.path),
  ]
  const places = files.map(placeOf)
  if (places.includes('hiding')) return { sign: 'hidden_place', level: 'high', confidence: 0.8 }
  if (SCRIPT_HOSTS.has(name) || SCRIPT_HOSTS.has(`${name}.exe`))
    return { sign: 'script', level: 'medium', confidence: 0.6 }
  return places.includes('elsewhere') ? { sign: 'user_place', level: 'low', confidence: 0.45 } : undefined
}

/** Sentences of {@link CommandSign}; rules that judge commands spread them into their texts. */
export const COMMAND_SIGN_TEXTS: Texts = {
  en: {
    'reason.sign_pipe':
      '{name} runs a command that speaks to a pipe of the machine itself, as attack tools do to become SYSTEM: {command}',
    'reason.sign_output':
      '{name} runs a command whose program or output lies on an administrative share of the machine itself, as tools for remote execution do: {command}',
    'reason.sign_encoded': '{name} runs an encoded PowerShell command: {command}',
    'reason.sign_proxy': '{name} makes a program of Windows run foreign code: {command}',
    'reason.sign_download': '{name} runs a command that fetches from the network: {command}',
    'reason.sign_hidden_place': '{name} runs a program from a folder where nothing is installed: {command}',
    'reason.sign_script': '{name} runs a shell or script: {command}',
    'reason.sign_fresh':
      '{name} runs a program that a shell, browser or document had written within the day before: {command}',
    'reason.sign_user_place':
      '{name} runs a program outside the folders of Windows and installed programs: {command}',
  },
  'zh-TW': {
    'reason.sign_pipe':
      '{name} 執行的命令會寫入本機的具名管道，這是攻擊工具取得 SYSTEM 權限的手法：{command}',
    'reason.sign_output':
      '{name} 執行的命令，其程式或輸出位於本機的系統管理共用，這是遠端執行工具的手法：{command}',
    'reason.sign_encoded': '{name} 執行經編碼的 PowerShell 命令：{command}',
    'reason.sign_proxy': '{name} 讓 Windows 內建程式執行外來程式碼：{command}',
    'reason.sign_download': '{name} 執行會從網路下載的命令：{command}',
    'reason.sign_hidden_place': '{name} 執行的程式位於不會安裝軟體的資料夾：{command}',
    'reason.sign_script': '{name} 執行命令殼層或指令碼：{command}',
    'reason.sign_fresh': '{name} 執行的程式，在前一天內由命令殼層、瀏覽器或文件寫入：{command}',
    'reason.sign_user_place': '{name} 執行的程式位於 Windows 與已安裝程式的資料夾之外：{command}',
  },
  ja: {
    'reason.sign_pipe':
      '{name} が実行するコマンドは、自身の名前付きパイプに書き込みます。SYSTEM 権限を得る攻撃ツールの手口です：{command}',
    'reason.sign_output':
      '{name} が実行するコマンドのプログラムまたは出力先は、自身の管理共有にあります。リモート実行ツールの手口です：{command}',
    'reason.sign_encoded': '{name} は符号化された PowerShell コマンドを実行します：{command}',
    'reason.sign_proxy': '{name} は Windows 標準のプログラムに外部のコードを実行させます：{command}',
    'reason.sign_download': '{name} はネットワークから取得するコマンドを実行します：{command}',
    'reason.sign_hidden_place':
      '{name} は、通常ソフトウェアをインストールしないフォルダーのプログラムを実行します：{command}',
    'reason.sign_script': '{name} はシェルまたはスクリプトを実行します：{command}',
    'reason.sign_fresh':
      '{name} は、直前の 1 日以内にシェル・ブラウザー・文書が書き込んだプログラムを実行します：{command}',
    'reason.sign_user_place':
      '{name} は、Windows やインストール済みプログラムのフォルダーの外にあるプログラムを実行します：{command}',
  },
}

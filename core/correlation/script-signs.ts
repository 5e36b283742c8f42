import type { DetectionLevel } from '../model/detection.ts'
import type { Texts } from '../model/text.ts'

/** What is hostile about a script. Each is one reason, `reason.script_<sign>` of {@link SCRIPT_SIGN_TEXTS}. */
export type ScriptSign =
  'blinds' | 'tool' | 'dump' | 'injects' | 'in_memory' | 'cradle' | 'backdoor' | 'obfuscated' | 'fetch_run'

export interface ScriptJudgement {
  readonly sign: ScriptSign
  readonly level: DetectionLevel
  readonly confidence: number
  /** The words that gave it away, as written. */
  readonly words: string
}

/** Read up to here; importers cut longer blocks at about this length. */
const MAX_SCRIPT = 16_384

/** Signs that only hide: backticks inside words, joined strings. */
const plainText = (text: string): string =>
  text.replace(/`(?=[a-z])/gi, '').replace(/(['"])\s*\+\s*(['"])/g, '')

/** Patterns that look ahead over the whole text are anchored: tried once, not at every place. */
const SIGNS: readonly {
  readonly sign: ScriptSign
  readonly level: DetectionLevel
  readonly confidence: number
  readonly pattern: RegExp
}[] = [
  {
    sign: 'blinds',
    level: 'high',
    confidence: 0.95,
    pattern:
      /amsiInitFailed|AmsiScanBuffer|AmsiScanString|Automation\.AmsiUtils|amsiContext|cachedGroupPolicySettings|EtwEventWrite\b|m_enabled['"]?\s*,\s*['"]?NonPublic|PSEtwLogProvider/i,
  },
  {
    sign: 'tool',
    level: 'high',
    confidence: 0.92,
    pattern:
      /\b(?:Invoke-(?:Mimikatz|Shellcode|ReflectivePEInjection|DllInjection|TokenManipulation|NinjaCopy|Kerberoast|BloodHound|UserHunter|AllChecks|PSInject|RunAs|SMBExec|TheHash|WMIExec|DCSync|Rubeus|Seatbelt|PowerShellTcp\w*|PoshRatHttps?|CredentialInjection|Inveigh\w*|SessionGopher|Phant0m|WCMDump|PrivescCheck|Empire|MS16032|EternalBlue|PortScan|Portscan|SharpHound\w*)|Get-(?:Keystrokes|GPPPassword|PassHashes|TimedScreenshot|VaultCredential|UnquotedService|ModifiableService\w*|DomainSPNTicket|LSASecret)|Out-(?:Minidump|EncryptedScript|CompressedDll)|Add-(?:Persistence|ScrnSaveBackdoor)|Find-(?:LocalAdminAccess|AVSignature|PSServiceAccounts)|New-ElevatedPersistenceOption|Write-(?:HijackDll|ServiceBinary)|Install-(?:SSP|ServiceBinary)|powercat\b|mimikatz \d|sekurlsa::|lsadump::|kerberos::(?:golden|ptt|list))/i,
  },
  {
    sign: 'dump',
    level: 'high',
    confidence: 0.93,
    pattern: /MiniDumpWriteDump|comsvcs\.dll[^\n]{0,20}MiniDump|\bNTDSGrab\b/i,
  },
  {
    sign: 'injects',
    level: 'high',
    confidence: 0.88,
    pattern:
      /^(?=[\s\S]*(?:VirtualAlloc(?:Ex)?|WriteProcessMemory|NtMapViewOfSection)\b)(?=[\s\S]*(?:CreateThread|CreateRemoteThread|QueueUserAPC|GetDelegateForFunctionPointer)\b)[\s\S]*?(VirtualAlloc(?:Ex)?|WriteProcessMemory|NtMapViewOfSection)/i,
  },
  {
    sign: 'backdoor',
    level: 'high',
    confidence: 0.88,
    pattern:
      /^(?=[\s\S]*(?:System\.)?Net\.Sockets\.TcpClient)(?=[\s\S]*GetStream\(\))(?=[\s\S]*\b(?:iex|invoke-expression|cmd\.exe|Diagnostics\.Process)\b)[\s\S]*?(Net\.Sockets\.TcpClient)/i,
  },
  {
    sign: 'in_memory',
    level: 'high',
    confidence: 0.82,
    pattern:
      /(?:Reflection\.Assembly\]?::\s*Load\s*\(\s*(?:\[(?:System\.)?Convert\]::FromBase64String|\$)|(?:IO\.Compression\.(?:GZip|Deflate)Stream[\s\S]{0,600}FromBase64String|FromBase64String[\s\S]{0,600}IO\.Compression\.(?:GZip|Deflate)Stream)[\s\S]{0,600}\b(?:iex|invoke-expression|ReadToEnd\(\)))/i,
  },
  {
    sign: 'cradle',
    level: 'high',
    confidence: 0.85,
    pattern:
      /\b(?:iex|invoke-expression)\b[\s\S]{0,120}(?:DownloadString|DownloadData|OpenRead|\birm\b|\biwr\b|invoke-restmethod|invoke-webrequest|\bcurl\b)|(?:DownloadString|DownloadData|\birm\b|\biwr\b|invoke-restmethod|invoke-webrequest)[\s\S]{0,200}\|\s*(?:iex|invoke-expression)\b/i,
  },
  {
    sign: 'obfuscated',
    level: 'medium',
    confidence: 0.65,
    pattern:
      /(?:\[char\]\s*(?:0x)?[0-9a-f]{2,3}[\s+]*){6,}|(?:-bxor\b[\s\S]{0,400}){2}FromBase64String|(?:["']\{\d+\}(?:\{\d+\}){5,}["']\s*-f)|(?:\$(?:env:comspec|pshome|shellid|verbosepreference)(?:\.tostring\(\))?\[\d{1,2}(?:,|\]\s*\+))|\bFromBase64String\b[\s\S]{0,200}\b(?:iex|invoke-expression)\b|\b(?:iex|invoke-expression)\b[\s\S]{0,120}\bFromBase64String\b/i,
  },
  {
    sign: 'fetch_run',
    level: 'medium',
    confidence: 0.6,
    pattern:
      /(?:DownloadFile|\biwr\b|invoke-webrequest|start-bitstransfer|\bcurl(?:\.exe)?\s)[\s\S]{0,600}?(?:start-process|\bsaps\b|invoke-item|\brundll32\b|\bregsvr32\b|\[diagnostics\.process\]::start)/i,
  },
]

/** The worst sign of a script; undefined for scripts that administrators and modules run. */
export function judgeScript(script: string): ScriptJudgement | undefined {
  const text = plainText(script.slice(0, MAX_SCRIPT))
  for (const { sign, level, confidence, pattern } of SIGNS) {
    const match = pattern.exec(text)
    if (match)
      return { sign, level, confidence, words: (match[1] ?? match[0]).replace(/\s+/g, ' ').slice(0, 80) }
  }
  return undefined
}

/** Sentences of {@link ScriptSign}, with `program` and `words`. */
export const SCRIPT_SIGN_TEXTS: Texts = {
  en: {
    'reason.script_blinds': 'A script in {program} switches off what would record or check it: {words}',
    'reason.script_tool': 'A script in {program} is, or calls, a known attack tool: {words}',
    'reason.script_dump': 'A script in {program} writes the memory of a process to a file: {words}',
    'reason.script_injects': 'A script in {program} writes code into memory and starts it: {words}',
    'reason.script_backdoor': 'A script in {program} takes commands over a network connection: {words}',
    'reason.script_in_memory': 'A script in {program} unpacks code and runs it without a file: {words}',
    'reason.script_cradle': 'A script in {program} fetches text from the network and runs it: {words}',
    'reason.script_fetch_run': 'A script in {program} fetches a file and starts it: {words}',
    'reason.script_obfuscated': 'A script in {program} hides what it runs: {words}',
  },
  'zh-TW': {
    'reason.script_blinds': '{program} 中的指令碼關閉了會記錄或檢查它的機制：{words}',
    'reason.script_tool': '{program} 中的指令碼就是（或呼叫了）已知的攻擊工具：{words}',
    'reason.script_dump': '{program} 中的指令碼將處理程序的記憶體寫入檔案：{words}',
    'reason.script_injects': '{program} 中的指令碼將程式碼寫入記憶體並加以啟動：{words}',
    'reason.script_backdoor': '{program} 中的指令碼透過網路連線接收命令：{words}',
    'reason.script_in_memory': '{program} 中的指令碼解開程式碼並在不落地的情況下執行：{words}',
    'reason.script_cradle': '{program} 中的指令碼從網路取得文字並執行：{words}',
    'reason.script_fetch_run': '{program} 中的指令碼下載檔案並加以啟動：{words}',
    'reason.script_obfuscated': '{program} 中的指令碼刻意隱藏其執行內容：{words}',
  },
  ja: {
    'reason.script_blinds': '{program} のスクリプトが、自身を記録・検査する仕組みを無効にしています：{words}',
    'reason.script_tool': '{program} のスクリプトは既知の攻撃ツール、またはその呼び出しです：{words}',
    'reason.script_dump': '{program} のスクリプトが、プロセスのメモリをファイルに書き出します：{words}',
    'reason.script_injects': '{program} のスクリプトが、メモリにコードを書き込んで起動します：{words}',
    'reason.script_backdoor': '{program} のスクリプトが、ネットワーク接続経由で命令を受け取ります：{words}',
    'reason.script_in_memory': '{program} のスクリプトが、コードを展開しファイルに残さず実行します：{words}',
    'reason.script_cradle': '{program} のスクリプトが、ネットワークからテキストを取得して実行します：{words}',
    'reason.script_fetch_run': '{program} のスクリプトが、ファイルを取得して起動します：{words}',
    'reason.script_obfuscated': '{program} のスクリプトが、実行内容を隠しています：{words}',
  },
}

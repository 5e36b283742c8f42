import type { DetectionLevel } from '../../model/detection.ts'
import { baseName } from '../../normalise/path.ts'
import { proofOf } from '../drafts.ts'
import { decodedCommand } from '../../normalise/encoded-command.ts'
import { type EvasionAct, evasionsOf } from '../evasion-commands.ts'
import { exampleEvent } from '../example.ts'
import type { ProcessFact } from '../process-index.ts'
import type { Find, Rule } from '../rule.ts'
import { scriptProcess } from '../script-process.ts'
import { startedAround } from '../started-around.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The log itself says that it was cleared, the scanner that it was switched off. */
const REPORTED = 0.95
/** The command was seen; what it did was not. */
const ORDERED = 0.88
/** A log cleared right after a command of that kind is that command's doing. */
const ORDER_WINDOW_US = 10_000_000
/** The scanner reports a setting a moment after the command that made it; PowerShell needs a while to load. */
const SETTING_WINDOW_US = 60_000_000
const CLOCK_US = 2_000_000
/** Switches that flutter (a scanner restarted by its update) are one finding within a day. */
const EPISODE_US = 86_400_000_000
/** Applications keep logs of their own and roll them over. */
const MINOR_LOGS =
  /^(?:setup|hardwareevents|internet explorer|key management service|media center|windows networking.*|analytic|debug|.*\/(?:analytic|debug|diagnostic))$/i

/** Backups that make room for the next one. */
const ROTATES = /-deleteoldest\b|-keepversions\b|\/oldest\b/i

const LEVELS: Readonly<Record<EvasionAct, DetectionLevel>> = {
  shadow_deleted: 'critical',
  recovery_off: 'high',
  log_cleared: 'high',
  log_off: 'high',
  scanner_off: 'high',
  excluded: 'medium',
  firewall_off: 'medium',
  history_removed: 'medium',
  tool_stopped: 'high',
}

const rule: Rule = {
  id: 'process.evasion',
  order: 42,
  relations: [],
  detections: [
    'shadow_deleted',
    'recovery_off',
    'log_cleared',
    'log_off',
    'scanner_off',
    'excluded',
    'firewall_off',
    'history_removed',
    'tool_stopped',
  ],
  scope: 'endpoint',
  attack: ['T1070.001', 'T1070.003', 'T1070.004', 'T1562.001', 'T1562.002', 'T1562.004', 'T1490', 'T1489'],
  attackOf: {
    shadow_deleted: ['T1490'],
    recovery_off: ['T1490'],
    log_cleared: ['T1070.001'],
    log_off: ['T1562.002'],
    scanner_off: ['T1562.001'],
    excluded: ['T1562.001'],
    firewall_off: ['T1562.004'],
    history_removed: ['T1070.003'],
    tool_stopped: ['T1562.001'],
  },
  texts: {
    en: {
      title: 'Traces removed, protection switched off',
      description:
        'Event logs were cleared or stopped, virus protection or the firewall switched off, places exempted from scanning, shadow copies and backups deleted, recovery disabled, security tools stopped, or the history of commands removed: by the record of the product itself, or by the command that orders it.',
      needs:
        'Log clearing (Security 1102, System 104), audit changes (4719), the log of Microsoft Defender (5001, 5007, 5010, 5013), PowerShell script logging, or process start records with command lines.',
      falsePositives:
        'Administrators clear logs when they prepare images and switch protection off to install other products; backup software deletes its own old shadow copies; developers exempt build folders.',
      'detection.shadow_deleted': 'Shadow copies or backups were deleted',
      'detection.recovery_off': 'Recovery of Windows was disabled',
      'detection.log_cleared': 'An event log was cleared',
      'detection.log_off': 'Logging was switched off',
      'detection.scanner_off': 'Virus protection was switched off',
      'detection.excluded': 'A place was exempted from scanning',
      'detection.firewall_off': 'The firewall was switched off or opened',
      'detection.history_removed': 'Traces of use were removed',
      'detection.tool_stopped': 'A security tool was stopped',
      'reason.cleared': 'The log {log} was cleared by {account}.',
      'reason.audit': 'The audit policy was changed to record less: {detail}',
      'reason.product': 'The scanner reported: {action} {detail}',
      'reason.command': '{program} was told to do it: {command}',
    },
    'zh-TW': {
      title: '清除痕跡、關閉防護',
      description:
        '事件記錄遭清除或停止、防毒或防火牆遭關閉、位置被排除在掃描之外、陰影複製與備份遭刪除、復原功能停用、資安工具遭停止，或命令歷程遭移除：依據產品本身的紀錄，或下達該動作的命令。',
      needs:
        '記錄清除（安全性 1102、系統 104）、稽核變更（4719）、Microsoft Defender 記錄（5001、5007、5010、5013）、PowerShell 指令碼記錄，或含命令列的處理程序啟動紀錄。',
      falsePositives:
        '管理員在製作映像時會清除記錄，安裝其他產品時會關閉防護；備份軟體會刪除自己的舊陰影複製；開發人員會將組建資料夾排除在外。',
      'detection.shadow_deleted': '陰影複製或備份遭刪除',
      'detection.recovery_off': 'Windows 復原功能遭停用',
      'detection.log_cleared': '事件記錄遭清除',
      'detection.log_off': '記錄功能遭關閉',
      'detection.scanner_off': '防毒保護遭關閉',
      'detection.excluded': '位置被排除在掃描之外',
      'detection.firewall_off': '防火牆遭關閉或開放',
      'detection.history_removed': '使用痕跡遭移除',
      'detection.tool_stopped': '資安工具遭停止',
      'reason.cleared': '記錄 {log} 由 {account} 清除。',
      'reason.audit': '稽核原則變更為記錄較少內容：{detail}',
      'reason.product': '防毒軟體回報：{action} {detail}',
      'reason.command': '{program} 受命執行此動作：{command}',
    },
    ja: {
      title: '痕跡の消去と保護の無効化',
      description:
        'イベントログの消去や停止、ウイルス対策やファイアウォールの無効化、スキャン対象からの除外、シャドウコピーやバックアップの削除、回復機能の無効化、セキュリティツールの停止、コマンド履歴の消去を、製品自身の記録または実行されたコマンドから示します。',
      needs:
        'ログの消去（セキュリティ 1102、システム 104）、監査の変更（4719）、Microsoft Defender のログ（5001・5007・5010・5013）、PowerShell のスクリプトログ、またはコマンドラインを含むプロセス起動の記録。',
      falsePositives:
        '管理者はイメージの準備でログを消去し、他製品のインストール時に保護を無効にすることがあります。バックアップソフトは自身の古いシャドウコピーを削除し、開発者はビルドフォルダーを除外します。',
      'detection.shadow_deleted': 'シャドウコピーまたはバックアップが削除された',
      'detection.recovery_off': 'Windows の回復機能が無効にされた',
      'detection.log_cleared': 'イベントログが消去された',
      'detection.log_off': 'ログの記録が止められた',
      'detection.scanner_off': 'ウイルス対策が無効にされた',
      'detection.excluded': 'スキャン対象から除外された',
      'detection.firewall_off': 'ファイアウォールが無効化または開放された',
      'detection.history_removed': '使用の痕跡が消された',
      'detection.tool_stopped': 'セキュリティツールが停止された',
      'reason.cleared': 'ログ {log} が {account} によって消去されました。',
      'reason.audit': '監査ポリシーが、記録を減らすよう変更されました：{detail}',
      'reason.product': 'ウイルス対策ソフトの報告：{action} {detail}',
      'reason.command': '{program} がこの操作を命じられました：{command}',
    },
  },
  matches: [
    {
      title: 'a cleared log, shadow copies deleted, the scanner switched off by itself and by command',
      items: [
        exampleEvent('log-clear', 0, { target: 'Security', account: 'CORP\\amber' }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\vssadmin.exe',
          pid: 5,
          commandLine: 'vssadmin delete shadows /all /quiet',
        }),
        exampleEvent('protection-change', 2, { action: 'real-time-disabled' }),
        exampleEvent('audit-change', 2.5, { action: 'Success removed', target: 'Process Creation' }),
        exampleEvent('process-start', 3, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 6,
          commandLine: 'powershell Set-MpPreference -DisableRealtimeMonitoring $true',
        }),
        exampleEvent('process-start', 4, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 7,
          commandLine: 'powershell Add-MpPreference -ExclusionPath C:\\ProgramData',
        }),
      ],
      finds: [
        '!log_cleared: WS-01',
        '!shadow_deleted: vssadmin.exe',
        '!scanner_off: WS-01',
        '!log_off: WS-01',
        '!scanner_off: powershell.exe',
        '!excluded: powershell.exe',
      ],
    },
  ],
  ignores: [
    {
      title: 'logs that are read, shadow copies listed, protection switched on, and a definition update',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\wevtutil.exe',
          pid: 5,
          commandLine: 'wevtutil qe Security /c:10',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\vssadmin.exe',
          pid: 6,
          commandLine: 'vssadmin list shadows',
        }),
        exampleEvent('protection-change', 2, { action: 'real-time-enabled' }),
        exampleEvent('protection-change', 3, {
          action: 'configuration-changed',
          detail:
            'New Value: HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\SignatureUpdates\\EngineVersion = 1',
        }),
        exampleEvent('audit-change', 4, { action: 'Success Added, Failure added', target: 'Logon' }),
        exampleEvent('process-start', 5, {
          processPath: 'C:\\Windows\\System32\\netsh.exe',
          pid: 7,
          commandLine: 'netsh advfirewall show allprofiles',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    yield* reported(view)
    yield* scripted(view)
    for (const process of view.processes.started) {
      if (!process.event || process.commandLine === '') continue
      const text = decodedCommand(process.commandLine) ?? process.commandLine
      for (const act of evasionsOf(baseName(process.path), text))
        yield {
          detection: act,
          level: ROTATES.test(text) ? 'medium' : LEVELS[act],
          subject: process.draft,
          involved: [process.endpointId],
          at: process.startAt,
          confidence: ORDERED,
          reason: 'command',
          params: { program: process.draft.name, command: text.replace(/\s+/g, ' ').slice(0, 300) },
          proof: proofOf(process.event),
        }
    }
  },
}
export default rule

/** What PowerShell scripts do, in the process they ran in where it is known. */
function* scripted(view: CorrelationView): Generator<Find> {
  for (const event of view.events(
    ['script-block', 'script-module'],
    ['detail', 'commandLine', 'pid', 'processGuid'],
  )) {
    const { detail } = event.fields
    if (event.endpointId === null || detail === undefined) continue
    const acts = evasionsOf('powershell.exe', detail)
    if (acts.length === 0 || isModule(detail)) continue
    const ran = scriptProcess(view, event)
    for (const act of acts)
      yield {
        detection: act,
        level: LEVELS[act],
        subject: ran?.process.draft ?? event.endpointId,
        involved: [event.endpointId],
        window: ran || event.at === null ? '' : String(Math.floor(event.at / EPISODE_US)),
        at: event.at,
        confidence: ran ? ORDERED : ORDERED - 0.1,
        reason: 'command',
        params: {
          program: ran?.process.draft.name ?? 'PowerShell',
          command: detail.replace(/\s+/g, ' ').slice(0, 300),
        },
        proof: proofOf(event),
      }
  }
}

/** Modules are logged whole when they are loaded: that a function could do it is no deed. */
const isModule = (text: string): boolean => text.length > 4000 && /^\s*(?:#|<#|function\b|@\{)/im.test(text)

/** What logs and products say themselves. */
function* reported(view: CorrelationView): Generator<Find> {
  for (const event of view.events(
    ['log-clear', 'audit-change', 'protection-change'],
    ['target', 'action', 'detail', 'account', 'processPath'],
  )) {
    if (event.endpointId === null) continue
    const base = {
      subject: event.endpointId,
      window: event.at === null ? '' : String(Math.floor(event.at / EPISODE_US)),
      at: event.at,
      proof: proofOf(event),
    }
    if (event.kind === 'log-clear') yield* cleared(view, event, event.endpointId, base)
    else {
      const act = event.kind === 'audit-change' ? auditAct(event) : productAct(event)
      if (!act) continue
      const { action = '', detail = '' } = event.fields
      const orders = event.kind === 'protection-change' ? ordersOf(view, event, event.endpointId, act) : []
      yield {
        ...base,
        detection: act,
        ...(orders.length > 0 ? { involved: orders.map((process) => process.draft) } : {}),
        level: act === 'scanner_off' && /^tamper/.test(action) ? 'medium' : LEVELS[act],
        confidence: act === 'scanner_off' ? REPORTED : 0.8,
        ...(event.kind === 'audit-change'
          ? { reason: 'audit', params: { detail: `${event.fields.target ?? '?'}: ${action}`.slice(0, 300) } }
          : { reason: 'product', params: { action, detail: detail.slice(0, 300) } }),
      }
    }
  }
}

/** Processes that were told to do right before what the scanner then reported. */
function ordersOf(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  act: EvasionAct,
): ProcessFact[] {
  if (event.at === null) return []
  const near = startedAround(view, endpointId, event.at - SETTING_WINDOW_US, event.at + CLOCK_US)
  return near.filter(({ path, commandLine }) =>
    evasionsOf(baseName(path), decodedCommand(commandLine) ?? commandLine).includes(act),
  )
}

function* cleared(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  base: Pick<Extract<Find, { detection: string }>, 'subject' | 'window' | 'at' | 'proof'>,
): Generator<Find> {
  const log = event.fields.target ?? '?'
  const orders =
    event.at === null
      ? []
      : startedAround(view, endpointId, event.at - ORDER_WINDOW_US, event.at).filter((process) =>
          evasionsOf(baseName(process.path), process.commandLine).includes('log_cleared'),
        )
  yield {
    ...base,
    detection: 'log_cleared',
    level: /^security$|sysmon|powershell|^system$/i.test(log)
      ? 'high'
      : MINOR_LOGS.test(log)
        ? 'low'
        : 'medium',
    involved: [...(event.userId === null ? [] : [event.userId]), ...orders.map((process) => process.draft)],
    confidence: REPORTED,
    reason: 'cleared',
    params: { log, account: event.fields.account ?? '?' },
  }
}

/** A policy that records less; one that records more is no evasion. */
function auditAct(event: ViewEvent): EvasionAct | undefined {
  const { action = '', detail = '' } = event.fields
  if (action === 'object-auditing' || action === 'audit-permissions') return undefined
  return /\bremoved\b|%%8448|%%8450/i.test(
    `${action} ${/AuditPolicyChanges: ([^;]*)/i.exec(detail)?.[1] ?? ''}`,
  )
    ? 'log_off'
    : undefined
}

const SETTINGS_OFF =
  /\\(?:DisableAntiSpyware|DisableAntiVirus|DisableRealtimeMonitoring|DisableBehaviorMonitoring|DisableIOAVProtection|DisableScriptScanning|DisableOnAccessProtection|DisableBlockAtFirstSeen)\s*=\s*0x1/i

function productAct(event: ViewEvent): EvasionAct | undefined {
  const { action = '', detail = '' } = event.fields
  if (/^(?:real-time-disabled|scanning-disabled)$/.test(action)) return 'scanner_off'
  if (/^tamper/i.test(action)) return 'scanner_off'
  if (action === 'configuration-changed') {
    const now = /New Value:\s*(.*)$/is.exec(detail)?.[1] ?? ''
    if (SETTINGS_OFF.test(now)) return 'scanner_off'
    if (/\\Exclusions\\(?:Paths|Processes|Extensions|IpAddresses)\\/i.test(now)) return 'excluded'
  }
  return /^firewall-rules-cleared$/.test(action) ? 'firewall_off' : undefined
}

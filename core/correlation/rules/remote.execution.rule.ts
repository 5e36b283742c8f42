import { baseName } from '../../normalise/path.ts'
import { ARRIVAL_REACH_US, Arrivals, SAME_MOMENT_US, type Arrival } from '../arrivals.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import type { ProcessFact } from '../process-index.ts'
import { type GivenOrder, listRemoteOrders } from '../remote-orders.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import { SourceProcesses } from '../source-process.ts'
import { programOf, StartedByName } from '../started-by-name.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** Service, task or process carry the id of the session that came from the source: no other cause is possible. */
const BY_SESSION = 0.95
/** A service was installed and its program ran, within the window of a network logon from the source. */
const SERVICE_RAN = 0.9
/** The service was installed in that window; its program was not seen to run. */
const SERVICE_ONLY = 0.75
/** A child of the remote-management host process, in that window. */
const MANAGED = 0.8
/** A task registered after the pipe of the task service was opened from the source. */
const TASK = 0.8
/** The process on the source that gave credentials for the target, or connected to it: both ends agree. */
const FROM_PROCESS = 0.92
/** Its command line names the target besides. */
const FROM_ORDER = 0.95
/** The service of PsExec names its caller's machine and process in its pipes. */
const BY_PIPE = 0.97
/** The order was given on the source, and the target recorded a logon from there right after. */
const ORDER_AND_LOGON = 0.85
const ORDER_ARRIVES_US = 60_000_000
/** The order was given on the source; nothing says that the target obeyed. */
const ORDER_ONLY = 0.6
/** A new task starts its program within this time, or at a time of its own. */
const TASK_STARTS_US = 600_000_000

/** Host processes that run what came in over WMI, WinRM and DCOM; mmc.exe only when it was started for that. */
const MANAGED_HOSTS = new Map([
  ['wmiprvse.exe', 'wmi'],
  ['wsmprovhost.exe', 'winrm'],
  ['winrshost.exe', 'winrm'],
  ['mmc.exe', 'dcom'],
])
/** `\PSEXESVC-WS-02-4711-stdin`: the machine and the process that called. */
const CALLER_PIPE = /\\psexesvc-([^\\]{1,63})-(\d{1,7})-std(?:in|out|err)$/i

const rule: Rule = {
  id: 'remote.execution',
  order: 51,
  relations: ['remote-execution'],
  attack: ['T1021.002', 'T1021.003', 'T1021.006', 'T1047', 'T1053.005', 'T1569.002'],
  texts: {
    en: {
      title: 'Execution on another endpoint',
      description:
        'Somebody came from one endpoint, and another one installed a service and ran its program, registered a task, or its WMI or remote-management host started a process. Joined from both ends: by the session of the logon, and to the process on the source that ordered it, gave credentials or connected.',
      needs:
        'Logons or share accesses of the target with a known source endpoint; service installs (System 7045, Security 4697), tasks (Security 4698) or process starts of the target; process starts, connections or explicit credentials of the source.',
      falsePositives:
        'Software deployment, monitoring and administrators do exactly this. An unrelated logon of the same minute can be taken for the cause.',
      'reason.service_session':
        '{user} installed service {service} in a session that came from the source, and its program ran.',
      'reason.service_session_only':
        '{user} installed service {service} in a session that came from the source.',
      'reason.task_session':
        '{user} registered task {task} in a session that came from the source, and its program ran.',
      'reason.task_session_only': '{user} registered task {task} in a session that came from the source.',
      'reason.task_pipe':
        'Task {task} was registered {seconds} s after {user} opened the pipe of the task service from the source.',
      'reason.managed_session':
        '{host} started {process} in the session of {user} that came from the source.',
      'reason.order':
        '{process} was told on the source to run something on the target; {user} then came there and this ran.',
      'reason.order_logon':
        'The command line of {process} has the target run something ({way}), and the target recorded a logon of {user} from there right after.',
      'reason.order_only':
        'The command line of {process} has the target run something ({way}); the target does not show it.',
      'reason.psexec_pipe':
        'A pipe of the PsExec service names this machine and process {pid} as its caller.',
      'reason.service':
        'Service {service} was installed {seconds} s after {user} logged on from the source, and its program ran.',
      'reason.service_only':
        'Service {service} was installed {seconds} s after {user} logged on from the source.',
      'reason.credentials':
        '{process} gave credentials for the target on the source; {user} then logged on there and this ran.',
      'reason.connection':
        '{process} connected from the source to the target; {user} then logged on there and this ran.',
      'reason.wmi': 'The WMI host started {process} {seconds} s after {user} logged on from the source.',
      'reason.winrm':
        'The remote-management host started {process} {seconds} s after {user} logged on from the source.',
      'reason.dcom': 'A DCOM host started {process} {seconds} s after {user} logged on from the source.',
    },
    'zh-TW': {
      title: '在另一端點上執行',
      description:
        '有人自某端點進入另一端點，後者隨即安裝服務並執行其程式、註冊排程工作，或由 WMI、遠端管理主機處理程序啟動了處理程序。兩端合併判斷：以登入工作階段為準，並追溯來源端下達命令、提供認證或建立連線的處理程序。',
      needs:
        '目標端已知來源端點的登入或共用存取；目標端的服務安裝（System 7045、安全性 4697）、排程工作（安全性 4698）或處理程序啟動；來源端的處理程序啟動、連線或明確認證。',
      falsePositives: '軟體派送、監控與系統管理員也會如此操作。同一分鐘內無關的登入可能被誤認為原因。',
      'reason.service_session': '{user} 在來自來源端的工作階段中安裝了服務 {service}，且其程式已執行。',
      'reason.service_session_only': '{user} 在來自來源端的工作階段中安裝了服務 {service}。',
      'reason.task_session': '{user} 在來自來源端的工作階段中註冊了工作 {task}，且其程式已執行。',
      'reason.task_session_only': '{user} 在來自來源端的工作階段中註冊了工作 {task}。',
      'reason.task_pipe': '{user} 自來源端開啟工作排程服務的具名管道 {seconds} 秒後，註冊了工作 {task}。',
      'reason.managed_session': '{host} 在 {user} 來自來源端的工作階段中啟動了 {process}。',
      'reason.order': '{process} 在來源端受命於目標端執行程式，隨後 {user} 進入目標端並執行了此程式。',
      'reason.order_logon':
        '{process} 的命令列要求目標端執行程式（{way}），目標端隨即記錄了 {user} 從該處登入。',
      'reason.order_only': '{process} 的命令列要求目標端執行程式（{way}），但目標端未見紀錄。',
      'reason.psexec_pipe': 'PsExec 服務的具名管道載明呼叫端為此電腦的處理程序 {pid}。',
      'reason.service': '{user} 自來源端登入 {seconds} 秒後，安裝了服務 {service}，且其程式已執行。',
      'reason.service_only': '{user} 自來源端登入 {seconds} 秒後，安裝了服務 {service}。',
      'reason.credentials': '{process} 在來源端為目標提供了認證，隨後 {user} 登入目標並執行了此程式。',
      'reason.connection': '{process} 自來源端連線至目標，隨後 {user} 登入目標並執行了此程式。',
      'reason.wmi': '{user} 自來源端登入 {seconds} 秒後，WMI 主機啟動了 {process}。',
      'reason.winrm': '{user} 自來源端登入 {seconds} 秒後，遠端管理主機啟動了 {process}。',
      'reason.dcom': '{user} 自來源端登入 {seconds} 秒後，DCOM 主機啟動了 {process}。',
    },
    ja: {
      title: '別のエンドポイントでの実行',
      description:
        'あるエンドポイントから別のエンドポイントに入り、そこでサービスがインストールされて実行された、タスクが登録された、または WMI・リモート管理ホストがプロセスを起動しました。ログオンセッションによって、また命令・資格情報・接続の元となった送信元のプロセスまで、両端から結び付けます。',
      needs:
        '送信元が判明している対象側のログオンまたは共有アクセスと、対象側のサービスインストール（System 7045、セキュリティ 4697）、タスク（セキュリティ 4698）またはプロセス起動。送信元側のプロセス起動、接続、明示的な資格情報。',
      falsePositives:
        'ソフトウェア配布、監視、管理者の作業でも同じことが起きます。同じ時間帯の無関係なログオンを原因と取り違えることがあります。',
      'reason.service_session':
        '{user} が送信元から来たセッションでサービス {service} をインストールし、そのプログラムが実行されました。',
      'reason.service_session_only':
        '{user} が送信元から来たセッションでサービス {service} をインストールしました。',
      'reason.task_session':
        '{user} が送信元から来たセッションでタスク {task} を登録し、そのプログラムが実行されました。',
      'reason.task_session_only': '{user} が送信元から来たセッションでタスク {task} を登録しました。',
      'reason.task_pipe':
        '{user} が送信元からタスクサービスの名前付きパイプを開いた {seconds} 秒後に、タスク {task} が登録されました。',
      'reason.managed_session': '送信元から来た {user} のセッションで {host} が {process} を起動しました。',
      'reason.order':
        '送信元で {process} が対象での実行を命じられ、その後 {user} が対象に入ってこれが実行されました。',
      'reason.order_logon':
        '{process} のコマンドラインが対象での実行を命じ（{way}）、直後に対象側で {user} のそこからのログオンが記録されました。',
      'reason.order_only':
        '{process} のコマンドラインが対象での実行を命じています（{way}）。対象側には記録がありません。',
      'reason.psexec_pipe':
        'PsExec サービスの名前付きパイプが、呼び出し元としてこの端末のプロセス {pid} を示しています。',
      'reason.service':
        '{user} が送信元からログオンした {seconds} 秒後にサービス {service} がインストールされ、そのプログラムが実行されました。',
      'reason.service_only':
        '{user} が送信元からログオンした {seconds} 秒後にサービス {service} がインストールされました。',
      'reason.credentials':
        '送信元で {process} が対象の資格情報を使用し、その後 {user} が対象にログオンしてこれが実行されました。',
      'reason.connection':
        '送信元の {process} が対象に接続し、その後 {user} が対象にログオンしてこれが実行されました。',
      'reason.wmi':
        '{user} が送信元からログオンした {seconds} 秒後に WMI ホストが {process} を起動しました。',
      'reason.winrm':
        '{user} が送信元からログオンした {seconds} 秒後にリモート管理ホストが {process} を起動しました。',
      'reason.dcom':
        '{user} が送信元からログオンした {seconds} 秒後に DCOM ホストが {process} を起動しました。',
    },
  },
  matches: [
    {
      title: 'a service installed over the network runs its program',
      items: [
        exampleEvent('network-connection', 0, {
          host: 'WS-02.corp.example',
          sourceIp: '10.0.0.2',
          destinationIp: '10.0.0.1',
          action: 'outbound',
        }),
        exampleEvent('logon', 5, { account: 'CORP\\adm', logonType: 3, sourceIp: '10.0.0.2' }),
        exampleEvent('service-install', 8, { target: 'PSX', detail: '%SystemRoot%\\psx.exe' }),
        exampleEvent('process-start', 9, {
          processPath: 'C:\\Windows\\psx.exe',
          processGuid: exampleGuid(7),
          pid: 77,
          parentPath: 'C:\\Windows\\System32\\services.exe',
          parentPid: 600,
        }),
      ],
      finds: ['remote-execution: WS-02 -> psx.exe'],
    },
    {
      title: 'a command over WMI, from the order on the source to the process on the target',
      items: [
        connects('WS-02', '10.0.0.2'),
        exampleEvent('process-start', 2, {
          host: 'WS-02.corp.example',
          processPath: 'C:\\Windows\\System32\\wbem\\WMIC.exe',
          commandLine: 'wmic /node:WS-01 process call create "cmd /c whoami"',
          processGuid: exampleGuid(2),
          pid: 22,
        }),
        exampleEvent('logon', 5, {
          account: 'CORP\\adm',
          logonType: 3,
          sourceIp: '10.0.0.2',
          targetLogonId: '0x77',
        }),
        exampleEvent('process-start', 400, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          processGuid: exampleGuid(7),
          pid: 77,
          account: 'CORP\\adm',
          logonId: '0x77',
          parentPath: 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe',
          parentPid: 600,
        }),
      ],
      finds: [
        'remote-execution: WS-02 -> cmd.exe',
        'remote-execution: WMIC.exe -> cmd.exe',
        'remote-execution: WMIC.exe -> WS-01',
      ],
    },
    {
      title: 'a task registered in a session from afar, and a command by PsExec',
      items: [
        connects('WS-02', '10.0.0.2'),
        exampleEvent('process-start', 1, {
          host: 'WS-02.corp.example',
          processPath: 'C:\\t\\p.exe',
          processGuid: exampleGuid(3),
          pid: 4711,
        }),
        exampleEvent('logon', 5, {
          account: 'CORP\\adm',
          logonType: 3,
          sourceIp: '10.0.0.2',
          targetLogonId: '0x88',
        }),
        exampleEvent('task-create', 6, {
          account: 'CORP\\adm',
          logonId: '0x88',
          target: '\\upd',
          detail: 'C:\\t\\upd.exe -q',
        }),
        exampleEvent('process-start', 90, {
          processPath: 'C:\\t\\upd.exe',
          processGuid: exampleGuid(9),
          pid: 99,
        }),
        exampleEvent('pipe-create', 8, {
          processPath: 'C:\\Windows\\PSEXESVC.exe',
          processGuid: exampleGuid(8),
          pid: 88,
          target: '\\PSEXESVC-WS-02-4711-stdin',
        }),
      ],
      finds: ['remote-execution: WS-02 -> upd.exe', 'remote-execution: p.exe -> PSEXESVC.exe'],
    },
  ],
  ignores: [
    {
      title:
        'somebody at the machine who registers a task and looks into the console, while a backup job reads a share',
      items: [
        connects('BK-01', '10.0.0.9'),
        exampleEvent('logon', 0, { account: 'CORP\\amber', logonType: 2, targetLogonId: '0x11' }),
        exampleEvent('logon', 5, {
          account: 'CORP\\backup',
          logonType: 3,
          sourceIp: '10.0.0.9',
          targetLogonId: '0x22',
        }),
        exampleEvent('share-access', 6, {
          account: 'CORP\\backup',
          logonId: '0x22',
          sourceIp: '10.0.0.9',
          target: '\\\\*\\C$\\data',
        }),
        exampleEvent('task-create', 8, {
          account: 'CORP\\amber',
          logonId: '0x11',
          target: '\\mine',
          detail: 'C:\\t\\a.exe',
        }),
        exampleEvent('process-start', 9, {
          processPath: 'C:\\Windows\\notepad.exe',
          processGuid: exampleGuid(7),
          pid: 77,
          account: 'CORP\\amber',
          logonId: '0x11',
          parentPath: 'C:\\Windows\\System32\\mmc.exe',
          parentCommandLine: 'mmc.exe eventvwr.msc',
          parentPid: 600,
        }),
      ],
      finds: [],
    },
    {
      title: 'a service installed with nobody logged on from afar',
      items: [
        exampleEvent('logon', 5, { account: 'CORP\\adm', logonType: 2 }),
        exampleEvent('service-install', 8, { target: 'PSX', detail: '%SystemRoot%\\psx.exe' }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    const given = listRemoteOrders(view)
    const arrivals = new Arrivals(view)
    yield* orders(given, arrivals)
    yield* pipes(view)
    if (arrivals.isEmpty) return
    const sources = new SourceProcesses(view, given)
    const started = new StartedByName(view)
    const scene: Scene = { view, arrivals, sources, started }
    for (const event of view.events(['service-install'], ['target', 'detail', 'logonId', 'account']))
      yield* installed(scene, event)
    for (const event of view.events(['task-create'], ['target', 'detail', 'logonId', 'account']))
      yield* registered(scene, event)
    for (const process of view.processes.started) yield* managed(scene, process)
  },
}
export default rule

/** What the parts of the rule look things up in. */
interface Scene {
  readonly view: CorrelationView
  readonly arrivals: Arrivals
  readonly sources: SourceProcesses
  readonly started: StartedByName
}

/** A connection by which the endpoint of an example shows its address. */
function connects(host: string, sourceIp: string) {
  return exampleEvent('network-connection', 0, {
    host: `${host}.corp.example`,
    sourceIp,
    destinationIp: '10.0.0.250',
    destinationPort: 53,
    action: 'outbound',
  })
}

const secondsAfter = (cause: Arrival, at: number) => Math.max(0, Math.round((at - cause.at) / 1e6))

function* installed(scene: Scene, event: ViewEvent): Generator<RelationDraft> {
  const { endpointId, at } = event
  if (endpointId === null || at === null) return
  const { arrivals } = scene
  const { logonId, account = '', target = '', detail = '' } = event.fields
  const own = arrivals.ofSession(endpointId, logonId, at)
  if (!own && arrivals.isLocal(endpointId, logonId, at)) return
  const cause = own ?? arrivals.before(endpointId, at, { id: event.userId, name: account })
  if (!cause) return
  const ran = serviceProcess(scene, endpointId, programOf(detail), at)
  if (ran) yield* fromProcess(scene, cause, ran, proofOf(event))
  const base = { kind: 'remote-execution' as const, from: cause.source.id, to: ran ? ran.draft : endpointId }
  const params = { service: target, user: cause.user }
  const proof = [...proofOf(cause.event), ...proofOf(event), ...(ran?.event ? proofOf(ran.event) : [])]
  if (own)
    yield {
      ...base,
      at: ran?.startAt ?? at,
      confidence: BY_SESSION,
      reason: ran ? 'service_session' : 'service_session_only',
      params,
      proof,
    }
  else
    yield {
      ...base,
      at: ran?.startAt ?? at,
      confidence: ran ? SERVICE_RAN : SERVICE_ONLY,
      reason: ran ? 'service' : 'service_only',
      params: { ...params, seconds: secondsAfter(cause, at) },
      proof,
    }
}

/** The program of a service: the service control manager starts it around the install. */
function serviceProcess(
  { view, started }: Scene,
  endpointId: number,
  program: string,
  at: number,
): ProcessFact | undefined {
  for (const process of started.find(endpointId, program, at - SAME_MOMENT_US, at + ARRIVAL_REACH_US)) {
    const parent = process.event === null ? undefined : view.processes.parentOf(process.event)
    if (parent === undefined || baseName(parent.path).toLowerCase() === 'services.exe') return process
  }
  return undefined
}

/** Only what the session or the pipe of the task service says: tasks are registered at the machine all day. */
function* registered(scene: Scene, event: ViewEvent): Generator<RelationDraft> {
  const { endpointId, at } = event
  if (endpointId === null || at === null) return
  const { logonId, account = '', target = '', detail = '' } = event.fields
  const own = scene.arrivals.ofSession(endpointId, logonId, at)
  const last = own ?? scene.arrivals.before(endpointId, at, { id: event.userId, name: account })
  const cause = own ?? (/\\atsvc$/i.test(last?.event.fields.target ?? '') ? last : undefined)
  if (!cause) return
  const [ran] = scene.started.find(endpointId, programOf(detail), at - SAME_MOMENT_US, at + TASK_STARTS_US)
  if (ran) yield* fromProcess(scene, cause, ran, proofOf(event))
  yield {
    kind: 'remote-execution',
    from: cause.source.id,
    to: ran ? ran.draft : endpointId,
    at: ran?.startAt ?? at,
    confidence: own ? BY_SESSION : TASK,
    reason: own ? (ran ? 'task_session' : 'task_session_only') : 'task_pipe',
    params: { task: target, user: cause.user, ...(own ? {} : { seconds: secondsAfter(cause, at) }) },
    proof: [...proofOf(cause.event), ...proofOf(event), ...(ran?.event ? proofOf(ran.event) : [])],
  }
}

/** Children of the hosts of WMI, WinRM and DCOM. */
function* managed(scene: Scene, process: ProcessFact): Generator<RelationDraft> {
  const { event, endpointId, startAt } = process
  if (event === null || startAt === null) return
  const parentName = baseName(event.fields.parentPath ?? '').toLowerCase()
  const how = MANAGED_HOSTS.get(parentName)
  if (how === undefined) return
  // Somebody who works in a console at the machine starts programs from it as well.
  if (how === 'dcom' && !/-embedding/i.test(event.fields.parentCommandLine ?? '')) return
  const { arrivals } = scene
  const own = arrivals.ofSession(endpointId, event.fields.logonId, startAt)
  if (!own && arrivals.isLocal(endpointId, event.fields.logonId, startAt)) return
  const cause = own ?? arrivals.before(endpointId, startAt, { id: process.userId, name: '' })
  if (!cause) return
  yield* fromProcess(scene, cause, process, [])
  const params = { process: process.draft.name, user: cause.user }
  yield {
    kind: 'remote-execution',
    from: cause.source.id,
    to: process.draft,
    at: startAt,
    confidence: own ? BY_SESSION : MANAGED,
    reason: own ? 'managed_session' : how,
    params: own ? { ...params, host: parentName } : { ...params, seconds: secondsAfter(cause, startAt) },
    proof: [...proofOf(cause.event), ...proofOf(event)],
  }
}

/** The same execution, from the process on the source where that end is recorded too. */
function* fromProcess(
  { sources }: Scene,
  cause: Arrival,
  ran: ProcessFact,
  more: RelationDraft['proof'],
): Generator<RelationDraft> {
  const source = sources.find(cause.source.id, ran.endpointId, cause.at)
  if (!source) return
  yield {
    kind: 'remote-execution',
    from: source.process.draft,
    to: ran.draft,
    at: ran.startAt,
    confidence: source.by === 'order' ? FROM_ORDER : FROM_PROCESS,
    reason: source.by,
    params: { process: source.process.draft.name, user: cause.user },
    proof: [
      ...proofOf(source.event),
      ...proofOf(cause.event),
      ...more,
      ...(ran.event ? proofOf(ran.event) : []),
    ],
  }
}

/** What the source alone shows: a command line that has another endpoint run something. */
function* orders(given: readonly GivenOrder[], arrivals: Arrivals): Generator<RelationDraft> {
  for (const { process, event, order, target } of given) {
    const at = process.startAt
    const arrival =
      at === null
        ? undefined
        : arrivals.from(process.endpointId, target.id, at - SAME_MOMENT_US, at + ORDER_ARRIVES_US)
    yield {
      kind: 'remote-execution',
      from: process.draft,
      to: target.id,
      at: arrival?.at ?? at,
      confidence: arrival ? ORDER_AND_LOGON : ORDER_ONLY,
      reason: arrival ? 'order_logon' : 'order_only',
      params: {
        process: process.draft.name,
        way: order.way,
        ...(arrival === undefined ? {} : { user: arrival.user }),
      },
      proof: [...proofOf(event), ...(arrival ? proofOf(arrival.event) : [])],
    }
  }
}

/** The pipes through which the service of PsExec talks to its caller. */
function* pipes(view: CorrelationView): Generator<RelationDraft> {
  for (const event of view.events(
    ['pipe-create', 'pipe-connect'],
    ['target', 'processPath', 'pid', 'processGuid'],
  )) {
    const [, host, pid] = CALLER_PIPE.exec(event.fields.target ?? '') ?? []
    const source = host === undefined ? undefined : view.findEndpoint(host, event.at)
    if (!source || event.endpointId === null || source.id === event.endpointId) continue
    const service = view.processes.actorOf(event)
    if (!service) continue
    const caller = view.processes.find(source.id, undefined, Number(pid), event.at)
    yield {
      kind: 'remote-execution',
      from: caller ? caller.draft : source.id,
      to: service.draft,
      at: event.at,
      confidence: BY_PIPE,
      reason: 'psexec_pipe',
      params: { pid: Number(pid) },
      proof: [...proofOf(event), ...(caller?.event ? proofOf(caller.event) : [])],
    }
  }
}

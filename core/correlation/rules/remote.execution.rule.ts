import { Arrivals } from '../arrivals.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import { installed, managed, orders, pipes, registered, type Scene } from '../remote-executions.ts'
import { listRemoteOrders } from '../remote-orders.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import { InstallSessions } from '../service-orders.ts'
import { SourceProcesses } from '../source-process.ts'

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
      'reason.order_in_session':
        '{process} was told on the source to run something on the target, where {user} had logged on from there before; this ran then.',
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
        '目標端已知來源端點的登入或共用存取；目標端的服務安裝（系統 7045、安全性 4697）、排程工作（安全性 4698）或處理程序啟動；來源端的處理程序啟動、連線或明確認證。',
      falsePositives: '軟體派送、監控與系統管理員也會如此操作。同一分鐘內無關的登入可能被誤認為原因。',
      'reason.service_session': '{user} 在來自來源端的工作階段中安裝了服務 {service}，且其程式已執行。',
      'reason.service_session_only': '{user} 在來自來源端的工作階段中安裝了服務 {service}。',
      'reason.task_session': '{user} 在來自來源端的工作階段中註冊了工作 {task}，且其程式已執行。',
      'reason.task_session_only': '{user} 在來自來源端的工作階段中註冊了工作 {task}。',
      'reason.task_pipe': '{user} 自來源端開啟工作排程服務的具名管道 {seconds} 秒後，註冊了工作 {task}。',
      'reason.managed_session': '{host} 在 {user} 來自來源端的工作階段中啟動了 {process}。',
      'reason.order': '{process} 在來源端受命於目標端執行程式，隨後 {user} 進入目標端並執行了此程式。',
      'reason.order_in_session':
        '{process} 在來源端受命於目標端執行程式；{user} 先前已自該處登入目標端，隨後執行了此程式。',
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
        '送信元が判明している対象側のログオンまたは共有アクセスと、対象側のサービスインストール（システム 7045、セキュリティ 4697）、タスク（セキュリティ 4698）またはプロセス起動。送信元側のプロセス起動、接続、明示的な資格情報。',
      falsePositives:
        'ソフトウェア配布、監視、管理者の作業でも同じことが起きます。同じ 1 分間の無関係なログオンを原因と取り違えることがあります。',
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
      'reason.order_in_session':
        '送信元で {process} が対象での実行を命じられました。{user} はそれ以前にそこから対象にログオンしており、その後これが実行されました。',
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
      title:
        'services installed at the machine, as their session or the command says, while somebody reads a share',
      items: [
        connects('WS-02', '10.0.0.2'),
        exampleEvent('logon', 0, { account: 'CORP\\adm', logonType: 2, targetLogonId: '0x11' }),
        exampleEvent('logon', 5, {
          account: 'CORP\\cat',
          logonType: 3,
          sourceIp: '10.0.0.2',
          targetLogonId: '0x22',
        }),
        exampleEvent('service-install', 10, {
          account: 'CORP\\adm',
          logonId: '0x11',
          target: 'bk',
          detail: 'C:\\t\\bk.exe',
        }),
        exampleEvent('service-install', 11, { target: 'bk', detail: 'C:\\t\\bk.exe' }),
        exampleEvent('process-start', 20, {
          processPath: 'C:\\Windows\\System32\\sc.exe',
          commandLine: 'sc create upd binPath= C:\\t\\upd.exe',
          processGuid: exampleGuid(7),
          pid: 77,
        }),
        exampleEvent('service-install', 21, { target: 'upd', detail: 'C:\\t\\upd.exe' }),
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
    const installs = () => view.events(['service-install'], ['target', 'detail', 'logonId', 'account'])
    const scene: Scene = { view, arrivals, sources, installs: new InstallSessions(installs()) }
    for (const event of installs()) yield* installed(scene, event)
    for (const event of view.events(['task-create'], ['target', 'detail', 'logonId', 'account']))
      yield* registered(scene, event)
    for (const process of view.processes.started) yield* managed(scene, process)
  },
}
export default rule

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

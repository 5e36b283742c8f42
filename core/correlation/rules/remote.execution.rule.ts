import type { BookEntity } from '../../identity/entity-book.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import type { ProcessFact } from '../process-index.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import { SourceProcesses } from '../source-process.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** A service was installed and its program ran, within the window of a network logon from the source. */
const SERVICE_RAN = 0.9
/** The service was installed in that window; its program was not seen to run. */
const SERVICE_ONLY = 0.75
/** A child of the remote-management host process, in that window. */
const MANAGED = 0.8
/** The process on the source that gave credentials for the target, or connected to it: both ends agree. */
const FROM_PROCESS = 0.92
/** A network logon reaches this far: what it set off starts within it. */
const WINDOW_US = 180_000_000
const CLOCK_US = 3_000_000

/** Host processes that run what came in over WMI, WinRM and DCOM. */
const MANAGED_HOSTS = new Map([
  ['wmiprvse.exe', 'wmi'],
  ['wsmprovhost.exe', 'winrm'],
  ['mmc.exe', 'dcom'],
])

const rule: Rule = {
  id: 'remote.execution',
  order: 51,
  relations: ['remote-execution'],
  attack: ['T1021.002', 'T1021.006', 'T1047', 'T1569.002'],
  texts: {
    en: {
      title: 'Execution on another endpoint',
      description:
        'Shortly after a network logon from one endpoint, another endpoint installed a service and ran its program, or its WMI or remote-management host started a process.',
      needs:
        'Logons of the target with a known source endpoint; service installs (System 7045, Security 4697) or process starts of the target.',
      falsePositives:
        'Software deployment, monitoring and administrators do exactly this. An unrelated logon of the same minute can be taken for the cause.',
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
        '某端點透過網路登入另一端點後不久，後者安裝服務並執行其程式，或由 WMI、遠端管理主機處理程序啟動了處理程序。',
      needs: '目標端已知來源端點的登入；目標端的服務安裝（System 7045、安全性 4697）或處理程序啟動。',
      falsePositives: '軟體派送、監控與系統管理員也會如此操作。同一分鐘內無關的登入可能被誤認為原因。',
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
        'あるエンドポイントからのネットワークログオンの直後に、別のエンドポイントでサービスがインストールされてプログラムが実行された、または WMI・リモート管理ホストがプロセスを起動しました。',
      needs:
        '送信元が判明している対象側のログオンと、対象側のサービスインストール（System 7045、セキュリティ 4697）またはプロセス起動。',
      falsePositives:
        'ソフトウェア配布、監視、管理者の作業でも同じことが起きます。同じ時間帯の無関係なログオンを原因と取り違えることがあります。',
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
  ],
  ignores: [
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
    const arrivals = arrivalsByEndpoint(view)
    if (arrivals.size === 0) return
    const sources = new SourceProcesses(view)
    for (const event of view.events(['service-install'], ['target', 'detail'])) {
      const cause = causeOf(arrivals, event)
      if (!cause || event.endpointId === null) continue
      const ran = programOf(view, event)
      if (ran) yield* fromProcess(sources, cause, ran, proofOf(event))
      yield {
        kind: 'remote-execution',
        from: cause.source.id,
        to: ran ? ran.draft : event.endpointId,
        at: ran?.startAt ?? event.at,
        confidence: ran ? SERVICE_RAN : SERVICE_ONLY,
        reason: ran ? 'service' : 'service_only',
        params: { service: event.fields.target ?? '', user: cause.user, seconds: cause.seconds },
        proof: [...proofOf(cause.event), ...proofOf(event), ...(ran?.event ? proofOf(ran.event) : [])],
      }
    }
    for (const process of view.processes.started) {
      const how =
        process.event && MANAGED_HOSTS.get(baseName(view.processes.parentOf(process.event)?.path ?? ''))
      const cause = how && process.event ? causeOf(arrivals, process.event) : undefined
      if (!how || !cause || !process.event) continue
      yield* fromProcess(sources, cause, process, [])
      yield {
        kind: 'remote-execution',
        from: cause.source.id,
        to: process.draft,
        at: process.startAt,
        confidence: MANAGED,
        reason: how,
        params: { process: process.draft.name, user: cause.user, seconds: cause.seconds },
        proof: [...proofOf(cause.event), ...proofOf(process.event)],
      }
    }
  },
}
export default rule

/** The same execution, from the process on the source where that end is recorded too. */
function* fromProcess(
  sources: SourceProcesses,
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
    confidence: FROM_PROCESS,
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

const baseName = (path: string) => (path.split(/[\\/]/).at(-1) ?? '').toLowerCase()

interface Arrival {
  readonly at: number
  readonly source: BookEntity
  readonly user: string
  readonly event: ViewEvent
}

/** Network and remote-desktop logons whose source endpoint is known, by target, in time order. */
function arrivalsByEndpoint(view: CorrelationView): Map<number, Arrival[]> {
  const arrivals = new Map<number, Arrival[]>()
  for (const event of view.events(['logon'], ['sourceIp', 'sourceHost', 'logonType', 'account'])) {
    if (event.endpointId === null || event.userId === null || event.at === null) continue
    if (event.fields.logonType !== 3 && event.fields.logonType !== 10) continue
    const source =
      view.addresses.find(event.fields.sourceIp, event.at) ??
      (event.fields.sourceHost === undefined ? undefined : view.findEndpoint(event.fields.sourceHost))
    if (!source || source.id === event.endpointId) continue
    const list = arrivals.get(event.endpointId) ?? []
    list.push({ at: event.at, source, user: event.fields.account ?? '', event })
    arrivals.set(event.endpointId, list)
  }
  return arrivals
}

/** The latest arrival before the event, within the window. */
function causeOf(
  arrivals: ReadonlyMap<number, readonly Arrival[]>,
  event: ViewEvent,
): (Arrival & { seconds: number }) | undefined {
  if (event.endpointId === null || event.at === null) return undefined
  const { at } = event
  const cause = arrivals
    .get(event.endpointId)
    ?.findLast((arrival) => arrival.at <= at + CLOCK_US && at - arrival.at <= WINDOW_US)
  return cause && { ...cause, seconds: Math.max(0, Math.round((at - cause.at) / 1e6)) }
}

/** The program of a service, when the service control manager started it after the install. */
function programOf(view: CorrelationView, event: ViewEvent): ProcessFact | undefined {
  const image = baseName(/^"?([^"]+?\.exe)/i.exec(event.fields.detail ?? '')?.[1] ?? '')
  if (image === '' || event.at === null) return undefined
  const { at } = event
  return view.processes.started.find(
    (process) =>
      process.endpointId === event.endpointId &&
      process.startAt !== null &&
      process.startAt >= at - CLOCK_US &&
      process.startAt - at <= WINDOW_US &&
      baseName(process.path) === image,
  )
}

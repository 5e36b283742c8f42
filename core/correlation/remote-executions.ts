import { baseName } from '../normalise/path.ts'
import { ARRIVAL_REACH_US, type Arrivals, SAME_MOMENT_US, type Arrival } from './arrivals.ts'
import { proofOf } from './drafts.ts'
import type { ProcessFact } from './process-index.ts'
import type { GivenOrder } from './remote-orders.ts'
import type { RelationDraft } from './rule.ts'
import { type InstallSessions, serviceOrders } from './service-orders.ts'
import type { Obeyed, SourceProcesses } from './source-process.ts'
import { programOf, startedByName } from './started-by-name.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

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

/** Clocks of two machines of a domain. */
const CLOCK_US = 3_000_000

/** What starts so soon after an arrival was most likely set off by it. */
const SOON_US = 10_000_000
/** How much less sure it is at the end of the window: other things happen meanwhile. */
const FADES_BY = 0.3

/** Host processes that run what came in over WMI, WinRM and DCOM; mmc.exe only when it was started for that. */
const MANAGED_HOSTS = new Map([
  ['wmiprvse.exe', 'wmi'],
  ['wsmprovhost.exe', 'winrm'],
  ['winrshost.exe', 'winrm'],
  ['mmc.exe', 'dcom'],
])
/** `\PSEXESVC-WS-02-4711-stdin`: the machine and the process that called. */
const CALLER_PIPE = /\\psexesvc-([^\\]{1,63})-(\d{1,7})-std(?:in|out|err)$/i

/** What the parts of the rule look things up in. */
export interface Scene {
  readonly view: CorrelationView
  readonly arrivals: Arrivals
  readonly sources: SourceProcesses
  readonly installs: InstallSessions
}

const secondsAfter = (cause: Arrival, at: number) => Math.max(0, Math.round((at - cause.at) / 1e6))

/** Confidence in a cause that only its time speaks for. */
function faded(confidence: number, cause: Arrival, at: number): number {
  const late = Math.min(1, Math.max(0, at - cause.at - SOON_US) / (ARRIVAL_REACH_US - SOON_US))
  return Math.round((confidence - FADES_BY * late) * 100) / 100
}

export function* installed(scene: Scene, event: ViewEvent): Generator<RelationDraft> {
  const { endpointId, at } = event
  if (endpointId === null || at === null) return
  const { arrivals, installs } = scene
  const { target = '', detail = '' } = event.fields
  const { logonId, account, userId } = installs.of({ ...event, at })
  const own = arrivals.ofSession(endpointId, logonId, at)
  if (!own && arrivals.isLocal(endpointId, logonId, at)) return
  // A program of the endpoint itself ordered it: who came from elsewhere, if anybody, ran that one.
  if (!own && serviceOrders(scene.view, endpointId, target, at).length > 0) return
  const cause = own ?? arrivals.before(endpointId, at, { id: userId, name: account })
  if (!cause) return
  const ran = serviceProcess(scene, endpointId, programOf(detail), at)
  if (ran)
    yield* fromProcess(scene, cause, ran, proofOf(event), { ways: ['service', 'psexec'], at: at + CLOCK_US })
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
      confidence: faded(ran ? SERVICE_RAN : SERVICE_ONLY, cause, at),
      reason: ran ? 'service' : 'service_only',
      params: { ...params, seconds: secondsAfter(cause, at) },
      proof,
    }
}

/** The program of a service: the service control manager starts it around the install. */
function serviceProcess(
  { view }: Scene,
  endpointId: number,
  program: string,
  at: number,
): ProcessFact | undefined {
  for (const process of startedByName(
    view,
    endpointId,
    program,
    at - SAME_MOMENT_US,
    at + ARRIVAL_REACH_US,
  )) {
    const parent = process.event === null ? undefined : view.processes.parentOf(process.event)
    if (parent === undefined || baseName(parent.path).toLowerCase() === 'services.exe') return process
  }
  return undefined
}

/** Only what the session or the pipe of the task service says: tasks are registered at the machine all day. */
export function* registered(scene: Scene, event: ViewEvent): Generator<RelationDraft> {
  const { endpointId, at } = event
  if (endpointId === null || at === null) return
  const { logonId, account = '', target = '', detail = '' } = event.fields
  const own = scene.arrivals.ofSession(endpointId, logonId, at)
  const last = own ?? scene.arrivals.before(endpointId, at, { id: event.userId, name: account })
  const cause = own ?? (/\\atsvc$/i.test(last?.event.fields.target ?? '') ? last : undefined)
  if (!cause) return
  const [ran] = startedByName(
    scene.view,
    endpointId,
    programOf(detail),
    at - SAME_MOMENT_US,
    at + TASK_STARTS_US,
  )
  if (ran) yield* fromProcess(scene, cause, ran, proofOf(event), { ways: ['task'], at: at + CLOCK_US })
  yield {
    kind: 'remote-execution',
    from: cause.source.id,
    to: ran ? ran.draft : endpointId,
    at: ran?.startAt ?? at,
    confidence: own ? BY_SESSION : faded(TASK, cause, at),
    reason: own ? (ran ? 'task_session' : 'task_session_only') : 'task_pipe',
    params: { task: target, user: cause.user, ...(own ? {} : { seconds: secondsAfter(cause, at) }) },
    proof: [...proofOf(cause.event), ...proofOf(event), ...(ran?.event ? proofOf(ran.event) : [])],
  }
}

/** Children of the hosts of WMI, WinRM and DCOM. */
export function* managed(scene: Scene, process: ProcessFact): Generator<RelationDraft> {
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
  yield* fromProcess(scene, cause, process, [], { ways: ['wmi', 'winrm'], at: startAt + CLOCK_US })
  const params = { process: process.draft.name, user: cause.user }
  yield {
    kind: 'remote-execution',
    from: cause.source.id,
    to: process.draft,
    at: startAt,
    confidence: own ? BY_SESSION : faded(MANAGED, cause, startAt),
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
  obeyed: Obeyed,
): Generator<RelationDraft> {
  const source = sources.find(cause.source.id, ran.endpointId, cause.at, obeyed)
  if (!source) return
  yield {
    kind: 'remote-execution',
    from: source.process.draft,
    to: ran.draft,
    at: ran.startAt,
    confidence: source.by.startsWith('order') ? FROM_ORDER : FROM_PROCESS,
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
export function* orders(given: readonly GivenOrder[], arrivals: Arrivals): Generator<RelationDraft> {
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
export function* pipes(view: CorrelationView): Generator<RelationDraft> {
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

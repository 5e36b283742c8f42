import type { BookEntity } from '../identity/entity-book.ts'
import type { ProcessFact } from './process-index.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Ports of remote administration: RPC, NetBIOS, SMB, RDP, WinRM. */
const ADMIN_PORTS = new Set([135, 139, 445, 3389, 5985, 5986])
/** The process on the source acts at most this long before the target records the logon. */
const WINDOW_US = 600_000_000
const CLOCK_US = 3_000_000

export interface SourceProcess {
  readonly process: ProcessFact
  readonly event: ViewEvent
  readonly by: 'credentials' | 'connection'
}

/** The other end of a remote logon: which process on the source endpoint gave the credentials or opened the connection. */
export class SourceProcesses {
  readonly #byPair = new Map<string, { at: number; event: ViewEvent; by: SourceProcess['by'] }[]>()
  readonly #view: CorrelationView

  constructor(view: CorrelationView) {
    this.#view = view
    for (const event of view.events(
      ['explicit-credentials'],
      ['destinationHost', 'processPath', 'pid', 'processGuid'],
    )) {
      const target =
        event.fields.destinationHost === undefined
          ? undefined
          : view.findEndpoint(event.fields.destinationHost)
      this.#note(event, target, 'credentials')
    }
    for (const event of view.events(
      ['network-connection'],
      ['destinationIp', 'destinationHost', 'destinationPort', 'processPath', 'pid', 'processGuid', 'action'],
    )) {
      if (event.fields.action === 'inbound' || !ADMIN_PORTS.has(event.fields.destinationPort ?? 0)) continue
      const named =
        event.fields.destinationHost === undefined
          ? undefined
          : view.findEndpoint(event.fields.destinationHost)
      this.#note(event, named ?? view.addresses.find(event.fields.destinationIp, event.at), 'connection')
    }
  }

  #note(event: ViewEvent, target: BookEntity | undefined, by: SourceProcess['by']): void {
    if (!target || event.endpointId === null || event.at === null || event.endpointId === target.id) return
    const key = `${event.endpointId}|${target.id}`
    const list = this.#byPair.get(key) ?? []
    list.push({ at: event.at, event, by })
    this.#byPair.set(key, list)
  }

  /** The last process on the source that reached for the target before the time; credentials count before connections. */
  find(sourceId: number, targetId: number, at: number): SourceProcess | undefined {
    const fitting = (this.#byPair.get(`${sourceId}|${targetId}`) ?? []).filter(
      (one) => one.at <= at + CLOCK_US && at - one.at <= WINDOW_US,
    )
    for (const by of ['credentials', 'connection'] as const) {
      const found = fitting.findLast((one) => one.by === by && !isSystem(one.event.fields.processPath))
      const process = found && this.#view.processes.actorOf(found.event)
      if (found && process) return { process, event: found.event, by }
    }
    return undefined
  }
}

/** The kernel and the service host open connections for everybody. */
const isSystem = (path: string | undefined) =>
  path === undefined || /^(system|.*\\(svchost|lsass|services)\.exe)$/i.test(path)

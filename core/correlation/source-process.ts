import type { BookEntity } from '../identity/entity-book.ts'
import type { ProcessFact } from './process-index.ts'
import { type GivenOrder, listRemoteOrders, type RemoteOrder } from './remote-orders.ts'
import { TimeIndex } from './time-index.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Ports of remote administration: RPC, NetBIOS, SMB, RDP, WinRM. */
const ADMIN_PORTS = new Set([135, 139, 445, 3389, 5985, 5986])
/** Clients that say what they are for, without a port. */
const ADMIN_PROTOCOLS = new Set(['rdp', 'winrm', 'smb'])
/** The process on the source acts at most this long before the target records the logon. */
const WINDOW_US = 600_000_000
const CLOCK_US = 3_000_000

export interface SourceProcess {
  readonly process: ProcessFact
  readonly event: ViewEvent
  readonly by: 'order' | 'order_in_session' | 'credentials' | 'connection'
}
/** What ran there: how it can have been ordered, and when. */
export interface Obeyed {
  readonly ways: readonly RemoteOrder['way'][]
  readonly at: number
}
interface Reach {
  readonly at: number
  readonly way?: RemoteOrder['way']
  readonly event: ViewEvent
  readonly process?: ProcessFact
}

/**
 * The other end of a remote logon: which process on the source endpoint ordered something there by its command line, gave
 * the credentials, or opened the connection.
 */
export class SourceProcesses {
  readonly #byPair = new TimeIndex<Reach>()
  readonly #view: CorrelationView

  constructor(view: CorrelationView, orders: readonly GivenOrder[] = listRemoteOrders(view)) {
    this.#view = view
    for (const { event, target, process, order } of orders)
      this.#note(event, target, 'order', process, order.way)
    for (const event of view.events(
      ['explicit-credentials'],
      ['destinationHost', 'processPath', 'pid', 'processGuid'],
    )) {
      const target =
        event.fields.destinationHost === undefined
          ? undefined
          : view.findEndpoint(event.fields.destinationHost, event.at)
      if (!isSystem(event.fields.processPath) && !OPENS_ONLY.test(event.fields.processPath ?? ''))
        this.#note(event, target, 'credentials')
    }
    for (const event of view.events(
      ['network-connection'],
      [
        'destinationIp',
        'destinationHost',
        'destinationPort',
        'processPath',
        'pid',
        'processGuid',
        'action',
        'protocol',
      ],
    )) {
      const { action, destinationPort, protocol, destinationHost, destinationIp, processPath } = event.fields
      const isAdmin =
        destinationPort === undefined ? ADMIN_PROTOCOLS.has(protocol ?? '') : ADMIN_PORTS.has(destinationPort)
      if (action === 'inbound' || !isAdmin) continue
      // The clients of remote desktop and WinRM name no program: their log is written from inside.
      if (isSystem(processPath) && !ADMIN_PROTOCOLS.has(protocol ?? '')) continue
      const named = destinationHost === undefined ? undefined : view.findEndpoint(destinationHost, event.at)
      this.#note(event, named ?? view.addresses.find(destinationIp, event.at), 'connection')
    }
  }

  #note(
    event: ViewEvent,
    target: BookEntity | undefined,
    by: SourceProcess['by'],
    process?: ProcessFact,
    way?: RemoteOrder['way'],
  ): void {
    if (!target || event.endpointId === null || event.at === null || event.endpointId === target.id) return
    this.#byPair.add(`${by}|${event.endpointId}|${target.id}`, {
      at: event.at,
      event,
      ...(process ? { process } : {}),
      ...(way ? { way } : {}),
    })
  }

  /** The last process on the source that reached for the target before the time: orders count before credentials before connections. */
  find(sourceId: number, targetId: number, at: number, obeyed?: Obeyed): SourceProcess | undefined {
    // A session that was opened before (`net use`) serves the order that comes later.
    const orders = [...this.#byPair.between(`order|${sourceId}|${targetId}`, at + CLOCK_US, obeyed?.at ?? 0)]
    const late = orders.findLast(({ way }) => way !== undefined && obeyed?.ways.includes(way))
    if (late?.process) return { process: late.process, event: late.event, by: 'order_in_session' }
    for (const by of ['order', 'credentials', 'connection'] as const) {
      const found = this.#byPair.last(`${by}|${sourceId}|${targetId}`, at - WINDOW_US, at + CLOCK_US)
      const process = found && (found.process ?? this.#view.processes.actorOf(found.event))
      if (found && process) return { process, event: found.event, by }
    }
    return undefined
  }
}

/** They open a session and run nothing in it. */
const OPENS_ONLY = /\\(?:net1?|cmdkey)\.exe$/i
/** The kernel and the service host open connections for everybody. */
const isSystem = (path: string | undefined) =>
  path === undefined || /^(system|.*\\(svchost|lsass|services)\.exe)$/i.test(path)

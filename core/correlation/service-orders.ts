import type { ProcessFact } from './process-index.ts'
import { startedAround } from './started-around.ts'
import { SAME_MOMENT_US } from './arrivals.ts'
import { TimeIndex } from './time-index.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** A service is registered within a moment of the command; a busy machine takes some seconds. */
const COMMAND_WINDOW_US = 10_000_000
const CREATES =
  /\bsc(?:\.exe)?"?\s+(?:\\\\\S+\s+)?create\b|new-service\b|installutil|nssm(?:64)?(?:\.exe)?"?\s+install|\binstall\b/i

/** Processes of the endpoint whose command line names the service and installs one, right before it appeared. */
export function serviceOrders(
  view: CorrelationView,
  endpointId: number,
  name: string,
  at: number | null,
): ProcessFact[] {
  if (at === null || name.length < 2) return []
  const near = startedAround(view, endpointId, at - COMMAND_WINDOW_US, at)
  return near.filter(
    (process) =>
      process.commandLine.toLowerCase().includes(name.toLowerCase()) && CREATES.test(process.commandLine),
  )
}

/** Who installed a service, as far as one of its records says. */
interface Install {
  readonly at: number
  readonly logonId: string
  readonly account: string
  readonly userId: number | null
}

/** The session in which a service was installed: Security 4697 names it, System 7045 of the same install does not. */
export class InstallSessions {
  readonly #known = new TimeIndex<Install>()

  /** @param events installs with `target`, `logonId` and `account` */
  constructor(events: Iterable<ViewEvent>) {
    for (const event of events) {
      const { logonId, account = '' } = event.fields
      if (event.at !== null && logonId !== undefined)
        this.#known.add(keyOf(event), { at: event.at, logonId, account, userId: event.userId })
    }
  }

  /** Of the record itself, else of the other record of the same install. */
  of(event: ViewEvent & { readonly at: number }): Omit<Install, 'at' | 'logonId'> & {
    readonly logonId: string | undefined
  } {
    const { logonId, account = '' } = event.fields
    const twin =
      logonId === undefined
        ? this.#known.first(keyOf(event), event.at - SAME_MOMENT_US, event.at + SAME_MOMENT_US)
        : undefined
    return twin ?? { logonId, account, userId: event.userId }
  }
}
const keyOf = ({ endpointId, fields }: ViewEvent): string =>
  `${endpointId}|${(fields.target ?? '').toLowerCase()}`

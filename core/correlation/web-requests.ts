import { baseName } from '../normalise/path.ts'
import { proofOf } from './drafts.ts'
import type { RelationDraft } from './rule.ts'
import { TimeIndex } from './time-index.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

const SECOND_US = 1_000_000
/** A log writes whole seconds, some when the answer is ready. */
const NEAR_US = 2 * SECOND_US

/** A request that a web server answered. */
export interface Answered {
  readonly ip: string
  readonly method: string
  readonly path: string
  readonly proof: RelationDraft['proof']
}
interface Request extends Answered {
  readonly at: number
}

/** Requests in the logs of web servers, near the times of what the servers did. */
export class WebRequests {
  readonly #requests = new TimeIndex<Request>()

  constructor(view: CorrelationView, acts: readonly ViewEvent[]) {
    const wanted = new Set<string>()
    for (const { at, endpointId } of acts)
      if (at !== null && endpointId !== null)
        for (let second = -3; second <= 3; second += 1)
          wanted.add(`${endpointId}|${Math.floor(at / SECOND_US) + second}`)
    for (const event of view.events(
      ['http-request'],
      ['sourceIp', 'destinationIp', 'hostIp', 'httpMethod', 'target', 'url', 'action'],
    )) {
      const { sourceIp, destinationIp, hostIp, httpMethod: method = '?', target, url, action } = event.fields
      const path = target ?? url
      if (event.at === null || sourceIp === undefined || path === undefined || action === 'outbound') continue
      const endpoint = event.endpointId ?? view.addresses.find(hostIp ?? destinationIp, event.at)?.id
      if (endpoint === undefined || !wanted.has(`${endpoint}|${Math.floor(event.at / SECOND_US)}`)) continue
      this.#requests.add(`${endpoint}`, { at: event.at, ip: sourceIp, method, path, proof: proofOf(event) })
    }
  }

  /** The request a server answered by this: one to a script it wrote, else the only one that sent something. */
  answeredBy(act: ViewEvent, scripts: ReadonlySet<string>): Answered | undefined {
    if (act.at === null || act.endpointId === null) return undefined
    const near = [...this.#requests.between(`${act.endpointId}`, act.at - NEAR_US, act.at + NEAR_US)].sort(
      (a, b) => Math.abs(a.at - (act.at ?? 0)) - Math.abs(b.at - (act.at ?? 0)),
    )
    const toScript = near.find(({ path }) => scripts.has(fileOf(path)))
    if (toScript) return toScript
    const sent = near.filter(({ method }) => method === 'POST' || method === 'PUT')
    return new Set(sent.map(({ ip }) => ip)).size === 1 ? sent[0] : undefined
  }
}

/** `/upload/cmd.aspx?c=whoami` -> `cmd.aspx` */
const fileOf = (path: string): string => baseName(path.split(/[?#;]/)[0] ?? '').toLowerCase()

import type { BookEntity } from '../identity/entity-book.ts'
import { EventRecall } from './case-reader.ts'
import type { EntityDraft } from './rule.ts'
import type { ViewEvent } from './view.ts'

/** One process as its start event (or the first mention of it) tells. */
export interface ProcessFact {
  /** Made when asked for: most of a million processes are looked at without being drawn. */
  readonly draft: EntityDraft
  readonly endpointId: number
  readonly userId: number | null
  /** Start, microseconds UTC; null when the start was not recorded. */
  readonly startAt: number | null
  endAt: number | null
  readonly path: string
  readonly commandLine: string
  readonly pid: number | null
  readonly guid: string | null
  /** The start event; null for a process only mentioned by others. */
  readonly event: ViewEvent | null
  /** Further start events of the same process from another log. */
  readonly alsoStartedBy: readonly ViewEvent[]
}

/** What is told of a process. */
interface Words {
  readonly path: string
  readonly commandLine: string
  readonly guid: string | null
}

/** What an event of a start says of the process. */
const wordsOf = ({ fields }: ViewEvent): Words => ({
  path: fields.processPath ?? '',
  commandLine: fields.commandLine ?? '',
  guid: fields.processGuid ?? null,
})

/** A process whose start was recorded, in numbers; its words are read again when they are asked for. */
export class StoredProcess implements ProcessFact {
  readonly endpoint: BookEntity
  readonly userId: number | null
  readonly startAt: number | null
  endAt: number | null = null
  readonly pid: number | null
  /** Of a process that others only mention: what they say. */
  readonly #said: Words | undefined
  readonly #eventId: number
  readonly #recall: EventRecall | undefined
  #also: number[] | undefined

  /** @param told the events of starts, or what is said of a process whose start nothing tells of */
  constructor(endpoint: BookEntity, event: ViewEvent, pid: number | null, told: EventRecall | Words) {
    this.endpoint = endpoint
    this.pid = pid
    this.#eventId = event.id
    const isStart = told instanceof EventRecall
    this.#recall = isStart ? told : undefined
    this.#said = isStart ? undefined : told
    this.startAt = isStart ? event.at : null
    this.userId = isStart ? event.userId : null
  }

  get #words(): Words {
    return this.#said ?? wordsOf(this.#start as ViewEvent)
  }
  get #start(): ViewEvent | undefined {
    return this.#recall?.get(this.#eventId)
  }
  get path(): string {
    return this.#words.path
  }
  get commandLine(): string {
    return this.#words.commandLine
  }
  get guid(): string | null {
    return this.#words.guid
  }
  get event(): ViewEvent | null {
    return this.startAt === null ? null : (this.#start ?? null)
  }
  get alsoStartedBy(): readonly ViewEvent[] {
    const recall = this.#recall
    return this.#also === undefined || recall === undefined ? NONE : this.#also.map((id) => recall.get(id))
  }
  addStart(event: ViewEvent): void {
    if (this.#also === undefined) this.#also = [event.id]
    else this.#also.push(event.id)
  }

  get endpointId(): number {
    return this.endpoint.id
  }

  get key(): string {
    const { pid, startAt } = this
    const { path, guid } = this.#words
    // Two programs may start at one time: without a PID the path tells them apart.
    const identity =
      guid ??
      (pid === null ? `?${path.toLowerCase()}@${startAt ?? ''}` : `${pid}@${startAt ?? path.toLowerCase()}`)
    return `process:${this.endpoint.key}|${identity}`
  }

  get draft(): EntityDraft {
    const { endpoint, pid, startAt } = this
    const { path, commandLine, guid } = this.#words
    return {
      kind: 'process',
      key: this.key,
      name: path === '' ? `pid ${pid ?? '?'}` : (path.split(/[\\/]/).at(-1) ?? path),
      attributes: {
        endpoint: endpoint.name,
        ...(path === '' ? {} : { path }),
        ...(commandLine === '' ? {} : { commandLine: commandLine.slice(0, 4000) }),
        ...(pid === null ? {} : { pid }),
        ...(guid === null ? {} : { guid }),
        ...(startAt === null ? {} : { startedAt: startAt }),
      },
      aliases: [
        ...(guid === null ? [] : [{ kind: 'guid' as const, value: guid }]),
        ...(path === '' ? [] : [{ kind: 'path' as const, value: path }]),
        ...(pid === null ? [] : [{ kind: 'pid' as const, value: String(pid) }]),
      ],
    }
  }
}
const NONE: readonly ViewEvent[] = []

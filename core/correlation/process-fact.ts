import type { BookEntity } from '../identity/entity-book.ts'
import type { EntityDraft } from './rule.ts'
import type { ViewEvent } from './view.ts'

/**
 * One process as its start event (or the first mention of it) tells. Two of them that are the same process have the same
 * `draft.key`; in the whole case they need not be the same object.
 */
export interface ProcessFact {
  /** Made when asked for: most of a million processes are looked at without being drawn. */
  readonly draft: EntityDraft
  readonly endpointId: number
  readonly userId: number | null
  /** Start, microseconds UTC; null when the start was not recorded. */
  readonly startAt: number | null
  readonly endAt: number | null
  readonly path: string
  readonly commandLine: string
  readonly pid: number | null
  readonly guid: string | null
  /** All its names of that kind: each log has one of its own for it. */
  readonly guids: readonly string[]
  /** The start event; null for a process only mentioned by others. */
  readonly event: ViewEvent | null
  /** Further start events of the same process from another log. */
  readonly alsoStartedBy: readonly ViewEvent[]
}

/** What is told of a process. */
export interface ProcessWords {
  readonly path: string
  readonly commandLine: string
  readonly guid: string | null
  /** What other logs call it. */
  readonly otherGuids?: readonly string[]
}

/** A process on an endpoint, as it is named and drawn. */
export abstract class NamedProcess {
  abstract readonly endpoint: BookEntity
  abstract readonly pid: number | null
  abstract readonly startAt: number | null
  protected abstract readonly words: ProcessWords

  get endpointId(): number {
    return this.endpoint.id
  }
  get path(): string {
    return this.words.path
  }
  get commandLine(): string {
    return this.words.commandLine
  }
  get guid(): string | null {
    return this.words.guid
  }

  get guids(): readonly string[] {
    const { guid, otherGuids = [] } = this.words
    return guid === null ? otherGuids : [guid, ...otherGuids]
  }

  get key(): string {
    const { pid, startAt } = this
    const { path, guid } = this.words
    // Two programs may start at one time: without a PID the path tells them apart.
    const identity =
      guid ??
      (pid === null ? `?${path.toLowerCase()}@${startAt ?? ''}` : `${pid}@${startAt ?? path.toLowerCase()}`)
    return `process:${this.endpoint.key}|${identity}`
  }

  get draft(): EntityDraft {
    const { endpoint, pid, startAt } = this
    const { path, commandLine, guid } = this.words
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
        ...this.guids.map((value) => ({ kind: 'guid' as const, value })),
        ...(path === '' ? [] : [{ kind: 'path' as const, value: path }]),
        ...(pid === null ? [] : [{ kind: 'pid' as const, value: String(pid) }]),
      ],
    }
  }
}

/** A process that others only mention: what they say. */
export class MentionedProcess extends NamedProcess implements ProcessFact {
  readonly endpoint: BookEntity
  readonly pid: number | null
  readonly userId = null
  readonly startAt = null
  readonly endAt = null
  readonly event = null
  readonly alsoStartedBy: readonly ViewEvent[] = []
  protected readonly words: ProcessWords

  constructor(endpoint: BookEntity, pid: number | null, words: ProcessWords) {
    super()
    this.endpoint = endpoint
    this.pid = pid
    this.words = words
  }
}

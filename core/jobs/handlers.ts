import type { MethodName } from '../contract/methods.ts'
import type { Noun, ParsedInputOf, ResultOf, InputOf } from '../contract/types.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'

/** How a handler asks another query of the same engine (a report section reads what the screens read). */
export type Ask = <M extends MethodName>(method: M, input: InputOf<M>) => Promise<ResultOf<M>>

/** What every handler gets. */
export interface QueryContext {
  readonly db: ReadStore
  readonly ask: Ask
  /** Microseconds since 1970 UTC; injected so that tests and SOURCE_DATE_EPOCH can fix it. */
  readonly now: () => number
  /** Absolute path of the open case. */
  readonly casePath: string
  /** The path behind a grant a human gave; `request.not_permitted` when there is none. */
  readonly resolveGrant: (grant: string, access: 'read' | 'write') => string
  /** HTML to PDF, through the desktop host or the machine's browser, which a cancel stops; throws `report.no_browser`. */
  readonly print: (
    html: string,
    paper: 'A4' | 'Letter',
    signal?: AbortSignal,
  ) => Promise<{ pdf: Uint8Array; by: string }>
}

/** Handlers of commands and jobs run on the job thread with the single write connection. */
export interface CommandContext extends QueryContext {
  readonly db: WriteStore
  /** Aborted when the user cancels; long loops look at it between batches (`throwIfAborted`). */
  readonly signal: AbortSignal
  /** Progress of a job; cheap to call often. `done` 0..1 or null; `step` is a message key. */
  readonly progress: (update: {
    done?: number | null
    step?: { key: string; params: Record<string, string | number> }
    counters?: Record<string, number>
  }) => void
  /** Names the nouns whose rows changed; sent as one `store.changed` when the command ends (and at batch ends of jobs). */
  readonly changed: (...nouns: readonly Noun[]) => void
  /** The case cannot be written: only jobs that read get here (`readingJob`), and they leave no audit entry. */
  readonly isReadOnly: boolean
}

type Result<M extends MethodName> = ResultOf<M> | Promise<ResultOf<M>>
type KindOf<M extends MethodName> = (typeof import('../contract/methods.ts').methods)[M]['kind']
export type Handler<M extends MethodName> = (
  context: KindOf<M> extends 'query' ? QueryContext : CommandContext,
  input: ParsedInputOf<M>,
) => Result<M>

export type Handlers = { readonly [M in MethodName]?: Handler<M> }

/**
 * A room's answers to the contract: `<noun>.handlers.ts` with `export default defineHandlers({...})`, found by
 * engine.ts. A method needs three things: its line in the contract, its handler, its caller.
 */
export const defineHandlers = (handlers: Handlers): Handlers => handlers

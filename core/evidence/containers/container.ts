import type { Budget } from './budget.ts'
import type { Keyring } from './keyring.ts'

/** How much of a part detection may see (formats.md section 0). */
export const HEAD_BYTES = 64 * 1024

/** Bytes that can be read again: the evidence file, or one member of a container. Nothing is ever written to disk. */
export interface Source {
  readonly name: string
  /** Bytes, null when only reading tells. */
  readonly size: number | null
  /** First bytes, at most {@link HEAD_BYTES}. Throws what reading throws. */
  head(): Promise<Uint8Array>
  /** Streams the bytes from `from` (0 when left out) on; may be called again. */
  open(from?: number): AsyncIterable<Uint8Array>
  /** Where the bytes lie on disk; only the evidence file itself has it. */
  readonly path?: string
  /** Told the furthest byte of the evidence file read so far; only the evidence file itself has it. */
  readonly reached?: (position: number) => void
}

/** Something of a container that was not read, or not as it should be: it becomes an issue, nothing is lost silently. */
export interface Problem {
  readonly kind: 'problem'
  /** Member or place inside the container, `` for the container as a whole. */
  readonly locator: string
  /** `archive.<what>`; words in archive.words.ts. */
  readonly code: string
  readonly excerpt: string
}

/**
 * One member of a container.
 * @property name for people: see member-name.ts
 */
export interface Member extends Source {
  readonly kind: 'member'
}

export interface ContainerContext {
  readonly budget: Budget
  readonly keyring: Keyring
  /** A container that can only be read whole is left shut when it is larger (`evidence.too_large`): looking is to be quick. */
  readonly maxWhole?: number
}

/**
 * One kind of container = one file `<kind>.container.ts` with this as default export, found by registry.ts.
 * `list` yields members and problems in an order that depends on the bytes alone: resuming an import counts them. A member
 * is best read before the next one is asked for (streams are then read once); later it still opens, at the price of a
 * second pass.
 */
export interface Container {
  readonly id: string
  /** Holds one content under another coding (gz, zst; most workbooks are one table): it adds no level for people. */
  readonly isCoding: boolean
  recognises(head: Uint8Array): boolean
  /** @throws WorkbenchError `evidence.archive_broken` when no member can be told from another */
  list(source: Source, context: ContainerContext): AsyncIterable<Member | Problem>
}

export const problem = (locator: string, code: string, excerpt = ''): Problem => ({
  kind: 'problem',
  locator,
  code,
  excerpt,
})

/** True when `head` has these bytes at `at`. */
export const hasBytes = (head: Uint8Array, bytes: readonly number[], at = 0): boolean =>
  bytes.every((byte, index) => head[at + index] === byte)

export const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : 'unknown')

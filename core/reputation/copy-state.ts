import type { RetroBasis } from '../contract/nouns/reputation.ts'
import { parseIso } from '../store/time.ts'
import type { ReadStore } from '../store/store.ts'
import { replayActions, type ActionRecord, type MailState } from './action-history.ts'
import { MessageHistory } from './message-history.ts'
import { QuarantineCauses, type QuarantineCause } from './quarantine-cause.ts'

type Replayed = ReturnType<typeof replayActions>[number]

/** Whether the quarantine of a copy is undone (W31, W32), and why or why not. */
export interface Reversal {
  readonly restored: boolean
  readonly clause: 'W31' | 'W32'
  readonly basis: RetroBasis
  /** What the record names as having put it into quarantine. */
  readonly cause: string | null
}

/** Where copies of messages are now as their records tell, and what follows from that for what a policy does and undoes. */
export class CopyStates {
  readonly #history: MessageHistory
  readonly #causes: QuarantineCauses
  #last:
    { readonly message: number; readonly records: ReadonlyMap<string, readonly ActionRecord[]> } | undefined

  constructor(db: ReadStore, now: number) {
    this.#history = new MessageHistory(db, now)
    this.#causes = new QuarantineCauses(db)
  }

  /**
   * The copy of one recipient.
   * @param message entity id
   * @param addresses all addresses of the recipient: records of one copy may name different ones
   */
  of(message: number, addresses: readonly string[]): CopyState {
    if (this.#last?.message !== message)
      this.#last = {
        message,
        records: Map.groupBy(this.#history.records(message), ({ mailbox }) => mailbox),
      }
    const { records } = this.#last
    const own = [...new Set(addresses)].flatMap((address) =>
      (records.get(address) ?? []).map((record) => ({ ...record, mailbox: addresses[0] ?? record.mailbox })),
    )
    const [played] = replayActions(own)
    return new CopyState(played, own, (record) => this.#causes.of(message, record))
  }
}

/** One copy. */
export class CopyState {
  readonly state: MailState
  /** When a copy that is gone now left, in microseconds. */
  readonly removedAt: number | null
  readonly #played: Replayed | undefined
  readonly #records: readonly ActionRecord[]
  readonly #causeOf: (record: ActionRecord) => QuarantineCause | undefined

  constructor(
    played: Replayed | undefined,
    records: readonly ActionRecord[],
    causeOf: (record: ActionRecord) => QuarantineCause | undefined,
  ) {
    this.#played = played
    this.state = played?.state ?? 'unknown'
    this.removedAt = played?.removedAt ?? null
    this.#records = records
    this.#causeOf = causeOf
  }

  /** When it first came to the mailbox by being let out of quarantine or put back; null when nothing says so. */
  get returnedAt(): number | null {
    const step = this.#played?.steps.find(
      ({ action, succeeded, isPossible }) =>
        succeeded && isPossible && (action === 'released' || action === 'restored'),
    )
    return step?.at == null ? null : (parseIso(step.at) ?? null)
  }

  /** Is what the policy asks for done already, as far as the records go? What the copy went through before it came back is not. */
  isDone(action: string): boolean {
    switch (action) {
      case 'pass':
      case 'pass-silently':
        return true
      case 'delete':
        return this.state === 'deleted' || this.state === 'stopped'
      case 'quarantine':
      case 'block':
        return isGone(this.state)
      case 'move-to-junk':
      case 'move-to-spam':
        return isGone(this.state) || this.state === 'junk'
      default:
        return isGone(this.state) || this.#isMarked()
    }
  }

  /** A label, or a tag before the subject. */
  #isMarked(): boolean {
    return this.#played?.steps.some((step) => step.succeeded && /\btag|label/i.test(step.word)) === true
  }

  /**
   * W31 restores what Web Reputation put into quarantine and what lies there; W32 undoes nothing else. Where no record names what put
   * it there it is restored and marked: that is for the analyst to find out.
   * @param recordedAction the action the copy itself records
   */
  reversal(recordedAction: string | null): Reversal {
    const tries = this.#played?.steps.filter((step) => step.action === 'quarantined') ?? []
    if (this.state === 'quarantined') return this.#fromQuarantine()
    if (tries.length === 0) {
      const basis = recordedAction === null ? 'no-record' : 'other-action'
      return { restored: false, clause: 'W32', basis, cause: null }
    }
    const basis = !tries.some((step) => step.succeeded && step.isPossible)
      ? tries.some((step) => !step.succeeded)
        ? 'failed'
        : 'gone'
      : isGone(this.state)
        ? 'gone'
        : 'came-back'
    return { restored: false, clause: 'W31', basis, cause: null }
  }

  #fromQuarantine(): Reversal {
    const causes = this.#quarantines().map(this.#causeOf)
    const other = causes.find((cause) => cause?.filter === 'other')
    if (other !== undefined)
      return { restored: false, clause: 'W31', basis: 'other-filter', cause: other.word }
    const web = causes.find((cause) => cause !== undefined)
    return {
      restored: true,
      clause: 'W31',
      basis: web === undefined ? 'unknown-filter' : 'web-reputation',
      cause: web?.word ?? null,
    }
  }

  /** All records that put it where it lies now: two filters may speak against a message, and one of them does no longer. */
  #quarantines(): ActionRecord[] {
    const entry = this.#played?.steps.findLast(
      (step) => step.to === 'quarantined' && step.from !== 'quarantined',
    )
    const since = entry?.at == null ? -Infinity : (parseIso(entry.at) ?? -Infinity)
    return this.#records.filter(
      (record) => record.action === 'quarantined' && record.succeeded && (record.at ?? Infinity) >= since,
    )
  }
}

/** It lies in no mailbox. */
export const isGone = (state: MailState): boolean =>
  state === 'quarantined' || state === 'deleted' || state === 'stopped'

import type { RetroReason, RetroRun } from '../contract/nouns/reputation.ts'
import type { DecidedBy, RiskLevel } from '../model/verdict.ts'
import type { RetroMessage, RetroUrl } from './retro-messages.ts'
import type { InForce, Shelf } from './shelf.ts'

/** A URL whose level is another one now than at a delivery; one per pair of levels. */
export interface TurnedUrl {
  readonly url: RetroUrl
  readonly from: RiskLevel
  readonly to: RiskLevel
  /** `name@version` and pattern of what decides now; when nothing does, of what decided then. */
  readonly pack: string | null
  readonly entry: string | null
  readonly decides: 'now' | 'then'
  messages: number
}
export interface Newly {
  readonly message: RetroMessage
  readonly url: RetroUrl
  readonly action: string | null
  /** ISO time: see `newlyMatching.turnedAt`. */
  readonly turnedAt: string | null
  /** It led to an action at the delivery already: it counts for copies alone on which no such action is on record. */
  readonly matchedThen: boolean
}
export interface NoLonger {
  readonly message: RetroMessage
  readonly url: RetroUrl
}
export interface Excluded {
  readonly message: RetroMessage
  readonly url: RetroUrl
  readonly clause: string
}

/** What a retro scan found, before names of mailboxes and people are looked up. */
export interface RetroFindings {
  readonly shelf: Shelf
  readonly now: InForce
  /** Every pack that was in force at some delivery. */
  readonly then: InForce
  readonly counts: RetroRun['counts']
  readonly notJudged: RetroRun['notJudged']
  /** URLs judged in this scan itself. */
  readonly rated: number
  readonly turned: readonly TurnedUrl[]
  readonly newly: readonly Newly[]
  readonly noLonger: readonly NoLonger[]
  readonly excluded: readonly Excluded[]
}

/** A URL that was judged nowhere, and why. */
export interface Unjudged {
  readonly reason: RetroReason
  readonly clause: string | null
}

/** Of all that can decide about a URL, what excludes it from a retro scan. */
export function reasonOf(decidedBy: DecidedBy): RetroReason {
  switch (decidedBy) {
    case 'disabled':
    case 'out-of-scope':
    case 'approved-header':
    case 'approved-sender':
    case 'approved-url':
    case 'internal-domain':
    case 'blocked-url':
      return decidedBy
    default:
      return 'disabled'
  }
}

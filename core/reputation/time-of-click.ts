import type { DecidedBy, RiskLevel } from '../model/verdict.ts'
import type { NormalUrl } from '../normalise/url.ts'
import type { Judge, MessageFacts } from './judge.ts'
import type { Policy } from './policy-document.ts'
import { severityOf } from './severity.ts'

export type ClickOutcome = 'block' | 'warn' | 'allow' | 'not-covered'

/** What the redirect page would have done, and by which rule. */
export interface ClickDecision {
  readonly outcome: ClickOutcome
  readonly clause: string
  readonly decidedBy: DecidedBy
}

/** A click as it is decided: the link, the message that brought it, and what the packs said at the delivery and at the click. */
export interface ClickFacts {
  readonly url: NormalUrl | undefined
  /** Null: the case holds no message with the link; it is taken for one of an incoming message. */
  readonly message: MessageFacts | null
  /** Null: as at the click. */
  readonly levelThen: RiskLevel | null
  readonly level: RiskLevel
  /** Microseconds UTC. */
  readonly at: number
}

/**
 * What is done per level when the policy does not say (W35 leaves it to the global settings): the defaults of the sibling gateway
 * (threat-investigation.md 4.4).
 */
const DEFAULT_ACTIONS: Readonly<Record<RiskLevel, 'block' | 'warn' | 'allow'>> = {
  dangerous: 'block',
  'highly-suspicious': 'block',
  suspicious: 'warn',
  untested: 'warn',
  safe: 'allow',
}

const notCovered = (clause: string, decidedBy: DecidedBy): ClickDecision => ({
  outcome: 'not-covered',
  clause,
  decidedBy,
})

/**
 * Decides one click (W33-W36). Links of messages that the filter does not look at were never rewritten, and links outside the scope
 * neither: the scope is judged at the delivery, when links are rewritten; the action at the click.
 */
export function decideClick(judge: Judge, click: ClickFacts): ClickDecision {
  const { policy } = judge
  if (policy.service !== 'exchange-online') return notCovered('W33', 'disabled')
  if (!policy.timeOfClick.enabled) return notCovered('W34', 'disabled')
  if (click.message !== null) {
    const excluded = judge.exclude(click.message, click.at)
    if (excluded !== null) return notCovered(excluded.clause, excluded.reason)
    if (judge.directionOf(click.message) !== 'incoming') return notCovered('W34', 'out-of-scope')
  }
  // What is no address of the web is not rewritten; retro scan and judge leave it out, too.
  if (click.url === undefined) return notCovered('W34', 'none')
  const listed = judge.byList(click.url)
  if (listed !== null) {
    return {
      outcome: listed.matches ? 'block' : 'allow',
      clause: listed.clause ?? 'W41',
      decidedBy: listed.decidedBy,
    }
  }
  if (!isInScope(policy, click.levelThen ?? click.level)) return notCovered('W36', 'out-of-scope')
  return {
    outcome: policy.timeOfClick.actions[click.level] ?? DEFAULT_ACTIONS[click.level],
    clause: 'W35',
    decidedBy: 'level',
  }
}

/** W36 as JUDGE.md reads it: all links, those rated risky, or those not rated. */
function isInScope(policy: Policy, level: RiskLevel): boolean {
  switch (policy.timeOfClick.urlScope) {
    case 'rated-risky':
      return severityOf(level) <= severityOf('suspicious')
    case 'untested':
      return level === 'untested'
    case 'all':
    case null:
      return true
  }
}

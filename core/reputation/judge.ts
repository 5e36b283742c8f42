import type { DecidedBy, PatternScope, RiskLevel } from '../model/verdict.ts'
import { parseUrl, type NormalUrl } from '../normalise/url.ts'
import { isInternal, toDirection, type Direction } from './mail-direction.ts'
import { judgeFiles, type FileJudgement } from './judge-files.ts'
import { severestAction } from './policy-actions.ts'
import type { Action, HeaderField, Policy } from './policy-document.ts'
import { citePack } from './packs-stored.ts'
import { coversTime, MAIL_SERVICES } from './policy-choice.ts'
import { severityOf } from './severity.ts'
import type { InForce, Rating, Shelf } from './shelf.ts'
import { DomainList, UrlList } from './url-list.ts'

/** A message as judging needs it (CLI.md, "A message for judge"). */
export interface JudgedMessage extends MessageFacts {
  readonly urls: readonly JudgedUrl[]
  /** Names of the files it carries, also of those without a URL; file services and Salesforce act on them. */
  readonly attachments?: readonly string[]
}
/** What decides about a message as a whole. */
export interface MessageFacts {
  readonly direction?: Direction | undefined
  readonly from: string | null
  readonly to: readonly string[]
  readonly headers: readonly { readonly name: string; readonly value: string }[]
}
export interface JudgedUrl {
  /** As it stood in the message. */
  readonly url: string
  /** What it leads to when it was rewritten by a mail product; absent: `url` itself. */
  readonly reached?: string | undefined
  readonly where: 'body' | 'attachment'
  /** Name of the attachment it stands in. */
  readonly attachment?: string | undefined
  /** What a dynamic scan said of it, when evidence of one exists (W4, W21). */
  readonly dynamicLevel?: RiskLevel | undefined
}

/** Why a whole message is not judged: the W-number and the reason. */
export interface Exclusion {
  readonly clause: string
  readonly reason: DecidedBy
}

export interface UrlDecision {
  readonly decidedBy: DecidedBy
  /** The W-number that decided; null where none did. */
  readonly clause: string | null
  /** The URL leads to an action, or would but for `pass`. */
  readonly matches: boolean
  readonly action: Action | null
}

export interface UrlJudgement extends UrlDecision {
  readonly url: string
  readonly normalized: string | null
  readonly where: 'body' | 'attachment'
  readonly attachment: string | null
  readonly level: RiskLevel
  readonly pack: string | null
  readonly entry: string | null
  /** How far the entry reaches (W2). */
  readonly scope: PatternScope | null
}

export interface Judgement {
  readonly policy: string
  readonly excluded: Exclusion | null
  readonly action: Action | null
  readonly urls: readonly UrlJudgement[]
  /** One line per attachment where the service acts on files; empty for mail and chat. */
  readonly files: readonly FileJudgement[]
}

/** Action for a blocked URL when the policy names none: every service but Teams Chat has it (W49). */
const BLOCKED_DEFAULT = 'quarantine'

/** A policy made ready to judge many messages: its lists are compiled once. */
export class Judge {
  readonly policy: Policy
  readonly #internal: DomainList
  readonly #approved: UrlList
  readonly #blocked: UrlList
  readonly #senders: ReadonlySet<string>

  constructor(policy: Policy) {
    this.policy = policy
    this.#internal = new DomainList(policy.internalDomains)
    this.#approved = new UrlList(policy.approvedUrls.enabled ? policy.approvedUrls.urls : [], policy.service)
    this.#blocked = new UrlList(policy.blockedUrls.enabled ? policy.blockedUrls.urls : [], policy.service)
    const senders = policy.approvedSenders.enabled ? policy.approvedSenders.addresses : []
    this.#senders = new Set(senders.map((address) => address.trim().toLowerCase()))
  }

  /** Steps 1-5 of JUDGE.md "Order"; null when the message is judged. @param at microseconds UTC */
  exclude(message: MessageFacts, at: number): Exclusion | null {
    const { policy } = this
    if (!policy.enabled || !coversTime(policy, at)) return { clause: 'W12', reason: 'disabled' }
    const outside = this.#outOfScope(message)
    if (outside !== null) return { clause: outside, reason: 'out-of-scope' }
    if (hasHeader(policy.globalApprovedHeaders.fields, message))
      return { clause: 'W57', reason: 'approved-header' }
    if (policy.approvedHeaders.enabled && hasHeader(policy.approvedHeaders.fields, message)) {
      return { clause: 'W52', reason: 'approved-header' }
    }
    if (message.from !== null && this.#senders.has(message.from.trim().toLowerCase())) {
      return { clause: 'W38', reason: 'approved-sender' }
    }
    return null
  }

  /** As its source says, else by sender, recipients and internal domains. */
  directionOf(message: MessageFacts): Direction {
    return message.direction ?? toDirection(message.from, message.to, this.#internal)
  }

  /** W13: incoming mail from outside only; W15: the inline variants have a fixed direction. */
  #outOfScope(message: MessageFacts): string | null {
    const { service, scope } = this.policy
    const isInline = service === 'exchange-inline-inbound' || service === 'exchange-inline-outbound'
    if (!isInline && scope === 'all') return null
    const direction = this.directionOf(message)
    if (isInline)
      return direction === (service === 'exchange-inline-inbound' ? 'incoming' : 'outgoing') ? null : 'W15'
    const isFromInside = message.from !== null && isInternal(message.from, this.#internal)
    return direction === 'incoming' && !isFromInside ? null : 'W13'
  }

  /** Steps 6-8: what the lists say of a URL, whatever its level; null when they say nothing. */
  byList(url: NormalUrl): UrlDecision | null {
    const { policy } = this
    if (this.#approved.covers(url))
      return { decidedBy: 'approved-url', clause: 'W44', matches: false, action: null }
    if (
      policy.approvedUrls.enabled &&
      policy.approvedUrls.includeInternalDomains &&
      this.#internal.covers(url.host)
    ) {
      return { decidedBy: 'internal-domain', clause: 'W42', matches: false, action: null }
    }
    if (this.#blocked.covers(url)) {
      const action =
        policy.actions.blockedUrl ?? (policy.service === 'teams-chat' ? 'block' : BLOCKED_DEFAULT)
      return { decidedBy: 'blocked-url', clause: 'W43', matches: true, action }
    }
    return null
  }

  /** Steps 9-10: what the level leads to. At High an untested URL is decided by W17, never by W59. */
  byLevel(level: RiskLevel): UrlDecision {
    const { securityLevel, actions, virtualAnalyzerUrls } = this.policy
    const [clause, threshold] = THRESHOLDS[securityLevel]
    if (severityOf(level) <= severityOf(threshold)) {
      return { decidedBy: 'level', clause, matches: true, action: actions.matched }
    }
    if (level === 'untested' && actions.untested.enabled) {
      if (virtualAnalyzerUrls) return { decidedBy: 'none', clause: 'W60', matches: false, action: null }
      return {
        decidedBy: 'untested-action',
        clause: 'W59',
        matches: true,
        action: actions.untested.action ?? actions.matched,
      }
    }
    return NOT_DECIDED
  }

  /** Are links of this place scanned (W20)? Services that store files scan the files themselves. */
  scans(where: 'body' | 'attachment'): boolean {
    return where === 'body' || this.policy.scanAttachments || !MAIL_SERVICES.has(this.policy.service)
  }

  /** The level that counts: a dynamic scan replaces `untested`, where the policy has it on and evidence of it exists (W21). */
  #dynamic(level: RiskLevel, dynamicLevel: RiskLevel | undefined): RiskLevel | undefined {
    if (!this.policy.dynamicScan || level !== 'untested' || dynamicLevel === 'untested') return undefined
    return dynamicLevel
  }

  /**
   * Steps 6-10 for one URL of a message that is not excluded.
   * @param url undefined: not an address of the web (`mailto:`, a broken host); Web Reputation rates none, so it is no untested URL either
   */
  decide(
    url: NormalUrl | undefined,
    where: 'body' | 'attachment',
    level: RiskLevel,
    dynamicLevel?: RiskLevel,
  ): UrlDecision {
    if (!this.scans(where)) return NOT_SCANNED
    if (url === undefined) return NOT_DECIDED
    const listed = this.byList(url)
    const dynamic = this.#dynamic(level, dynamicLevel)
    const decision =
      listed ??
      (dynamic === undefined
        ? this.byLevel(level)
        : { ...this.byLevel(dynamic), decidedBy: 'dynamic-scan' as const, clause: 'W21' })
    const { fileAction } = this.policy.actions
    // W61: for files their own action takes the place of the policy's.
    if (where === 'attachment' && fileAction.enabled && decision.matches)
      return { ...decision, action: fileAction.action }
    return decision
  }

  /** The level to show for a URL: the packs', or the dynamic scan's where that decides. */
  levelOf(level: RiskLevel, dynamicLevel: RiskLevel | undefined): RiskLevel {
    return this.#dynamic(level, dynamicLevel) ?? level
  }
}

const NOT_DECIDED: UrlDecision = Object.freeze({
  decidedBy: 'none',
  clause: null,
  matches: false,
  action: null,
})
const NOT_SCANNED: UrlDecision = Object.freeze({
  decidedBy: 'none',
  clause: 'W20',
  matches: false,
  action: null,
})
const THRESHOLDS = {
  high: ['W17', 'untested'],
  medium: ['W18', 'highly-suspicious'],
  low: ['W19', 'dangerous'],
} as const

/** W51-W53, W55: any one entry, name and value as written, case and all. */
function hasHeader(fields: readonly HeaderField[], message: MessageFacts): boolean {
  return fields.some((field) =>
    message.headers.some(
      ({ name, value }) =>
        name === field.name &&
        (field.operator === 'equals' ? value === field.value : value.includes(field.value)),
    ),
  )
}

/**
 * Judges one message as JUDGE.md "Order" settles it.
 * @param at judge time in microseconds UTC: delivery, else now
 * @param inForce the packs that count
 */
export function judgeMessage(
  judge: Judge,
  message: JudgedMessage,
  shelf: Shelf,
  inForce: InForce,
  at: number,
): Judgement {
  const excluded = judge.exclude(message, at)
  const urls = message.urls.map((one): UrlJudgement => {
    const { url, where, dynamicLevel } = one
    const normal = parseUrl(one.reached ?? url)
    const rating: Rating = normal === undefined ? UNRATED : shelf.rate(normal, inForce, at)
    const decision: UrlDecision =
      excluded === null
        ? judge.decide(normal, where, rating.level, dynamicLevel)
        : { decidedBy: excluded.reason, clause: excluded.clause, matches: false, action: null }
    const pack = rating.entry === null ? undefined : shelf.packs[rating.entry.pack]
    return {
      url,
      normalized: normal?.text ?? null,
      where,
      attachment: where === 'attachment' ? (one.attachment ?? null) : null,
      level: judge.levelOf(rating.level, dynamicLevel),
      pack: pack === undefined ? null : citePack(pack),
      entry: rating.entry?.text ?? null,
      scope: rating.entry?.scope ?? null,
      ...decision,
    }
  })
  return {
    policy: judge.policy.name,
    excluded,
    action: severestAction(urls.map((url) => url.action)),
    urls,
    files: judgeFiles(judge.policy, message.attachments ?? [], urls),
  }
}
const UNRATED: Rating = { level: 'untested', entry: null }

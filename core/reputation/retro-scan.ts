import type { RiskLevel } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'
import { Judge, type UrlDecision } from './judge.ts'
import { severestAction } from './policy-actions.ts'
import type { Action, Policy } from './policy-document.ts'
import { readRetroMessages, readRetroUrls, type RetroMessage, type RetroUrl } from './retro-messages.ts'
import { loadShelf } from './shelf-load.ts'
import type { InForce, Rating, Shelf } from './shelf.ts'

/** A URL whose level is another one now than at a delivery; one per pair of levels. */
export interface TurnedUrl {
  readonly url: RetroUrl
  readonly from: RiskLevel
  readonly to: RiskLevel
  /** What decides now; when nothing does, what decided then. */
  readonly rating: Rating
  messages: number
}
export interface Newly {
  readonly message: RetroMessage
  readonly url: RetroUrl
  readonly action: Action | null
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
  readonly counts: { messages: number; urls: number; judged: number; turned: number; excluded: number }
  readonly turned: readonly TurnedUrl[]
  readonly newly: readonly Newly[]
  readonly noLonger: readonly NoLonger[]
  readonly excluded: readonly Excluded[]
}

/** A newsletter of an approved sender can exclude a million links; the count stays exact, the list is cut. */
export const MAX_EXCLUDED_LISTED = 20_000

export interface RetroOptions {
  readonly policy: Policy
  /** Microseconds: "now" of the scan. */
  readonly at: number
  /** Row id of the newest pack that counts as "now"; null: the newest of all. */
  readonly pack: number | null
  readonly onMessages: (done: number) => void
}

interface Outcome {
  readonly url: RetroUrl
  readonly then: UrlDecision
  readonly now: UrlDecision
  readonly isTurned: boolean
}

/**
 * Judges every historical URL of stored mail twice: with the packs in force at its delivery and with the newest (W24-W32).
 * Only URLs whose level turned count. A message without any time was delivered at an unknown moment: nothing turned for it.
 */
export class RetroScan {
  readonly #judge: Judge
  readonly #urls: Map<number, RetroUrl>
  readonly #shelf: Shelf
  readonly #now: InForce
  readonly #at: number
  readonly #turned = new Map<string, TurnedUrl>()
  readonly #turnedUrls = new Set<number>()
  readonly #judgedUrls = new Set<number>()
  readonly #lists = new Map<number, UrlDecision | null>()
  /** Which packs were in force changes only where a pack was created: cached by number of packs that existed. */
  readonly #then = new Map<number, InForce>()
  readonly #newly: Newly[] = []
  readonly #noLonger: NoLonger[] = []
  readonly #excluded: Excluded[] = []
  readonly #counts = { messages: 0, urls: 0, judged: 0, turned: 0, excluded: 0 }

  constructor(db: ReadStore, { policy, at, pack }: RetroOptions) {
    this.#judge = new Judge(policy)
    this.#at = at
    this.#urls = readRetroUrls(db)
    const hosts = [...this.#urls.values()].flatMap((url) =>
      url.normal === undefined ? [] : [url.normal.host],
    )
    this.#shelf = loadShelf(db, hosts)
    this.#now = this.#shelf.inForceNow(pack ?? undefined)
  }

  add(message: RetroMessage): void {
    this.#counts.messages += 1
    // The policy acts now, so it must be in effect now (W12); what it is about was delivered long ago.
    const exclusion = this.#judge.exclude(message.message, this.#at)
    const outcomes: Outcome[] = []
    let isBlocked = false
    for (const link of message.links) {
      const url = this.#urls.get(link.urlId)
      if (url === undefined) continue
      this.#judgedUrls.add(url.id)
      const listed = exclusion === null ? this.#byList(url) : null
      isBlocked ||= listed?.matches === true
      const clause = exclusion?.clause ?? (this.#judge.scans(link.where) ? listed?.clause : 'W20')
      if (clause === undefined || clause === null) outcomes.push(this.#compare(message, url))
      else this.#exclude({ message, url, clause })
    }
    this.#conclude(message, outcomes, isBlocked)
  }

  finish(): RetroFindings {
    this.#counts.urls = this.#judgedUrls.size
    this.#counts.turned = this.#turnedUrls.size
    const then = new Uint8Array(this.#shelf.packs.length)
    for (const inForce of this.#then.values())
      for (const index of then.keys()) then[index] ||= inForce[index] ?? 0
    return {
      shelf: this.#shelf,
      then,
      now: this.#now,
      counts: this.#counts,
      turned: [...this.#turned.values()],
      newly: this.#newly,
      noLonger: this.#noLonger,
      excluded: this.#excluded,
    }
  }

  #byList(url: RetroUrl): UrlDecision | null {
    const known = this.#lists.get(url.id)
    if (known !== undefined) return known
    const decision = url.normal === undefined ? null : this.#judge.byList(url.normal)
    this.#lists.set(url.id, decision)
    return decision
  }

  #exclude(excluded: Excluded): void {
    this.#counts.excluded += 1
    if (this.#excluded.length < MAX_EXCLUDED_LISTED) this.#excluded.push(excluded)
  }

  #inForceAt(at: number): InForce {
    const existed = this.#shelf.packs.filter((pack) => pack.createdAt <= at).length
    const known = this.#then.get(existed) ?? this.#shelf.inForceAt(at)
    this.#then.set(existed, known)
    return known
  }

  #compare(message: RetroMessage, url: RetroUrl): Outcome {
    this.#counts.judged += 1
    const now = this.#rate(url, this.#now, this.#at)
    const then = message.at === null ? now : this.#rate(url, this.#inForceAt(message.at), message.at)
    const isTurned = then.level !== now.level
    if (isTurned) {
      const key = `${url.id}|${then.level}`
      const turned = this.#turned.get(key)
      const rating = now.entry === null ? then : now
      if (turned === undefined)
        this.#turned.set(key, { url, from: then.level, to: now.level, rating, messages: 1 })
      else turned.messages += 1
      this.#turnedUrls.add(url.id)
    }
    return { url, isTurned, then: this.#judge.byLevel(then.level), now: this.#judge.byLevel(now.level) }
  }

  #rate(url: RetroUrl, inForce: InForce, at: number): Rating {
    return url.normal === undefined ? UNRATED : this.#shelf.rate(url.normal, inForce, at)
  }

  /** W30 per URL; W31 per message: only when none of its URLs matches any more, a blocked one included (JUDGE.md, "Retro scan"). */
  #conclude(message: RetroMessage, outcomes: readonly Outcome[], isBlocked: boolean): void {
    const matching = outcomes.filter((outcome) => outcome.now.matches)
    for (const outcome of matching) {
      if (outcome.isTurned && !outcome.then.matches) {
        this.#newly.push({ message, url: outcome.url, action: severestAction([outcome.now.action]) })
      }
    }
    if (isBlocked || matching.length > 0) return
    for (const outcome of outcomes) {
      if (outcome.isTurned && outcome.then.matches) this.#noLonger.push({ message, url: outcome.url })
    }
  }
}
const UNRATED: Rating = { level: 'untested', entry: null }

/** Messages between two reports of progress. */
const PROGRESS_EVERY = 2000

/** Runs a scan over the whole case. Yields to the caller through `onMessages` (progress, cancel) every 2,000 messages. */
export function scanRetro(db: ReadStore, options: RetroOptions): RetroFindings {
  const { policy } = options
  const scan = new RetroScan(db, options)
  const headers = policy.approvedHeaders.enabled || policy.globalApprovedHeaders.fields.length > 0
  const needs = {
    headers,
    recipients: policy.scope === 'incoming' || policy.service.startsWith('exchange-inline'),
  }
  let done = 0
  for (const message of readRetroMessages(db, needs)) {
    scan.add(message)
    if (++done % PROGRESS_EVERY === 0) options.onMessages(done)
  }
  return scan.finish()
}

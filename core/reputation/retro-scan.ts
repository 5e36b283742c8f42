import type { RiskLevel } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { Judge, type Exclusion, type UrlDecision } from './judge.ts'
import { citePack } from './packs-stored.ts'
import { severestAction } from './policy-actions.ts'
import type { Policy } from './policy-document.ts'
import type { RetroBase } from './retro-base.ts'
import {
  reasonOf,
  type Excluded,
  type Newly,
  type NoLonger,
  type RetroFindings,
  type TurnedUrl,
  type Unjudged,
} from './retro-findings.ts'
import {
  readRetroMessages,
  readRetroUrls,
  readUncorrelatedUrls,
  type RetroMessage,
  type RetroUrl,
} from './retro-messages.ts'
import { loadCaseShelf, loadShelf } from './shelf-load.ts'
import type { InForce, Rating, Shelf } from './shelf.ts'

/** A newsletter of an approved sender can exclude a million links; the count stays exact, the list is cut. */
export const MAX_EXCLUDED_LISTED = 20_000

export interface RetroOptions {
  readonly policy: Policy
  /** Microseconds: "now" of the scan. */
  readonly at: number
  /** Row id of the newest pack that counts as "now"; null: the newest of all. */
  readonly pack: number | null
  /** What an earlier run found, and what of it has to be judged again. */
  readonly base?: RetroBase | undefined
  readonly onMessages: (done: number) => void
}

interface Outcome {
  readonly url: RetroUrl
  readonly then: UrlDecision
  readonly now: UrlDecision
  readonly isTurned: boolean
  readonly levelThen: RiskLevel
}

/**
 * Judges every historical URL of stored mail twice: with the packs in force at its delivery and with the newest (W24-W32).
 * Only URLs whose level turned count. A message without any time was delivered at an unknown moment: its URLs are not judged.
 * With a base only messages are judged that hold a touched URL; everything else is taken over.
 */
export class RetroScan {
  readonly #judge: Judge
  readonly #urls: Map<number, RetroUrl>
  readonly #shelf: Shelf
  readonly #now: InForce
  readonly #at: number
  readonly #lastPack: number
  readonly #base: RetroBase | undefined
  readonly #turned = new Map<string, TurnedUrl>()
  readonly #seen = new Set<number>()
  readonly #judged = new Set<number>()
  readonly #rated = new Set<number>()
  readonly #unjudged = new Map<number, Unjudged>()
  /** Links that were not judged, by reason and clause. */
  readonly #left = new Map<string, Unjudged & { links: number }>()
  readonly #lists = new Map<number, UrlDecision | null>()
  /** Which packs were in force changes only where a pack was created: cached by number of packs that existed. */
  readonly #then = new Map<number, InForce>()
  /** The same at times that are no delivery: they say nothing of what was in force "then". */
  readonly #later = new Map<number, InForce>()
  readonly #turnedAt = new Map<string, string | null>()
  readonly #newly: Newly[] = []
  readonly #noLonger: NoLonger[] = []
  readonly #excluded: Excluded[] = []
  #messages = 0
  #links = 0
  #exclusions = 0

  constructor(db: ReadStore, { policy, at, pack, base }: RetroOptions) {
    this.#judge = new Judge(policy)
    this.#at = at
    this.#base = base
    this.#urls = readRetroUrls(db)
    this.#shelf = base === undefined ? loadCaseShelf(db).shelf : loadShelf(db, this.#hostsToRate(base))
    this.#now = this.#shelf.inForceNow(pack ?? undefined)
    const { packs } = this.#shelf
    this.#lastPack = pack === null ? packs.length : packs.findIndex(({ id }) => id === pack) + 1
    for (const { urlId, ...row } of base?.turned ?? []) {
      const url = this.#urls.get(urlId)
      if (url !== undefined) this.#turned.set(`${url.id}|${row.from}`, { ...row, url })
    }
  }

  #hostsToRate(base: RetroBase): string[] {
    return [...this.#urls.values()].flatMap((url) =>
      url.normal === undefined || !base.isRated(url.id) ? [] : [url.normal.host],
    )
  }

  add(message: RetroMessage): void {
    this.#messages += 1
    // The policy acts now, so it must be in effect now (W12); what it is about was delivered long ago.
    const exclusion = this.#judge.exclude(message.message, this.#at)
    const isTaken = this.#base?.isTaken(message) ?? false
    const outcomes: Outcome[] = []
    let isBlocked = false
    for (const link of message.links) {
      const url = this.#urls.get(link.urlId)
      if (url === undefined) continue
      this.#seen.add(url.id)
      this.#links += 1
      const listed = exclusion === null ? this.#byList(url) : null
      isBlocked ||= listed?.matches === true
      const excluded = this.#whyExcluded(exclusion, listed, link.where)
      if (excluded !== null) {
        this.#leave(url, excluded)
        this.#exclude({ message, url, clause: excluded.clause })
      } else if (message.at === null) this.#leave(url, NO_TIME)
      else {
        const then = this.#inForceAt(message.at)
        // No pack says anything of what is no address of the web, and no policy acts on it, at whatever security level.
        if (url.normal === undefined) this.#leave(url, NO_ADDRESS)
        else {
          this.#judged.add(url.id)
          if (!isTaken) outcomes.push(this.#compare(message.at, then, url))
        }
      }
    }
    if (isTaken) this.#takeOver(message)
    else this.#conclude(message, outcomes, isBlocked)
  }

  /** URLs of mail that is not correlated yet: told of, so that nobody takes silence for an answer. */
  leaveUncorrelated(ids: readonly number[]): void {
    for (const id of ids) {
      const url = this.#urls.get(id)
      if (url === undefined) continue
      this.#seen.add(id)
      this.#links += 1
      this.#leave(url, NOT_CORRELATED)
    }
  }

  finish(): RetroFindings {
    const then = new Uint8Array(this.#shelf.packs.length)
    for (const inForce of this.#then.values())
      for (const index of then.keys()) then[index] ||= inForce[index] ?? 0
    const left = new Map([...this.#left].map(([key, row]) => [key, { ...row, urls: 0 }]))
    for (const [id, why] of this.#unjudged) {
      const row = left.get(keyOf(why))
      if (row !== undefined && !this.#judged.has(id)) row.urls += 1
    }
    const notJudged = [...left.values()].sort((a, b) => b.links - a.links || (a.reason < b.reason ? -1 : 1))
    return {
      shelf: this.#shelf,
      then,
      now: this.#now,
      rated: this.#rated.size,
      counts: {
        messages: this.#messages,
        urls: this.#seen.size,
        judged: this.#judged.size,
        notJudged: this.#seen.size - this.#judged.size,
        links: this.#links,
        linksJudged: this.#links - notJudged.reduce((sum, { links }) => sum + links, 0),
        turned: new Set([...this.#turned.values()].map((row) => row.url.id)).size,
        excluded: this.#exclusions,
      },
      notJudged,
      turned: [...this.#turned.values()],
      newly: this.#newly,
      noLonger: this.#noLonger,
      excluded: this.#excluded,
    }
  }

  #whyExcluded(
    exclusion: Exclusion | null,
    listed: UrlDecision | null,
    where: 'body' | 'attachment',
  ): (Unjudged & { clause: string }) | null {
    if (exclusion !== null) return { reason: reasonOf(exclusion.reason), clause: exclusion.clause }
    if (!this.#judge.scans(where)) return { reason: 'attachments-off', clause: 'W20' }
    return listed === null || listed.clause === null
      ? null
      : { reason: reasonOf(listed.decidedBy), clause: listed.clause }
  }

  /** Counts a link that was not judged here. Of a URL the first reason counts, and none once it is judged elsewhere. */
  #leave(url: RetroUrl, why: Unjudged): void {
    const { reason, clause } = why
    const left = this.#left.get(keyOf(why)) ?? { reason, clause, links: 0 }
    left.links += 1
    this.#left.set(keyOf(why), left)
    if (!this.#unjudged.has(url.id)) this.#unjudged.set(url.id, why)
  }

  #byList(url: RetroUrl): UrlDecision | null {
    const known = this.#lists.get(url.id)
    if (known !== undefined) return known
    const decision = url.normal === undefined ? null : this.#judge.byList(url.normal)
    this.#lists.set(url.id, decision)
    return decision
  }

  #exclude(excluded: Excluded): void {
    this.#exclusions += 1
    if (this.#excluded.length < MAX_EXCLUDED_LISTED) this.#excluded.push(excluded)
  }

  #inForceAt(at: number, isDelivery = true): InForce {
    const existed = this.#shelf.packs.filter((pack) => pack.createdAt <= at).length
    const cache = isDelivery ? this.#then : this.#later
    const known = cache.get(existed) ?? this.#shelf.inForceAt(at)
    cache.set(existed, known)
    return known
  }

  #compare(at: number, inForce: InForce, url: RetroUrl): Outcome {
    this.#rated.add(url.id)
    const now = this.#rate(url, this.#now, this.#at)
    const then = this.#rate(url, inForce, at)
    const isTurned = then.level !== now.level
    // Of a URL that was not touched the base has the count over all messages.
    if (isTurned && this.#base?.isTouched(url.id) !== false) {
      const key = `${url.id}|${then.level}`
      const turned = this.#turned.get(key)
      if (turned !== undefined) turned.messages += 1
      else {
        const decides = now.entry === null ? 'then' : 'now'
        const { entry } = now.entry === null ? then : now
        const pack = entry === null ? undefined : this.#shelf.packs[entry.pack]
        this.#turned.set(key, {
          url,
          from: then.level,
          to: now.level,
          pack: pack === undefined ? null : citePack(pack),
          entry: entry?.text ?? null,
          decides,
          messages: 1,
        })
      }
    }
    return {
      url,
      isTurned,
      levelThen: then.level,
      then: this.#judge.byLevel(then.level),
      now: this.#judge.byLevel(now.level),
    }
  }

  /** What the base found of a message without a touched URL still holds. */
  #takeOver(message: RetroMessage): void {
    for (const row of this.#base?.newlyOf(message.entityId) ?? []) {
      const url = this.#urls.get(row.urlId)
      if (url === undefined) continue
      const { action, turnedAt, matchedThen } = row
      this.#newly.push({ message, url, action, turnedAt, matchedThen })
    }
    for (const id of this.#base?.noLongerOf(message.entityId) ?? []) {
      const url = this.#urls.get(id)
      if (url !== undefined) this.#noLonger.push({ message, url })
    }
  }

  /** When the first pack after the delivery was made with which the URL leads to an action; to that of now, when it led to one before. */
  #findTurn({ url, then, now, levelThen }: Outcome, at: number): string | null {
    const { packs } = this.#shelf
    const existed = packs.filter((pack) => pack.createdAt <= at).length
    const key = `${url.id}|${existed}|${then.matches ? levelThen : ''}`
    const known = this.#turnedAt.get(key)
    if (known !== undefined) return known
    const pack = packs.slice(existed, this.#lastPack).find((one) => {
      const { level } = this.#rate(url, this.#inForceAt(one.createdAt, false), one.createdAt)
      const decision = this.#judge.byLevel(level)
      if (!then.matches) return decision.matches
      return level !== levelThen && decision.matches && decision.action === now.action
    })
    const turned = pack === undefined ? null : toIso(pack.createdAt)
    this.#turnedAt.set(key, turned)
    return turned
  }

  #rate(url: RetroUrl, inForce: InForce, at: number): Rating {
    return url.normal === undefined ? UNRATED : this.#shelf.rate(url.normal, inForce, at)
  }

  /**
   * W30 per URL: its level changed and it matches now. That it matched before is no reason to leave the message: the action may have been
   * a weaker one (W59), or none is on record; which copies that is true of is told apart where records are read. W31 per message: only
   * when none of its URLs matches any more, a blocked one included (JUDGE.md, "Retro scan").
   */
  #conclude(message: RetroMessage, outcomes: readonly Outcome[], isBlocked: boolean): void {
    const matching = outcomes.filter((outcome) => outcome.now.matches)
    for (const outcome of matching) {
      if (!outcome.isTurned) continue
      this.#newly.push({
        message,
        url: outcome.url,
        action: severestAction([outcome.now.action]),
        turnedAt: message.at === null ? null : this.#findTurn(outcome, message.at),
        matchedThen: outcome.then.matches,
      })
    }
    if (isBlocked || matching.length > 0) return
    for (const outcome of outcomes) {
      if (outcome.isTurned && outcome.then.matches) this.#noLonger.push({ message, url: outcome.url })
    }
  }
}
const keyOf = ({ reason, clause }: Unjudged): string => `${reason} ${clause ?? ''}`
const UNRATED: Rating = { level: 'untested', entry: null }
const NO_TIME: Unjudged = { reason: 'no-time', clause: null }
const NOT_CORRELATED: Unjudged = { reason: 'not-correlated', clause: null }
const NO_ADDRESS: Unjudged = { reason: 'no-web-address', clause: null }

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
  scan.leaveUncorrelated(readUncorrelatedUrls(db))
  return scan.finish()
}

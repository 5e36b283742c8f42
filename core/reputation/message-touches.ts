import type { EntityRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'
import { isSureStep, SKEW_TOLERANCE, type Step, type Steps, type Use } from './trace-relations.ts'

/** Something a person or a machine did with a message: a link opened, a file saved, a file run. */
export interface Touch {
  readonly kind: 'opened' | 'saved' | 'executed'
  readonly at: number | null
  /** Who did it, as the relation or another one that the same event proves says. */
  readonly user: EntityRef | null
  readonly endpoint: EntityRef | null
  /** Id of the relation that says so. */
  readonly relation: string
  /** The link or attachment stands in other messages too: what followed may belong to one of those. */
  readonly isShared: boolean
  /** False: only the name of a file or of a host ties it to the message, perhaps it belongs to something else. */
  readonly isSure: boolean
  /** Row id of the link that was opened; null for files. */
  readonly url: number | null
}

const urlsOf = `SELECT DISTINCT u.entity_id AS entity, u.id AS url FROM message m JOIN message_url l ON l.message = m.id
  JOIN url u ON u.id = l.url_id WHERE m.entity_id = ? AND u.entity_id IS NOT NULL`
const attachmentsOf = `SELECT a.entity_id AS entity, max(a.sha256) AS sha256, max(a.sha1) AS sha1 FROM message m
  JOIN attachment a ON a.message = m.id WHERE m.entity_id = ? AND a.entity_id IS NOT NULL GROUP BY a.entity_id`
const urlElsewhere = `SELECT 1 FROM message_url l JOIN message m ON m.id = l.message WHERE l.url_id = ? AND m.entity_id IS NOT ? LIMIT 1`
const fileElsewhere = `SELECT 1 FROM attachment a JOIN message m ON m.id = a.message
  WHERE (a.sha256 = ? OR a.sha1 = ?) AND m.entity_id IS NOT ? LIMIT 1`
const touched = `SELECT DISTINCT from_id FROM relation WHERE kind IN ('clicked-by', 'opened-on', 'downloaded-to', 'saved-as')`

/** A file in an archive in an archive: beyond this the trace stops (the attack is a crafted cycle of extractions). */
const MAX_FILES = 200

/** Links kept ready; beyond, they are read again. */
const MAX_LINKS = 2000

/** Finds what was done with messages; its statements are prepared once for many messages. */
export class Touches {
  readonly #steps: Steps
  readonly #urls
  readonly #attachments
  readonly #urlElsewhere
  readonly #fileElsewhere
  readonly #links = new Map<number, UsedLink>()
  /** Links and attachments with which anything was done; null: ask for each. */
  readonly #touched: ReadonlySet<number> | null

  /** @param many true when thousands of messages will be asked: what was never touched is then known beforehand */
  constructor(db: ReadStore, steps: Steps, many: boolean) {
    this.#steps = steps
    this.#urls = db.prepare(urlsOf)
    this.#attachments = db.prepare(attachmentsOf)
    this.#urlElsewhere = db.prepare(urlElsewhere)
    this.#fileElsewhere = db.prepare(fileElsewhere)
    this.#touched = many ? new Set(db.prepare(touched).pluck().all() as number[]) : null
  }

  /** All touches of a message since `delivered`, over its links and its attachments. */
  of(message: number, delivered: number | null): Touch[] {
    const touches: Touch[] = []
    // A touch counts when its time is unknown or after the delivery; one known only from before belongs to another message.
    const add: Add = (step, touch, uses) => {
      const at = uses === undefined ? this.#steps.firstUse(step, delivered) : firstOf(uses, delivered)
      const isUndated = uses === undefined ? step.first === null : uses.some((use) => use.at === null)
      if (at !== null || isUndated) touches.push({ ...touch, at, relation: String(step.id) })
    }
    const files = [...this.#openLinks(message, add), ...this.#savedFiles(message)]
    // A file is followed once: as what it surely is, where it is that.
    followFiles(
      this.#steps,
      [...files.filter((one) => one.isSure), ...files.filter((one) => !one.isSure)],
      add,
    )
    return touches
  }

  /** Reports opened links; returns the files they became. */
  *#openLinks(message: number, add: Add): Iterable<Found> {
    for (const { entity, url } of this.#urls.all(message) as { entity: number; url: number }[]) {
      if (this.#touched?.has(entity) === false) continue
      const { clicks, opened, saved } = this.#usesOf(entity)
      if (clicks.length + opened.length + saved.length === 0) continue
      const isShared = this.#urlElsewhere.get(url, message) !== undefined
      const touch = { kind: 'opened', endpoint: null, isShared, url } as const
      for (const step of clicks) add(step, { ...touch, isSure: isSureStep(step), user: step.other })
      for (const { step, user, uses } of opened)
        add(step, { ...touch, isSure: isSureStep(step), user, endpoint: step.other }, uses)
      for (const step of saved) yield { step, isShared, isSure: isSureStep(step) }
    }
  }

  /** What was done with a link; a link of a newsletter is asked for with every message that holds it. */
  #usesOf(entity: number): UsedLink {
    const known = this.#links.get(entity)
    if (known !== undefined) return known
    const clicks = this.#steps.from(entity, 'clicked-by')
    const opened = this.#steps
      .from(entity, 'opened-on')
      .flatMap((step) => this.#openers(step, clicks).map((opener) => ({ step, ...opener })))
    const link = { clicks, opened, saved: this.#steps.from(entity, 'downloaded-to') }
    if (this.#links.size >= MAX_LINKS) this.#links.clear()
    this.#links.set(entity, link)
    return link
  }

  /**
   * Who opened a link on an endpoint: a click by somebody and the opening on an endpoint that one event proves are one thing. What no
   * click accounts for was opened by nobody that is known.
   */
  #openers(step: Step, clicks: readonly Step[]): Opener[] {
    const uses = clicks.length === 0 ? [] : this.#steps.usesOf(step)
    const clickers = new Map(
      clicks.flatMap((click) => this.#steps.usesOf(click).map(({ event }) => [event, click.other] as const)),
    )
    const byUser = Map.groupBy(uses, ({ event }) => clickers.get(event)?.id)
    if (byUser.size <= 1) {
      const [first] = uses
      // One actor for all of it: also for uses whose proof is not kept.
      return [{ user: (first && clickers.get(first.event)) ?? null }]
    }
    return [...byUser.values()].map((own) => ({
      user: (own[0] && clickers.get(own[0].event)) ?? null,
      uses: own,
    }))
  }

  *#savedFiles(message: number): Iterable<Found> {
    type Row = { entity: number; sha256: string | null; sha1: string | null }
    for (const { entity, sha256, sha1 } of this.#attachments.all(message) as Row[]) {
      if (this.#touched?.has(entity) === false) continue
      const saved = this.#steps.from(entity, 'saved-as')
      if (saved.length === 0) continue
      const isShared = this.#fileElsewhere.get(sha256, sha1, message) !== undefined
      for (const step of saved) yield { step, isShared, isSure: isSureStep(step) }
    }
  }
}

type Add = (step: Step, touch: Omit<Touch, 'at' | 'relation'>, uses?: readonly Use[]) => void

/** The first of these uses since the delivery. */
function firstOf(uses: readonly Use[], delivered: number | null): number | null {
  const start = delivered === null ? -Infinity : delivered - SKEW_TOLERANCE
  return uses.find(({ at }) => at !== null && at >= start)?.at ?? null
}

interface Opener {
  readonly user: EntityRef | null
  /** Undefined: all uses of the relation. */
  readonly uses?: readonly Use[]
}
interface UsedLink {
  readonly clicks: readonly Step[]
  readonly opened: readonly (Opener & { readonly step: Step })[]
  readonly saved: readonly Step[]
}

interface Found {
  readonly step: Step
  readonly isShared: boolean
  readonly isSure: boolean
}

function followFiles(steps: Steps, found: readonly Found[], add: Add): void {
  const seen = new Set<string>()
  const queue = [...found]
  for (let next = queue.shift(); next !== undefined && seen.size < MAX_FILES; next = queue.shift()) {
    const { step, isShared, isSure } = next
    if (seen.has(step.other.id)) continue
    seen.add(step.other.id)
    const file = Number(step.other.id)
    const place = steps.from(file, 'located-on')[0]?.other ?? null
    add(step, { kind: 'saved', user: null, endpoint: place, isShared, isSure, url: null })
    for (const inner of steps.from(file, 'extracted-to'))
      queue.push({ step: inner, isShared, isSure: isSure && isSureStep(inner) })
    for (const run of steps.from(file, 'executed-as')) {
      const process = Number(run.other.id)
      const user = steps.from(process, 'ran-as')[0]?.other ?? null
      const endpoint = steps.from(process, 'ran-on')[0]?.other ?? place
      add(run, { kind: 'executed', user, endpoint, isShared, isSure: isSure && isSureStep(run), url: null })
    }
  }
}

import type { EntityRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'
import type { Step, Steps } from './trace-relations.ts'

/** Something a person or a machine did with a message: a link opened, a file saved, a file run. */
export interface Touch {
  readonly kind: 'opened' | 'saved' | 'executed'
  readonly at: number | null
  readonly user: EntityRef | null
  readonly endpoint: EntityRef | null
  /** The link or attachment stands in other messages too: what followed may belong to one of those. */
  readonly isShared: boolean
}

const urlsOf = `SELECT DISTINCT u.entity_id AS entity, EXISTS (SELECT 1 FROM message_url o JOIN message n ON n.id = o.message
  WHERE o.url_id = u.id AND n.entity_id IS NOT m.entity_id) AS shared FROM message m JOIN message_url l ON l.message = m.id JOIN url u ON u.id = l.url_id
  WHERE m.entity_id = ? AND u.entity_id IS NOT NULL`
const attachmentsOf = `SELECT DISTINCT a.entity_id AS entity, EXISTS (SELECT 1 FROM attachment o JOIN message n ON n.id = o.message
  WHERE (o.sha256 = a.sha256 OR o.sha1 = a.sha1) AND n.entity_id IS NOT m.entity_id) AS shared FROM message m JOIN attachment a ON a.message = m.id
  WHERE m.entity_id = ? AND a.entity_id IS NOT NULL`

/** A file in an archive in an archive: beyond this the trace stops (the attack is a crafted cycle of extractions). */
const MAX_FILES = 200

/** The link or attachment a trace started from. */
interface Origin {
  readonly entity: number
  readonly shared: 0 | 1
}

/** Finds what was done with messages; its statements are prepared once for many messages. */
export class Touches {
  readonly #steps: Steps
  readonly #urls
  readonly #attachments
  constructor(db: ReadStore, steps: Steps) {
    this.#steps = steps
    this.#urls = db.prepare(urlsOf)
    this.#attachments = db.prepare(attachmentsOf)
  }

  /** All touches of a message since `delivered`, over its links and its attachments. */
  of(message: number, delivered: number | null): Touch[] {
    const steps = this.#steps
    const touches: Touch[] = []
    // A touch counts when its time is unknown or after the delivery; one known only from before belongs to another message.
    const add = (step: Step, touch: Omit<Touch, 'at'>): void => {
      const at = steps.firstUse(step, delivered)
      if (at !== null || step.first === null) touches.push({ ...touch, at })
    }
    const files: Found[] = []
    for (const { entity, shared } of this.#urls.all(message) as Origin[]) {
      const isShared = shared === 1
      for (const step of steps.from(entity, 'clicked-by'))
        add(step, { kind: 'opened', user: step.other, endpoint: null, isShared })
      for (const step of steps.from(entity, 'opened-on'))
        add(step, { kind: 'opened', user: null, endpoint: step.other, isShared })
      for (const step of steps.from(entity, 'downloaded-to')) files.push({ step, isShared })
    }
    for (const { entity, shared } of this.#attachments.all(message) as Origin[]) {
      for (const step of steps.from(entity, 'saved-as')) files.push({ step, isShared: shared === 1 })
    }
    followFiles(steps, files, add)
    return touches
  }
}

interface Found {
  readonly step: Step
  readonly isShared: boolean
}

function followFiles(
  steps: Steps,
  found: readonly Found[],
  add: (step: Step, touch: Omit<Touch, 'at'>) => void,
): void {
  const seen = new Set<string>()
  const queue = [...found]
  for (let next = queue.shift(); next !== undefined && seen.size < MAX_FILES; next = queue.shift()) {
    const { step, isShared } = next
    if (seen.has(step.other.id)) continue
    seen.add(step.other.id)
    const file = Number(step.other.id)
    const place = steps.from(file, 'located-on')[0]?.other ?? null
    add(step, { kind: 'saved', user: null, endpoint: place, isShared })
    for (const inner of steps.from(file, 'extracted-to')) queue.push({ step: inner, isShared })
    for (const run of steps.from(file, 'executed-as')) {
      const process = Number(run.other.id)
      const user = steps.from(process, 'ran-as')[0]?.other ?? null
      const endpoint = steps.from(process, 'ran-on')[0]?.other ?? place
      add(run, { kind: 'executed', user, endpoint, isShared })
    }
  }
}

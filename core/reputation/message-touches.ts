import type { EntityRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'
import type { Step, Steps } from './trace-relations.ts'

/** Something a person or a machine did with a message: a link opened, a file saved, a file run. */
export interface Touch {
  readonly kind: 'opened' | 'saved' | 'executed'
  readonly at: number | null
  readonly user: EntityRef | null
  readonly endpoint: EntityRef | null
}

const urlsOf = `SELECT DISTINCT u.entity_id FROM message m JOIN message_url l ON l.message = m.id JOIN url u ON u.id = l.url_id
  WHERE m.entity_id = ? AND u.entity_id IS NOT NULL`
const attachmentsOf = `SELECT DISTINCT a.entity_id FROM message m JOIN attachment a ON a.message = m.id
  WHERE m.entity_id = ? AND a.entity_id IS NOT NULL`

/** A file in an archive in an archive: beyond this the trace stops (the attack is a crafted cycle of extractions). */
const MAX_FILES = 200

/** All touches of a message since `delivered`, over its links and its attachments. */
export function findTouches(db: ReadStore, steps: Steps, message: number, delivered: number | null): Touch[] {
  const touches: Touch[] = []
  const files: Step[] = []
  for (const url of db.prepare(urlsOf).pluck().all(message) as number[]) {
    for (const step of steps.from(url, 'clicked-by')) push(touches, 'opened', steps.firstUse(step, delivered), step, step.other, null)
    for (const step of steps.from(url, 'opened-on')) push(touches, 'opened', steps.firstUse(step, delivered), step, null, step.other)
    files.push(...steps.from(url, 'downloaded-to'))
  }
  for (const attachment of db.prepare(attachmentsOf).pluck().all(message) as number[]) {
    files.push(...steps.from(attachment, 'saved-as'))
  }
  followFiles(steps, files, delivered, touches)
  return touches
}

/** A touch counts when its time is unknown or after the delivery; one known only from before belongs to another message. */
function push(
  touches: Touch[],
  kind: Touch['kind'],
  at: number | null,
  step: Step,
  user: EntityRef | null,
  endpoint: EntityRef | null,
): void {
  if (at !== null || step.first === null) touches.push({ kind, at, user, endpoint })
}

function followFiles(steps: Steps, found: readonly Step[], delivered: number | null, touches: Touch[]): void {
  const seen = new Set<string>()
  const queue = [...found]
  for (let step = queue.shift(); step !== undefined && seen.size < MAX_FILES; step = queue.shift()) {
    if (seen.has(step.other.id)) continue
    seen.add(step.other.id)
    const file = Number(step.other.id)
    const place = steps.from(file, 'located-on')[0]?.other ?? null
    push(touches, 'saved', steps.firstUse(step, delivered), step, null, place)
    queue.push(...steps.from(file, 'extracted-to'))
    for (const run of steps.from(file, 'executed-as')) {
      const process = Number(run.other.id)
      const user = steps.from(process, 'ran-as')[0]?.other ?? null
      const endpoint = steps.from(process, 'ran-on')[0]?.other ?? place
      push(touches, 'executed', steps.firstUse(run, delivered), run, user, endpoint)
    }
  }
}

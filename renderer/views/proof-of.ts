import type { Proof } from '../../core/contract/nouns/story.ts'
import type { Inspected } from '../stores/inspector.ts'

/** What of the proofs of a statement says most: the relation with its reason, else a detection, else the event itself. */
export function proofOf({ proof }: { readonly proof: Proof }): Inspected | null {
  const { relations, detections, events } = proof
  if (relations[0] !== undefined) return { kind: 'relation', id: relations[0] }
  if (detections[0] !== undefined) return { kind: 'detection', id: detections[0] }
  return events[0] === undefined ? null : { kind: 'event', id: events[0] }
}

import { z } from 'zod'
import { query } from '../define.ts'
import { Count, EntityRef, Id, Nothing } from '../shapes.ts'

/** A clock that is off, as things which another machine recorded as well show. Recorded times are never changed. */
export const ClockOffset = z.object({
  /** Null: an evidence file that names no endpoint. */
  endpoint: EntityRef.nullable(),
  evidence: z.object({ id: Id, name: z.string() }).nullable(),
  /** Evidence that only it recorded, as far as a look at each item tells. */
  recorded: z.array(Id),
  /** Ahead of the clocks that agree; below zero: behind. */
  aheadSeconds: z.number(),
  confidence: z.number(),
  /** Things recorded twice that agree on it, and those that do not. */
  support: Count,
  against: Count,
  /** Other clocks it was compared with. */
  compared: Count,
  /** Records of the same thing, a few of them: its own event and the other clock's. */
  proof: z.array(z.object({ own: Id, other: Id })),
})
export type ClockOffset = z.infer<typeof ClockOffset>

export const clockMethods = {
  /** Clocks that are off, the farthest first, and how many were compared. Paths and chains are ordered by the right time. */
  'clock.list': query(Nothing, z.object({ compared: Count, offsets: z.array(ClockOffset) })),
} as const

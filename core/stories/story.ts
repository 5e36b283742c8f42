import { isAffectedRole, type StoryReason } from '../contract/nouns/story.ts'
import type { EntityKind } from '../model/relation.ts'
import type { Origin } from './independent-sources.ts'
import type { Seed } from './seed.ts'

/** What somebody has to do with a story. */
export type Role =
  | 'clicked'
  | 'ran'
  | 'credentials'
  | 'account-used'
  | 'detected'
  | 'opened'
  | 'held'
  | 'reached'
  | 'source'
  | 'changed'
  | 'recipient'
  | 'tried'
  | 'contacted'
  | 'part'

/** Somebody or something of a story (a node), with what ties it to it. Times in microseconds. */
export interface Part {
  readonly node: number
  readonly kind: EntityKind
  readonly roles: Set<Role>
  first: number | null
  last: number | null
  /** Relations of the network. */
  readonly relations: Set<number>
  /** Row ids. */
  readonly detections: Set<number>
}

/** One story as it was found; nodes and relations are those of the packed network. */
export interface Story {
  readonly id: string
  readonly seeds: readonly Seed[]
  readonly relations: readonly number[]
  readonly things: ReadonlySet<number>
  /** Everybody and everything, by node. */
  readonly parts: ReadonlyMap<number, Part>
  readonly users: readonly Part[]
  readonly endpoints: readonly Part[]
  /** Users at whom passwords were tried or of whom tickets were taken to crack, and nothing more. */
  readonly tried: readonly Part[]
  readonly messages: readonly number[]
  /** When logons that led on did so, by relation; microseconds. */
  readonly usedAt: ReadonlyMap<number, number>
  readonly firstObserved: { readonly node: number; readonly at: number | null } | null
  readonly startAt: number | null
  readonly endAt: number | null
  /** Independent ones that prove its steps. */
  readonly sources: readonly Origin[]
  readonly score: number
  readonly reasons: readonly StoryReason[]
}

export const isAffected = (part: Part): boolean => [...part.roles].some(isAffectedRole)

/** Roles that are likely and not shown. */
export const isCandidatePart = (part: Part): boolean =>
  [...part.roles].every((role) => role === 'account-used' || role === 'reached' || role === 'recipient')

import { z } from 'zod'
import { ALIAS_KINDS, ENTITY_KINDS, RELATION_KINDS, type RelationKind } from '../model/relation.ts'
import { PATTERN_SCOPES, RISK_LEVELS } from '../model/verdict.ts'

/** Shapes shared by several nouns. Ids are decimal strings; times are ISO-8601 UTC strings with microseconds. */
export const Id = z.string().regex(/^\d{1,19}$/)
export const IsoTime = z.string()
export const Nothing = z.strictObject({})
export const Count = z.number().int().nonnegative()

export const EntityKindShape = z.enum(ENTITY_KINDS)
export const AliasKindShape = z.enum(ALIAS_KINDS)
export const RelationKindShape = z.enum(RELATION_KINDS as [RelationKind, ...RelationKind[]])
export const RiskLevelShape = z.enum(RISK_LEVELS)
export const PatternScopeShape = z.enum(PATTERN_SCOPES)

export const EntityRef = z.object({ id: Id, kind: EntityKindShape, name: z.string() })
export type EntityRef = z.infer<typeof EntityRef>

/** A message key with its parameters; the reader's language decides the words. */
export const TextRef = z.object({
  key: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type TextRef = z.infer<typeof TextRef>

/** Where a fact comes from: record `record` of evidence `evidenceId`; `locator` is readable. */
export const Source = z.object({ evidenceId: Id, record: Count, locator: z.string() })
export type Source = z.infer<typeof Source>

/** Cursor paging: `cursor` is the `next` of the page before; `limit` at most 10,000 (CLI.md). */
export const PageInput = z.object({
  limit: z.number().int().min(1).max(10_000).default(100),
  cursor: z.string().max(500).nullish(),
})
export const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), next: z.string().nullable(), total: Count.nullable() })

export interface Page<T> {
  rows: T[]
  next: string | null
  total: number | null
}

import { toPattern } from '../../../core/reputation/pattern.ts'
import { PolicySchema, type Policy } from '../../../core/reputation/policy-document.ts'
import { Shelf, type ShelfEntry, type ShelfPack } from '../../../core/reputation/shelf.ts'
import type { PatternScope, RiskLevel } from '../../../core/model/verdict.ts'
import { parseUrl, type NormalUrl } from '../../../core/normalise/url.ts'

export const DAY = 86_400_000_000

export function aUrl(text: string): NormalUrl {
  const url = parseUrl(text)
  if (url === undefined) throw new Error(`not a URL: ${text}`)
  return url
}

export interface EntryDraft {
  readonly scope: PatternScope
  readonly pattern: string
  readonly level?: RiskLevel
  readonly pack?: number
  readonly expiresAt?: number
}

export function anEntry(draft: EntryDraft): ShelfEntry {
  const pattern = toPattern(draft.scope, draft.pattern)
  if (pattern === undefined) throw new Error(`not a pattern: ${draft.pattern}`)
  return {
    ...pattern,
    text: draft.pattern,
    level: draft.level ?? 'dangerous',
    pack: draft.pack ?? 0,
    expiresAt: draft.expiresAt ?? null,
  }
}

export const aPack = (id: number, name: string, createdAt: number): ShelfPack => ({
  id,
  name,
  version: `v${id}`,
  createdAt,
})

/** A shelf of one pack created at day 1. */
export const aShelf = (...entries: readonly EntryDraft[]): Shelf =>
  new Shelf([aPack(1, 'one', DAY)], entries.map(anEntry))

export const aPolicy = (overrides: Readonly<Record<string, unknown>> = {}): Policy =>
  PolicySchema.parse({
    schema: 1,
    name: 'test',
    service: 'exchange-online',
    securityLevel: 'medium',
    actions: { matched: 'quarantine' },
    ...overrides,
  })

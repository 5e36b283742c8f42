import type { StoryStep } from '../contract/nouns/story.ts'
import type { EntityRef, Page } from '../contract/shapes.ts'
import type { AttackOf } from '../graph/attack-of.ts'
import { relationsById } from '../graph/path-rows.ts'
import { RecordedTimes } from '../graph/recorded-times.ts'
import { toRelationRows } from '../graph/relation-rows.ts'
import { findDetection } from '../graph/detection-rows.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { timeOf } from './claims.ts'
import { byTime, relationsByContent } from './content-order.ts'
import { detectionsOf } from './source-counts.ts'
import type { CaseStories } from './story-cache.ts'
import type { Story } from './story.ts'

const detected = `SELECT d.id, d.first_at AS at FROM detection d JOIN entity e ON e.id = d.subject_id
  WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY d.rule, d.what, e.key, d.first_at, d.id`

/** Steps of a story in the order of time, undated ones last. @param after steps that were shown before */
export function timelineOf(
  db: ReadStore,
  { network, facts }: CaseStories,
  story: Story,
  attackOf: AttackOf,
  input: { readonly keyOnly: boolean; readonly limit: number; readonly after: number },
): Page<StoryStep> {
  const key = new Set(story.seeds.map((seed) => seed.relation))
  const steps = [
    ...story.relations
      .filter((relation) => !input.keyOnly || key.has(relation))
      .sort(relationsByContent(network, facts))
      .map((relation) => ({ at: timeOf(network, story, relation), relation, detection: -1 })),
    ...(
      db.prepare(detected).all(JSON.stringify(detectionsOf(story.seeds))) as {
        id: number
        at: number | null
      }[]
    ).map(({ id, at }) => ({ at, relation: -1, detection: id })),
  ].sort((a, b) => byTime(a.at, b.at))
  const shown = steps.slice(input.after, input.after + input.limit)
  const ids = shown.filter((step) => step.relation >= 0).map((step) => network.ids[step.relation] ?? 0)
  const rows = new Map(toRelationRows(db, relationsById(db, ids)).map((row) => [Number(row.id), row]))
  const clocks = new RecordedTimes(db, ids)
  return {
    rows: shown.flatMap((step): StoryStep[] => {
      if (step.relation < 0) {
        const at = toIsoOrNull(step.at)
        const row = findDetection(db, step.detection, attackOf)
        if (!row) return []
        const other: EntityRef | null = row.involved[0] ?? null
        const { rule, reason, confidence, events, title } = row
        const ends = { from: row.subject, to: other }
        return [
          {
            at,
            clock: null,
            relation: null,
            detection: row.id,
            text: title,
            ...ends,
            isKey: true,
            confidence,
            rule,
            reason,
            events,
          },
        ]
      }
      const row = rows.get(network.ids[step.relation] ?? 0)
      if (!row) return []
      const { at, clock } = clocks.of(Number(row.id), step.at)
      return [
        {
          at: toIsoOrNull(at),
          clock,
          relation: row.id,
          detection: null,
          text: { key: `relation.kind.${row.kind}`, params: {} },
          from: row.from,
          to: row.to,
          isKey: key.has(step.relation),
          confidence: row.confidence,
          rule: row.rule,
          reason: row.reason,
          events: row.events,
        },
      ]
    }),
    next: input.after + input.limit < steps.length ? String(input.after + input.limit) : null,
    total: steps.length,
  }
}

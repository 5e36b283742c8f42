import type { Asset } from '../contract/nouns/story.ts'
import type { Page } from '../contract/shapes.ts'
import { toIsoOrNull } from '../store/time.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Proofs } from './proof.ts'
import type { CaseStories } from './story-cache.ts'
import { isCandidatePart, type Part, type Role, type Story } from './story.ts'

/**
 * A page of everybody and everything of a story, affected ones first.
 * @param after how many come before the page
 * @param rate ratings of entities by their row ids
 */
export async function assetPage(
  { facts }: CaseStories,
  proofs: Proofs,
  story: Story,
  { limit, after }: { readonly limit: number; readonly after: number },
  rate: (ids: readonly number[]) => Promise<ReadonlyMap<number, Asset['rating']>>,
): Promise<Page<Asset>> {
  const order = assetOrder(facts, story)
  const shown = order.slice(after, after + limit)
  const ratings = await rate(shown.map(({ node }) => facts.of(node).id))
  return {
    rows: shown.map((part) => {
      const { id, kind, name } = facts.of(part.node)
      return {
        entity: { id: String(id), kind, name },
        roles: ROLE_ORDER.filter((role) => part.roles.has(role)),
        firstAt: toIsoOrNull(part.first),
        lastAt: toIsoOrNull(part.last),
        rating: ratings.get(id) ?? 'unrated',
        isCandidate: isCandidatePart(part),
        proof: proofs.of(
          [...part.relations].sort((a, b) => a - b),
          part.detections,
        ),
      }
    }),
    next: after + limit < order.length ? String(after + limit) : null,
    total: order.length,
  }
}

const ROLE_ORDER: readonly Role[] = [
  ...([
    'clicked',
    'ran',
    'credentials',
    'account-used',
    'detected',
    'opened',
    'held',
    'reached',
    'source',
  ] as const),
  ...(['changed', 'tried', 'recipient', 'contacted', 'part'] as const),
]
const KIND_ORDER = [
  'message',
  'attachment',
  'url',
  'file',
  'process',
  'service',
  'scheduled-task',
  'registry-key',
]

/** Kept: they are asked for page by page. */
const orders = new WeakMap<Story, readonly Part[]>()

/** Affected ones first, then those that were tried, then things by their kind; each of them by when it was touched. */
function assetOrder(facts: EntityFacts, story: Story): readonly Part[] {
  const known = orders.get(story)
  if (known) return known
  const { parts, users, endpoints, tried } = story
  const ranks = new Map<Part, number>()
  for (const part of parts.values()) {
    const kind = KIND_ORDER.indexOf(part.kind)
    ranks.set(part, kind >= 0 ? 3 + kind : 20)
  }
  for (const [rank, group] of [tried, endpoints, users].entries())
    for (const part of group) ranks.set(part, 2 - rank)
  const order = [...parts.values()].sort(
    (a, b) =>
      ranks.get(a)! - ranks.get(b)! ||
      (a.first ?? Infinity) - (b.first ?? Infinity) ||
      facts.inOrder(a.node, b.node),
  )
  orders.set(story, order)
  return order
}

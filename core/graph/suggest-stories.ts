import type { ReplyOf } from '../contract/types.ts'
import type { Ask } from '../jobs/handlers.ts'

/** A candidate that begins at a first foothold: no mail leads into it. */
const NO_MAIL = { key: 'suggest.no_mail', params: {} }

/**
 * What can be proposed where no mail explains an intrusion: the best path of each of the best stories, which begins where the
 * story was first seen.
 */
export async function suggestStories(ask: Ask, limit: number): Promise<ReplyOf<'path.suggest'>> {
  const found: ReplyOf<'path.suggest'> = []
  const { rows } = await ask('story.list', { limit })
  for (const { id, score } of rows) {
    const { paths } = await ask('story.get', { id, alternatives: 1 })
    const [path] = paths
    const from = path?.hops[0]?.from
    const to = path?.hops.at(-1)?.to
    if (!path || !from || !to) continue
    found.push({ from, to, score: path.confidence * (score / 100), reasons: [NO_MAIL], path })
  }
  return found
}

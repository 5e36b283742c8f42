import type { ReplyOf } from '../contract/types.ts'
import type { Ask } from '../jobs/handlers.ts'
import type { RiskLevel } from '../model/verdict.ts'
import { reasonsOfEffects, reasonsOfMail } from './suggest.ts'

/** A candidate that begins at a first foothold: no mail leads into it. */
const NO_MAIL = { key: 'suggest.no_mail', params: {} }

/**
 * What can be proposed where no mail leads to an effect on endpoints: the best path of each of the best stories. It begins with the mail
 * of the story, where that has one that was opened and led no further, else where the story was first seen.
 * @param riskOf level known now of the links of a message (entity id)
 */
export async function suggestStories(
  ask: Ask,
  riskOf: (message: number) => RiskLevel | null,
  limit: number,
): Promise<ReplyOf<'path.suggest'>> {
  const found: ReplyOf<'path.suggest'> = []
  const { rows } = await ask('story.list', { limit })
  for (const { id, score, emailVector } of rows) {
    const { paths } = await ask('story.get', { id, alternatives: 1 })
    const [path] = paths
    const from = path?.hops[0]?.from
    const to = path?.hops.at(-1)?.to
    if (!path || !from || !to) continue
    const kinds = new Set(path.hops.map((hop) => hop.relation))
    const reasons = [
      ...(emailVector === null ? [NO_MAIL] : reasonsOfMail(kinds, riskOf(Number(from.id)))),
      ...reasonsOfEffects(kinds),
    ]
    found.push({ from, to, score: path.confidence * (score / 100), reasons, path })
  }
  return found
}

import type { Asset, StoryRow } from '../contract/nouns/story.ts'
import type { Ask } from '../jobs/handlers.ts'

/** Parts of a finding read at once, and how often: a story of a whole campaign has tens of thousands. */
const PAGE = 1000
const MAX_PAGES = 10

/** A finding below half a point is printed with the weight 0 of 100: a first sign-in from abroad makes nobody affected. */
const MIN_SCORE = 0.5
export const isWeighty = ({ score }: Pick<StoryRow, 'score'>): boolean => score >= MIN_SCORE

/** Everybody and everything of a finding, affected ones first. */
export async function assetsOfFinding(ask: Ask, id: string): Promise<readonly Asset[]> {
  const assets: Asset[] = []
  let cursor: string | null = null
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer: { rows: Asset[]; next: string | null } = await ask('story.assets', {
      id,
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    })
    assets.push(...answer.rows)
    cursor = answer.next
    if (cursor === null) break
  }
  return assets
}

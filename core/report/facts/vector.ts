import type { MessageDetail } from '../../contract/nouns/mail.ts'
import type { ReportContext } from '../context.ts'
import { entitiesOfKind, findStory } from './story.ts'

/**
 * The message that is the candidate email vector: the first one on the path, else the riskiest one that somebody
 * touched; undefined in a case without such mail.
 */
export async function findVector(context: ReportContext): Promise<MessageDetail | undefined> {
  const story = await findStory(context)
  const onPath = story && entitiesOfKind(story.path, 'message')[0]
  if (onPath) return context.ask('mail.get', { id: onPath.id })
  const touched = await context.ask('mail.list', { touchedOnly: true, order: 'risk', limit: 1 })
  const [riskiest] = touched.rows
  return riskiest && context.ask('mail.get', { id: riskiest.id })
}

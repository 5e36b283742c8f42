import type { MessageDetail } from '../../contract/nouns/mail.ts'
import type { ReportContext } from '../context.ts'
import type { Source } from '../../contract/shapes.ts'
import { onePerItem, proofsOfHop } from './citations.ts'
import { entitiesOfKind, findStory, hopsAt } from './story.ts'

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

/** One record of the message per evidence item: that of a recipient on the path where there is one. */
export async function sourcesOfVector(
  context: ReportContext,
  message: MessageDetail,
): Promise<readonly Source[]> {
  const story = await findStory(context)
  const hops = story ? hopsAt(story.path, message.id) : []
  const proofs = await Promise.all(hops.map((hop) => proofsOfHop(context, hop)))
  const own = new Set(message.sources.map((source) => `${source.evidenceId}:${source.record}`))
  const onPath = proofs
    .flatMap((proof) => proof.sources)
    .filter((source) => own.has(`${source.evidenceId}:${source.record}`))
  return onePerItem([...onPath, ...message.sources])
}

import type { MessageDetail } from '../../contract/nouns/mail.ts'
import type { ReportContext } from '../context.ts'
import type { Source } from '../../contract/shapes.ts'
import { onePerItem, proofsOfHop } from './citations.ts'
import { isPerhapsByMail, weightyFindings } from './findings.ts'
import { entitiesOfKind, findStory, hopsAt } from './story.ts'

/** The message that may have been the way in, and who says so. */
export interface Vector {
  readonly message: MessageDetail
  /** The finding that it leads into, by its number in the report; null: the told path alone says so. */
  readonly finding: number | null
  /** Its finding says itself that it may have come by it: no record ties it firmly to what followed. */
  readonly isPerhaps: boolean
}

/**
 * The message that is the candidate email vector: the first one on the told path, else that of the heaviest finding that names one
 * by more than a name. Undefined where no finding says that a mail led in: mail that was merely opened is no way in.
 */
export async function findVector(context: ReportContext): Promise<Vector | undefined> {
  const findings = await weightyFindings(context)
  const story = await findStory(context)
  const onPath = story && entitiesOfKind(story.path, 'message')[0]
  if (onPath) {
    const own = findings.filter(({ finding }) => finding.emailVector?.message.id === onPath.id)
    return {
      message: await context.ask('mail.get', { id: onPath.id }),
      finding: own[0]?.number ?? story.finding,
      isPerhaps: own.length > 0 && own.every(({ finding }) => isPerhapsByMail(finding)),
    }
  }
  const naming = findings.find(({ finding }) => finding.emailVector !== null && !isPerhapsByMail(finding))
  const named = naming?.finding.emailVector
  if (naming === undefined || !named) return undefined
  return {
    message: await context.ask('mail.get', { id: named.message.id }),
    finding: naming.number,
    isPerhaps: false,
  }
}

/** A copy in a mailbox, or its release, is this sure; a name among the recipients is less (rules mail.message, mail.released). */
const RECEIVED = 0.95
/** Deliveries of one message looked at. */
const MAX_DELIVERIES = 300

/** Whether a record says that the message arrived; else its times are those that it states itself. */
export async function hasArrived({ ask }: ReportContext, message: MessageDetail): Promise<boolean> {
  if (message.deliveredAt !== null) return true
  const { rows } = await ask('relation.list', {
    entityId: message.id,
    kind: 'delivered-to',
    limit: MAX_DELIVERIES,
  })
  return rows.some(({ confidence }) => confidence >= RECEIVED)
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

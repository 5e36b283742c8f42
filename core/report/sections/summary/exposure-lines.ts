import type { ReportContext } from '../../context.ts'
import type { Line } from '../../document.ts'
import { printedName } from '../../entity-text.ts'
import { citeSources } from '../../facts/citations.ts'
import { findLastRetro } from '../../facts/retro.ts'
import { entitiesOfKind, findStory } from '../../facts/story.ts'
import { findVector, sourcesOfVector } from '../../facts/vector.ts'

/** Who else: other recipients of the vector, and what the retro scan turned. */
export async function exposureLines(context: ReportContext): Promise<readonly Line[]> {
  const { words } = context
  const [vector, story, retro] = await Promise.all([
    findVector(context),
    findStory(context),
    findLastRetro(context),
  ])
  const lines: Line[] = []
  const victim = story && entitiesOfKind(story.path, 'user')[0]
  const message = vector?.message
  if (message && victim && message.recipients.length > 1) {
    const others = message.recipients.filter((recipient) => recipient.user?.id !== victim.id).length
    if (others > 0)
      lines.push([
        words('others', { name: printedName(victim), count: others }),
        ...citeSources(
          context,
          (await sourcesOfVector(context, message)).slice(0, 3),
          message.sources.length,
        ),
      ])
  }
  if (retro) {
    const messages = [...new Set(retro.newlyMatching.map((row) => row.message.id))].slice(0, 3)
    const details = await Promise.all(messages.map((id) => context.ask('mail.get', { id })))
    const sources = details.flatMap((message) => message.sources.slice(0, 1))
    lines.push([
      words('retro', {
        count: retro.counts.turned,
        exposed: retro.exposure.filter(({ isRecipient }) => isRecipient).length,
      }),
      ...citeSources(context, sources),
    ])
  }
  return lines
}

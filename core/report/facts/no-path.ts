import type { ReportContext } from '../context.ts'
import type { Words } from '../document.ts'
import { printedName } from '../entity-text.ts'
import { shared } from '../words.ts'

/**
 * Why no path is told, where the analyst named an end of it: none leads between the two, or none of those proposed begins or ends there,
 * which says nothing of the others. Undefined: no end was named.
 */
export async function noPathOfEnds(context: ReportContext): Promise<Words | undefined> {
  const [from, to] = await Promise.all(
    [context.settings.from, context.settings.to].map(async (end) =>
      end == null ? null : printedName(await context.ask('entity.get', { id: end })),
    ),
  )
  if (from != null && to != null) return shared('noPathBetween', { from, to })
  if (from != null) return shared('noPathFrom', { from })
  return to == null ? undefined : shared('noPathTo', { to })
}

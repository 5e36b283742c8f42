import type { RetroRun } from '../../contract/nouns/reputation.ts'
import type { ReportContext } from '../context.ts'

/** The newest retro scan of the case. */
export async function findLastRetro(context: ReportContext): Promise<RetroRun | undefined> {
  const runs = await context.ask('retro.list', {})
  const [last] = [...runs].sort((a, b) =>
    a.at === b.at ? Number(b.id) - Number(a.id) : a.at < b.at ? 1 : -1,
  )
  return last && context.ask('retro.get', { id: last.id })
}

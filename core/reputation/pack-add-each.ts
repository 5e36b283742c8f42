import { WorkbenchError } from '../model/errors.ts'
import type { FeedFiles } from './feed-folder.ts'

/** What is wrong with one pack says nothing of the next; anything else (a full disk, a cancel) ends the work. */
const OF_ONE_PACK = /^(?:pack|evidence|limit|file)\./

/**
 * Adds every pack that can be added: one that is refused keeps no other out.
 * @throws WorkbenchError the first refusal, when there is any: of several packs with `added`, how many were, and `refused`, each that was
 * not as `name: code`
 */
export async function addEach<T>(
  given: readonly (string | FeedFiles)[],
  add: (one: string | FeedFiles) => Promise<T>,
): Promise<T[]> {
  const added: T[] = []
  const refused: WorkbenchError[] = []
  for (const one of given) {
    try {
      added.push(await add(one))
    } catch (thrown) {
      if (!(thrown instanceof WorkbenchError) || !OF_ONE_PACK.test(thrown.code)) throw thrown
      refused.push(thrown)
    }
  }
  const [first] = refused
  if (first === undefined) return added
  if (given.length === 1) throw first
  const told = refused.map(({ code, params }) => `${String(params['file'] ?? params['name'] ?? '')}: ${code}`)
  throw new WorkbenchError(
    first.code,
    { ...first.params, added: added.length, refused: told },
    { cause: first },
  )
}

import { toPlainError, type PlainError } from '../../core/model/errors.ts'
import { getClient } from './client.ts'

/** A panel that is drawn to another width changes sixty times a second; the last width is kept. */
const REST_MS = 300

const kept = new Map<string, unknown>()
const waiting = new Map<string, ReturnType<typeof setTimeout>>()
let tell: ((error: PlainError) => void) | undefined

/**
 * Fetches what this user has set for themselves; before anything is drawn. The host keeps it for all cases and windows, because in
 * browser mode every start is another origin and the browser forgets. Where the host keeps nothing, the page's own storage does.
 * @param onFailure a preference could not be kept
 */
export async function loadPreferences(onFailure: (error: PlainError) => void): Promise<void> {
  tell = onFailure
  try {
    for (const [key, value] of Object.entries(await getClient().call('preference.list', {})))
      kept.set(key, value)
  } catch (thrown) {
    // Looks are no reason not to start; whatever is wrong will be said by the first real question.
    console.warn('preferences', toPlainError(thrown).code)
  }
}

/** What was kept under a name, undefined without: from a file that anybody may have edited, so the caller checks it. */
export function readPreference(key: string): unknown {
  if (kept.has(key)) return kept.get(key)
  const text = localStorage.getItem(`redthread.${key}`)
  if (text === null) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return text
  }
}

/** Keeps a preference; null forgets it. */
export function savePreference(key: string, value: unknown): void {
  if (value === null) localStorage.removeItem(`redthread.${key}`)
  else localStorage.setItem(`redthread.${key}`, typeof value === 'string' ? value : JSON.stringify(value))
  const onFailure = tell
  if (!onFailure) return
  if (value === null) kept.delete(key)
  else kept.set(key, value)
  clearTimeout(waiting.get(key))
  waiting.set(
    key,
    setTimeout(() => {
      waiting.delete(key)
      getClient()
        .call('preference.save', { key, value })
        .catch((thrown: unknown) => onFailure(toPlainError(thrown)))
    }, REST_MS),
  )
}

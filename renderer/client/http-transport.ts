import { NOUNS, type EngineEvent, type Reply, type Transport } from '../../core/contract/types.ts'
import { toPlainError } from '../../core/model/errors.ts'
import { MAX_REQUEST_BYTES, sizeParams } from '../../core/model/request-size.ts'
import { readEventStream } from './event-stream.ts'
import { isLinkProblem, linkProblem, setLink, type LinkProblem } from './link.ts'

/** Where the token is kept for this tab. */
export const TOKEN_KEY = 'redthread.token'
const RECONNECT_MS = 1500
/** A stream that lasted longer than this did not fail by itself. */
const REST_MS = 3000

/**
 * Takes the token out of the address (`#token=...`), keeps it for this tab and cleans the address bar at once, so that
 * it stands in no history and on no screenshot.
 */
export function takeToken(location: Location, history: History, storage: Storage): string | null {
  const match = /(?:^#|&)token=([^&]+)/u.exec(location.hash)
  if (match?.[1] === undefined) return storage.getItem(TOKEN_KEY)
  const token = decodeURIComponent(match[1])
  storage.setItem(TOKEN_KEY, token)
  history.replaceState(null, '', location.pathname + location.search)
  return token
}

/** Browser mode: JSON calls and one event stream on the loopback server that served this page. */
export function httpTransport(token: string, base = ''): Transport {
  const headers = { Authorization: `Bearer ${token}` }
  const listeners = new Set<(event: EngineEvent) => void>()
  let isStreaming = false

  /** One stream from its opening to its end. @returns whether it was opened */
  async function follow(): Promise<boolean> {
    const response = await fetch(`${base}/api/events`, { headers, cache: 'no-store' }).catch(() => null)
    if (response === null) setLink('host.gone')
    if (response?.status === 401) setLink('host.token')
    if (!response?.ok || !response.body) return false
    const wasGone = linkProblem.value !== null
    setLink(null)
    // What was asked meanwhile failed, and what changed was not told: everything is asked again.
    if (wasGone) for (const listener of listeners) listener({ type: 'store.changed', nouns: NOUNS })
    try {
      for await (const event of readEventStream(response.body))
        for (const listener of listeners) listener(event)
    } catch (thrown) {
      console.warn('events', toPlainError(thrown).params.name)
    }
    return true
  }
  async function stream(): Promise<void> {
    isStreaming = true
    while (listeners.size > 0) {
      const begunAt = performance.now()
      const wasOpen = await follow()
      // A stream that lasted is opened again at once: only then it is known whether anybody is there.
      if (!wasOpen || performance.now() - begunAt < REST_MS)
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS))
    }
    isStreaming = false
  }

  return {
    async call(method, input): Promise<Reply> {
      const body = JSON.stringify(input ?? {})
      const { size } = new Blob([body])
      // A server that refuses breaks the connection off, which would look like one that is gone.
      if (size > MAX_REQUEST_BYTES)
        return { ok: false, error: { code: 'request.too_large', params: sizeParams(size) } }
      try {
        const response = await fetch(`${base}/api/${encodeURIComponent(method)}`, {
          method: 'POST',
          headers: { ...headers, 'Content-Type': 'application/json' },
          body,
          cache: 'no-store',
        })
        if (response.status === 401) return lost('host.token')
        if (!response.headers.get('Content-Type')?.startsWith('application/json'))
          return { ok: false, error: { code: 'request.not_permitted', params: { status: response.status } } }
        const reply = (await response.json()) as Reply
        setLink(!reply.ok && isLinkProblem(reply.error.code) ? reply.error.code : null)
        return reply
      } catch (thrown) {
        // Nobody listens any more, or the answer broke off.
        console.warn(method, toPlainError(thrown).params.name)
        return lost('host.gone')
      }
    },
    listen(onEvent) {
      listeners.add(onEvent)
      if (!isStreaming) void stream()
      return () => listeners.delete(onEvent)
    },
  }
}

function lost(code: LinkProblem): Reply {
  setLink(code)
  return { ok: false, error: { code, params: {} } }
}

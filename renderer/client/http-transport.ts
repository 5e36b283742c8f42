import type { EngineEvent, Reply, Transport } from '../../core/contract/types.ts'
import { toPlainError } from '../../core/model/errors.ts'
import { readEventStream } from './event-stream.ts'

/** Where the token is kept for this tab. */
export const TOKEN_KEY = 'redthread.token'
const RECONNECT_MS = 1500

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

  async function stream(): Promise<void> {
    isStreaming = true
    while (listeners.size > 0) {
      try {
        const response = await fetch(`${base}/api/events`, { headers, cache: 'no-store' })
        if (response.ok && response.body) {
          for await (const event of readEventStream(response.body))
            for (const listener of listeners) listener(event)
        }
      } catch (thrown) {
        // The server is gone for a moment (sleep, restart): say so once per try and come back.
        console.warn('events', toPlainError(thrown).params.name)
      }
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS))
    }
    isStreaming = false
  }

  return {
    async call(method, input): Promise<Reply> {
      try {
        const response = await fetch(`${base}/api/${encodeURIComponent(method)}`, {
          method: 'POST',
          headers: { ...headers, 'Content-Type': 'application/json' },
          body: JSON.stringify(input ?? {}),
          cache: 'no-store',
        })
        if (response.headers.get('Content-Type')?.startsWith('application/json'))
          return (await response.json()) as Reply
        return { ok: false, error: { code: 'request.not_permitted', params: { status: response.status } } }
      } catch (thrown) {
        return { ok: false, error: toPlainError(thrown) }
      }
    },
    listen(onEvent) {
      listeners.add(onEvent)
      if (!isStreaming) void stream()
      return () => listeners.delete(onEvent)
    },
  }
}

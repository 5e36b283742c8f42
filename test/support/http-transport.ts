import type { EngineEvent, Reply, Transport } from '../../core/contract/types.ts'

/** The contract as a page of browser mode has it: one POST per call and one event stream. */
export async function httpTransport(origin: string, token: string): Promise<Transport & { close(): void }> {
  const headers = { Authorization: `Bearer ${token}` }
  const listeners = new Set<(event: EngineEvent) => void>()
  const abort = new AbortController()
  const stream = await fetch(`${origin}/api/events`, { headers, signal: abort.signal })
  const reading = readEvents(stream, (event) => {
    for (const listener of listeners) listener(event)
  })
  return {
    async call(method, input) {
      const response = await fetch(`${origin}/api/${method}`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
      })
      return (await response.json()) as Reply
    },
    listen(onEvent) {
      listeners.add(onEvent)
      return () => listeners.delete(onEvent)
    },
    close() {
      abort.abort()
      // The stream ends with the abort; that is what was asked for.
      void reading.catch(() => undefined)
    },
  }
}

async function readEvents(response: Response, onEvent: (event: EngineEvent) => void): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks)
      if (block.startsWith('data: ')) onEvent(JSON.parse(block.slice(6)) as EngineEvent)
  }
}

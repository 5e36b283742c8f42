import type { EngineEvent } from '../../core/contract/types.ts'

// A broken server could send one endless line; beyond this the stream is dropped and opened again.
const MAX_EVENT_CHARS = 4_000_000

/** Reads `data:` lines of a server-sent event stream. Comments and other fields are passed over. */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<EngineEvent> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    rest += value
    if (rest.length > MAX_EVENT_CHARS) return
    const blocks = rest.split(/\r?\n\r?\n/u)
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const lines = block.split(/\r?\n/u).filter((line) => line.startsWith('data:'))
      if (lines.length > 0)
        yield JSON.parse(lines.map((line) => line.slice(5).trimStart()).join('\n')) as EngineEvent
    }
  }
}

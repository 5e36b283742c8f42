import type { ServerResponse } from 'node:http'
import type { EngineEvent, Transport } from '../../contract/types.ts'

/** A page that opens streams in a loop would hold a socket each; one window needs one, reconnects overlap. */
export const MAX_STREAMS = 16
/** A reader that stopped reading must not make us keep its backlog; it reconnects and asks again. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024
/** Keeps the connection through proxies and forwarded ports, and finds readers that are gone. */
const HEARTBEAT_MS = 15_000

/** Server-sent events: one line of JSON per engine event. */
export class EventStreams {
  readonly #streams = new Set<ServerResponse>()
  readonly #heartbeat: NodeJS.Timeout
  readonly #stopListening: () => void

  constructor(engine: Transport) {
    this.#stopListening = engine.listen((event) => this.#send(event))
    this.#heartbeat = setInterval(() => this.#write(': still here\n\n'), HEARTBEAT_MS)
    this.#heartbeat.unref()
  }

  /** @returns false when too many streams are open */
  open(response: ServerResponse, headers: Readonly<Record<string, string>>): boolean {
    if (this.#streams.size >= MAX_STREAMS) return false
    response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream; charset=utf-8' })
    response.write('retry: 1000\n\n')
    this.#streams.add(response)
    response.on('close', () => this.#streams.delete(response))
    return true
  }

  close(): void {
    clearInterval(this.#heartbeat)
    this.#stopListening()
    for (const stream of this.#streams) stream.end()
    this.#streams.clear()
  }

  #send(event: EngineEvent): void {
    this.#write(`data: ${JSON.stringify(event)}\n\n`)
  }

  #write(text: string): void {
    for (const stream of this.#streams) {
      if (stream.writableLength > MAX_BACKLOG_BYTES) stream.destroy()
      else stream.write(text)
    }
  }
}

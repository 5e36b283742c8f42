import type { EngineEvent, Reply, Transport } from '../../core/contract/types.ts'
import { isLinkProblem, setLink } from './link.ts'

/** The one object the preload script exposes. */
export interface PreloadBridge {
  call(method: string, input: unknown): Promise<Reply>
  listen(onEvent: (event: EngineEvent) => void): () => void
}

declare global {
  interface Window {
    readonly redthread?: PreloadBridge
  }
}

/** Desktop: what the preload gives is already a transport. An engine that ended stays gone until the program is started again. */
export const desktopTransport = (bridge: PreloadBridge): Transport => ({
  async call(method, input) {
    const reply = await bridge.call(method, input)
    if (!reply.ok && isLinkProblem(reply.error.code)) setLink(reply.error.code)
    return reply
  },
  listen: (onEvent) => bridge.listen(onEvent),
})

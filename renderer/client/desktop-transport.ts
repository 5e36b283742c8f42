import type { EngineEvent, Reply, Transport } from '../../core/contract/types.ts'

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

/** Desktop: what the preload gives is already a transport. */
export const desktopTransport = (bridge: PreloadBridge): Transport => ({
  call: (method, input) => bridge.call(method, input),
  listen: (onEvent) => bridge.listen(onEvent),
})

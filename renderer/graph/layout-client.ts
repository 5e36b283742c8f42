import type { LayoutRequest, Positions } from './layout.ts'

/** Asks the layout worker; the window never waits. A newer question makes an older answer worthless (null). */
export class LayoutClient {
  readonly #worker = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })
  #newest = 0

  compute(request: LayoutRequest): Promise<Positions | null> {
    const id = ++this.#newest
    return new Promise((resolve, reject) => {
      const done = new AbortController()
      const options = { signal: done.signal }
      this.#worker.addEventListener(
        'message',
        (event: MessageEvent<{ id: number; positions: Positions }>) => {
          if (event.data.id !== id) return
          done.abort()
          resolve(id === this.#newest ? event.data.positions : null)
        },
        options,
      )
      this.#worker.addEventListener(
        'error',
        (event) => {
          done.abort()
          reject(new Error(event.message))
        },
        options,
      )
      this.#worker.postMessage({ id, request })
    })
  }
  stop(): void {
    this.#worker.terminate()
  }
}

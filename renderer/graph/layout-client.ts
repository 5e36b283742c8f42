import type { LayoutRequest, Positions } from './layout.ts'

/** Asks the layout worker; the window never waits. A newer question makes an older answer worthless (null). */
export class LayoutClient {
  #worker = this.#start()
  #newest = 0
  #isBusy = false

  #start(): Worker {
    return new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })
  }
  compute(request: LayoutRequest): Promise<Positions | null> {
    // A worker cannot be interrupted: one that still lays out the picture before is of no use.
    if (this.#isBusy) this.#replace()
    const id = ++this.#newest
    this.#isBusy = true
    return new Promise((resolve, reject) => {
      const done = new AbortController()
      const options = { signal: done.signal }
      this.#abandon = () => {
        done.abort()
        resolve(null)
      }
      this.#worker.addEventListener(
        'message',
        (event: MessageEvent<{ id: number; positions: Positions }>) => {
          if (event.data.id !== id) return
          this.#isBusy = false
          done.abort()
          resolve(id === this.#newest ? event.data.positions : null)
        },
        options,
      )
      this.#worker.addEventListener(
        'error',
        (event) => {
          this.#isBusy = false
          done.abort()
          reject(new Error(event.message))
        },
        options,
      )
      this.#worker.postMessage({ id, request })
    })
  }
  #abandon: () => void = () => undefined
  #replace(): void {
    this.#worker.terminate()
    this.#abandon()
    this.#worker = this.#start()
    this.#isBusy = false
  }
  /** The answer that is on its way is not wanted any more. */
  cancel(): void {
    this.#newest++
    if (this.#isBusy) this.#replace()
  }
  stop(): void {
    this.#worker.terminate()
    this.#abandon()
  }
}

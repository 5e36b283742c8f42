/** Shapes that are changed between two frames: styling and measuring so many takes about 20 ms, thousands at once half a second. */
export const TURN = 150
/** A window that is not shown draws no frames, but goes on. */
const MOST_WAIT_MS = 100

/** Resolves when the browser is about to draw. */
export const nextFrame = (): Promise<void> =>
  new Promise((resolve) => {
    const late = setTimeout(resolve, MOST_WAIT_MS)
    requestAnimationFrame(() => {
      clearTimeout(late)
      resolve()
    })
  })

/**
 * Does something to each of many shapes, a few hundred before every frame. With few of them it is done when the call returns.
 * @param isOld asked before each turn; true: something newer came, the rest is left
 * @returns whether all of it was done
 */
export async function inTurns<Shape>(
  shapes: readonly Shape[],
  work: (group: readonly Shape[]) => void,
  isOld: () => boolean,
): Promise<boolean> {
  for (let at = 0; at < shapes.length; at += TURN) {
    if (at > 0) await nextFrame()
    if (isOld()) return false
    work(shapes.slice(at, at + TURN))
  }
  return true
}

/** Tells each piece of work on something whether a newer one has begun there. */
export class Newest {
  readonly #turns = new WeakMap<object, number>()

  /** @returns asked later: true when this was begun anew meanwhile */
  begin(on: object): () => boolean {
    const turn = (this.#turns.get(on) ?? 0) + 1
    this.#turns.set(on, turn)
    return () => this.#turns.get(on) !== turn
  }
}

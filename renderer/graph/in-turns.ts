/** So many shapes are changed at once, before the call returns. */
export const AT_ONCE = 100
/** Shapes of the first turn, which meets code and caches that are cold, and the most of any: lines, behind the nodes, are cold once more. */
const FIRST = 20
const MOST = 80
/** From one frame to the next, in milliseconds: with less (no frame was missed) the next turn is larger, with more it is smaller. */
const SHORT_MS = 25
const LONG_MS = 50

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

/** Resolves when the browser has drawn. */
export const afterFrame = async (): Promise<void> => {
  await nextFrame()
  return new Promise((resolve) => setTimeout(resolve))
}

/**
 * Does something to each of many shapes, some before every frame: as many as take it a few hundredths of a second. With few of them
 * ({@link AT_ONCE}) it is done when the call returns.
 * @param isOld asked before each turn; true: something newer came, the rest is left
 * @returns whether all of it was done
 */
export async function inTurns<Shape>(
  shapes: readonly Shape[],
  work: (group: readonly Shape[]) => void,
  isOld: () => boolean,
): Promise<boolean> {
  if (shapes.length <= AT_ONCE) {
    if (isOld()) return false
    work(shapes)
    return true
  }
  let [pace, started] = [FIRST, 0]
  for (let at = 0; at < shapes.length;) {
    if (at > 0) {
      await nextFrame()
      // What was changed is styled and measured when the frame is drawn: the whole frame counts.
      if (!document.hidden) pace = paceAfter(pace, performance.now() - started)
    }
    if (isOld()) return false
    started = performance.now()
    const group = shapes.slice(at, at + pace)
    work(group)
    at += group.length
  }
  return true
}

/**
 * @param now shapes of the last turn
 * @param took milliseconds from its beginning to the next frame
 * @returns shapes of the next turn
 */
export function paceAfter(now: number, took: number): number {
  if (took < SHORT_MS) return Math.min(MOST, Math.ceil(now * 1.5))
  return took > LONG_MS ? Math.max(FIRST, Math.floor(now / 2)) : now
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

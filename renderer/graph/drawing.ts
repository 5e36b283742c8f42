import type { Core } from 'cytoscape'
import { ORIGIN, type Element } from './elements.ts'
import { afterFrame, AT_ONCE, inTurns } from './in-turns.ts'
import type { Point, Positions } from './layout.ts'

/** So far from the picture the window is while the picture changes in turns: drawing a frame then costs nothing. */
const AWAY: Point = { x: 1e7, y: 1e7 }

/** What an empty canvas is given at once: its first picture takes longest, nothing of it is known. */
const FIRST_AT_ONCE = 12

type Change = () => void

/** Brings what stands on a canvas to what is to stand there: what stays is kept, and thousands of changes are made in turns. */
export class Drawing {
  /** What stands on the canvas, by id. */
  readonly #drawn = new Map<string, Element>()
  #home: { readonly zoom: number; readonly pan: Point } | undefined

  /** The canvas is another one, or was emptied. */
  forget(): void {
    this.#drawn.clear()
    this.#home = undefined
  }

  /** Exactly these stand there. */
  isOf(elements: readonly Element[]): boolean {
    return (
      this.#drawn.size === elements.length &&
      elements.every((element) => joinsTheSame(element, this.#drawn.get(element.data.id)))
    )
  }

  /** Puts the window back where it was before a drawing that was given up. */
  comeHome(core: Core): void {
    if (this.#home) core.viewport(this.#home)
    this.#home = undefined
  }

  /**
   * Draws the elements in their places. When few things change in a picture, all is done at once: then the answer is null.
   * @param above nodes whose label stands above them
   * @param isOld asked before each turn; true: the rest is left to whoever draws next
   * @returns whether all was drawn
   */
  draw(
    core: Core,
    elements: readonly Element[],
    places: Positions,
    above: ReadonlySet<string>,
    isOld: () => boolean,
  ): Promise<boolean> | null {
    const changes = [
      ...this.#removals(core, elements),
      ...elements.flatMap((element) =>
        element.group === 'nodes'
          ? this.#node(core, element, places[element.data.id] ?? ORIGIN, above.has(element.data.id))
          : this.#line(core, element),
      ),
    ]
    const apply = (group: readonly Change[]): void => {
      core.batch(() => {
        for (const change of group) change()
      })
    }
    const isFirst = this.#drawn.size === 0
    if (changes.length <= (isFirst ? FIRST_AT_ONCE : AT_ONCE)) {
      apply(changes)
      return null
    }
    this.#home = { zoom: core.zoom(), pan: { ...core.pan() } }
    core.pan(AWAY)
    return inTurns(changes, apply, isOld).then(async (isDone) => {
      // The last of them are styled before the picture is seen: both in one frame would be a long one.
      if (isDone) await afterFrame()
      if (!isDone || isOld()) return false
      this.comeHome(core)
      return true
    })
  }

  /** Other words and classes for what stands there; nothing moves. */
  relabel(core: Core, elements: readonly Element[]): void {
    core.batch(() => {
      for (const element of elements) this.#rename(core, element)
    })
  }

  /** What stands there and is not wanted any more, lines before the nodes they hold on to. */
  #removals(core: Core, elements: readonly Element[]): Change[] {
    const wanted = new Map(elements.map((element) => [element.data.id, element]))
    const gone = [...this.#drawn.values()].filter((old) => !joinsTheSame(old, wanted.get(old.data.id)))
    return gone.reverse().map((old) => () => {
      core.getElementById(old.data.id).remove()
      this.#drawn.delete(old.data.id)
    })
  }

  #node(core: Core, element: Element, place: Point, isAbove: boolean): Change[] {
    const { id } = element.data
    if (!this.#drawn.has(id))
      return [
        () => this.#add(core, { ...element, data: { ...element.data, isAbove }, position: { ...place } }),
      ]
    const shape = core.getElementById(id)
    const { x, y } = shape.position()
    if (x === place.x && y === place.y && shape.data('isAbove') === isAbove && !this.#isOther(element))
      return []
    return [
      () => {
        shape.position({ ...place })
        shape.data('isAbove', isAbove)
        this.#rename(core, element)
      },
    ]
  }

  #line(core: Core, element: Element): Change[] {
    if (!joinsTheSame(element, this.#drawn.get(element.data.id)))
      return [() => this.#add(core, { ...element, data: { ...element.data } })]
    return this.#isOther(element) ? [() => this.#rename(core, element)] : []
  }

  #add(core: Core, element: Element): void {
    core.add(element)
    this.#drawn.set(element.data.id, element)
  }

  #isOther({ data, classes }: Element): boolean {
    const known = this.#drawn.get(data.id)
    return (
      known?.classes !== classes || Object.entries(data).some(([name, value]) => known.data[name] !== value)
    )
  }

  #rename(core: Core, element: Element): void {
    const known = this.#drawn.get(element.data.id)
    const shape = core.getElementById(element.data.id)
    if (!known || !this.#isOther(element)) return
    shape.data({ ...element.data })
    if (known.classes !== element.classes) shape.classes(element.classes.split(/\s+/u).filter(Boolean))
    this.#drawn.set(element.data.id, element)
  }
}

/** Both are there and, of lines, between the same two nodes. */
function joinsTheSame(one: Element, other: Element | undefined): boolean {
  return (
    other !== undefined &&
    one.data['source'] === other.data['source'] &&
    one.data['target'] === other.data['target']
  )
}

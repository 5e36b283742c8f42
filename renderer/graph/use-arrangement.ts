import type { Core } from 'cytoscape'
import { ref, type ShallowRef } from 'vue'
import { Drawing } from './drawing.ts'
import { ORIGIN, toLayoutRequest, type Element } from './elements.ts'
import { fetchFonts } from './label-fonts.ts'
import { labelsAbove } from './label-side.ts'
import { AT_ONCE } from './in-turns.ts'
import { LayoutClient } from './layout-client.ts'
import type { LayoutName, Point, Positions } from './layout.ts'
import type { ShownSlice } from './shown.ts'
import { hasAnchor, keptNode, type Viewport } from './viewport.ts'

export interface Arranged {
  readonly slice: ShownSlice
  readonly layout: LayoutName
  readonly selected: string | null
  /** Where things stand already; null: to be laid out. */
  readonly places: Positions | null
  readonly pinned: ReadonlyMap<string, Point>
  readonly elements: readonly Element[]
  readonly word: (relation: string) => string
}

/** `open` shows the picture readable from its start, or all of it where it has none; `step` keeps the zoom and the place of what was in the middle; `fit` shows all of it, folded if that makes it larger. */
export type How = 'open' | 'step' | 'fit'

/** Finds places for what is to be drawn (in a worker, unless they are known) and puts it there. */
export function useArrangement(
  cy: ShallowRef<Core | undefined>,
  view: () => Viewport | undefined,
  now: () => Arranged,
  done: (places: Positions, isNew: boolean) => void,
) {
  const isArranging = ref(false)
  const client = new LayoutClient()
  const drawing = new Drawing()
  let places: Positions = {}
  let turns = 0

  async function arrange(how: How): Promise<void> {
    const core = cy.value
    if (!core) return
    const turn = ++turns
    const isOld = (): boolean => turn !== turns || cy.value !== core || core.destroyed()
    const { slice, places: known, layout, selected, pinned, word, elements } = now()
    if (slice.nodes.length === 0) {
      client.cancel()
      core.elements().remove()
      drawing.comeHome(core)
      drawing.forget()
      places = {}
      isArranging.value = false
      return
    }
    const isKnown =
      known !== null && how !== 'fit' && slice.nodes.every((node) => known[node.id] !== undefined)
    const fonts = fetchFonts(
      getComputedStyle(document.body).fontFamily,
      elements.map(({ data }) => data.label),
    )
    let found = known
    if (!isKnown) {
      isArranging.value = true
      const question = toLayoutRequest(slice, word, {
        name: layout,
        center: selected,
        viewport: isSeenWhole(how, slice, selected) ? (view()?.room() ?? null) : null,
      })
      const laid = await client.compute(question)
      if (!laid || isOld()) return
      found = pinned.size === 0 ? laid : { ...laid, ...Object.fromEntries(pinned) }
    } else client.cancel()
    if (fonts) {
      isArranging.value = true
      await fonts
      if (isOld()) return
    }
    if (found) await put(core, found, how, !isKnown, isOld)
    else isArranging.value = false
  }

  async function put(
    core: Core,
    found: Positions,
    how: How,
    isNew: boolean,
    isOld: () => boolean,
  ): Promise<void> {
    const { slice, elements, selected, layout } = now()
    drawing.comeHome(core)
    const kept = how === 'step' ? keptNode(core, found, selected) : undefined
    const stood = kept === undefined ? undefined : { ...core.getElementById(kept).renderedPosition() }
    const isStanding = !isNew && standsMostly(core, found)
    places = Object.fromEntries(slice.nodes.map((node) => [node.id, found[node.id] ?? ORIGIN]))
    const drawn = drawing.draw(core, elements, places, labelsAbove(slice, places), isOld)
    // What is drawn at once is there when the call returns.
    if (drawn) {
      isArranging.value = true
      if (!(await drawn)) return
    }
    isArranging.value = false
    if (how === 'fit') view()?.fitAll(places)
    else if (how === 'step' && isStanding) return done(places, isNew)
    else if (kept !== undefined && stood) {
      const after = core.getElementById(kept).renderedPosition()
      core.panBy({ x: stood.x - after.x, y: stood.y - after.y })
    } else view()?.open(slice, layout, places, selected)
    done(places, isNew)
  }

  /** The same picture with other words or another path: changed in place, nothing moves. False: it is another picture. */
  function relabel(next: readonly Element[]): boolean {
    const core = cy.value
    if (!core || isArranging.value || !drawing.isOf(next)) return false
    drawing.relabel(core, next)
    return true
  }
  /**
   * The same picture in another style. Many shapes are drawn anew in turns: a change of the style sheet would style them all at once.
   * @param restyle changes the style sheet of the canvas
   */
  function repaint(restyle: () => void): void {
    const core = cy.value
    if (!core) return
    const { slice, elements } = now()
    if (core.elements().length <= AT_ONCE || isArranging.value) return restyle()
    const turn = ++turns
    core.elements().remove()
    drawing.forget()
    restyle()
    isArranging.value = true
    const isOld = (): boolean => turn !== turns || cy.value !== core || core.destroyed()
    void drawing.draw(core, elements, places, labelsAbove(slice, places), isOld)?.then((isDone) => {
      if (!isDone) return
      isArranging.value = false
      done(places, false)
    })
  }
  /** Nothing is drawn any more, for instance on a new canvas. */
  function forget(): void {
    drawing.forget()
  }
  return { isArranging, arrange, relabel, repaint, forget, places: () => places, stop: () => client.stop() }
}

/** A picture to be read from no certain place opens as a whole, folded like one that is to fit. */
const isSeenWhole = (how: How, slice: ShownSlice, selected: string | null): boolean =>
  how === 'fit' || (how === 'open' && !hasAnchor(slice, selected))

/** Most of what is drawn stays where it is: so does the window. */
function standsMostly(core: Core, next: Positions): boolean {
  let [both, still] = [0, 0]
  core.nodes().forEach((node) => {
    const after = next[node.id()]
    if (!after) return
    both++
    const { x, y } = node.position()
    if (Math.abs(after.x - x) < 1 && Math.abs(after.y - y) < 1) still++
  })
  return both > 0 && still * 2 >= both
}

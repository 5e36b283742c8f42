import type { Core } from 'cytoscape'
import { ref, type ShallowRef } from 'vue'
import { ORIGIN, toLayoutRequest, type Element } from './elements.ts'
import { labelsAbove } from './label-side.ts'
import { LayoutClient } from './layout-client.ts'
import type { LayoutName, Point, Positions } from './layout.ts'
import type { ShownSlice } from './shown.ts'
import { keptNode, type Viewport } from './viewport.ts'

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

/** `open` shows the picture readable from its start; `step` keeps the zoom and the place of what was in the middle; `fit` shows all of it, folded if that makes it larger. */
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
  let drawn: readonly Element[] | undefined
  let places: Positions = {}

  async function arrange(how: How): Promise<void> {
    const core = cy.value
    if (!core) return
    const { slice, places: known, layout, selected, pinned, word } = now()
    if (slice.nodes.length === 0) {
      client.cancel()
      core.elements().remove()
      drawn = undefined
      places = {}
      isArranging.value = false
      return
    }
    const isKnown =
      known !== null && how !== 'fit' && slice.nodes.every((node) => known[node.id] !== undefined)
    let found = known
    if (!isKnown) {
      isArranging.value = true
      const question = toLayoutRequest(slice, word, {
        name: layout,
        center: selected,
        viewport: how === 'fit' ? (view()?.room() ?? null) : null,
      })
      const laid = await client.compute(question)
      if (!laid || cy.value !== core || core.destroyed()) return
      found = pinned.size === 0 ? laid : { ...laid, ...Object.fromEntries(pinned) }
    } else client.cancel()
    isArranging.value = false
    if (found) put(core, found, how, !isKnown)
  }

  function put(core: Core, found: Positions, how: How, isNew: boolean): void {
    const { slice, elements, selected, layout } = now()
    const kept = how === 'step' ? keptNode(core, found, selected) : undefined
    const stood = kept === undefined ? undefined : { ...core.getElementById(kept).renderedPosition() }
    const isStanding = !isNew && standsMostly(core, found)
    places = Object.fromEntries(slice.nodes.map((node) => [node.id, found[node.id] ?? ORIGIN]))
    draw(core, slice, elements)
    if (how === 'fit') view()?.fitAll(places)
    else if (how === 'step' && isStanding) return done(places, isNew)
    else if (kept !== undefined && stood) {
      const after = core.getElementById(kept).renderedPosition()
      core.panBy({ x: stood.x - after.x, y: stood.y - after.y })
    } else view()?.open(slice, layout, places, selected)
    done(places, isNew)
  }

  function draw(core: Core, slice: ShownSlice, elements: readonly Element[]): void {
    const above = labelsAbove(slice, places)
    core.batch(() => {
      if (drawn === elements) {
        core.nodes().positions((node) => ({ ...(places[node.id()] ?? ORIGIN) }))
        core.nodes().forEach((node) => void node.data('isAbove', above.has(node.id())))
        return
      }
      core.elements().remove()
      core.add(
        elements.map((element) =>
          element.group === 'nodes'
            ? {
                ...element,
                data: { ...element.data, isAbove: above.has(element.data.id) },
                position: { ...(places[element.data.id] ?? ORIGIN) },
              }
            : { ...element, data: { ...element.data } },
        ),
      )
      drawn = elements
    })
  }

  /** The same picture with other words or another path: changed in place, nothing moves. False: it is another picture. */
  function relabel(next: readonly Element[]): boolean {
    const core = cy.value
    if (!core || isArranging.value || core.elements().length !== next.length) return false
    if (!next.every((element) => core.getElementById(element.data.id).nonempty())) return false
    const before = new Map(drawn?.map((element) => [element.data.id, element]))
    core.batch(() => {
      for (const element of next) {
        const known = before.get(element.data.id)
        const shape = core.getElementById(element.data.id)
        if (known?.data.label !== element.data.label) shape.data('label', element.data.label)
        if (known?.classes !== element.classes) shape.classes(element.classes.split(/\s+/u).filter(Boolean))
      }
    })
    drawn = next
    return true
  }
  /** Nothing is drawn any more, for instance on a new canvas. */
  function forget(): void {
    drawn = undefined
  }
  return { isArranging, arrange, relabel, forget, places: () => places, stop: () => client.stop() }
}

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

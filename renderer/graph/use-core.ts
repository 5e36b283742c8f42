import cytoscape, { type Core } from 'cytoscape'
import { onBeforeUnmount, onMounted, shallowRef, type Ref } from 'vue'
import { canvasStyle } from './canvas-style.ts'
import { readPalette } from './palette.ts'

// Beyond this many nodes panning shows a still picture, to stay above 30 frames a second.
export const MANY = 400

/** Draws nothing itself: holds the cytoscape instance of a place in the page, in the colours of the theme. */
export function useCore(host: Ref<HTMLElement | null>, listen: (core: Core) => void, resized: () => void) {
  const cy = shallowRef<Core>()
  let isStill = false

  function create(isMany: boolean): void {
    if (!host.value) return
    cy.value?.destroy()
    isStill = isMany
    const core = cytoscape({
      container: host.value,
      style: canvasStyle(readPalette(), isMany),
      minZoom: 0.02,
      maxZoom: 3,
      textureOnViewport: isMany,
      hideEdgesOnViewport: isMany,
      pixelRatio: isMany ? 1 : 'auto',
      // Boxes and lassos are ours (lasso-layer.vue): they work without a key held, too.
      boxSelectionEnabled: false,
      selectionType: 'additive',
    })
    listen(core)
    cy.value = core
  }
  /** A picture of many nodes needs another way of drawing while it moves. True: the canvas is new and empty. */
  function suit(nodes: number): boolean {
    if (nodes > MANY === isStill) return false
    create(nodes > MANY)
    return true
  }
  function restyle(): void {
    cy.value?.style(canvasStyle(readPalette(), isStill))
  }
  const observer = new ResizeObserver(resized)
  onMounted(() => {
    create(false)
    if (host.value) observer.observe(host.value)
    document.fonts.addEventListener('loadingdone', restyle)
  })
  onBeforeUnmount(() => {
    document.fonts.removeEventListener('loadingdone', restyle)
    observer.disconnect()
    cy.value?.destroy()
    cy.value = undefined
  })
  return { cy, suit, restyle }
}

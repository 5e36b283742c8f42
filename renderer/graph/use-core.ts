import cytoscape, { type Core } from 'cytoscape'
import { onBeforeUnmount, onMounted, shallowRef, type Ref } from 'vue'
import { canvasStyle } from './canvas-style.ts'
import { areForLabels } from './label-fonts.ts'
import { readPalette } from './palette.ts'

// Beyond this many nodes panning shows a still picture, to stay above 30 frames a second.
export const MANY = 400

interface CoreEvents {
  /** A new canvas, empty as yet. */
  listen(core: Core): void
  resized(): void
  /** Letters of labels look otherwise than when they were measured. */
  relettered(): void
}

/** Draws nothing itself: holds the cytoscape instance of a place in the page, in the colours of the theme. */
export function useCore(host: Ref<HTMLElement | null>, { listen, resized, relettered }: CoreEvents) {
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
  /** A canvas that suits a picture of so many nodes: many need another way of drawing while it moves. True: it is new and empty. */
  function suit(nodes: number): boolean {
    if (cy.value && nodes > MANY === isStill) return false
    create(nodes > MANY)
    return true
  }
  function restyle(): void {
    cy.value?.style(canvasStyle(readPalette(), isStill))
  }
  function onFonts(event: FontFaceSetLoadEvent): void {
    const labels = cy.value?.nodes().map((node) => String(node.data('label'))) ?? []
    if (areForLabels(event.fontfaces, getComputedStyle(document.body).fontFamily, labels)) relettered()
  }
  const observer = new ResizeObserver(resized)
  onMounted(() => {
    if (host.value) observer.observe(host.value)
    document.fonts.addEventListener('loadingdone', onFonts)
  })
  onBeforeUnmount(() => {
    document.fonts.removeEventListener('loadingdone', onFonts)
    observer.disconnect()
    cy.value?.destroy()
    cy.value = undefined
  })
  return { cy, suit, restyle }
}

import type { Core, NodeCollection } from 'cytoscape'
import { READABLE_ZOOM } from './canvas-style.ts'
import {
  firstView,
  fitView,
  followView,
  keepCentre,
  stepInto,
  type Anchor,
  type Corner,
  type Size,
  type View,
} from './fit-view.ts'
import type { ReplayMoment } from './replay.ts'
import type { LayoutName, Point, Positions } from './layout.ts'
import type { ShownSlice } from './shown.ts'

/** The window onto the drawing: what of it is seen, and how large. */
export class Viewport {
  readonly #core: Core
  readonly #legend: () => Corner | undefined
  #size: Size
  /** The view the last step of a replay left; null while none is played. */
  #followed: View | null = null

  constructor(core: Core, legend: () => Corner | undefined) {
    this.#core = core
    this.#legend = legend
    this.#size = this.size()
  }
  size(): Size {
    return { width: this.#core.width(), height: this.#core.height() }
  }
  /** The room beside the legend, for a layout that is folded into it. */
  room(): Size {
    const { width, height } = this.size()
    return { width: width - (this.#legend()?.right ?? 0), height }
  }
  /** The first view: readable, from the start of the path or around what is selected; all of it where it has no such place. */
  open(slice: ShownSlice, layout: LayoutName, places: Positions, selected: string | null): void {
    const points = Object.values(places)
    if (points.length === 0) return
    const anchor = anchorOf(slice, layout, places, selected)
    if (!anchor) return this.fitAll(places)
    const path = slice.edges
      .filter((edge) => edge.onPath)
      .flatMap(({ from, to }) => [places[from] ?? [], places[to] ?? []].flat())
    this.#core.viewport(firstView(points, this.size(), this.#legend(), READABLE_ZOOM, anchor, path))
  }
  /** The whole picture in the window, however small. */
  fitAll(places: Positions): void {
    const points = Object.values(places)
    if (points.length > 0)
      this.#core.viewport(fitView(points, this.size(), this.#legend(), this.#core.minZoom()))
  }
  /** A replay goes on: what is there by now stays in view, or comes into it. */
  follow(moment: ReplayMoment | null): void {
    if (moment === null || this.#core.nodes().empty()) return void (this.#followed = null)
    const shown = this.#core
      .nodes()
      .filter((node) => !moment.laterNodes.has(node.id()))
      .nodes()
    const fresh = this.#core
      .edges()
      .filter((edge) => moment.freshEdges.has(edge.id().slice(1)))
      .connectedNodes()
    const points = (nodes: NodeCollection): Point[] => nodes.map((node) => ({ ...node.position() }))
    const now = { zoom: this.#core.zoom(), pan: { ...this.#core.pan() } }
    const isMoved = this.#followed !== null && !isSameView(this.#followed, now)
    const next = followView(points(shown), points(fresh), now, this.size(), this.#legend(), isMoved)
    if (!isSameView(next, now)) this.#core.viewport(next)
    if (!isMoved) this.#followed = { zoom: this.#core.zoom(), pan: { ...this.#core.pan() } }
  }
  /** A new size of the window: the same zoom around the same middle. */
  resize(): boolean {
    const before = this.#size
    this.#core.resize()
    this.#size = this.size()
    if (before.width === this.#size.width && before.height === this.#size.height) return false
    this.#core.pan(keepCentre(this.#core.pan(), before, this.#size))
    if (this.#followed) this.#followed = { ...this.#followed, pan: { ...this.#core.pan() } }
    return true
  }
  /** What is selected elsewhere, for instance in the hop table, comes into view; what is in view stays where it is. */
  reveal(id: string | null): void {
    const found = this.#core.getElementById(id ?? '')
    if (found.empty()) return
    const box = found.renderedBoundingBox({ includeLabels: false })
    const at = { x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2 }
    const { width, height } = this.size()
    if (at.x < 0 || at.y < 0 || at.x > width || at.y > height)
      this.#core.panBy(stepInto(at, { width, height }))
  }
  /** Puts a node into the middle, large enough to be read. False: it is not drawn. */
  centre(id: string): boolean {
    const found = this.#core.getElementById(id)
    if (found.empty()) return false
    if (this.#core.zoom() < READABLE_ZOOM) this.#core.zoom(READABLE_ZOOM)
    this.#core.center(found)
    return true
  }
  zoomBy(factor: number): void {
    const { width, height } = this.size()
    this.#core.zoom({
      level: this.#core.zoom() * factor,
      renderedPosition: { x: width / 2, y: height / 2 },
    })
  }
  /** Puts a point of the drawing into the middle. */
  centreOn(point: Point): void {
    const { width, height } = this.size()
    const zoom = this.#core.zoom()
    this.#core.pan({ x: width / 2 - point.x * zoom, y: height / 2 - point.y * zoom })
  }
}

const isSameView = (a: View, b: View): boolean =>
  Math.abs(a.zoom - b.zoom) < 1e-6 && Math.abs(a.pan.x - b.pan.x) < 0.5 && Math.abs(a.pan.y - b.pan.y) < 0.5

/** Whether a picture has a place to be read from: a path, the start of a chain or what is selected. The whole case has none. */
export const hasAnchor = (slice: ShownSlice, selected: string | null): boolean =>
  slice.edges.some((edge) => edge.onPath) ||
  slice.nodes.some((node) => node.marks.includes('start') || node.id === selected)

function anchorOf(
  slice: ShownSlice,
  layout: LayoutName,
  places: Positions,
  selected: string | null,
): Anchor | undefined {
  if (!hasAnchor(slice, selected)) return undefined
  const start = slice.nodes.find((node) => node.marks.includes('start'))?.id
  const from = new Set(slice.edges.filter((edge) => edge.onPath).map((edge) => edge.from))
  const onPath = [...from].map((id) => places[id]).filter((point) => point !== undefined)
  const first = onPath.sort((a, b) => a.x - b.x)[0] ?? places[start ?? '']
  if (layout === 'layered' && first) return { ...first, isStart: true }
  return { ...(places[selected ?? ''] ?? first ?? { x: 0, y: 0 }), isStart: false }
}

// A picture that shares this much with the one before is a step in the same study.
const SAME_STUDY = 0.5

/** What stays in its place while the picture grows or shrinks: the selected node, else the one nearest the middle. */
export function keptNode(core: Core, next: Positions, selected: string | null): string | undefined {
  if (core.nodes().empty()) return undefined
  const both = core
    .nodes()
    .toArray()
    .filter((node) => next[node.id()] !== undefined)
  if (both.length < Math.min(core.nodes().length, Object.keys(next).length) * SAME_STUDY) return undefined
  if (selected !== null && both.some((node) => node.id() === selected)) return selected
  const [x, y] = [core.width() / 2, core.height() / 2]
  let best: { id: string; distance: number } | undefined
  for (const node of both) {
    const at = node.renderedPosition()
    const distance = Math.hypot(at.x - x, at.y - y)
    if (best === undefined || distance < best.distance) best = { id: node.id(), distance }
  }
  return best?.id
}

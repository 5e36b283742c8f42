import type { Core, EventObject } from 'cytoscape'
import type { Point } from './layout.ts'

/** What the mouse does on the canvas. */
export interface CanvasEvents {
  /** `isMore`: with Shift or Ctrl, beside what is chosen. */
  pick(node: string, isMore: boolean): void
  pickLine(relation: string): void
  pickNothing(): void
  open(node: string): void
  /** A menu for a node, a line (`e` and its id) or nothing, at this place of the window. */
  menu(id: string | null, at: Point): void
  /** Nodes were dragged and let go. */
  dropped(): void
}

/** Turns the events of cytoscape into ours. */
export function listenTo(core: Core, events: CanvasEvents): void {
  const idOf = (event: EventObject): string => String(event.target.id())
  core.on('tap', 'node', (event: EventObject) => events.pick(idOf(event), isMore(event)))
  core.on('tap', 'edge', (event: EventObject) => events.pickLine(idOf(event).slice(1)))
  core.on('tap', (event: EventObject) => void (event.target === core && events.pickNothing()))
  core.on('dbltap', 'node', (event: EventObject) => events.open(idOf(event)))
  core.on('cxttap', (event: EventObject) => {
    const mouse = event.originalEvent
    if (mouse instanceof MouseEvent)
      events.menu(event.target === core ? null : idOf(event), { x: mouse.clientX, y: mouse.clientY })
  })
  let isDropping = false
  core.on('dragfree', () => {
    if (isDropping) return
    // Nodes chosen together are dropped together: one step.
    isDropping = true
    queueMicrotask(() => {
      isDropping = false
      events.dropped()
    })
  })
}
const isMore = (event: EventObject): boolean =>
  event.originalEvent instanceof MouseEvent && (event.originalEvent.shiftKey || event.originalEvent.ctrlKey)

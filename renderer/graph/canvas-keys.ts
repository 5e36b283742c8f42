/** What a key on the canvas asks for. */
export interface CanvasActions {
  zoomBy(factor: number): void
  fit(): void
  panBy(x: number, y: number): void
  /** To the next or previous node in the order of time. */
  walk(step: 1 | -1): void
  hide(): void
  open(): void
  menu(): void
}

const STEP = 60
const PANS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['ArrowLeft', [STEP, 0]],
  ['ArrowRight', [-STEP, 0]],
  ['ArrowUp', [0, STEP]],
  ['ArrowDown', [0, -STEP]],
])

/** Runs what the key stands for; true: it was taken. */
export function takeKey(event: KeyboardEvent, actions: CanvasActions): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const pan = PANS.get(event.key)
  if (pan) actions.panBy(pan[0], pan[1])
  else if (event.key === '+' || event.key === '=') actions.zoomBy(1.25)
  else if (event.key === '-') actions.zoomBy(0.8)
  else if (event.key === '0') actions.fit()
  else if (event.key === 'j') actions.walk(1)
  else if (event.key === 'k') actions.walk(-1)
  else if (event.key === 'Delete') actions.hide()
  else if (event.key === 'Enter') actions.open()
  else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) actions.menu()
  else return false
  return true
}

import type { Core } from 'cytoscape'
import { canvasStyle } from './canvas-style.ts'
import { readPalette } from './palette.ts'
import { withLightTheme } from './print-theme.ts'
import { MANY } from './use-core.ts'

// Sides beyond this are refused by browsers, or come out empty.
const MAX_SIDE = 8000

/** The picture as PNG in the colours of print, twice the screen's resolution where that fits. */
export function toPng(core: Core): Blob {
  const box = core.elements().boundingBox()
  const scale = Math.min(2, MAX_SIDE / Math.max(box.w, box.h, 1))
  const before = readPalette()
  return withLightTheme((palette) => {
    const paper = palette.color('--panel')
    // Icons are loaded in the ink of the theme in force; labels stand on paper.
    const own = new Map([
      ['--node-ink', before.color('--node-ink')],
      ['--node-ground', paper],
      ['--badge', before.color('--badge')],
      ['--on-badge', before.color('--on-badge')],
    ])
    const inPrint = { color: (token: string) => own.get(token) ?? palette.color(token) }
    // Within one task: the window never paints the other theme.
    core.style(canvasStyle(inPrint))
    const lit = core.elements('.dimmed').removeClass('dimmed')
    const picture = core.png({ output: 'blob', full: true, scale, bg: paper })
    lit.addClass('dimmed')
    core.style(canvasStyle(before, core.nodes().length > MANY))
    return picture
  })
}

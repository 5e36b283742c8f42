import cytoscape from 'cytoscape'
import { describe, expect, it } from 'vitest'
import { clearEdgeLabels, overlap, piecesOf } from '../../../renderer/graph/clear-labels.ts'

describe('labels of lines', () => {
  it('may touch the box of a node label, not lie on it', () => {
    const box = { x1: 0, y1: 0, x2: 40, y2: 12 }
    expect(overlap(box, { x1: 38, y1: 10, x2: 80, y2: 22 })).toBe(false)
    expect(overlap(box, { x1: 20, y1: 4, x2: 60, y2: 16 })).toBe(true)
    expect(overlap(box, { x1: 20, y1: 40, x2: 60, y2: 52 })).toBe(false)
  })

  it('take the room of their slanted letters only, not the corners of the box around them', () => {
    const around = { x1: 0, y1: 0, x2: 80, y2: 80 }
    const pieces = piecesOf(around, Math.SQRT1_2, -Math.SQRT1_2)
    const hits = (x: number, y: number): boolean =>
      pieces.some((piece) => overlap(piece, { x1: x - 6, y1: y - 6, x2: x + 6, y2: y + 6 }))
    expect([hits(40, 40), hits(10, 70), hits(70, 10)]).toEqual([true, true, true])
    expect([hits(10, 10), hits(70, 70)]).toEqual([false, false])
  })

  it('are looked at anew each time: nothing stays muted', () => {
    const core = cytoscape({
      headless: true,
      styleEnabled: true,
      elements: [
        { data: { id: 'a' }, position: { x: 0, y: 0 } },
        { data: { id: 'b' }, position: { x: 400, y: 0 } },
        { data: { id: 'e', source: 'a', target: 'b' }, classes: 'mute' },
      ],
    })
    clearEdgeLabels(core)
    expect(core.getElementById('e').hasClass('mute')).toBe(false)
    core.destroy()
  })
})

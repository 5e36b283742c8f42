import cytoscape from 'cytoscape'
import { describe, expect, it } from 'vitest'
import { clearEdgeLabels, overlap } from '../../../renderer/graph/clear-labels.ts'

describe('labels of lines', () => {
  it('may touch the box of a node label, not lie on it', () => {
    const box = { x1: 0, y1: 0, x2: 40, y2: 12 }
    expect(overlap(box, { x1: 38, y1: 10, x2: 80, y2: 22 })).toBe(false)
    expect(overlap(box, { x1: 20, y1: 4, x2: 60, y2: 16 })).toBe(true)
    expect(overlap(box, { x1: 20, y1: 40, x2: 60, y2: 52 })).toBe(false)
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

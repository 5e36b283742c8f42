import cytoscape from 'cytoscape'
import { describe, expect, it } from 'vitest'
import { READABLE_ZOOM } from '../../../renderer/graph/canvas-style.ts'
import { Viewport } from '../../../renderer/graph/viewport.ts'
import { aNode, aSlice } from './slices.ts'

describe('the window onto the drawing', () => {
  const core = cytoscape({
    headless: true,
    styleEnabled: true,
    elements: [
      { data: { id: 'near' }, position: { x: 0, y: 0 } },
      { data: { id: 'far' }, position: { x: 4000, y: -900 } },
    ],
  })
  const view = new Viewport(core, () => undefined)
  const middle = { x: core.width() / 2, y: core.height() / 2 }

  it('puts what was located into the middle, large enough to be read', () => {
    core.zoom(0.1)
    expect(view.centre('far')).toBe(true)
    const at = core.getElementById('far').renderedPosition()
    expect(Math.abs(at.x - middle.x)).toBeLessThan(2)
    expect(Math.abs(at.y - middle.y)).toBeLessThan(2)
    expect(core.zoom()).toBe(READABLE_ZOOM)
  })

  it('keeps a zoom that is readable, and says when there is no such node yet', () => {
    core.zoom(1.5)
    view.centre('near')
    expect(core.zoom()).toBe(1.5)
    expect(view.centre('gone')).toBe(false)
  })

  const places = { near: { x: 0, y: 0 }, far: { x: 4000, y: -900 } }
  const openedWith = (...nodes: ReturnType<typeof aNode>[]) => {
    core.zoom(1)
    view.open(aSlice(nodes, []), 'layered', places, null)
    return core.zoom()
  }

  it('opens a picture without a start whole, and one with a start readable', () => {
    const whole = openedWith(aNode('near'), aNode('far'))
    expect(whole).toBeLessThan(READABLE_ZOOM)
    view.fitAll(places)
    expect(core.zoom()).toBe(whole)
    expect(openedWith(aNode('near', 'message', { marks: ['start'] }), aNode('far'))).toBe(READABLE_ZOOM)
  })
})

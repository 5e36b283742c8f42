import { describe, expect, it } from 'vitest'
import { fitView } from '../../../renderer/graph/fit-view.ts'

const canvas = { width: 1000, height: 500 }
const wide = [
  { x: 0, y: 0 },
  { x: 3000, y: 0 },
]

describe('fitView', () => {
  it('shows every point and never magnifies a small picture', () => {
    const view = fitView(wide, canvas, undefined, 0.05)
    const at = wide.map(({ x }) => x * view.zoom + view.pan.x)
    expect(at.every((x) => x > 0 && x < canvas.width)).toBe(true)
    expect(fitView([{ x: 0, y: 0 }], canvas, undefined, 0.05).zoom).toBe(1.15)
  })

  it('moves beside the legend only when something would lie under it', () => {
    const legend = { right: 200, top: 200 }
    const view = fitView(wide, canvas, legend, 0.05)
    expect(0 * view.zoom + view.pan.x).toBeGreaterThan(legend.right)
    const high = { right: 200, top: 450 }
    expect(fitView(wide, canvas, high, 0.05)).toEqual(fitView(wide, canvas, undefined, 0.05))
  })
})

import { describe, expect, it } from 'vitest'
import { firstView, fitView, followView, keepCentre, stepInto } from '../../../renderer/graph/fit-view.ts'

const canvas = { width: 1000, height: 500 }
const wide = [
  { x: 0, y: 0 },
  { x: 3000, y: 0 },
] as const

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

describe('firstView', () => {
  const start = { ...wide[0], isStart: true }
  it('keeps the text readable: a picture wider than the window begins with the start of the path', () => {
    const view = firstView(wide, canvas, undefined, 0.92, start)
    expect(view.zoom).toBe(0.92)
    const at = wide.map(({ x }) => x * view.zoom + view.pan.x)
    expect(at[0]! > 0 && at[0]! < 200 && at[1]! > canvas.width).toBe(true)
  })

  it('shows the whole picture where that is readable', () => {
    const small = [wide[0], { x: 500, y: 0 }]
    expect(firstView(small, canvas, undefined, 0.92, start)).toEqual(fitView(small, canvas, undefined, 0))
  })

  it('has the node under study in the middle where there is no start', () => {
    const view = firstView(wide, canvas, undefined, 0.92, { x: 1500, y: 0, isStart: false })
    expect(1500 * view.zoom + view.pan.x).toBeCloseTo(canvas.width / 2)
  })
})

describe('the view a path opens with', () => {
  // A path a little wider than the window, in a picture much higher than it.
  const path = [
    { x: 0, y: 0 },
    { x: 1200, y: 0 },
  ]
  const picture = [...path, { x: 0, y: 3000 }]
  const start = { x: 0, y: 0, isStart: true }
  const edges = (view: { zoom: number; pan: { x: number } }) =>
    path.map(({ x }) => x * view.zoom + view.pan.x)

  it('shows where the path ends, if that takes but a little of the size', () => {
    const [from, to] = edges(firstView(picture, canvas, undefined, 0.92, start, path))
    expect(from! > 0 && to! < canvas.width).toBe(true)
    const [, out] = edges(firstView(picture, canvas, undefined, 0.92, start))
    expect(out!).toBeGreaterThan(canvas.width)
  })

  it('stays readable where the whole path would be too small', () => {
    const far = [path[0]!, { x: 6000, y: 0 }]
    expect(firstView([...far, ...picture], canvas, undefined, 0.92, start, far).zoom).toBe(0.92)
  })
})

describe('a replay', () => {
  const here = { zoom: 0.9, pan: { x: 100, y: 250 } }
  const follow = (shown: { x: number; y: number }[], isMoved = false) =>
    followView(shown, shown.slice(-1), here, canvas, undefined, isMoved)
  const seen = (points: { x: number; y: number }[], { zoom, pan }: typeof here): boolean =>
    points.every(({ x, y }) => {
      const [left, top] = [x * zoom + pan.x, y * zoom + pan.y]
      return left > 0 && left < canvas.width && top > 0 && top < canvas.height
    })

  it('leaves the window alone while all that is there can be seen', () => {
    expect(
      follow([
        { x: 0, y: 0 },
        { x: 400, y: 0 },
      ]),
    ).toEqual(here)
  })

  it('moves the window to the first things that happen, at the same size', () => {
    const first = [{ x: 200, y: 2000 }]
    const view = follow(first)
    expect(view.zoom).toBe(here.zoom)
    expect(seen(first, view)).toBe(true)
  })

  it('grows with the picture', () => {
    const all = [
      { x: 0, y: 0 },
      { x: 1400, y: 600 },
    ]
    const view = follow(all)
    expect(view.zoom).toBeLessThan(here.zoom)
    expect(seen(all, view)).toBe(true)
  })

  it('shows what is new alone where all of it would be specks, or where somebody chose the size', () => {
    const vast = [
      { x: -90_000, y: 0 },
      { x: 1400, y: 600 },
    ]
    for (const view of [follow(vast), follow([{ x: -600, y: 0 }, vast[1]!], true)]) {
      expect(view.zoom).toBe(here.zoom)
      expect(seen(vast.slice(-1), view)).toBe(true)
    }
  })
})

describe('a window of another size', () => {
  it('keeps the middle of the picture in its middle', () => {
    expect(keepCentre({ x: 10, y: 20 }, canvas, { width: 700, height: 400 })).toEqual({ x: -140, y: -30 })
  })

  it('moves what is selected into view, and nothing that is in view', () => {
    expect(stepInto({ x: 500, y: 250 }, canvas)).toEqual({ x: 0, y: 0 })
    const step = stepInto({ x: 1100, y: 250 }, canvas)
    expect(1100 + step.x).toBeLessThan(canvas.width)
  })
})

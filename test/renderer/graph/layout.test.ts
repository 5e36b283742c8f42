import { describe, expect, it } from 'vitest'
import { layered } from '../../../renderer/graph/layered.ts'
import { CELL, type LayoutRequest } from '../../../renderer/graph/layout.ts'
import { concentric, grid } from '../../../renderer/graph/simple-layouts.ts'
import { force } from '../../../renderer/graph/force.ts'

function request(
  edges: readonly string[],
  path: readonly string[] = [],
  viewport: LayoutRequest['viewport'] = null,
): LayoutRequest {
  const pairs = edges.map((edge) => edge.split('>') as [string, string])
  const ids = [...new Set(pairs.flat())]
  return {
    name: 'layered',
    nodes: ids.map((id, index) => ({ id, at: `2026-03-01T00:00:0${index % 10}Z` })),
    edges: pairs.map(([from, to], index) => ({
      id: String(index),
      from,
      to,
      onPath: path.includes(`${from}>${to}`),
    })),
    center: null,
    viewport,
  }
}

describe('layered', () => {
  it('puts every cause left of its effect', () => {
    const edges = ['1>2', '2>3', '1>4', '4>3', '3>5']
    const at = layered(request(edges))
    for (const edge of edges) {
      const [from, to] = edge.split('>') as [string, string]
      expect(at[from]?.x, edge).toBeLessThan(at[to]?.x ?? 0)
    }
  })

  it('lays a circle out without hanging, the path still left to right', () => {
    const at = layered(request(['1>2', '2>3', '3>1'], ['1>2', '2>3']))
    expect((at['1']?.x ?? 0) < (at['2']?.x ?? 0) && (at['2']?.x ?? 0) < (at['3']?.x ?? 0)).toBe(true)
  })

  it('keeps nodes that are not on the path off its line', () => {
    const at = layered(request(['1>2', '2>3', '2>9', '9>3'], ['1>2', '2>3']))
    expect(Math.abs(at['9']?.y ?? 0)).toBeGreaterThan(CELL.height / 2)
    expect(Math.abs(at['2']?.y ?? 99)).toBeLessThan(CELL.height / 2)
  })

  it('never puts two nodes on one spot', () => {
    const edges = Array.from({ length: 60 }, (_, index) => `0>${index + 1}`)
    const spots = Object.values(layered(request(edges))).map(
      ({ x, y }) => `${Math.round(x)},${Math.round(y)}`,
    )
    expect(new Set(spots).size).toBe(61)
  })

  it('gives a path the room its labels need: names of every second node and the words on the lines', () => {
    const edges = Array.from({ length: 9 }, (_, index) => `${index}>${index + 1}`)
    const asked = request(edges, edges)
    const at = layered({
      ...asked,
      nodes: asked.nodes.map((node) => ({ ...node, labelWidth: 190 })),
      edges: asked.edges.map((edge) => ({ ...edge, labelWidth: 120 })),
    })
    const places = Array.from({ length: 10 }, (_, index) => at[String(index)] ?? { x: NaN, y: NaN })
    for (const [index, place] of places.entries()) {
      expect(place.x - (places[index - 1]?.x ?? -999)).toBeGreaterThan(120 + 34)
      expect(place.x - (places[index - 2]?.x ?? -999)).toBeGreaterThan(190)
      if (index > 0) expect(Math.sign(place.y)).toBe(-Math.sign(places[index - 1]?.y ?? 0))
    }
  })

  it('goes on below when all of it is asked for and the picture is much longer than the window', () => {
    const edges = Array.from({ length: 14 }, (_, index) => `${index}>${index + 1}`)
    const xs = Object.values(layered(request(edges, edges, { width: 800, height: 600 }))).map(
      (point) => point.x,
    )
    expect(Math.max(...xs)).toBeLessThan(14 * CELL.width * 0.7)
  })
})

describe('layered, in several parts', () => {
  const chain = ['1>2', '2>3', '3>4', '4>5', '5>6', '6>7', '7>8', '8>9']
  const withOthers = (parts: readonly string[], viewport: LayoutRequest['viewport']) =>
    layered(request([...chain, ...parts], chain, viewport))
  const span = (of: (id: string) => number): number => {
    const all = chain.flatMap((edge) => edge.split('>')).map(of)
    return Math.max(...all) - Math.min(...all)
  }

  it('folds the part with the path where it stands, and nothing else beside it, as well', () => {
    const window = { width: 620, height: 420 }
    const whole = withOthers(['a>b'], null)
    const folded = withOthers(['a>b'], window)
    const width = (places: typeof whole): number => span((id) => places[id]?.x ?? 0)
    expect(width(folded)).toBeLessThan(width(whole) * 0.7)
    const lowest = Math.max(...chain.flatMap((edge) => edge.split('>')).map((id) => folded[id]?.y ?? 0))
    expect(folded['a']?.y).toBeGreaterThan(lowest)
  })

  it('does not fold it where the parts below need the height', () => {
    const tall = Array.from({ length: 14 }, (_, at) => `s>x${at}`)
    const window = { width: 620, height: 420 }
    const [whole, same] = [withOthers(tall, null), withOthers(tall, window)]
    expect(span((id) => same[id]?.x ?? 0)).toBe(span((id) => whole[id]?.x ?? 0))
  })
})

describe('the other layouts', () => {
  it('place every node once, deterministically', () => {
    const one = request(['1>2', '2>3', '1>4', '5>6'])
    for (const layout of [concentric, grid, force]) {
      const first = layout(one)
      expect(Object.keys(first).sort()).toEqual(['1', '2', '3', '4', '5', '6'])
      expect(layout(one)).toEqual(first)
      expect(Object.values(first).every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true)
    }
  })

  it('answer an empty graph', () => {
    for (const layout of [layered, concentric, grid]) expect(layout(request([]))).toEqual({})
  })
})

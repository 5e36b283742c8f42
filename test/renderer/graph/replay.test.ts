import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxOutline, isInside } from '../../../renderer/graph/lasso.ts'
import { toReplay } from '../../../renderer/graph/replay.ts'
import { componentsOf, packParts } from '../../../renderer/graph/components.ts'
import { aNode, anEdge, aSlice } from './slices.ts'

const at = (hour: number): string => `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000000Z`

describe('the replay', () => {
  const slice = aSlice(
    [aNode('1', 'user', { at: at(1) }), aNode('2'), aNode('3'), aNode('host', 'endpoint'), aNode('alone')],
    [
      anEdge('a', '1', '2', { at: at(8) }),
      anEdge('b', '2', '3', { at: at(9) }),
      anEdge('standing', '3', 'host', { type: 'association', kind: 'ran-on', at: at(2) }),
    ],
  )
  it('brings relations at their time, nodes with their first relation, and standing ones with both ends', () => {
    const replay = toReplay(slice, new Map())
    expect(replay.steps).toEqual([at(8), at(9)])
    const first = replay.at(0)
    expect([[...first.laterNodes].sort(), [...first.laterEdges].sort(), [...first.freshEdges]]).toEqual([
      ['3', 'host'],
      ['b', 'standing'],
      ['a'],
    ])
    expect(replay.at(1).laterNodes.size).toBe(0)
  })
  it('takes the time of the hop for what is on the path', () => {
    const replay = toReplay(slice, new Map([['a', at(12)]]))
    expect(replay.steps).toEqual([at(9), at(12)])
    expect(replay.at(0).laterEdges.has('a')).toBe(true)
  })
  it('always shows what has no time at all', () => {
    expect(toReplay(slice, new Map()).at(0).laterNodes.has('alone')).toBe(false)
  })
  it('has no step where nothing has a time', () => {
    expect(toReplay(aSlice([aNode('1')], []), new Map()).steps).toEqual([])
  })
})

describe('an outline', () => {
  it('holds exactly the points of its box', () => {
    const place = fc.integer({ min: -50, max: 50 })
    fc.assert(
      fc.property(place, place, place, place, place, place, (x, y, x1, y1, x2, y2) => {
        fc.pre(![x1, x2].includes(x) && ![y1, y2].includes(y))
        const isIn =
          x > Math.min(x1, x2) && x < Math.max(x1, x2) && y > Math.min(y1, y2) && y < Math.max(y1, y2)
        return isInside({ x, y }, boxOutline({ x: x1, y: y1 }, { x: x2, y: y2 })) === isIn
      }),
    )
  })
  it('leaves out the hollow of a lasso', () => {
    const hook = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
      { x: 8, y: 10 },
      { x: 8, y: 2 },
      { x: 0, y: 2 },
    ]
    expect([isInside({ x: 9, y: 8 }, hook), isInside({ x: 4, y: 6 }, hook)]).toEqual([true, false])
  })
})

describe('parts that no line joins', () => {
  it('are laid out apart, that with the path first, single nodes together at the end', () => {
    const parts = componentsOf({
      name: 'layered',
      nodes: ['1', '2', '3', '4', '5', '6', '7'].map((id) => ({ id, at: null })),
      edges: [
        { id: 'a', from: '1', to: '2', onPath: false },
        { id: 'b', from: '2', to: '3', onPath: false },
        { id: 'c', from: '4', to: '5', onPath: true },
      ],
      center: null,
      viewport: null,
    })
    expect(parts.map((part) => part.nodes.map((node) => node.id))).toEqual([
      ['4', '5'],
      ['1', '2', '3'],
      ['6', '7'],
    ])
  })
  it('do not lie over each other', () => {
    const packed = packParts([
      { a: { x: 0, y: 0 }, b: { x: 300, y: 200 } },
      { c: { x: -50, y: -50 } },
      { d: { x: 5, y: 5 } },
    ])
    const places = Object.values(packed).map(({ x, y }) => `${x} ${y}`)
    expect(new Set(places).size).toBe(4)
  })
})

import cytoscape from 'cytoscape'
import { describe, expect, it } from 'vitest'
import { bestPlace, type MapPlace, type Seen, stationsOf } from '../../../renderer/graph/map-place.ts'

const canvas = { width: 800, height: 500 }
const map = { width: 168, height: 108 }
const below: MapPlace = { isAbove: false, scale: 1 }
const at = (x1: number, y1: number, isOnPath = false): Seen => ({
  box: { x1, y1, x2: x1 + 60, y2: y1 + 20 },
  isOnPath,
})
const lowCorner = at(700, 460)
const highCorner = at(700, 10)

describe('the small map', () => {
  it('stays where it is as long as the other corner hides no less', () => {
    expect(bestPlace([], canvas, map, 1, below)).toEqual(below)
    expect(bestPlace([lowCorner, highCorner], canvas, map, 1, below)).toEqual(below)
  })

  it('goes where it hides fewer words, and hides any number of others rather than one of the path', () => {
    expect(bestPlace([lowCorner], canvas, map, 1, below).isAbove).toBe(true)
    const crowd = Array.from({ length: 400 }, () => highCorner)
    expect(bestPlace([...crowd, at(700, 460, true)], canvas, map, 1, below)).toEqual({
      isAbove: true,
      scale: 1,
    })
  })

  it('sees words that reach under it from a node far beside it', () => {
    const label: Seen = { box: { x1: 520, y1: 470, x2: 640, y2: 490 }, isOnPath: true }
    expect(bestPlace([label], canvas, map, 1, below).isAbove).toBe(true)
  })

  it('is drawn smaller where both corners would hide words of the path, as far as that helps', () => {
    const ends = [at(620, 400, true), at(620, 90, true)]
    expect(bestPlace(ends, canvas, map, 1, below).scale).toBe(0.6)
    const both = [at(730, 470, true), at(730, 10, true)]
    expect(bestPlace(both, canvas, map, 1, below).scale).toBe(1)
  })

  it('goes by the size it has on a narrow canvas', () => {
    const beside = at(600, 460)
    expect(bestPlace([beside], canvas, map, 0.65, below)).toEqual({ isAbove: false, scale: 0.65 })
    expect(bestPlace([beside], canvas, map, 1, below).isAbove).toBe(true)
  })
})

describe('the stations of the path', () => {
  it('are the nodes at the ends of its lines', () => {
    const core = cytoscape({
      headless: true,
      elements: [
        ...['a', 'b', 'c', 'd'].map((id) => ({ data: { id } })),
        { data: { id: 'e1', source: 'a', target: 'b' }, classes: 'observed path' },
        { data: { id: 'e2', source: 'b', target: 'c' }, classes: 'observed path' },
        { data: { id: 'e3', source: 'c', target: 'd' }, classes: 'observed' },
      ],
    })
    expect([...stationsOf(core)].sort()).toEqual(['a', 'b', 'c'])
  })
})

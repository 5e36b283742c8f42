import { describe, expect, it } from 'vitest'
import {
  EMPTY_SLICE,
  filterSlice,
  mergeSlices,
  throughNode,
  withPath,
  type Slice,
} from '../../../renderer/graph/slice.ts'
import { outlinePath, lookOf } from '../../../renderer/graph/shapes.ts'
import { toSvg } from '../../../renderer/graph/export-svg.ts'
import { ENTITY_KINDS } from '../../../core/model/relation.ts'

const node = (
  id: string,
  kind: Slice['nodes'][number]['kind'] = 'user',
  name = `n${id}`,
): Slice['nodes'][number] => ({
  id,
  kind,
  name,
  at: null,
  rating: 'unrated',
  marks: [],
  hidden: [],
  detail: '',
})
const edge = (id: string, from: string, to: string, observed = true): Slice['edges'][number] => ({
  id,
  from,
  to,
  kind: 'sent',
  at: null,
  observed,
  confidence: 1,
  count: 1,
  onPath: false,
})
const slice: Slice = {
  ...EMPTY_SLICE,
  nodes: [node('1'), node('2', 'message'), node('3', 'mailbox'), node('4', 'group')],
  edges: [edge('a', '1', '2'), edge('b', '2', '3'), edge('c', '3', '4', false)],
}

describe('slices', () => {
  it('merge without doubling and keep the marks known before', () => {
    const merged = mergeSlices(
      { ...slice, nodes: [{ ...node('1'), marks: ['start'] }] },
      { ...slice, nodes: [node('1'), node('5')] },
    )
    expect(merged.nodes.map((one) => [one.id, one.marks])).toEqual([
      ['1', ['start']],
      ['5', []],
    ])
    expect(merged.edges).toHaveLength(3)
  })

  it('lose the edges of what is filtered out', () => {
    const shown = filterSlice(slice, {
      hidden: new Set(['1']),
      kindsOff: new Set(),
      isOff: (edge) => !edge.observed,
    })
    expect([shown.nodes.map((one) => one.id), shown.edges.map((one) => one.id)]).toEqual([
      ['2', '3', '4'],
      ['b'],
    ])
  })

  it('light everything before and after a node', () => {
    const lit = throughNode(slice, '2')
    expect([[...lit.nodes].sort(), [...lit.edges].sort()]).toEqual([
      ['1', '2', '3', '4'],
      ['a', 'b', 'c'],
    ])
  })

  it('carry the path under study and only that', () => {
    expect(withPath(slice, new Set(['b'])).edges.map((one) => one.onPath)).toEqual([false, true, false])
  })
})

describe('shapes', () => {
  it('tell all kinds apart without colour', () => {
    const drawn = ENTITY_KINDS.map((kind) =>
      JSON.stringify([
        outlinePath(lookOf(kind), 0, 0, 30),
        lookOf(kind).isDouble,
        String(lookOf(kind).icon.name),
        kind,
      ]),
    )
    expect(new Set(drawn).size).toBe(ENTITY_KINDS.length)
  })
  it('draw a kind they do not know', () => {
    expect(outlinePath(lookOf('satellite'), 0, 0, 30)).toMatch(/^M/u)
  })
})

describe('toSvg', () => {
  const colors = {
    ground: '#fff',
    ink: '#111',
    inkSoft: '#444',
    line: '#888',
    thread: '#c00',
    nodeInk: '#000',
    hue: () => '#0a0',
  }
  const positions = Object.fromEntries(slice.nodes.map((one, index) => [one.id, { x: index * 150, y: 0 }]))

  it('writes one picture with a viewBox, the thread in its colour and possible relations dashed', () => {
    const svg = toSvg(withPath(slice, new Set(['a'])), positions, colors, (kind) => kind)
    expect(svg).toMatch(/^<svg [^>]*viewBox="-90 -90 630 180"/u)
    expect(svg.match(/stroke="#c00"/gu)).toHaveLength(1)
    expect(svg.match(/stroke-dasharray/gu)).toHaveLength(1)
  })

  it('writes names of evidence as text', () => {
    const hostile = { ...slice, nodes: [node('1', 'user', '<script>alert(1)</script>\u202E')], edges: [] }
    const svg = toSvg(hostile, positions, colors, (kind) => kind)
    expect(svg).not.toContain('<script>')
    expect(new DOMParser().parseFromString(svg, 'image/svg+xml').querySelector('parsererror')).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { toElements } from '../../../renderer/graph/elements.ts'
import { toSvg } from '../../../renderer/graph/export-svg.ts'
import { aNode, aSlice } from './slices.ts'

const slice = aSlice(
  [
    aNode('1', 'message', { marks: ['first-observed', 'matched', 'start'] }),
    aNode('2', 'process', { marks: ['matched'] }),
    aNode('3', 'user', { marks: ['high-value'] }),
  ],
  [],
)

describe('marks of a chain', () => {
  it('are badges on the canvas, beside any other class of the node', () => {
    const classes = toElements(slice, new Set(['2']), (kind) => kind).map((one) => one.classes.split(' '))
    expect(classes).toEqual([
      ['end', 'badged', 'first-observed', 'matched'],
      ['pinned', 'badged', 'matched'],
      [''],
    ])
  })

  it('are badges in the exported figure, each at its own corner, told by their sign', () => {
    const places = { '1': { x: 0, y: 0 }, '2': { x: 300, y: 0 }, '3': { x: 600, y: 0 } }
    const svg = toSvg(
      slice,
      places,
      {
        ground: '#fff',
        ink: '#000',
        inkSoft: '#555',
        line: '#777',
        thread: '#c00',
        nodeInk: '#111',
        hue: () => '#abc',
      },
      (kind) => kind,
    )
    const parts = new DOMParser().parseFromString(svg, 'image/svg+xml')
    const badges = [...parts.querySelectorAll('svg > g')].map((group) =>
      [...group.querySelectorAll('svg')]
        .filter((one) => one.querySelector('circle[fill="#000"]'))
        .map((one) => [one.getAttribute('x'), one.querySelector('path')?.getAttribute('d')?.slice(0, 4)]),
    )
    expect(badges).toEqual([
      [
        ['9', 'M8.5'],
        ['-24', 'M12 '],
      ],
      [['309', 'M12 ']],
      [],
    ])
  })
})

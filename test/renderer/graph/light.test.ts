import cytoscape, { type Core } from 'cytoscape'
import { describe, expect, it } from 'vitest'
import { AT_ONCE } from '../../../renderer/graph/in-turns.ts'
import { light, mark, type Light } from '../../../renderer/graph/light.ts'
import type { ShownSlice } from '../../../renderer/graph/shown.ts'
import { aNode, anEdge, aSlice } from './slices.ts'

/** a -> b -> c, and d beside them. */
const slice: ShownSlice = aSlice(
  [aNode('a'), aNode('b'), aNode('c'), aNode('d'), aNode('f')],
  [anEdge('1', 'a', 'b'), anEdge('2', 'b', 'c'), anEdge('3', 'd', 'f', { onPath: true })],
)
const canvasOf = (drawn: ShownSlice): Core =>
  cytoscape({
    headless: true,
    styleEnabled: true,
    elements: [
      ...drawn.nodes.map(({ id }) => ({ data: { id } })),
      ...drawn.edges.map(({ id, from, to, onPath }) => ({
        data: { id: `e${id}`, source: from, target: to },
        classes: onPath ? 'path' : '',
      })),
    ],
  })
const DARK: Light = { selected: null, selection: new Set(), moment: null }
const of = (core: Core, name: string): string[] =>
  core
    .elements(`.${name}`)
    .map((one) => one.id())
    .sort()
const settled = async (core: Core, name: string, count: number): Promise<void> =>
  expect.poll(() => core.elements(`.${name}`).length).toBe(count)

describe('the light on the canvas', () => {
  it('falls on the path through what is selected; the thread is never dimmed', () => {
    const core = canvasOf(slice)
    light(core, slice, { ...DARK, selected: 'a' })
    expect(of(core, 'dimmed')).toEqual(['d', 'f'])
    expect(of(core, 'lit')).toEqual(['e1', 'e2'])
    expect(of(core, 'near')).toEqual(['e1'])
    expect(core.$(':selected').map((one) => one.id())).toEqual(['a'])
  })

  it('goes out when nothing, several or something that is not drawn is selected', () => {
    for (const dark of [DARK, { ...DARK, selected: 'nobody' }, { ...DARK, selection: new Set(['a', 'b']) }]) {
      const core = canvasOf(slice)
      light(core, slice, { ...DARK, selected: 'a' })
      light(core, slice, dark)
      expect([of(core, 'dimmed'), of(core, 'lit'), of(core, 'near')]).toEqual([[], [], []])
      expect(core.$(':selected').map((one) => one.id())).toEqual([...dark.selection])
    }
  })

  it('shows a moment of a replay: what is later is hidden, what happens now stands out', () => {
    const core = canvasOf(slice)
    light(core, slice, { ...DARK, selected: 'a' })
    light(core, slice, {
      ...DARK,
      selected: 'a',
      moment: { laterNodes: new Set(['c']), laterEdges: new Set(['2']), freshEdges: new Set(['1']) },
    })
    expect([of(core, 'later'), of(core, 'fresh'), of(core, 'dimmed')]).toEqual([['c', 'e2'], ['e1'], []])
  })

  it('falls on a large picture in turns, what is lit first; only the newest question is answered', async () => {
    const large = aSlice(
      [...slice.nodes, ...Array.from({ length: AT_ONCE * 10 }, (_, at) => aNode(`n${at}`))],
      [...slice.edges],
    )
    const core = canvasOf(large)
    light(core, large, { ...DARK, selected: 'c' })
    expect(of(core, 'lit')).toEqual(['e1', 'e2'])
    expect(core.elements('.dimmed').length).toBeLessThan(AT_ONCE * 10)
    light(core, large, { ...DARK, selected: 'd' })
    expect(of(core, 'lit')).toEqual(['e3'])
    // a, b, c and everything beside.
    await settled(core, 'dimmed', AT_ONCE * 10 + 5)
    light(core, large, DARK)
    await settled(core, 'dimmed', 0)
  })

  it('marks what was found, and forgets what is found no more', async () => {
    const large = aSlice(
      Array.from({ length: AT_ONCE * 2 }, (_, at) => aNode(`n${at}`)),
      [],
    )
    const core = canvasOf(large)
    mark(core, new Set(large.nodes.map(({ id }) => id)))
    mark(core, new Set(['n1', 'n2']))
    await settled(core, 'found', 2)
    mark(core, new Set(['n2', 'n3']))
    expect(of(core, 'found')).toEqual(['n2', 'n3'])
  })
})

import cytoscape, { type Core } from 'cytoscape'
import { beforeEach, describe, expect, it } from 'vitest'
import { Drawing } from '../../../renderer/graph/drawing.ts'
import type { Element } from '../../../renderer/graph/elements.ts'
import { AT_ONCE } from '../../../renderer/graph/in-turns.ts'
import type { Positions } from '../../../renderer/graph/layout.ts'

const node = (id: string, label = id, classes = ''): Element => ({
  group: 'nodes',
  data: { id, kind: 'user', rating: 'unrated', label },
  classes,
})
const line = (id: string, source: string, target: string, classes = 'observed'): Element => ({
  group: 'edges',
  data: { id: `e${id}`, source, target, label: '' },
  classes,
})
const NONE: ReadonlySet<string> = new Set()
const never = (): boolean => false
const inRow = (elements: readonly Element[], y = 0): Positions =>
  Object.fromEntries(elements.map(({ data }, x) => [data.id, { x, y }]))
const many = Array.from({ length: AT_ONCE * 10 }, (_, at) => node(`n${at}`))

let core: Core
let drawing: Drawing
const ids = (): string[] => core.elements().map((one) => one.id())
const window = () => ({ zoom: core.zoom(), pan: { ...core.pan() } })

beforeEach(() => {
  core = cytoscape({ headless: true, styleEnabled: true })
  core.viewport({ zoom: 1.5, pan: { x: 10, y: 20 } })
  drawing = new Drawing()
})

describe('what changes on the canvas', () => {
  it('is there when the call returns, and the window stays where it is', () => {
    const elements = [node('a'), node('b'), line('1', 'a', 'b')]
    expect(drawing.draw(core, elements, inRow(elements, 7), new Set(['b']), never)).toBeNull()
    expect(ids()).toEqual(['a', 'b', 'e1'])
    expect(core.getElementById('b').position()).toEqual({ x: 1, y: 7 })
    expect(core.nodes().map((one) => one.data('isAbove') as boolean)).toEqual([false, true])
    expect(window()).toEqual({ zoom: 1.5, pan: { x: 10, y: 20 } })
  })

  it('is no more than differs: what stays is the same shape as before, with its new words and place', () => {
    const before = [node('a'), node('b'), node('c'), line('1', 'a', 'b'), line('2', 'b', 'c')]
    expect(drawing.draw(core, before, inRow(before), NONE, never)).toBeNull()
    const [a, c] = [core.getElementById('a')[0], core.getElementById('c')[0]]
    a?.addClass('found')
    const after = [node('a', 'a'), node('c', 'other words', 'pinned'), line('2', 'a', 'c', 'possible')]
    expect(
      drawing.draw(core, after, { a: { x: 0, y: 0 }, c: { x: 5, y: 5 } }, new Set(['c']), never),
    ).toBeNull()
    expect(ids().sort()).toEqual(['a', 'c', 'e2'])
    expect([core.getElementById('a')[0], core.getElementById('c')[0]]).toEqual([a, c])
    expect(a?.hasClass('found')).toBe(true)
    expect(c?.data('label')).toBe('other words')
    expect(c?.hasClass('pinned')).toBe(true)
    expect(c?.position()).toEqual({ x: 5, y: 5 })
    // A line that now has other ends is another line.
    expect(core.getElementById('e2').source().id()).toBe('a')
    expect(core.getElementById('e2').hasClass('possible')).toBe(true)
  })

  it('may be words alone', () => {
    const before = [node('a'), node('b'), line('1', 'a', 'b')]
    expect(drawing.draw(core, before, inRow(before, 3), NONE, never)).toBeNull()
    const after = [node('a', 'user'), node('b'), line('1', 'a', 'b', 'observed path')]
    expect(drawing.isOf(after)).toBe(true)
    drawing.relabel(core, after)
    expect(core.getElementById('a').data('label')).toBe('user')
    expect(core.getElementById('a').position()).toEqual({ x: 0, y: 3 })
    expect(core.getElementById('e1').hasClass('path')).toBe(true)
    expect(drawing.isOf([node('a'), node('b')])).toBe(false)
    expect(drawing.isOf([node('a'), node('b'), line('1', 'b', 'a')])).toBe(false)
  })
})

describe('thousands of changes', () => {
  it('are made in turns, the window being elsewhere until all is there', async () => {
    const drawn = drawing.draw(core, many, inRow(many), NONE, never)
    expect(core.nodes().length).toBeGreaterThan(0)
    expect(core.nodes().length).toBeLessThan(many.length)
    expect(window()).not.toEqual({ zoom: 1.5, pan: { x: 10, y: 20 } })
    expect(await drawn).toBe(true)
    expect(core.nodes().length).toBe(many.length)
    expect(window()).toEqual({ zoom: 1.5, pan: { x: 10, y: 20 } })
  })

  it('that were given up are made up for by whoever draws next', async () => {
    let isOld = false
    const drawn = drawing.draw(core, many, inRow(many), NONE, () => isOld)
    isOld = true
    expect(await drawn).toBe(false)
    const made = core.nodes().length
    expect(made).toBeGreaterThan(5)
    expect(made).toBeLessThan(many.length)
    drawing.comeHome(core)
    expect(window()).toEqual({ zoom: 1.5, pan: { x: 10, y: 20 } })
    const wanted = [...many.slice(made - 5, made + 5), line('1', `n${made}`, `n${made - 1}`)]
    expect(await drawing.draw(core, wanted, inRow(wanted, 9), NONE, never)).not.toBe(false)
    expect(ids().sort()).toEqual(wanted.map(({ data }) => data.id).sort())
    expect(
      core
        .nodes()
        .map((one) => one.position().y)
        .every((y) => y === 9),
    ).toBe(true)
  })

  it('can be taken back at once: nothing of them is left', async () => {
    await drawing.draw(core, many, inRow(many), NONE, never)
    await drawing.draw(core, [node('x')], { x: { x: 1, y: 1 } }, NONE, never)
    expect(ids()).toEqual(['x'])
  })
})

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AttackPath } from '../../../core/contract/nouns/graph.ts'
import type { EntityRef } from '../../../core/contract/shapes.ts'
import type { InputOf, ReplyOf } from '../../../core/contract/types.ts'
import { connect } from '../../../renderer/client/client.ts'
import { ViewState, toViewState } from '../../../renderer/graph/view-state.ts'
import { useGraphStore } from '../../../renderer/stores/graph.ts'
import { useGraphViewStore } from '../../../renderer/stores/graph-views.ts'
import { fakeEngine, type FakeEngine } from '../../support/fake-engine.ts'
import { aNode, anEdge, aSlice } from './slices.ts'

const slice = aSlice(
  [
    aNode('1', 'message', {
      marks: ['start'],
      hidden: [{ kind: 'delivered-to', direction: 'out', count: 40 }],
    }),
    aNode('2', 'mailbox'),
    aNode('3', 'mailbox'),
    aNode('4', 'mailbox'),
  ],
  ['2', '3', '4'].map((to) => anEdge(`1${to}`, '1', to, { kind: 'delivered-to' })),
)
const lists = { targetEndpoints: [], firstObserved: [], matched: [], noteworthy: [] }
const places = { '1': { x: 0, y: 0 }, '2': { x: 10, y: 5 }, '3': { x: 20, y: 5 }, '4': { x: 30.4, y: 5 } }
let engine: FakeEngine

beforeEach(() => {
  engine = fakeEngine({ 'chain.around': { ...slice, lists } })
  connect(engine)
  setActivePinia(createPinia())
})

describe('the graph under study', () => {
  it('takes every action back and makes it again, one by one', async () => {
    const graph = useGraphStore()
    await graph.showChain('1')
    graph.place(places)
    const actions: readonly (() => void)[] = [
      () => graph.hide(['2']),
      () => graph.showHidden(),
      () => graph.group(['2', '3']),
      () => graph.ungroupAll(),
      () => graph.groupAlike(null),
      () => graph.collapse('1'),
      () => graph.pin(['1']),
      () => graph.move({ '4': { x: 99, y: 99 } }),
      () => graph.setLayout('grid'),
      () => graph.toggleKind('mailbox'),
      () => graph.toggleLine('possible'),
    ]
    const states = [graph.picture]
    for (const action of actions) {
      action()
      expect(graph.picture).not.toBe(states.at(-1))
      states.push(graph.picture)
    }
    for (const state of states.slice(0, -1).reverse()) {
      graph.undo()
      expect(graph.picture).toEqual(state)
    }
    for (const state of states.slice(1)) {
      graph.redo()
      expect(graph.picture).toEqual(state)
    }
    expect(graph.canRedo).toBe(false)
  })

  it('expands by kind, at most sixty at a time, and leaves the rest as a group that opens further', async () => {
    const all = Array.from({ length: 40 }, (_, at) => String(100 + at))
    const reply: ReplyOf<'chain.expand'> = {
      ...aSlice(
        [aNode('1', 'message'), ...all.map((id) => aNode(id, 'mailbox'))],
        all.map((id) => anEdge(`1${id}`, '1', id, { kind: 'delivered-to' })),
      ),
      next: null,
    }
    engine.answer({ 'chain.expand': reply })
    const graph = useGraphStore()
    await graph.showChain('1')
    await graph.expand('1', { kind: 'delivered-to', direction: 'out' })
    expect(graph.picture.slice.nodes).toHaveLength(44)
    // The engine counts 43 in all: 40 hidden and the three that were there.
    expect(graph.picture.slice.nodes[0]?.hidden).toEqual([])
    expect(graph.picture.slice.grouped).toEqual([])
    expect(graph.error).toBeUndefined()
  })

  it('hides the members of a group with it', async () => {
    const graph = useGraphStore()
    await graph.showChain('1')
    graph.groupAlike(null)
    const group = graph.shown.nodes.find((node) => node.group)
    graph.hide([group?.id ?? ''])
    expect([...graph.picture.hidden].sort()).toEqual(['2', '3', '4'])
  })

  it('asks for the rights of the directory with the whole case', async () => {
    const graph = useGraphStore()
    const right = anEdge('14', '1', '4', { kind: 'generic-all', observed: false })
    engine.answer({
      'graph.among': ({ whole, possible }: InputOf<'graph.among'>) =>
        whole === true
          ? { ...slice, edges: possible === false ? slice.edges : [...slice.edges, right] }
          : slice,
    })
    await graph.showAmong({ whole: true })
    expect(graph.shown.edges.filter((edge) => !edge.observed)).toHaveLength(1)
  })

  it('keeps what is drawn the same object while only places change', async () => {
    const graph = useGraphStore()
    await graph.showChain('1')
    const before = graph.shown
    graph.place(places)
    expect(graph.shown).toBe(before)
  })
})

describe('the objects of a chain', () => {
  const endpoint = { id: '9', kind: 'endpoint' as const, name: 'WS-014' }
  const behind = { around: '1', kind: 'delivered-to' as const, direction: 'out' as const }
  const hidden = { ...endpoint, at: null, rating: 'malicious' as const, behind }
  const grouped = [{ ...behind, count: 2 }]
  const found = aSlice(
    [...slice.nodes, aNode('9', 'endpoint')],
    [...slice.edges, anEdge('19', '1', '9', { kind: 'delivered-to' })],
  )
  beforeEach(() =>
    engine.answer({
      'chain.around': {
        ...slice,
        grouped,
        lists: { ...lists, targetEndpoints: [hidden], noteworthy: [hidden] },
      },
      'graph.among': found,
    }),
  )

  it('list what is shown and what is behind a group', async () => {
    const graph = useGraphStore()
    await graph.showChain('1')
    const placed = { ...hidden, timeIs: 'reached' }
    expect(graph.lists.targetEndpoints).toEqual([placed])
    expect(graph.lists.noteworthy).toEqual([placed])
    // Any picture has lists: those of its nodes.
    graph.showSlice(aSlice([aNode('5', 'process', { marks: ['matched'], rating: 'suspicious' })], []))
    expect(graph.lists.matched.map((one) => one.id)).toEqual(['5'])
    expect(graph.lists.noteworthy.map((one) => one.id)).toEqual(['5'])
    expect(graph.lists.targetEndpoints).toEqual([])
  })

  it('tell when the chain reaches what is shown, not when the case first saw it; else they say it is that', async () => {
    const graph = useGraphStore()
    const first = '2026-03-01T08:00:00Z'
    const then = '2026-03-10T09:00:00Z'
    const drawn = aSlice([aNode('9', 'endpoint', { at: first }), aNode('8', 'endpoint', { at: first })], [])
    const told = { ...lists, targetEndpoints: [{ ...hidden, at: then, behind: null }] }
    graph.showSlice(drawn, [], told)
    expect(graph.lists.targetEndpoints.map(({ id, at, timeIs }) => [id, at, timeIs])).toEqual([
      ['8', first, 'seen'],
      ['9', then, 'reached'],
    ])
  })

  it('are located: brought in from behind their group, which holds one fewer, and taken back', async () => {
    const graph = useGraphStore()
    await graph.showChain('1')
    await graph.locate(hidden)
    expect(graph.selected).toBe('9')
    expect(graph.shown.nodes.map((node) => node.id)).toContain('9')
    expect(graph.picture.slice.grouped).toEqual([{ ...behind, count: 1 }])
    expect(graph.lists.targetEndpoints.map((one) => one.behind)).toEqual([null])
    graph.undo()
    expect(graph.picture.slice.grouped).toEqual(grouped)
    expect(graph.lists.targetEndpoints).toMatchObject([hidden])
  })

  it('are located where they were hidden, grouped by hand, folded, or of a kind that is off', async () => {
    const graph = useGraphStore()
    await graph.showChain('1')
    for (const put of [
      () => graph.hide(['2']),
      () => graph.groupAlike(null),
      () => graph.collapse('1'),
      () => graph.toggleKind('mailbox'),
    ]) {
      put()
      expect(graph.shown.nodes.map((node) => node.id)).not.toContain('2')
      await graph.locate({ id: '2' })
      expect(graph.shown.nodes.map((node) => node.id)).toContain('2')
    }
    // In sight already: no step of its own.
    const before = graph.picture
    await graph.locate({ id: '2' })
    expect(graph.picture).toBe(before)
  })

  it('are marked where a sweep matched them: the run that is handed over, else any', async () => {
    engine.answer({
      'sweep.matched': (input: InputOf<'sweep.matched'>) => ({
        ids: [input.id == null ? '3' : '2'],
        total: 1,
      }),
    })
    const graph = useGraphStore()
    await graph.showChain('1', '7')
    await graph.showChain('1')
    const asked = engine.calls.filter((one) => one.method === 'chain.around')
    expect(asked.map((one) => one.input)).toMatchObject([{ matched: ['2'] }, { matched: ['3'] }])
  })
})

describe('emptying the picture', () => {
  it('is a step like any other: it can be taken back', async () => {
    const graph = useGraphStore()
    await graph.showChain('1')
    const before = graph.picture
    graph.empty()
    expect(graph.isEmpty).toBe(true)
    expect(graph.canUndo).toBe(true)
    graph.undo()
    expect(graph.picture).toBe(before)
    graph.redo()
    expect(graph.isEmpty).toBe(true)
  })
})

describe('a saved view', () => {
  it('of observed relations only stays so, and says how many entities of the case have no line', async () => {
    const graph = useGraphStore()
    const observed = slice.edges.map((edge) => ({ ...edge, observed: true }))
    graph.showSlice({ ...slice, edges: observed, alone: 27 })
    const state = toViewState(graph.picture, places, graph)
    expect(state).toMatchObject({ possible: false, alone: 27 })
    engine.answer({
      'view.get': { id: '7', screen: 'graph', name: 'x', state, at: '', changedAt: null, actor: 'a' },
      'graph.among': slice,
    })
    await useGraphViewStore().open('7')
    expect(engine.calls.findLast(({ method }) => method === 'graph.among')?.input).toMatchObject({
      possible: false,
    })
    expect(graph.picture.slice.alone).toBe(27)
  })

  it('keeps ids and places, and is drawn again with what the case holds by then', async () => {
    const graph = useGraphStore()
    const views = useGraphViewStore()
    await graph.showChain('1')
    graph.place(places)
    graph.group(['2', '3'])
    graph.hide(['4'])
    graph.setLayout('force')
    const state = toViewState(graph.picture, places, graph)
    expect(ViewState.parse(JSON.parse(JSON.stringify(state)))).toEqual(state)
    engine.answer({
      'view.get': { id: '7', screen: 'graph', name: 'x', state, at: '', changedAt: null, actor: 'a' },
      'graph.among': { ...slice, nodes: slice.nodes.slice(0, 3), edges: slice.edges.slice(0, 2) },
    })
    graph.clear()
    await views.open('7')
    expect(graph.error).toBeUndefined()
    expect(graph.layout).toBe('force')
    expect(graph.shown.nodes.map((node) => node.group?.members ?? node.id)).toEqual(['1', ['2', '3']])
    expect(graph.picture.positions?.['2']).toEqual({ x: 10, y: 5 })
  })

  it('keeps the path that was opened, with its hops, when it is none of the alternatives found today', async () => {
    const graph = useGraphStore()
    const views = useGraphViewStore()
    const chain = aSlice(
      ['1', '2', '3'].map((id) => aNode(id)),
      [anEdge('23', '2', '3'), anEdge('12', '1', '2'), anEdge('13', '1', '3')],
    )
    const ref = (id: string): EntityRef => ({ id, kind: 'user', name: `n${id}` })
    const hop = (relationId: string, at: string | null): AttackPath['hops'][number] => ({
      relationId,
      from: ref(relationId[0] ?? ''),
      to: ref(relationId[1] ?? ''),
      relation: 'spawned',
      at,
      confidence: 0.5,
      rule: 'W1',
      observed: true,
      reason: { key: 'why', params: {} },
      events: ['9'],
    })
    const [early, late] = ['2026-03-01T08:00:00Z', '2026-03-01T09:00:00Z']
    const pathOf = (...hops: AttackPath['hops']): AttackPath => ({
      confidence: 0.25,
      startAt: hops[0]?.at ?? null,
      endAt: hops.at(-1)?.at ?? null,
      hops,
    })
    const opened = pathOf(hop('12', late), hop('23', late))
    const shorter = pathOf(hop('13', early))
    engine.answer({
      'path.find': ({ along }: InputOf<'path.find'>) => ({
        from: ref('1'),
        to: ref('3'),
        // As it is known today, surer than it was.
        paths: along?.join() === '12,23' ? [{ ...opened, confidence: 0.4 }] : [shorter],
        graph: chain,
      }),
      'graph.among': chain,
    })
    graph.from = '1'
    graph.to = '3'
    const shows = { key: 'suggest.reason', params: {} }
    await graph.findPaths(opened, [shows])
    expect(graph.path).toEqual(opened)
    // None of those found, and put before them: also that is said.
    expect(graph.proposed).toEqual({ place: null, reasons: [shows] })
    const state = toViewState(graph.picture, {}, graph)
    engine.answer({
      'view.get': { id: '7', screen: 'graph', name: 'x', state, at: '', changedAt: null, actor: 'a' },
    })
    graph.clear()
    await views.open('7')
    expect(graph.error).toBeUndefined()
    expect(graph.path).toEqual({ ...opened, confidence: 0.4 })
    expect(graph.paths.map((path) => path.hops.length)).toEqual([2, 1])
    // A better path before it: then it is said why this one was opened, and only of this one.
    engine.answer({
      'path.find': {
        from: ref('1'),
        to: ref('3'),
        paths: [{ ...shorter, confidence: 0.9 }, opened],
        graph: chain,
      },
    })
    await graph.findPaths(opened, [shows])
    expect([graph.pathIndex, graph.proposed]).toEqual([1, { place: 2, reasons: [shows] }])
    graph.choosePath(0)
    expect(graph.proposed).toBeUndefined()
    await graph.findPaths()
    expect(graph.proposed).toBeUndefined()
    await views.open('7')
    const drawn = graph.picture.slice.edges.filter((edge) => edge.onPath).map((edge) => edge.id)
    expect(drawn.sort()).toEqual(['12', '23'])
  })

  it('from a tampered case is refused, not drawn', async () => {
    const views = useGraphViewStore()
    const graph = useGraphStore()
    engine.answer({
      'view.get': {
        id: '7',
        screen: 'graph',
        name: 'x',
        state: { version: 1, nodes: 'all' },
        at: '',
        changedAt: null,
        actor: 'a',
      },
    })
    await views.open('7')
    expect(graph.error?.code).toBe('request.invalid')
    expect(graph.isEmpty).toBe(true)
  })
})

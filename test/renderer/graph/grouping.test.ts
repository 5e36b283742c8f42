import { describe, expect, it } from 'vitest'
import { foldedInto } from '../../../renderer/graph/collapse.ts'
import { groupLarge, groupLike, likeOf } from '../../../renderer/graph/grouping.ts'
import { EMPTY_PICTURE, toggled, withGroups, withHidden } from '../../../renderer/graph/picture.ts'
import { toShown, unloadedOf } from '../../../renderer/graph/shown.ts'
import { aNode, anEdge, aSlice } from './slices.ts'

/** One mail to so many mailboxes, opened by the first of them. */
const mailTo = (count: number) =>
  aSlice(
    [
      aNode('m', 'message'),
      aNode('u', 'user'),
      ...Array.from({ length: count }, (_, at) => aNode(`b${at}`, 'mailbox')),
    ],
    [
      ...Array.from({ length: count }, (_, at) => anEdge(`d${at}`, 'm', `b${at}`, { kind: 'delivered-to' })),
      anEdge('o', 'b0', 'u', { kind: 'owned-by' }),
    ],
  )

describe('likes', () => {
  it('are of one kind and tied to the same others in the same way', () => {
    const groups = groupLike(mailTo(6))
    expect(groups.map((group) => group.members)).toEqual([['b1', 'b2', 'b3', 'b4', 'b5']])
  })
  it('leave out what is on the path, marked or rated', () => {
    const slice = mailTo(6)
    const [, , , first, second, third] = slice.nodes
    const edges = slice.edges.map((edge) => ({ ...edge, onPath: edge.to === first?.id }))
    const nodes = slice.nodes.map((node) => {
      if (node.id === second?.id) return { ...node, rating: 'malicious' as const }
      return node.id === third?.id ? { ...node, marks: ['target' as const] } : node
    })
    expect(groupLike({ ...slice, nodes, edges })).toEqual([])
  })
  it('of one node are found also when they are only nearly alike', () => {
    expect(likeOf(mailTo(6), 'b0')?.members).toContain('b5')
  })
})

describe('a large picture', () => {
  it('is grouped around its hubs until few enough are left, and keeps what is rated apart', () => {
    const parts = Array.from({ length: 30 }, (_, at) => {
      const part = mailTo(40)
      const own = (id: string): string => `${at}-${id}`
      return {
        nodes: part.nodes.map((node) => ({ ...node, id: own(node.id) })),
        edges: part.edges.map((edge) => ({
          ...edge,
          id: own(edge.id),
          from: own(edge.from),
          to: own(edge.to),
        })),
      }
    })
    const slice = aSlice(
      parts.flatMap((part) => part.nodes),
      parts.flatMap((part) => part.edges),
    )
    const rated = {
      ...slice,
      nodes: slice.nodes.map((node, at) => (at === 5 ? { ...node, rating: 'suspicious' as const } : node)),
    }
    const groups = groupLarge(rated, 200)
    const inside = groups.flatMap((group) => group.members)
    expect(new Set(inside).size).toBe(inside.length)
    expect(rated.nodes.length - inside.length + groups.length).toBeLessThanOrEqual(200)
    expect(inside).not.toContain(rated.nodes[5]?.id)
  })
})

describe('what is drawn', () => {
  it('has one node for a group, one line for its relations of a kind, and every relation behind it', () => {
    const slice = mailTo(6)
    const shown = toShown(withGroups({ ...EMPTY_PICTURE, slice }, groupLike(slice)))
    const group = shown.nodes.find((node) => node.group)
    expect(group?.group).toEqual({
      count: 5,
      members: ['b1', 'b2', 'b3', 'b4', 'b5'],
      relation: 'delivered-to',
    })
    const line = shown.edges.find((edge) => edge.to === group?.id)
    expect(line?.lines).toEqual(['d1', 'd2', 'd3', 'd4', 'd5'])
    expect(shown.nodes.map((node) => node.id)).not.toContain('b1')
  })
  it('counts down when members of a group are hidden, and opens it when one is left', () => {
    const slice = mailTo(4)
    const grouped = withGroups({ ...EMPTY_PICTURE, slice }, groupLike(slice))
    const two = toShown(withHidden(grouped, ['b1']))
    expect(two.nodes.find((node) => node.group)?.group?.count).toBe(2)
    const one = toShown(withHidden(grouped, ['b1', 'b2']))
    expect([one.nodes.some((node) => node.group), one.nodes.map((node) => node.id)]).toEqual([
      false,
      ['m', 'u', 'b0', 'b3'],
    ])
  })
  it('hangs neighbours that were not loaded on their node', () => {
    const slice = {
      ...mailTo(1),
      grouped: [{ around: 'm', kind: 'delivered-to' as const, direction: 'out' as const, count: 37 }],
    }
    const more = toShown({ ...EMPTY_PICTURE, slice }).nodes.find((node) => node.group)
    expect(more?.group).toEqual({ count: 37, members: [], relation: 'delivered-to' })
    expect(unloadedOf(slice, more?.id ?? '')).toEqual(slice.grouped[0])
  })
  it('leaves out lines by how they are drawn', () => {
    const slice = aSlice(
      [aNode('1'), aNode('2')],
      [anEdge('a', '1', '2'), anEdge('b', '1', '2', { observed: false, kind: 'admin-to' })],
    )
    const shown = toShown({ ...EMPTY_PICTURE, slice, linesOff: toggled(new Set(), 'possible') })
    expect(shown.edges.map((edge) => edge.id)).toEqual(['a'])
  })
})

describe('folding', () => {
  const slice = aSlice(
    [
      aNode('start', 'user', { marks: ['start'] }),
      aNode('hub'),
      aNode('leaf1'),
      aNode('leaf2'),
      aNode('below'),
      aNode('both'),
    ],
    [
      anEdge('a', 'start', 'hub'),
      anEdge('b', 'hub', 'leaf1'),
      anEdge('c', 'hub', 'leaf2'),
      anEdge('d', 'leaf2', 'below'),
      anEdge('e', 'hub', 'both'),
      anEdge('f', 'start', 'both'),
    ],
  )
  it('takes in what hangs on a node alone, with what hangs on that, and nothing else', () => {
    expect([...foldedInto(slice, new Set(['hub'])).keys()].sort()).toEqual(['below', 'leaf1', 'leaf2'])
  })
  it('counts it on the node, and gives it back', () => {
    const folded = toShown({ ...EMPTY_PICTURE, slice, collapsed: new Set(['hub']) })
    expect(folded.nodes.find((node) => node.id === 'hub')?.folded).toBe(3)
    expect(toShown({ ...EMPTY_PICTURE, slice }).nodes).toHaveLength(6)
  })
})

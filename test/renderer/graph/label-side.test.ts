import { expect, it } from 'vitest'
import { labelsAbove } from '../../../renderer/graph/label-side.ts'
import { EMPTY_SLICE } from '../../../renderer/graph/slice.ts'

it('puts a label above a node only when all its lines leave downwards', () => {
  const edge = (id: string, from: string, to: string) => ({
    id,
    from,
    to,
    kind: 'sent' as const,
    at: null,
    observed: true,
    confidence: 1,
    count: 1,
    onPath: false,
  })
  const slice = { ...EMPTY_SLICE, edges: [edge('a', '1', '2'), edge('b', '2', '3'), edge('c', '3', '4')] }
  const positions = { '1': { x: 0, y: 0 }, '2': { x: 1, y: 50 }, '3': { x: 2, y: 0 }, '4': { x: 3, y: 0 } }
  expect([...labelsAbove(slice, positions)]).toEqual(['1'])
})

it('looks on the path at its own lines only', () => {
  const edge = (id: string, from: string, to: string, onPath: boolean) => ({
    id,
    from,
    to,
    kind: 'sent' as const,
    at: null,
    observed: true,
    confidence: 1,
    count: 1,
    onPath,
  })
  const slice = { ...EMPTY_SLICE, edges: [edge('a', '1', '2', true), edge('b', '9', '1', false)] }
  const positions = { '1': { x: 0, y: 0 }, '2': { x: 1, y: 50 }, '9': { x: 0, y: -90 } }
  expect(labelsAbove(slice, positions).has('1')).toBe(true)
})

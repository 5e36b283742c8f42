import { EMPTY_SLICE, type Slice, type SliceEdge, type SliceNode } from '../../../renderer/graph/slice.ts'

export const aNode = (
  id: string,
  kind: SliceNode['kind'] = 'user',
  more: Partial<SliceNode> = {},
): SliceNode => ({
  id,
  kind,
  name: `n${id}`,
  at: null,
  rating: 'unrated',
  marks: [],
  hidden: [],
  detail: '',
  ...more,
})
export const anEdge = (id: string, from: string, to: string, more: Partial<SliceEdge> = {}): SliceEdge => ({
  id,
  from,
  to,
  kind: 'spawned',
  at: null,
  observed: true,
  confidence: 1,
  count: 1,
  onPath: false,
  type: 'event',
  ...more,
})
export const aSlice = (nodes: SliceNode[], edges: SliceEdge[]): Slice => ({
  ...EMPTY_SLICE,
  nodes,
  edges,
  total: { nodes: nodes.length, edges: edges.length },
})

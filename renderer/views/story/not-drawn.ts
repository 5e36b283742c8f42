import type { ResultOf } from '../../../core/contract/types.ts'

/**
 * How many affected endpoints the figure of a story does not show: nothing joins them to its paths, or there are too many of them.
 */
export function endpointsNotDrawn({
  endpoints,
  endpointTotal,
  graph,
}: Pick<ResultOf<'story.get'>, 'endpoints' | 'endpointTotal' | 'graph'>): number {
  const drawn = new Set(graph.nodes.map(({ id }) => id))
  return endpointTotal - endpoints.filter(({ id }) => drawn.has(id)).length
}

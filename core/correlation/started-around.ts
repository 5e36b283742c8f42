import type { ProcessFact, ProcessIndex } from './process-index.ts'
import type { CorrelationView } from './view.ts'

/** Starts by endpoint, in time order; made once per index of processes. */
const byEndpoint = new WeakMap<ProcessIndex, Map<number, ProcessFact[]>>()

function startsOn(view: CorrelationView, endpointId: number): readonly ProcessFact[] {
  const { processes } = view
  let starts = byEndpoint.get(processes)
  if (!starts) {
    starts = new Map()
    for (const process of processes.started) {
      const list = starts.get(process.endpointId)
      if (list) list.push(process)
      else starts.set(process.endpointId, [process])
    }
    byEndpoint.set(processes, starts)
  }
  return starts.get(endpointId) ?? []
}

/** Processes of an endpoint that started in a span of time (microseconds, ends included), by binary search. */
export function startedAround(
  view: CorrelationView,
  endpointId: number,
  from: number,
  to: number,
): ProcessFact[] {
  const starts = startsOn(view, endpointId)
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle]?.startAt ?? 0) < from) low = middle + 1
    else high = middle
  }
  const found: ProcessFact[] = []
  for (let index = low; index < starts.length; index += 1) {
    const process = starts[index]
    if (!process || (process.startAt ?? 0) > to) break
    found.push(process)
  }
  return found
}

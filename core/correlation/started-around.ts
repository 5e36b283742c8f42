import type { ProcessFact } from './process-index.ts'
import type { CorrelationView } from './view.ts'

/** Processes of an endpoint that started in a span of time (microseconds, ends included), by binary search. */
export function startedAround(
  view: CorrelationView,
  endpointId: number,
  from: number,
  to: number,
): ProcessFact[] {
  const starts = view.processes.startedOn(endpointId)
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts.at(middle)?.startAt ?? 0) < from) low = middle + 1
    else high = middle
  }
  const found: ProcessFact[] = []
  for (let index = low; index < starts.length; index += 1) {
    const process = starts.at(index)
    if (!process || (process.startAt ?? 0) > to) break
    found.push(process)
  }
  return found
}

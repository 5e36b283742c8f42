import type { PathFilter } from '../contract/nouns/graph.ts'
import { WorkbenchError } from '../model/errors.ts'
import { parseIso } from '../store/time.ts'
import type { NetworkFilter } from './network-view.ts'

/** @throws WorkbenchError `request.invalid` when a time of the input is none */
export function readTime(field: string, text: string | null | undefined): number | null {
  if (text == null || text === '') return null
  const at = parseIso(text)
  if (at === undefined) throw new WorkbenchError('request.invalid', { field, problem: text })
  return at
}

/** The filter of a request as the network takes it. */
export function readFilter(input: PathFilter): NetworkFilter {
  const after = readTime('after', input.after)
  const before = readTime('before', input.before)
  if (after !== null && before !== null && before < after)
    throw new WorkbenchError('request.invalid', {
      field: 'before',
      problem: `${input.before} < ${input.after}`,
    })
  return {
    possible: !input.observedOnly,
    analyst: input.analyst,
    include: input.include ?? null,
    exclude: input.exclude ?? null,
    window:
      after === null && before === null
        ? null
        : { from: after ?? Number.MIN_SAFE_INTEGER, to: before ?? Number.MAX_SAFE_INTEGER },
  }
}

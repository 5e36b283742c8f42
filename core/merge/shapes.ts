import { z } from 'zod'

/** Times of an analyst's work: after 1970, before 2200. A forged one could be anything. */
export const Time = z.number().int().min(0).max(7_258_118_400_000_000)
export const Actor = z.string().min(1).max(100)

/** Why something in the other case is left out, in a word: the field that is wrong. Anything else is ours. */
export function toProblem(cause: unknown): string {
  if (cause instanceof z.ZodError) {
    const [issue] = cause.issues
    return issue?.path.map(String).join('.') || (issue?.code ?? 'shape')
  }
  if (cause instanceof SyntaxError) return 'json'
  throw cause
}

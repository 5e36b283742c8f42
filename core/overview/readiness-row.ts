import type { Overview } from '../contract/nouns/overview.ts'

type Row = Overview['readiness'][number]

/**
 * One row of readiness.
 * @param detail which sentence explains the state; the state's own when left out
 * @param words where its sentences are kept
 */
export const row = (
  id: string,
  state: Row['state'],
  params: Record<string, string | number> = {},
  detail: string = state,
  words = 'readiness',
): Row => ({
  id,
  state,
  title: { key: `${words}.${id}.title`, params: {} },
  detail: { key: `${words}.${id}.${detail}`, params },
})

/** Names said in one sentence; the rest is a number. */
const MAX_NAMED = 3

/** `a, b, c, +4` */
export const named = (names: readonly string[]): string =>
  names.length <= MAX_NAMED
    ? names.join(', ')
    : [...names.slice(0, MAX_NAMED), `+${names.length - MAX_NAMED}`].join(', ')

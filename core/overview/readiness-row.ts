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

import type { z } from 'zod'
import type { ChainLists as Lists, ChainObject as Listed } from '../../core/contract/nouns/graph.ts'
import type { Slice, SliceNode } from './slice.ts'

export type ChainLists = z.infer<typeof Lists>
export type ChainObject = z.infer<typeof Listed>
/** `at` is the time at which the chain reaches it, as the engine told; else when the case first saw it. */
export type PlacedObject = ChainObject & { readonly timeIs: 'reached' | 'seen' }
export type PlacedLists = Readonly<Record<ListName, readonly PlacedObject[]>>

/** In the order in which a responder asks: where, from what, is it what I looked for, what is bad. */
export const LIST_NAMES = ['targetEndpoints', 'firstObserved', 'matched', 'noteworthy'] as const
export type ListName = (typeof LIST_NAMES)[number]

const WORST_FIRST = ['malicious', 'suspicious', 'unrated', 'normal'] as const

const isIn: Readonly<Record<ListName, (node: SliceNode) => boolean>> = {
  targetEndpoints: (node) => node.kind === 'endpoint',
  firstObserved: (node) => node.marks.includes('first-observed'),
  matched: (node) => node.marks.includes('matched'),
  noteworthy: (node) => node.rating === 'malicious' || node.rating === 'suspicious',
}

/**
 * The objects of a picture in lists: those it shows, and those the engine named behind a group (`told`) and the picture has not brought in
 * yet. What was expanded since belongs to them as well.
 */
export function listsOf(slice: Slice, told: ChainLists | null): PlacedLists {
  const shown = new Set(slice.nodes.map((node) => node.id))
  const reached = new Map(
    LIST_NAMES.flatMap((name) => told?.[name] ?? []).map((one) => [
      one.id,
      { ...one, timeIs: 'reached' as const },
    ]),
  )
  const list = (name: ListName): PlacedObject[] => [
    ...slice.nodes.filter(isIn[name]).map((node) => ({
      ...toObject(node),
      ...timeOf(reached.get(node.id) ?? { at: node.at, timeIs: 'seen' }),
    })),
    ...(told?.[name] ?? [])
      .filter((one) => !shown.has(one.id))
      .map((one) => ({ ...one, timeIs: 'reached' as const })),
  ]
  return {
    targetEndpoints: list('targetEndpoints').sort(byTime),
    firstObserved: list('firstObserved').sort(byTime),
    matched: list('matched').sort(byTime),
    noteworthy: list('noteworthy').sort(
      (a, b) => WORST_FIRST.indexOf(a.rating) - WORST_FIRST.indexOf(b.rating) || byTime(a, b),
    ),
  }
}

const timeOf = ({ at, timeIs }: Pick<PlacedObject, 'at' | 'timeIs'>) => ({ at, timeIs })
const toObject = ({ id, kind, name, at, rating }: SliceNode): ChainObject => ({
  id,
  kind,
  name,
  at,
  rating,
  behind: null,
})
const byTime = (a: ChainObject, b: ChainObject): number => (a.at ?? '~').localeCompare(b.at ?? '~')

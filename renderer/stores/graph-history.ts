import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { EMPTY_PICTURE, type Picture } from '../graph/picture.ts'
import type { Positions } from '../graph/layout.ts'
import { toShown, type ShownSlice } from '../graph/shown.ts'

// Each step keeps only references to what it shares with the one before.
const MAX_UNDO = 200
// Places are new objects after every layout: beyond so many in all, the oldest steps are laid out again when taken back.
const MAX_KEPT_PLACES = 400_000

/** The picture and every one before and after it. */
export function useHistory() {
  const picture = shallowRef<Picture>(EMPTY_PICTURE)
  const past = shallowRef<readonly Picture[]>([])
  const future = shallowRef<readonly Picture[]>([])

  /** A new picture; the one before can be had back. */
  function step(next: Picture): void {
    past.value = slim([...past.value, picture.value].slice(-MAX_UNDO))
    future.value = []
    picture.value = next
  }
  /** The layout found places for this picture: part of it, not a step of its own. */
  function place(positions: Positions): void {
    picture.value = { ...picture.value, positions }
  }
  function undo(): void {
    const before = past.value.at(-1)
    if (!before) return
    past.value = past.value.slice(0, -1)
    future.value = [picture.value, ...future.value]
    picture.value = before
  }
  function redo(): void {
    const [next, ...rest] = future.value
    if (!next) return
    future.value = rest
    past.value = [...past.value, picture.value]
    picture.value = next
  }
  function forget(): void {
    picture.value = EMPTY_PICTURE
    past.value = []
    future.value = []
  }
  const canUndo = computed(() => past.value.length > 0)
  const canRedo = computed(() => future.value.length > 0)
  return { picture, past, future, canUndo, canRedo, step, place, undo, redo, forget }
}

function slim(steps: readonly Picture[]): readonly Picture[] {
  let left = MAX_KEPT_PLACES
  return steps
    .toReversed()
    .map((one) => {
      left -= one.slice.nodes.length
      return left >= 0 || one.positions === null || one.isByHand ? one : { ...one, positions: null }
    })
    .reverse()
}

const DRAWN_BY = ['slice', 'hidden', 'groups', 'collapsed', 'kindsOff', 'linesOff'] as const

/** What is drawn of the picture: the same object as long as only places change, so that nothing is drawn anew for them. */
export function useShown(picture: ShallowRef<Picture>): ComputedRef<ShownSlice> {
  let last: { readonly of: Picture; readonly shown: ShownSlice } | undefined
  return computed(() => {
    const now = picture.value
    const known = last
    if (known === undefined || DRAWN_BY.some((part) => known.of[part] !== now[part]))
      last = { of: now, shown: toShown(now) }
    return last?.shown ?? toShown(now)
  })
}

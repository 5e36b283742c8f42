import type { ComputedRef, ShallowRef } from 'vue'
import { groupLike, groupOf, likeOf, type NodeGroup } from '../graph/grouping.ts'
import { withGroups, type Picture } from '../graph/picture.ts'
import type { ShownSlice } from '../graph/shown.ts'

/** So many members of a group come out at once; the others stay grouped. */
const OPENED_AT_ONCE = 200

/**
 * Several nodes drawn as one, and opened again.
 * @param select picks the group that was made, or what came out of it
 */
export function useGroups(
  history: { readonly picture: ShallowRef<Picture>; step(next: Picture): void },
  shown: ComputedRef<ShownSlice>,
  select: (id: string | null) => void,
) {
  const { picture, step } = history
  /** The entities behind a drawn node: itself, or the members of a group. */
  const membersOf = (id: string): readonly string[] => picture.value.groups.get(id)?.members ?? [id]

  /** Groups nodes by hand; groups among them are joined. */
  function group(ids: readonly string[]): void {
    const members = ids.flatMap((id) => membersOf(id))
    const wanted = new Set(members)
    const kinds = picture.value.slice.nodes.filter((node) => wanted.has(node.id)).map(({ kind }) => kind)
    const [first] = kinds
    if (members.length < 2 || first === undefined) return
    const made = groupOf(members, kinds.every((kind) => kind === first) ? first : 'group')
    step(withGroups(picture.value, [made]))
    select(made.id)
  }
  /** Groups of what looks like one node, or of all likes of the picture. */
  function alike(id: string | null): NodeGroup[] {
    const visible = new Set(shown.value.nodes.map((node) => node.id))
    const { slice } = picture.value
    const open = { ...slice, nodes: slice.nodes.filter((node) => visible.has(node.id)) }
    if (id === null) return groupLike(open)
    const one = likeOf(open, id)
    return one ? [one] : []
  }
  const canGroupAlike = (id: string | null): boolean => alike(id).length > 0
  function groupAlike(id: string | null): void {
    const made = alike(id)
    const [first] = made
    if (first === undefined) return
    step(withGroups(picture.value, made))
    if (id !== null) select(first.id)
  }
  /** Lets the members of a group out, the first of them where there are very many. */
  function open(id: string): void {
    const found = picture.value.groups.get(id)
    if (!found) return
    const groups = new Map(picture.value.groups)
    groups.delete(id)
    const rest = found.members.slice(OPENED_AT_ONCE)
    const left = rest.length > 1 ? groupOf(rest, found.kind) : undefined
    if (left) groups.set(left.id, left)
    step({ ...picture.value, groups, positions: null, isByHand: false })
    select(left?.id ?? found.members[0] ?? null)
  }
  const openAll = (): void => step({ ...picture.value, groups: new Map(), positions: null, isByHand: false })
  return { membersOf, group, groupAlike, canGroupAlike, open, openAll }
}

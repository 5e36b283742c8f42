import { groupOf, type NodeGroup } from './grouping.ts'
import type { Picture } from './picture.ts'
import { toShown } from './shown.ts'

/** The same picture with one node in sight: neither hidden, nor of a kind that is off, nor in a group or folded. */
export function withSight(before: Picture, id: string): Picture {
  const node = before.slice.nodes.find((one) => one.id === id)
  if (!node) return before
  const isSeen = (picture: Picture): boolean => toShown(picture).nodes.some((one) => one.id === id)
  if (isSeen(before)) return before
  const [hidden, kindsOff] = [new Set(before.hidden), new Set<string>(before.kindsOff)]
  hidden.delete(id)
  kindsOff.delete(node.kind)
  const groups = [...before.groups.values()].flatMap((group): NodeGroup[] => {
    if (!group.members.includes(id)) return [group]
    const rest = group.members.filter((one) => one !== id)
    return rest.length > 1 ? [groupOf(rest, group.kind)] : []
  })
  const next = {
    ...before,
    hidden,
    kindsOff,
    groups: new Map(groups.map((group) => [group.id, group])),
    positions: null,
    isByHand: false,
  }
  return isSeen(next) ? next : { ...next, collapsed: new Set() }
}

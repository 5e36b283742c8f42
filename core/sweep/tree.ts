import type { CriteriaNode } from '../contract/nouns/sweep.ts'

/** Where an indicator was seen: endpoints, or mailboxes and users where a record names no endpoint. */
export type PlacesOf = (indicator: string) => ReadonlySet<string>

/** Places at which a node of the criteria holds. An `all` without members holds nowhere. */
export function placesOf(node: CriteriaNode, seenAt: PlacesOf): ReadonlySet<string> {
  if (node.indicator !== undefined) return seenAt(node.indicator)
  if (node.any !== undefined) {
    const found = new Set<string>()
    for (const child of node.any) for (const place of placesOf(child, seenAt)) found.add(place)
    return found
  }
  const [first, ...rest] = (node.all ?? []).map((child) => placesOf(child, seenAt))
  return new Set([...(first ?? [])].filter((place) => rest.every((other) => other.has(place))))
}

/**
 * Where each indicator counts: seen there, and all that must come together with it was seen there too.
 * @returns places by indicator id; an indicator that stands twice counts where either holds
 */
export function countingPlaces(root: CriteriaNode, seenAt: PlacesOf): Map<string, Set<string>> {
  const counting = new Map<string, Set<string>>()
  const visit = (node: CriteriaNode, within: ReadonlySet<string> | undefined): void => {
    if (node.indicator !== undefined) {
      const places = counting.get(node.indicator) ?? new Set<string>()
      for (const place of seenAt(node.indicator))
        if (within === undefined || within.has(place)) places.add(place)
      counting.set(node.indicator, places)
      return
    }
    if (node.any !== undefined) {
      for (const child of node.any) visit(child, within)
      return
    }
    const together = placesOf(node, seenAt)
    const narrowed =
      within === undefined ? together : new Set([...together].filter((place) => within.has(place)))
    for (const child of node.all ?? []) visit(child, narrowed)
  }
  visit(root, undefined)
  return counting
}

/** Ids of the indicators below a node, in order, each once. */
export function indicatorsIn(node: CriteriaNode): string[] {
  const found = new Set<string>()
  const visit = (one: CriteriaNode): void => {
    if (one.indicator !== undefined) found.add(one.indicator)
    for (const child of one.any ?? one.all ?? []) visit(child)
  }
  visit(node)
  return [...found]
}

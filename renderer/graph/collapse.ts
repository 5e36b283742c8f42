import type { Slice } from './slice.ts'

/**
 * What hangs on each collapsed node alone: everything that is tied to the rest of the picture only through it. The side that stays is
 * the one with the path or the start of the picture, else the largest.
 * @returns the collapsed node each folded node is in
 */
export function foldedInto(slice: Slice, collapsed: ReadonlySet<string>): ReadonlyMap<string, string> {
  const into = new Map<string, string>()
  if (collapsed.size === 0) return into
  const around = new Map<string, string[]>(slice.nodes.map((node) => [node.id, []]))
  const anchors = new Set<string>()
  for (const node of slice.nodes)
    if (node.marks.includes('start') || node.marks.includes('target')) anchors.add(node.id)
  for (const edge of slice.edges) {
    around.get(edge.from)?.push(edge.to)
    around.get(edge.to)?.push(edge.from)
    if (edge.onPath) anchors.add(edge.from).add(edge.to)
  }
  for (const id of collapsed) {
    if (!around.has(id) || into.has(id)) continue
    for (const part of partsFolding(id, around, anchors, into)) for (const one of part) into.set(one, id)
  }
  return into
}

function partsFolding(
  id: string,
  around: ReadonlyMap<string, readonly string[]>,
  anchors: ReadonlySet<string>,
  gone: ReadonlyMap<string, string>,
): readonly (readonly string[])[] {
  const seen = new Set([id])
  const parts: string[][] = []
  for (const start of around.get(id) ?? []) {
    if (seen.has(start) || gone.has(start)) continue
    seen.add(start)
    const part = [start]
    for (let at = 0; at < part.length; at++)
      for (const next of around.get(part[at] ?? '') ?? [])
        if (!seen.has(next) && !gone.has(next)) {
          seen.add(next)
          part.push(next)
        }
    parts.push(part)
  }
  const anchored = parts.filter((part) => part.some((one) => anchors.has(one)))
  if (anchored.length > 0) return parts.filter((part) => !anchored.includes(part))
  if (anchors.has(id)) return parts
  const largest = Math.max(0, ...parts.map((part) => part.length))
  const kept = largest > 1 ? parts.find((part) => part.length === largest) : undefined
  return parts.filter((part) => part !== kept)
}

import { nodeOf, type PackedNetwork } from '../graph/packed-network.ts'
import type { ReadStore } from '../store/store.ts'
import type { Seed } from './seed.ts'

const opened = `SELECT d.id AS detection, e.entity_id AS entity FROM detection d JOIN detection_entity e ON e.detection_id = d.id
  WHERE d.rule = 'mail.judged' AND d.what = 'judged-clicked'`

/** Links of mail that somebody opened and a mail product calls malicious: node -> detections that say so. */
export function judgedLinks(db: ReadStore, network: PackedNetwork): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>()
  for (const { detection, entity } of db.prepare(opened).all() as { detection: number; entity: number }[]) {
    const node = nodeOf(network, entity)
    if (node < 0) continue
    const known = found.get(node)
    if (known) known.push(detection)
    else found.set(node, [detection])
  }
  return found
}

/**
 * What the product and the packs of the case say of one opened link is one fact: the graver word counts, the other one stays as a sign
 * that the score leaves out. What it ties together it ties as before: a pack that knows more takes no story apart.
 * @param isGrave whether packs call a link more than suspicious; undefined: they do not call it bad
 */
export function countedOnce(
  seeds: readonly Seed[],
  judged: ReadonlyMap<number, readonly number[]>,
  isGrave: (urlNode: number) => boolean | undefined,
): Seed[] {
  const [lighterLinks, lighterVerdicts] = [new Set<number>(), new Set<number>()]
  for (const [url, detections] of judged) {
    const grave = isGrave(url)
    if (grave === false) lighterLinks.add(url)
    if (grave === true) for (const detection of detections) lighterVerdicts.add(detection)
  }
  return seeds.map((seed) =>
    lighterVerdicts.has(seed.detection) || (seed.sign === 'bad_link' && lighterLinks.has(seed.nodes[0] ?? -1))
      ? { ...seed, isToldTwice: true }
      : seed,
  )
}

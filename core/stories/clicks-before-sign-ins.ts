import { CLOCK_TOLERANCE_US } from '../graph/clock-tolerance.ts'
import { KIND_INDEX, nodeOf, type PackedNetwork } from '../graph/packed-network.ts'
import type { ReadStore } from '../store/store.ts'
import type { Seed } from './seed.ts'

/** Who gives a password away on a page is logged on with it soon (microseconds): a relayed sign-in follows within minutes. */
const SOON = 30 * 60_000_000
/** By itself it says little: everybody opens links. */
const WEIGHT = 0.3

/** Sign-ins that are odd enough: from a new country alone many are, behind a VPN or on a journey. */
const oddSignIns = `SELECT d.subject_id AS user, d.first_at AS at FROM detection d
  WHERE d.rule = 'cloud.odd-sign-in' AND d.level <> 'low' AND d.first_at IS NOT NULL ORDER BY d.first_at, d.id`

const index = (kind: Parameters<typeof KIND_INDEX.get>[0]): number => KIND_INDEX.get(kind) ?? 255

/**
 * Links out of mail that an account opened right before somebody signed in with it from an odd place: the last one before. Perhaps that
 * is where the password, or the session, was given away.
 * @param isBad links that packs call bad are signs already
 */
export function* clicksBeforeSignIns(
  db: ReadStore,
  network: PackedNetwork,
  isBad: (urlNode: number) => boolean,
): Generator<Seed> {
  const told = new Set<number>()
  for (const { user, at } of db.prepare(oddSignIns).all() as { user: number; at: number }[]) {
    const click = lastClick(network, nodeOf(network, user), at)
    if (click === undefined || told.has(click.relation) || isBad(network.from[click.relation] ?? 0)) continue
    told.add(click.relation)
    const sure = network.confidence[click.relation] ?? 0
    yield {
      sign: 'click_before_sign_in',
      weight: WEIGHT * sure,
      sure,
      at: click.at,
      nodes: [network.from[click.relation] ?? 0, network.to[click.relation] ?? 0],
      relation: click.relation,
      detection: -1,
    }
  }
}

function lastClick(
  network: PackedNetwork,
  user: number,
  until: number,
): { readonly relation: number; readonly at: number } | undefined {
  if (user < 0) return undefined
  const { inStart, into, kinds, from, useStart, uses } = network
  let last: { relation: number; at: number } | undefined
  for (let p = inStart[user] ?? 0; p < (inStart[user + 1] ?? 0); p += 1) {
    const relation = into[p] ?? 0
    if (kinds[relation] !== index('clicked-by') || !isMailed(network, from[relation] ?? 0)) continue
    for (let use = useStart[relation] ?? 0; use < (useStart[relation + 1] ?? 0); use += 1) {
      const at = uses[use] ?? 0
      if (at < until - SOON || at > until + CLOCK_TOLERANCE_US) continue
      if (last === undefined || at > last.at) last = { relation, at }
    }
  }
  return last
}

function isMailed({ inStart, into, kinds }: PackedNetwork, url: number): boolean {
  for (let p = inStart[url] ?? 0; p < (inStart[url + 1] ?? 0); p += 1)
    if (kinds[into[p] ?? 0] === index('links-to')) return true
  return false
}

/** Clicks that only this sign speaks of: that the mail led to what followed is an inference from the time. */
export function inferredClicks(seeds: readonly Seed[]): ReadonlySet<number> {
  const known = new Set(seeds.flatMap(({ sign, relation }) => (sign === 'bad_link' ? relation : [])))
  return new Set(
    seeds.flatMap(({ sign, relation }) =>
      sign === 'click_before_sign_in' && !known.has(relation) ? relation : [],
    ),
  )
}

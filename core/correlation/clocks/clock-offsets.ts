/** One record of something that a second clock recorded as well. */
export interface Sighting {
  /** Whose clock: the id of an endpoint; below zero, an evidence file that names none (`-evidenceId`). */
  readonly clock: number
  /** Microseconds, as recorded. */
  readonly at: number
  readonly event: number
}

/** How far a clock goes ahead of those that agree with each other. */
export interface ClockOffset {
  readonly clock: number
  /** Microseconds; below zero: behind. */
  readonly offset: number
  readonly confidence: number
  /** Things this clock and another one recorded that agree on the offset, and those that do not fit it. */
  readonly support: number
  readonly against: number
  /** Clocks it was compared with. */
  readonly compared: number
  /** Pairs of events (its own, the other's) of the same thing, a few of them. */
  readonly proof: readonly (readonly [number, number])[]
}

const SECOND = 1_000_000
/** Two records of one thing lie this close together when both clocks are right. */
const TIGHT = 4 * SECOND
/** Smaller differences come out of how records are made (a proxy writes when it is done), not out of clocks. */
export const SMALLEST_OFFSET = 10 * SECOND
/** A clock on another zone's time is fourteen hours off; beyond that two records are not of the same thing. */
const LARGEST_OFFSET = 15 * 3600 * SECOND
/** By chance two clocks agree on few things: fewer prove nothing. */
const FEWEST = 3
/** What speaks for an offset outweighs by this factor what speaks for none, or for any other. */
const CLEARLY = 2
/** Sightings of one thing by one clock; what recurs more often tells nothing of which was which. Attack: a log of one line repeated. */
export const MAX_RECURRING = 12
/** Differences kept of two clocks. */
const MAX_DIFFERENCES = 500
/** Clocks put right in one case. Attack: evidence made of endpoints that all disagree. */
const MAX_OFFSETS = 1_000
const PROOFS = 5
/** Less sure than this is not said. */
const LEAST_CONFIDENCE = 0.5
/** Of two clocks alone, nobody can say which one is wrong: the one that is looked after less is taken. */
const ALONE = 0.7

/** Things that two clocks recorded: the first one's time less the second one's. */
interface Pair {
  readonly first: number
  readonly second: number
  readonly differences: { readonly by: number; readonly first: number; readonly second: number }[]
}
/** The same as one of the two clocks sees it, the other one put right as far as that is known. */
interface Difference {
  readonly by: number
  readonly own: number
  readonly other: number
  readonly clock: number
}
interface Claim {
  readonly clock: number
  readonly window: readonly Difference[]
  readonly support: number
  /** How many more things agree when the clock is put right. */
  readonly gain: number
  readonly possible: number
  readonly compared: number
}

/**
 * Offsets of clocks from what two of them recorded. One after the other, the clock is put right with which most things come to agree
 * that did not; what speaks for its offset must clearly outweigh what speaks for none and for any other. So the clocks that most others
 * agree with are right. Nothing is said of clocks that share too little with others, or whose records contradict each other.
 * @param things groups of sightings, each of one thing (or of things that look the same)
 * @param isReference clocks that are looked after: of two that differ and have no third, these are right
 */
export function estimateClocks(
  things: Iterable<readonly Sighting[]>,
  isReference: (clock: number) => boolean,
): ClockOffset[] {
  const around = pairsOf(things)
  const known = new Map<number, number>()
  const claims = new Map<number, Claim>()
  const look = (clock: number): void => {
    const claim = known.has(clock) ? undefined : claimOf(clock, around.get(clock) ?? [], known)
    if (claim) claims.set(clock, claim)
    else claims.delete(clock)
  }
  for (const clock of around.keys()) look(clock)
  const found: ClockOffset[] = []
  while (claims.size > 0 && found.length < MAX_OFFSETS) {
    const [best, second] = [...claims.values()].sort(
      (a, b) =>
        b.gain - a.gain ||
        Number(isReference(a.clock)) - Number(isReference(b.clock)) ||
        a.compared - b.compared ||
        b.clock - a.clock,
    )
    if (!best) break
    const offset = best.window[Math.floor(best.window.length / 2)]?.by ?? 0
    // The other way round it would be as well: one of two clocks is off, and no third one knows which.
    const isOneOfTwo =
      second?.gain === best.gain &&
      isReference(second.clock) === isReference(best.clock) &&
      best.window.every(({ clock }) => clock === second.clock)
    known.set(best.clock, offset)
    found.push(toOffset(best, offset, isOneOfTwo))
    claims.delete(best.clock)
    for (const { first, second: other } of around.get(best.clock) ?? []) {
      look(first)
      look(other)
    }
  }
  return found.filter(({ confidence }) => confidence >= LEAST_CONFIDENCE).sort((a, b) => a.clock - b.clock)
}

const toOffset = (claim: Claim, offset: number, isOneOfTwo: boolean): ClockOffset => ({
  clock: claim.clock,
  offset,
  // How much of what can be compared fits, and how many there are.
  confidence:
    (0.5 + (0.5 * claim.support) / claim.possible) * (1 - 1 / (claim.support + 2)) * (isOneOfTwo ? ALONE : 1),
  support: claim.support,
  against: claim.possible - claim.support,
  compared: claim.compared,
  proof: claim.window
    .toSorted(
      (a, b) => Math.abs(a.by - offset) - Math.abs(b.by - offset) || a.own - b.own || a.other - b.other,
    )
    .slice(0, PROOFS)
    .map(({ own, other }) => [own, other]),
})

/** Pairs of clocks, by each of the two. */
function pairsOf(things: Iterable<readonly Sighting[]>): Map<number, Pair[]> {
  const pairs = new Map<string, Pair>()
  for (const sightings of things) {
    const byClock = Map.groupBy(sightings, ({ clock }) => clock)
    const clocks = [...byClock.keys()].sort((a, b) => a - b)
    for (const [place, first] of clocks.entries())
      for (const second of clocks.slice(place + 1)) {
        const [own, other] = [byClock.get(first) ?? [], byClock.get(second) ?? []]
        if (own.length > MAX_RECURRING || other.length > MAX_RECURRING) continue
        const name = `${first} ${second}`
        const pair = pairs.get(name) ?? { first, second, differences: [] }
        pairs.set(name, pair)
        for (const a of own)
          for (const b of other)
            if (pair.differences.length < MAX_DIFFERENCES && Math.abs(a.at - b.at) <= LARGEST_OFFSET)
              pair.differences.push({ by: a.at - b.at, first: a.event, second: b.event })
      }
  }
  const around = new Map<number, Pair[]>()
  for (const pair of pairs.values())
    for (const clock of [pair.first, pair.second]) {
      const list = around.get(clock)
      if (list) list.push(pair)
      else around.set(clock, [pair])
    }
  return around
}

/** What speaks for a clock being off, as the others stand now; undefined when nothing does, or not clearly. */
function claimOf(
  clock: number,
  pairs: readonly Pair[],
  known: ReadonlyMap<number, number>,
): Claim | undefined {
  const all = pairs
    .flatMap(({ first, second, differences }) =>
      differences.map((one): Difference => {
        const [by, own, other, another] =
          first === clock ? [one.by, one.first, one.second, second] : [-one.by, one.second, one.first, first]
        return { by: by + (known.get(another) ?? 0), own, other, clock: another }
      }),
    )
    .sort((a, b) => a.by - b.by)
  const window = densest(all.filter(({ by }) => Math.abs(by) >= SMALLEST_OFFSET))
  const support = distinct(window)
  if (support < FEWEST) return undefined
  const now = distinct(all.filter(({ by }) => Math.abs(by) < SMALLEST_OFFSET))
  const [low = 0, high = 0] = [window[0]?.by, window.at(-1)?.by]
  const rival = distinct(densest(all.filter(({ by }) => by < low - TIGHT || by > high + TIGHT)))
  if (support < CLEARLY * now || support < CLEARLY * rival) return undefined
  return {
    clock,
    window,
    support,
    gain: support - now,
    possible: distinct(all),
    compared: new Set(all.map((one) => one.clock)).size,
  }
}

/** The most differences within {@link TIGHT}, of equal many the ones nearest to none. */
function densest(sorted: readonly Difference[]): readonly Difference[] {
  let best: readonly [number, number] = [0, 0]
  let end = 0
  for (let begin = 0; begin < sorted.length; begin += 1) {
    while (end < sorted.length && (sorted[end]?.by ?? 0) - (sorted[begin]?.by ?? 0) <= TIGHT) end += 1
    const more = end - begin - (best[1] - best[0])
    const isNearer = Math.abs(sorted[begin]?.by ?? 0) < Math.abs(sorted[best[0]]?.by ?? 0)
    if (more > 0 || (more === 0 && isNearer)) best = [begin, end]
  }
  return sorted.slice(best[0], best[1])
}

/** One record stands for one thing, however many it might be a pair with. */
const distinct = (differences: readonly Difference[]): number =>
  Math.min(
    new Set(differences.map(({ own }) => own)).size,
    new Set(differences.map(({ other }) => other)).size,
  )

/** A piece of work in one case: two that say the same have one `same`; `lineage` finds it in a history. */
export interface Standing {
  readonly same: string
  readonly lineage: string
}
export interface Two {
  readonly mine: Standing | undefined
  readonly theirs: Standing | undefined
  /** What stood there in either case before (lineages), as far as its own history tells. */
  readonly mineBefore: ReadonlySet<string>
  readonly theirsBefore: ReadonlySet<string>
}
export type Relation = 'same' | 'kept' | 'add' | 'change' | 'remove' | 'conflict'

/**
 * How two cases stand to each other in one thing. Who has seen the other's state and went on is the newer; where neither has, or both,
 * the two differ and somebody has to say. What is on one side only was added there, unless the other once had it and took it away.
 * - `kept`: ours is the newer, or they never had it
 * - `add`, `change`, `remove`: theirs is the newer
 */
export function relate({ mine, theirs, mineBefore, theirsBefore }: Two): Relation {
  if (mine === undefined && theirs === undefined) return 'kept'
  if (mine === undefined) {
    if (theirs === undefined || mineBefore.size === 0) return 'add'
    return mineBefore.has(theirs.lineage) ? 'kept' : 'conflict'
  }
  if (theirs === undefined) {
    if (theirsBefore.size === 0) return 'kept'
    return theirsBefore.has(mine.lineage) ? 'remove' : 'conflict'
  }
  if (mine.same === theirs.same) return 'same'
  const theyKnewOurs = theirsBefore.has(mine.lineage)
  const weKnewTheirs = mineBefore.has(theirs.lineage)
  if (theyKnewOurs === weKnewTheirs) return 'conflict'
  return theyKnewOurs ? 'change' : 'kept'
}

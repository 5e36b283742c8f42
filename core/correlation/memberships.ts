import type { BookEntity } from '../identity/entity-book.ts'
import { Column } from './columns.ts'
import { objectFinder, type StatedEdge, statedEdges } from './directory-edges.ts'
import type { CorrelationView } from './view.ts'

/** How somebody comes under a group: the memberships on the way up to it, nearest first; none for the group itself. */
export interface Reach {
  readonly holder: number
  readonly by: readonly StatedEdge['proof'][]
}

/** A step down from what is known to be under a holder. */
interface Step {
  readonly holder: number
  readonly up: number | null
  readonly row: number
}

/** Who is a member of what, over groups in groups, as the directory exports of the case state it. Circles are walked once. */
export class Memberships {
  readonly #groups = new Column('id')
  readonly #members = new Column('id')
  readonly #evidence = new Column('id')
  readonly #records = new Column('number')
  /** Places of rows by the group, and by the member. */
  readonly #below = new Map<number, number[]>()
  readonly #above = new Map<number, number[]>()

  constructor(view: CorrelationView, find = objectFinder(view)) {
    for (const { relation, fromRef, toRef, proof } of statedEdges(view)) {
      if (relation !== 'member-of') continue
      const member = find(fromRef)
      const group = find(toRef)
      if (member && group?.kind === 'group' && member !== group) this.#add(member, group, proof)
    }
  }

  #add(member: BookEntity, group: BookEntity, proof: StatedEdge['proof']): void {
    const place = this.#groups.length
    this.#groups.push(group.id)
    this.#members.push(member.id)
    this.#evidence.push(proof.evidenceId)
    this.#records.push(proof.record)
    for (const [index, id] of [
      [this.#below, group.id],
      [this.#above, member.id],
    ] as const) {
      const list = index.get(id)
      if (list) list.push(place)
      else index.set(id, [place])
    }
  }

  /** Everybody under the holders, who are under themselves, each by a shortest way. */
  under(holders: Iterable<number>): Map<number, Step> {
    const found = new Map<number, Step>()
    for (const holder of holders) found.set(holder, { holder, up: null, row: 0 })
    // A map hands out what is added while it is walked through: breadth first.
    for (const [id, { holder }] of found)
      for (const row of this.#below.get(id) ?? []) {
        const member = this.#members.at(row)
        if (!found.has(member)) found.set(member, { holder, up: id, row })
      }
    return found
  }

  /** The memberships by which somebody is under a holder. */
  wayUp(id: number, steps: ReadonlyMap<number, Step>): Reach | undefined {
    const by: StatedEdge['proof'][] = []
    let step = steps.get(id)
    const holder = step?.holder
    while (step && step.up !== null) {
      by.push({ evidenceId: this.#evidence.at(step.row), record: this.#records.at(step.row) })
      step = steps.get(step.up)
    }
    return holder === undefined ? undefined : { holder, by }
  }

  /**
   * Those of a set whom no other of it stands above: what holds for a group need not be said of its members again. Of groups that
   * are members of each other the first stands for all.
   */
  topmost(ids: readonly number[]): number[] {
    const all = new Set(ids)
    const isTop = (id: number): boolean =>
      !(this.#above.get(id) ?? []).some((row) => all.has(this.#groups.at(row)))
    const top = ids.filter(isTop)
    const covered = this.under(top)
    for (const id of ids)
      if (!covered.has(id)) {
        top.push(id)
        for (const [other, step] of this.under([id])) covered.set(other, step)
      }
    return top
  }
}

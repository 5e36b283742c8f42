import type { Judgement } from './judge.ts'
import type { PathJudgement } from './judge-paths.ts'
import type { Scenario } from './scenario.ts'

interface KindTally {
  found: number
  wrong: number
  required: number
  missing: number
}

const share = (part: number, whole: number): number => (whole === 0 ? 1 : 1 - part / whole)

/** Figures over many scenarios: per kind of relation, and of the paths. */
export class Tally {
  readonly kinds = new Map<string, KindTally>()
  readonly faults: string[] = []
  seeds = 0
  rankedFirst = 0
  foundFirst = 0
  paths = 0
  backwards = 0
  trulyBackwards = 0
  readonly clocks = { off: 0, found: 0, wrong: 0 }

  #of(kind: string): KindTally {
    const known = this.kinds.get(kind) ?? { found: 0, wrong: 0, required: 0, missing: 0 }
    this.kinds.set(kind, known)
    return known
  }

  add(scenario: Scenario, judgement: Judgement, paths: PathJudgement): void {
    this.seeds += 1
    for (const relation of judgement.found) {
      const kind = this.#of(relation.kind)
      kind.found += 1
      if (relation.truth && !relation.isDouble) continue
      kind.wrong += 1
      this.#say(
        scenario,
        `${relation.isDouble ? 'twice' : 'wrong'} ${relation.kind} ${relation.from} -> ${relation.to} (${relation.rule})`,
      )
    }
    for (const relation of scenario.world.truth.relations.values())
      if (relation.isRequired) this.#of(relation.kind).required += 1
    for (const relation of judgement.missing) {
      this.#of(relation.kind).missing += 1
      this.#say(scenario, `missing ${relation.kind} ${relation.from} -> ${relation.to}`)
    }
    const { off, found, wrong } = judgement.clocks
    this.clocks.off += off
    this.clocks.found += found
    this.clocks.wrong += wrong.length
    if (found < off) this.#say(scenario, 'clock that is off not found')
    for (const clock of wrong) this.#say(scenario, `clock said to be off: ${clock}`)
    if (paths.rank === 1) this.rankedFirst += 1
    if (paths.isFound) this.foundFirst += 1
    this.paths += paths.paths
    this.backwards += paths.backwards.length
    this.trulyBackwards += paths.trulyBackwards.length
    for (const fault of [...paths.faults, ...paths.backwards]) this.#say(scenario, fault)
    for (const path of paths.trulyBackwards) this.#say(scenario, `against true time: ${path}`)
  }

  #say(scenario: Scenario, what: string): void {
    this.faults.push(`#${scenario.seed} ${what}   [${scenario.course}]`)
  }

  get total(): KindTally & { precision: number; recall: number } {
    const sum = { found: 0, wrong: 0, required: 0, missing: 0 }
    for (const kind of this.kinds.values()) {
      sum.found += kind.found
      sum.wrong += kind.wrong
      sum.required += kind.required
      sum.missing += kind.missing
    }
    return { ...sum, precision: share(sum.wrong, sum.found), recall: share(sum.missing, sum.required) }
  }

  /** Kinds with enough instances to speak of, whose precision or recall is below the figure. */
  below(figure: number, atLeast: number): string[] {
    return [...this.kinds].flatMap(([kind, { found, wrong, required, missing }]) =>
      (found >= atLeast && share(wrong, found) < figure) ||
      (required >= atLeast && share(missing, required) < figure)
        ? [
            `${kind}: precision ${share(wrong, found).toFixed(3)}, recall ${share(missing, required).toFixed(3)}`,
          ]
        : [],
    )
  }

  table(): string {
    const row = (name: string, { found, wrong, required, missing }: KindTally): string =>
      [
        name.padEnd(22),
        String(found).padStart(8),
        String(wrong).padStart(8),
        share(wrong, found).toFixed(4).padStart(10),
        String(required).padStart(10),
        String(missing).padStart(8),
        share(missing, required).toFixed(4).padStart(10),
      ].join('')
    const of = (count: number): string =>
      `${count} of ${this.seeds} (${((100 * count) / this.seeds).toFixed(1)} %)`
    return [
      `${'relation'.padEnd(22)}   found   wrong precision  required missing    recall`,
      ...[...this.kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, tally]) => row(kind, tally)),
      row('all', this.total),
      `true path suggested first: ${of(this.rankedFirst)}; found first: ${of(this.foundFirst)}`,
      `paths against time: ${this.backwards} of ${this.paths}, by the true time of what they name: ${this.trulyBackwards}`,
      `clocks that are off: ${this.clocks.off}, found ${this.clocks.found}; wrongly said to be off: ${this.clocks.wrong}`,
    ].join('\n')
  }
}

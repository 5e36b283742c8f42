import type { PackedNetwork } from '../graph/packed-network.ts'
import { type ActorTraces, ENOUGH, FROM_HERE, indexOfKind, type JoinScene } from './actor-traces.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Gathered } from './gather.ts'
import { isInstalledPath } from './programs.ts'
import { cameFrom, isMachineAccount } from './walks.ts'

const EXECUTED = indexOfKind('executed-as')
const RAN_AS = indexOfKind('ran-as')

interface Run {
  /** The process. */
  readonly node: number
  readonly at: number
}

/** Joins by a program that was brought to several endpoints. */
export class ProgramJoins {
  readonly #network: PackedNetwork
  readonly #facts: EntityFacts
  readonly #gathered: Gathered
  readonly #traces: ActorTraces

  constructor({ network, facts, gathered, traces }: JoinScene) {
    this.#network = network
    this.#facts = facts
    this.#gathered = gathered
    this.#traces = traces
  }

  /**
   * The same program, by its hash, run within a day of the last time on this endpoint or another, each time with something suspicious
   * about it: whoever brought it to the one brought it to the other. Only a run of which nobody knows who set it off (a service or task
   * of the system) is joined to the one before: a tool that an intruder and an administrator both use makes them not one. Not what lies
   * where the system and installed programs lie.
   */
  samePrograms(): void {
    const runs = new Map<string, Run[]>()
    for (const node of this.#gathered.things) {
      const { kind, firstSeen } = this.#facts.of(node)
      const hash = kind === 'process' && firstSeen !== null ? this.#hashOf(node) : undefined
      if (hash === undefined || firstSeen === null) continue
      const list = runs.get(hash) ?? []
      runs.set(hash, list)
      list.push({ node, at: firstSeen })
    }
    for (const list of runs.values()) {
      let before: Run | undefined
      for (const run of list.sort((a, b) => a.at - b.at || this.#facts.inOrder(a.node, b.node))) {
        if (this.#traces.weightOf(run.node) < ENOUGH) continue
        if (before && run.at - before.at <= FROM_HERE && this.#isByNobody(run.node))
          this.#traces.join(before.node, run.node)
        before = run
      }
    }
  }

  /** It runs as the system, and nothing says that it was run from afar. */
  #isByNobody(process: number): boolean {
    const { outStart, kinds, to } = this.#network
    for (let r = outStart[process] ?? 0; r < (outStart[process + 1] ?? 0); r += 1)
      if (kinds[r] === RAN_AS && !isMachineAccount(this.#facts.of(to[r] ?? 0).name)) return false
    return cameFrom(this.#network, this.#facts, process) < 0
  }

  /** Of the file a process was started from, where that was brought by somebody. */
  #hashOf(process: number): string | undefined {
    const { inStart, into, kinds, from } = this.#network
    for (let p = inStart[process] ?? 0; p < (inStart[process + 1] ?? 0); p += 1) {
      const relation = into[p] ?? 0
      if (kinds[relation] !== EXECUTED) continue
      const { attributes } = this.#facts.of(from[relation] ?? 0)
      const hash = attributes.get('sha256')
      if (typeof hash === 'string' && !isInstalledPath(String(attributes.get('path') ?? ''))) return hash
    }
    return undefined
  }
}

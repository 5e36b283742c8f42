import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { RelationKind } from '../model/relation.ts'
import type { EntityFacts } from './entity-facts.ts'
import { isInstalledPath } from './programs.ts'
import { endpointOf } from './walks.ts'

const index = (kind: RelationKind): number => KIND_INDEX.get(kind) ?? 255
/** Programs of the system that an administrator has another endpoint run: they show or refresh something and start nothing. */
const HARMLESS =
  /^(?:ipconfig|hostname|whoami|gpupdate|gpresult|ping|nslookup|w32tm|wuauclt|usoclient|sfc|chkdsk|conhost)\.exe$/i
/** Services that are there to run what they are told. */
const SHELL = /^(?:psexesvc|paexec.*)\.exe$/i

/** Tells remote runs of which nothing came but what administrators look at every day. */
export class Housekeeping {
  readonly #network: PackedNetwork
  readonly #facts: EntityFacts

  constructor(network: PackedNetwork, facts: EntityFacts) {
    this.#network = network
    this.#facts = facts
  }

  /** @param relation a remote execution */
  isMere(relation: number): boolean {
    const { from, to, kinds, outStart } = this.#network
    const [source, target] = [from[relation] ?? 0, to[relation] ?? 0]
    if (this.#facts.of(target).kind === 'process') return this.#isMereProcess(target)
    // The order alone: what it set off there is told by the same source.
    if (this.#facts.of(source).kind !== 'process') return false
    const ran: number[] = []
    for (let r = outStart[source] ?? 0; r < (outStart[source + 1] ?? 0); r += 1) {
      const done = to[r] ?? 0
      if (kinds[r] !== index('remote-execution') || this.#facts.of(done).kind !== 'process') continue
      if (endpointOf(this.#network, this.#facts, done) === target) ran.push(done)
    }
    return ran.length > 0 && ran.every((process) => this.#isMereProcess(process))
  }

  #isMereProcess(process: number): boolean {
    const { outStart, kinds, to } = this.#network
    const { name, attributes } = this.#facts.of(process)
    const children: number[] = []
    for (let r = outStart[process] ?? 0; r < (outStart[process + 1] ?? 0); r += 1) {
      if (kinds[r] === index('dropped')) return false
      if (kinds[r] === index('spawned')) children.push(to[r] ?? 0)
    }
    const areMere = children.every((child) => HARMLESS.test(this.#facts.of(child).name))
    if (SHELL.test(name)) return children.length > 0 && areMere
    return HARMLESS.test(name) && isInstalledPath(String(attributes.get('path') ?? '')) && areMere
  }
}

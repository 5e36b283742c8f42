import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { RelationKind } from '../model/relation.ts'
import type { EntityFacts } from './entity-facts.ts'

/** An address or name that more endpoints talk to is everybody's (a proxy, an update server). */
const RARE_DESTINATION = 5
/** Generations looked back for where a process was set off. */
const MAX_PARENTS = 24

const index = (kind: RelationKind): number => KIND_INDEX.get(kind) ?? 255

/** From which endpoint a process was set off: of the first of its parents that was run from afar; -1: at the endpoint itself. */
export function cameFrom(network: PackedNetwork, facts: EntityFacts, process: number): number {
  const { inStart, into, kinds, from } = network
  let node = process
  for (let step = 0; step < MAX_PARENTS; step += 1) {
    let parent = -1
    for (let p = inStart[node] ?? 0; p < (inStart[node + 1] ?? 0); p += 1) {
      const relation = into[p] ?? 0
      const before = from[relation] ?? 0
      if (kinds[relation] === index('remote-execution')) return endpointOf(network, facts, before) ?? -1
      if (kinds[relation] === index('spawned') && before !== node) parent = before
    }
    if (parent < 0) return -1
    node = parent
  }
  return -1
}

export function endpointOf(network: PackedNetwork, facts: EntityFacts, process: number): number | undefined {
  const { outStart, kinds, to } = network
  if (facts.of(process).kind === 'endpoint') return process
  for (let r = outStart[process] ?? 0; r < (outStart[process + 1] ?? 0); r += 1)
    if (kinds[r] === index('ran-on')) return to[r]
  return undefined
}

export function usedBetween(network: PackedNetwork, relation: number, from: number, to: number): boolean {
  const { useStart, uses } = network
  for (let use = useStart[relation] ?? 0; use < (useStart[relation + 1] ?? 0); use += 1) {
    const at = uses[use] ?? 0
    if (at >= from && at <= to) return true
  }
  return false
}

export function ranAs(network: PackedNetwork, node: number, user: number): boolean {
  const { outStart, kinds, to } = network
  if (node >= network.entities.length) return false
  for (let r = outStart[node] ?? 0; r < (outStart[node + 1] ?? 0); r += 1)
    if (kinds[r] === index('ran-as') && to[r] === user) return true
  return false
}

export function isRare(network: PackedNetwork, facts: EntityFacts, destination: number): boolean {
  const fact = facts.of(destination)
  if (fact.kind === 'ip' && isPrivate(fact.name)) return false
  const { inStart, into, from, outStart, kinds, to } = network
  const endpoints = new Set<number>()
  for (let p = inStart[destination] ?? 0; p < (inStart[destination + 1] ?? 0); p += 1) {
    const source = from[into[p] ?? 0] ?? 0
    if (facts.of(source).kind === 'endpoint') endpoints.add(source)
    for (let r = outStart[source] ?? 0; r < (outStart[source + 1] ?? 0); r += 1)
      if (kinds[r] === index('ran-on')) endpoints.add(to[r] ?? 0)
    if (endpoints.size > RARE_DESTINATION) return false
  }
  return true
}

/** Accounts of machines and services: they are on every endpoint. */
const MACHINE = /^(?:.*\\)?(?:system|local service|network service|(?:dwm|umfd)-\d+|anonymous logon|.*\$)$/i
export const isMachineAccount = (name: string): boolean => MACHINE.test(name)

const PRIVATE = /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|fe80:|f[cd])/i
export const isPrivate = (ip: string): boolean => PRIVATE.test(ip)

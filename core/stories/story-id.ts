import { hash } from 'node:crypto'
import type { EntityFacts } from './entity-facts.ts'
import { isActor } from './gather.ts'
import { isStarter } from './programs.ts'
import type { Seed } from './seed.ts'

/**
 * Made of the strongest sign: more evidence adds mail before it and endpoints after it far more often than something stronger. Keys of
 * entities, never row ids.
 */
export function storyId(facts: EntityFacts, seeds: readonly Seed[]): string {
  const named = seeds.map((seed) => ({
    weight: seed.weight,
    at: seed.at ?? Infinity,
    name: `${seed.sign}|${seed.nodes.map((node) => facts.of(node).key).join('|')}${
      // An account can be guessed at in March and in May, and a service host starts many things: told apart by their time.
      seed.nodes.every((node) => isActor(facts.of(node).kind) || isStarter(facts.of(node).name))
        ? `|${seed.at}`
        : ''
    }`,
  }))
  named.sort((a, b) => b.weight - a.weight || a.at - b.at || (a.name < b.name ? -1 : 1))
  return `s${hash('sha256', named[0]?.name ?? '').slice(0, 16)}`
}

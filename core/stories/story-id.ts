import { hash } from 'node:crypto'
import type { EntityFacts } from './entity-facts.ts'
import { isActor } from './gather.ts'
import { isStarter } from './programs.ts'
import type { Seed } from './seed.ts'

/** Of a thing that lies or ran on an endpoint, the part of its key that names the endpoint. */
const PLACED = /^[^:|]+:endpoint:[^|]*\|/
const ADDRESS = /^[\d.]+$|:/

/**
 * Ids of stories, made of the strongest sign of each: more evidence adds mail before it and endpoints after it far more often than something
 * stronger. Of names that do not change when a directory tells what SIDs computers and accounts have, never of row ids. Where that leaves two
 * alike (two accounts, at the same moment), their keys tell them apart.
 * @param stories signs of each
 * @returns in the same order
 */
export function storyIds(facts: EntityFacts, stories: readonly (readonly Seed[])[]): string[] {
  const strongest = stories.map((seeds) => strongestOf(facts, seeds))
  const count = Map.groupBy(strongest, ({ name }) => name)
  return strongest.map(({ name, keys }) => {
    const whole = (count.get(name)?.length ?? 0) > 1 ? `${name}|${keys}` : name
    return `s${hash('sha256', whole).slice(0, 16)}`
  })
}

interface Named {
  readonly weight: number
  readonly at: number
  readonly name: string
  readonly keys: string
}

function strongestOf(facts: EntityFacts, seeds: readonly Seed[]): Named {
  const named = seeds.map(({ weight, at, sign, nodes }) => {
    // Whom a detection is about comes first; the others come in the order of keys, which a directory changes.
    const [subject, ...others] = nodes.map((node) => nameOf(facts, node))
    const time = isOfItself(facts, nodes) ? [] : [at]
    return {
      weight,
      at: at ?? Infinity,
      name: [sign, subject, ...others.sort(), ...time].join('|'),
      keys: nodes.map((node) => facts.of(node).key).join('|'),
    }
  })
  named.sort(
    (a, b) =>
      b.weight - a.weight ||
      a.at - b.at ||
      (a.name < b.name ? -1 : Number(a.name > b.name)) ||
      (a.keys < b.keys ? -1 : 1),
  )
  return named[0] ?? { weight: 0, at: 0, name: '', keys: '' }
}

/**
 * Things and endpoints alone say which sign it is. An account can be guessed at in March and in May, and a service host starts many things:
 * these are told apart by their time.
 */
function isOfItself(facts: EntityFacts, nodes: readonly number[]): boolean {
  const known = nodes.map((node) => facts.of(node))
  return (
    known.every(({ kind }) => !isActor(kind) || kind === 'endpoint') &&
    known.some(({ kind, name }) => !isActor(kind) && !isStarter(name))
  )
}

/** What an entity is called whether or not a directory is known: endpoints without domain, accounts not at all. */
function nameOf(facts: EntityFacts, node: number): string {
  const { kind, key, name, attributes } = facts.of(node)
  if (kind === 'endpoint') return `endpoint:${shortName(name)}`
  if (kind === 'user' || kind === 'mailbox') return kind
  const endpoint = attributes.get('endpoint')
  return typeof endpoint === 'string' ? key.replace(PLACED, `${kind}:${shortName(endpoint)}|`) : key
}

const shortName = (name: string): string => {
  const written = name.toLowerCase()
  return ADDRESS.test(written) ? written : written.replace(/\..*/, '')
}

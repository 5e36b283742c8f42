import ipaddr from 'ipaddr.js'
import type { Asset } from '../contract/nouns/story.ts'
import type { EntityRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'
import type { PlanFindings } from './plan-findings.ts'
import type { People } from './plan-people.ts'
import type { Steps } from './plan-steps.ts'

/** What rules see of programs that take their orders, or their parts, from outside; of medium level and higher. */
const CONTROLLED = [
  'network.beacon/beacon',
  'network.dns-tunnel/dns-tunnel',
  'network.shell-served/reverse-shell',
  'process.lolbin/download',
] as const
/** Machines outside the attack that reach the same address: beyond, it is everybody's (a proxy, a content network, an update server). */
const MAX_OTHERS = 2
/** A name and its address are reached by one program within this time (microseconds). */
const SAME_CONTACT = 2_000_000
/** Addresses of one story that steps are made for; an attack has a handful. */
const MAX_ADDRESSES = 50

const PLACES: ReadonlySet<Asset['entity']['kind']> = new Set(['ip', 'domain', 'url'])
/** Nobody outside is reached by them. */
const INSIDE = new Set(['private', 'uniqueLocal', 'carrierGradeNat', 'loopback', 'linkLocal', 'multicast'])

const seen = `SELECT rule, what, first_at AS at FROM detection WHERE id IN (SELECT value FROM json_each(?))
  AND level IN ('medium', 'high', 'critical') ORDER BY first_at, id`
const reachedBy = `SELECT DISTINCT coalesce(o.to_id, r.from_id) AS id FROM relation r
  LEFT JOIN relation o ON o.from_id = r.from_id AND o.kind = 'ran-on'
  WHERE r.to_id = ? AND r.kind IN ('connected-to', 'resolved') LIMIT 200`
const namesOf = `SELECT DISTINCT e.id FROM relation i JOIN relation n ON n.from_id = i.from_id AND n.kind IN ('connected-to', 'resolved')
  JOIN entity e ON e.id = n.to_id WHERE i.to_id = @address AND i.kind = 'connected-to' AND e.kind = 'domain'
    AND abs(n.first_at - i.first_at) <= ${SAME_CONTACT} ORDER BY e.key LIMIT 10`

/**
 * Steps that block where programs of established stories took their orders from. Only what a rule saw beyond a mere contact, or the name
 * under which such an address was reached in that second; nothing inside, and nothing that machines outside the attack reach as well.
 */
export function addAddresses(
  db: ReadStore,
  steps: Steps,
  people: People,
  { established }: PlanFindings,
): void {
  const places = new Addresses(db)
  for (const assets of established) {
    const affected = new Set(
      assets.filter(({ entity }) => entity.kind === 'endpoint').map(({ entity }) => Number(entity.id)),
    )
    let left = MAX_ADDRESSES
    for (const { entity, proof } of assets) {
      const found = PLACES.has(entity.kind) ? places.control(proof.detections) : undefined
      if (found === undefined || isInside(entity.name) || left <= 0) continue
      if (!places.isOfAttack(entity, affected)) continue
      const block = (place: EntityRef, key: string): void => {
        left -= 1
        steps.add(
          'block-url',
          [place],
          { url: place.name },
          place,
          {
            rule: found.rule,
            text: { key, params: { address: place.name, of: entity.name, at: found.at } },
          },
          { relations: proof.relations, events: proof.events },
        )
      }
      block(entity, `plan.reason.blockControl${entity.kind === 'url' ? 'Page' : ''}`)
      for (const id of entity.kind === 'ip' ? places.namesOf(entity) : []) {
        const name = people.find(id)
        if (name !== null && places.isOfAttack(name, affected)) block(name, 'plan.reason.blockControlName')
      }
    }
  }
}

const isInside = (name: string): boolean => ipaddr.isValid(name) && INSIDE.has(ipaddr.process(name).range())

class Addresses {
  readonly #seen
  readonly #reachedBy
  readonly #namesOf
  constructor(db: ReadStore) {
    this.#seen = db.prepare(seen)
    this.#reachedBy = db.prepare(reachedBy).pluck()
    this.#namesOf = db.prepare(namesOf).pluck()
  }

  /** The first detection that says of an address that programs were controlled from there. */
  control(detections: readonly string[]): { readonly rule: string; readonly at: string } | undefined {
    const rows = this.#seen.all(JSON.stringify(detections.map(Number))) as {
      rule: string
      what: string
      at: number | null
    }[]
    const row = rows.find(({ rule, what }) => CONTROLLED.some((one) => one === `${rule}/${what}`))
    return row && { rule: row.rule, at: row.at === null ? '?' : new Date(row.at / 1000).toISOString() }
  }

  /** Whether hardly a machine outside the attack reaches it. */
  isOfAttack({ id }: EntityRef, affected: ReadonlySet<number>): boolean {
    const others = (this.#reachedBy.all(Number(id)) as number[]).filter((machine) => !affected.has(machine))
    return others.length <= MAX_OTHERS
  }

  namesOf({ id }: EntityRef): number[] {
    return this.#namesOf.all({ address: Number(id) }) as number[]
  }
}

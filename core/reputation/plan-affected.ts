import type { Asset } from '../contract/nouns/story.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import type { PlanFindings } from './plan-findings.ts'
import type { People } from './plan-people.ts'
import type { Steps } from './plan-steps.ts'

type Role = Asset['roles'][number]

/** What a machine of an attack is taken off the network for, gravest first, with the sentence for it. */
const ON_ENDPOINT: readonly (readonly [Role, string])[] = [
  ['credentials', 'plan.reason.endpointCredentials'],
  ['ran', 'plan.reason.endpointRan'],
  ['source', 'plan.reason.endpointSource'],
  ['changed', 'plan.reason.endpointChanged'],
  ['detected', 'plan.reason.endpointDetected'],
  ['reached', 'plan.reason.endpointReached'],
]
/** What an account gets a new password for. */
const OF_ACCOUNT: readonly (readonly [Role, string])[] = [
  ['credentials', 'plan.reason.accountCredentials'],
  ['account-used', 'plan.reason.accountUsed'],
  ['ran', 'plan.reason.accountRan'],
]
/** Things that stay on a machine and start what was left there again. */
const LEFT: ReadonlyMap<Asset['entity']['kind'], string> = new Map([
  ['service', 'plan.reason.leftService'],
  ['scheduled-task', 'plan.reason.leftTask'],
  ['registry-key', 'plan.reason.leftRegistry'],
  ['wmi-subscription', 'plan.reason.leftSubscription'],
])
/** Things left behind that are named per machine. */
const MAX_LEFT = 20

const ofRelations =
  'SELECT rule FROM relation WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1'
const ofDetections =
  'SELECT rule FROM detection WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1'
const isDomainController = `SELECT json_extract(attributes, '$.isDomainController') = 1 FROM entity WHERE id = ?`
/** The machine something was left on: what left it there ran on it, or it is known of the machine alone. */
const placeOf = `SELECT DISTINCT e.id FROM relation r JOIN entity f ON f.id = r.from_id
  LEFT JOIN relation o ON o.from_id = f.id AND o.kind = 'ran-on' JOIN entity e ON e.id = coalesce(o.to_id, f.id)
  WHERE r.to_id = ? AND r.id IN (SELECT value FROM json_each(?)) AND e.kind = 'endpoint' ORDER BY e.id`
const replications = `SELECT id, first_at AS at FROM detection WHERE rule = 'credentials.dcsync' AND level IN ('high', 'critical')
  AND first_at IS NOT NULL ORDER BY first_at, id LIMIT 50`
const proofs =
  'SELECT event_id FROM detection_proof WHERE detection_id = ? AND event_id IS NOT NULL ORDER BY position LIMIT 20'

/**
 * Steps for machines and accounts of established stories: isolated, with what was left on them by name; new passwords. What is likely
 * and not shown is said to be. After the secrets of a domain were replicated, the account that signs its tickets gets new ones twice.
 */
export function addAffected(
  db: ReadStore,
  steps: Steps,
  people: People,
  { established }: PlanFindings,
): void {
  const rules = new Rules(db)
  const domain = db.prepare(isDomainController).pluck()
  for (const assets of established) {
    for (const asset of assets) {
      if (asset.entity.kind === 'endpoint')
        addEndpoint(steps, rules, asset, domain.get(Number(asset.entity.id)) === 1)
      else if (asset.entity.kind === 'user') addAccount(steps, people, rules, asset)
    }
    addLeft(db, steps, people, rules, assets)
  }
  addTicketAccount(db, steps)
}

const because = (asset: Asset, table: readonly (readonly [Role, string])[]): string | undefined =>
  table.find(([role]) => asset.roles.includes(role))?.[1]

function addEndpoint(steps: Steps, rules: Rules, asset: Asset, isController: boolean): void {
  const { entity, firstAt, isCandidate, proof } = asset
  const key = because(asset, ON_ENDPOINT)
  if (key === undefined || isCandidate) return
  const rule = rules.of(proof)
  const say = (text: string): void =>
    steps.add(
      'isolate-endpoint',
      [entity],
      { endpoint: entity.name },
      entity,
      { rule, text: { key: text, params: { endpoint: entity.name, at: firstAt ?? '?' } } },
      { relations: proof.relations, events: proof.events },
    )
  say(key)
  if (isController) say('plan.reason.endpointController')
}

function addAccount(steps: Steps, people: People, rules: Rules, asset: Asset): void {
  const { entity, firstAt, isCandidate, proof } = asset
  const known = because(asset, OF_ACCOUNT)
  // The machine's own account changes its password by itself, and goes with the machine.
  if (known === undefined || entity.name.endsWith('$')) return
  const account = people.accountOf({ user: entity, recipient: entity.name })
  const text = {
    key: isCandidate ? 'plan.reason.accountPerhaps' : known,
    params: { account: entity.name, at: firstAt ?? '?' },
  }
  const add = (action: 'reset-account' | 'revoke-sessions'): void =>
    steps.add(
      action,
      [entity],
      { account },
      entity,
      { rule: rules.of(proof), text },
      {
        relations: proof.relations,
        events: proof.events,
      },
    )
  add('reset-account')
  if (asset.roles.includes('account-used') && !isCandidate) add('revoke-sessions')
}

/** What stays on a machine stands with its isolation: there is no step of its own for it. */
function addLeft(db: ReadStore, steps: Steps, people: People, rules: Rules, assets: readonly Asset[]): void {
  const place = db.prepare(placeOf).pluck()
  const affected = new Set(
    assets
      .filter((asset) => asset.entity.kind === 'endpoint' && because(asset, ON_ENDPOINT) !== undefined)
      .map(({ entity }) => entity.id),
  )
  const named = new Map<number, number>()
  for (const { entity, firstAt, proof } of assets) {
    const key = LEFT.get(entity.kind)
    if (key === undefined) continue
    for (const id of place.all(Number(entity.id), JSON.stringify(proof.relations.map(Number))) as number[]) {
      const endpoint = affected.has(String(id)) ? people.find(id) : null
      const count = named.get(id) ?? 0
      if (endpoint === null || count >= MAX_LEFT) continue
      named.set(id, count + 1)
      steps.add(
        'isolate-endpoint',
        [endpoint],
        { endpoint: endpoint.name },
        endpoint,
        {
          rule: rules.of(proof),
          text: { key, params: { name: entity.name, at: firstAt ?? '?' } },
        },
        { relations: proof.relations, events: proof.events },
      )
    }
  }
}

function addTicketAccount(db: ReadStore, steps: Steps): void {
  const events = db.prepare(proofs).pluck()
  for (const { id, at } of db.prepare(replications).all() as { id: number; at: number }[])
    steps.add(
      'reset-account',
      ['krbtgt'],
      { account: 'krbtgt' },
      null,
      { rule: 'credentials.dcsync', text: { key: 'plan.reason.ticketAccount', params: { at: toIso(at) } } },
      { events: (events.all(id) as number[]).map(String) },
    )
}

/** Names the rule behind a proof. */
class Rules {
  readonly #ofRelations
  readonly #ofDetections
  constructor(db: ReadStore) {
    this.#ofRelations = db.prepare(ofRelations).pluck()
    this.#ofDetections = db.prepare(ofDetections).pluck()
  }
  of({ relations, detections }: Asset['proof']): string {
    const found =
      this.#ofDetections.get(JSON.stringify(detections.map(Number))) ??
      this.#ofRelations.get(JSON.stringify(relations.map(Number)))
    return (found as string | undefined) ?? 'analyst'
  }
}

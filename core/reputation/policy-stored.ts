import { createHash } from 'node:crypto'
import type { PolicyVersion } from '../contract/nouns/policy.ts'
import type { CommandContext } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { choosePolicy, coversTime, withGlobalHeaders } from './policy-choice.ts'
import { DEFAULT_POLICY, PolicySchema, type Policy } from './policy-document.ts'
import { parsePolicy } from './policy-parse.ts'

const all = 'SELECT id, at, document FROM policy ORDER BY id'
const insert = 'INSERT INTO policy (at, name, document) VALUES (?, ?, ?)'

/** One version of a policy as it was set. */
export interface StoredPolicy {
  readonly id: number
  /** When it was set, microseconds UTC. */
  readonly at: number
  readonly policy: Policy
}

/** Every version of every policy, in the order in which they were set. They were valid when they were. */
export function listStoredPolicies(db: ReadStore): StoredPolicy[] {
  const rows = db.prepare(all).all() as { id: number; at: number; document: string }[]
  return rows.map(({ id, at, document }) => ({ id, at, policy: PolicySchema.parse(JSON.parse(document)) }))
}

/** Which policy is asked for; nothing: the one for mail that is in force now. */
export interface PolicyQuestion {
  readonly name?: string | undefined
  /** Microseconds UTC; absent: now (of a named policy the last version, whatever it covers). */
  readonly at?: number | undefined
  readonly service?: string | undefined
}

/**
 * The policy of the case that answers a question, else {@link DEFAULT_POLICY} while nobody has set any.
 * @throws WorkbenchError `request.not_found` when policies are set, but none of that name, time or service
 */
export function getPolicy(
  db: ReadStore,
  question: PolicyQuestion = {},
  now: number = Date.now() * 1000,
): { policy: Policy; isDefault: boolean } {
  const stored = listStoredPolicies(db)
  const { name, at, service } = question
  if (stored.length === 0 && (name ?? DEFAULT_POLICY.name) === DEFAULT_POLICY.name) {
    if ((service ?? DEFAULT_POLICY.service) === DEFAULT_POLICY.service)
      return { policy: DEFAULT_POLICY, isDefault: true }
  }
  const found =
    name === undefined
      ? choosePolicy(stored, at ?? now, service)
      : stored.findLast(
          ({ policy }) =>
            policy.name === name &&
            (at === undefined || coversTime(policy, at)) &&
            (service === undefined || policy.service === service),
        )
  if (found === undefined)
    throw new WorkbenchError('request.not_found', { what: `policy ${name ?? service ?? ''}`.trim() })
  return { policy: found.policy, isDefault: false }
}

/** The policy for mail in force now as judging needs it: with the header list of all policies (W57). */
export function getJudgingPolicy(db: ReadStore, now: number): Policy {
  return withGlobalHeaders(getPolicy(db, {}, now).policy, listStoredPolicies(db), now)
}

/** The list of `policy.list`. */
export function listPolicies(db: ReadStore, now: number): PolicyVersion[] {
  const stored = listStoredPolicies(db)
  const versions = new Map<string, number>()
  return stored.map((row) => {
    const { policy } = row
    const version = (versions.get(policy.name) ?? 0) + 1
    versions.set(policy.name, version)
    const isDeciding = choosePolicy(stored, now, policy.service) === row
    return {
      id: String(row.id),
      name: policy.name,
      service: policy.service,
      enabled: policy.enabled,
      priority: policy.priority,
      effectiveFrom: policy.effectiveFrom,
      effectiveTo: policy.effectiveTo,
      setAt: toIso(row.at),
      version,
      isLatest: stored.findLast((other) => other.policy.name === policy.name) === row,
      isInForce: isDeciding && policy.enabled && coversTime(policy, now),
      policy,
    }
  })
}

/**
 * Validates and stores a policy: a new one, or a new version of the one with its name. Every version stays.
 * @throws WorkbenchError `policy.invalid` (see {@link parsePolicy})
 */
export function setPolicy({ db, now }: Pick<CommandContext, 'db' | 'now'>, document: unknown): Policy {
  const policy = parsePolicy(document)
  const text = JSON.stringify(policy)
  const at = now()
  db.transaction(() => {
    db.prepare(insert).run(at, policy.name, text)
    const sha256 = createHash('sha256').update(text).digest('hex')
    appendAudit(db, {
      at,
      action: 'policy.set',
      details: { name: policy.name, sha256, retroScan: policy.retroScan.enabled },
    })
  })()
  return policy
}

import type { z } from 'zod'
import type { InputNote } from '../contract/nouns/policy.ts'
import { WorkbenchError } from '../model/errors.ts'
import { refang } from '../normalise/defang.ts'
import { PolicySchema, type Policy } from './policy-document.ts'
import { findPolicyFaults } from './policy-rules.ts'

/** Rules behind fields of which a wrong word or a missing value is refused by the schema. */
const RULE_OF_FIELD: readonly (readonly [RegExp, string])[] = [
  [/^service$/, 'W13'],
  [/^securityLevel$/, 'W16'],
  [/^scope$/, 'W13'],
  [/^timeOfClick\.urlScope$/, 'W36'],
  [/^timeOfClick\.actions/, 'W35'],
  [/^actions\.blockedUrl$/, 'W49'],
  [/^actions\.fileAction/, 'W61'],
  [/^actions/, 'W58'],
  [/^(?:approvedHeaders|globalApprovedHeaders)/, 'W51'],
  [/^notifications\.administrators\.threshold/, 'W68'],
]

const toPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  )

/** The first issue that says something; a union (null or the value) hides the real ones inside. */
function innermost(
  issue: z.core.$ZodIssue,
  path: readonly PropertyKey[],
): { issue: z.core.$ZodIssue; path: PropertyKey[] } {
  const whole = [...path, ...issue.path]
  const inner = issue.code === 'invalid_union' ? issue.errors[0]?.[0] : undefined
  return inner === undefined ? { issue, path: whole } : innermost(inner, whole)
}

function toParams(found: z.core.$ZodIssue): { field: string; rule: string; allowed?: readonly string[] } {
  const { issue, path } = innermost(found, [])
  if (issue.code === 'unrecognized_keys')
    return { field: toPath([...path, issue.keys[0] ?? '']), rule: 'unknown-field' }
  const field = toPath(path)
  const rule = RULE_OF_FIELD.find(([pattern]) => pattern.test(field))?.[1]
  return {
    field,
    rule: rule ?? (issue.code === 'invalid_type' ? 'type' : 'value'),
    ...(issue.code === 'invalid_value' ? { allowed: issue.values.map(String) } : {}),
  }
}

/** Lists of addresses come defanged out of tickets and mails; the service wants them live. */
function refangLists(policy: Policy): Policy {
  const live = (entries: readonly string[]): string[] => entries.map((entry) => refang(entry))
  return {
    ...policy,
    internalDomains: live(policy.internalDomains),
    approvedSenders: { ...policy.approvedSenders, addresses: live(policy.approvedSenders.addresses) },
    approvedUrls: { ...policy.approvedUrls, urls: live(policy.approvedUrls.urls) },
    blockedUrls: { ...policy.blockedUrls, urls: live(policy.blockedUrls.urls) },
  }
}

/**
 * What {@link parsePolicy} read otherwise than it was written.
 * @param document one that `parsePolicy` accepted
 */
export function notePolicy(document: unknown): InputNote[] {
  const { internalDomains, approvedSenders, approvedUrls, blockedUrls } = PolicySchema.parse(document)
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['internalDomains', internalDomains],
    ['approvedSenders.addresses', approvedSenders.addresses],
    ['approvedUrls.urls', approvedUrls.urls],
    ['blockedUrls.urls', blockedUrls.urls],
  ]
  return lists.flatMap(([field, entries]) =>
    entries.flatMap((text, index): InputNote[] =>
      refang(text) === text ? [] : [{ code: 'refanged', field: `${field}[${index}]`, text }],
    ),
  )
}

/**
 * policy.json -> a policy with all defaults, defanged entries of lists live again ({@link notePolicy} tells which).
 * @throws WorkbenchError `policy.invalid` with `field` and `rule`: a W-number, or `unknown-field`, `type`, `value`, `date`;
 *   `allowed`: the words it takes, where it takes only some
 */
export function parsePolicy(document: unknown): Policy {
  const parsed = PolicySchema.safeParse(document)
  if (!parsed.success) {
    const first = parsed.error.issues[0]
    throw new WorkbenchError(
      'policy.invalid',
      first === undefined ? { field: '', rule: 'value' } : toParams(first),
    )
  }
  const policy = refangLists(parsed.data)
  const fault = findPolicyFaults(policy)[0]
  if (fault) {
    const { field, rule, allowed } = fault
    throw new WorkbenchError('policy.invalid', { field, rule, ...(allowed === undefined ? {} : { allowed }) })
  }
  return policy
}

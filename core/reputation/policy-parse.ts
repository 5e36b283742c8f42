import type { z } from 'zod'
import type { InputNote } from '../contract/nouns/policy.ts'
import { WorkbenchError } from '../model/errors.ts'
import { refang } from '../normalise/defang.ts'
import { PolicySchema, type Policy } from './policy-document.ts'
import { findPolicyFaults, type PolicyFault } from './policy-rules.ts'

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

function toFault(found: z.core.$ZodIssue): PolicyFault {
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
 * @throws WorkbenchError `policy.invalid` with `field` and `rule`: a W-number, or `unknown-field`, `type`, `value`, `date`, `order`;
 *   `allowed`: the words it takes, where it takes only some; `faults`: all, each `rule field`, where several are wrong
 */
export function parsePolicy(document: unknown): Policy {
  const parsed = PolicySchema.safeParse(document)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(toFault)
    throw refusal([...faults, ...faultsBeside(document, parsed.error.issues)])
  }
  const policy = refangLists(parsed.data)
  const faults = findPolicyFaults(policy)
  if (faults.length > 0) throw refusal(faults)
  return policy
}

/** All faults are told at once: whoever mends one should not meet the next only then. */
const MAX_FAULTS = 50
function refusal(faults: readonly PolicyFault[]): WorkbenchError {
  const { field, rule, allowed } = faults[0] ?? { field: '', rule: 'value' }
  return new WorkbenchError('policy.invalid', {
    field,
    rule,
    ...(allowed === undefined ? {} : { allowed }),
    ...(faults.length > 1 && {
      faults: faults.slice(0, MAX_FAULTS).map((one) => `${one.rule} ${one.field}`),
    }),
  })
}

/** What is wrong in the rest of a document whose form is wrong in some places: with these left out, where it can be read then. */
function faultsBeside(document: unknown, issues: readonly z.core.$ZodIssue[]): PolicyFault[] {
  const rest = JSON.parse(JSON.stringify(document ?? null)) as unknown
  for (const { path } of issues) leaveOut(rest, path)
  const { data } = PolicySchema.safeParse(rest)
  return data === undefined ? [] : findPolicyFaults(refangLists(data))
}
function leaveOut(document: unknown, path: readonly PropertyKey[]): void {
  const place = path.findIndex((part) => typeof part === 'number')
  const way = place === -1 ? path : path.slice(0, place)
  const last = way.at(-1)
  let inner = document
  for (const part of way.slice(0, -1))
    inner = (inner as Record<PropertyKey, unknown> | null | undefined)?.[part]
  if (typeof inner === 'object' && inner !== null && last !== undefined) Reflect.deleteProperty(inner, last)
}

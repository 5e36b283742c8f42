import type { z } from 'zod'
import { WorkbenchError } from '../model/errors.ts'
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

function toParams(found: z.core.$ZodIssue): { field: string; rule: string } {
  const { issue, path } = innermost(found, [])
  if (issue.code === 'unrecognized_keys')
    return { field: toPath([...path, issue.keys[0] ?? '']), rule: 'unknown-field' }
  const field = toPath(path)
  const rule = RULE_OF_FIELD.find(([pattern]) => pattern.test(field))?.[1]
  return { field, rule: rule ?? (issue.code === 'invalid_type' ? 'type' : 'value') }
}

/**
 * policy.json -> a policy with all defaults.
 * @throws WorkbenchError `policy.invalid` with `field` and `rule`: a W-number, or `unknown-field`, `type`, `value`, `date`
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
  const fault = findPolicyFaults(parsed.data)[0]
  if (fault) throw new WorkbenchError('policy.invalid', { field: fault.field, rule: fault.rule })
  return parsed.data
}

import { z } from 'zod'

/** Services a policy can belong to (CLI.md, policy.json). */
export const SERVICES = [
  'exchange-online',
  'exchange-inline-inbound',
  'exchange-inline-outbound',
  'gmail',
  'sharepoint',
  'onedrive',
  'teams',
  'teams-chat',
  'box',
  'dropbox',
  'google-drive',
  'salesforce',
] as const
export type Service = (typeof SERVICES)[number]

export const SECURITY_LEVELS = ['high', 'medium', 'low'] as const
export type SecurityLevel = (typeof SECURITY_LEVELS)[number]

/** Every action of every service; which service knows which stands in policy-actions.ts. */
export const ACTIONS = [
  'delete',
  'quarantine',
  'block',
  'move-to-junk',
  'move-to-spam',
  'label',
  'tag-subject',
  'tag-file-name',
  'pass',
  'pass-silently',
] as const
export type Action = (typeof ACTIONS)[number]

const flag = (otherwise: boolean) =>
  z
    .boolean()
    .nullish()
    .transform((value) => value ?? otherwise)
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null)
const list = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? [])
const optional = <T extends z.ZodType>(shape: T) => shape.nullish().transform((value) => value ?? null)
/** A section that may be absent or null: absent reads as `{}`, whose fields have defaults. */
const section = <T extends z.ZodType>(shape: T) => z.preprocess((value) => value ?? {}, shape)

const HeaderField = z.strictObject({
  name: z.string(),
  value: z.string(),
  operator: z.enum(['contains', 'equals']),
})
const headerFields = z
  .array(HeaderField)
  .nullish()
  .transform((value) => value ?? [])
const action = optional(z.enum(ACTIONS))

const Threshold = z.strictObject({
  mode: z.enum(['period', 'count', 'individual']),
  hours: optional(z.number()),
  days: optional(z.number()),
  count: optional(z.number()),
})

/**
 * policy.json (CLI.md) with the defaults of JUDGE.md filled in: null is absent, unknown fields are errors, everything that is not
 * required is off or empty. What depends on the service or on several fields is checked in policy-rules.ts.
 */
export const PolicySchema = z.strictObject({
  schema: z.literal(1),
  name: z.string().min(1).max(200),
  service: z.enum(SERVICES),
  enabled: flag(true),
  priority: z
    .number()
    .int()
    .min(1)
    .nullish()
    .transform((value) => value ?? 1),
  effectiveFrom: text,
  effectiveTo: text,
  internalDomains: list,
  scope: z
    .enum(['all', 'incoming'])
    .nullish()
    .transform((value) => value ?? 'all'),
  securityLevel: z.enum(SECURITY_LEVELS),
  scanAttachments: flag(false),
  dynamicScan: flag(false),
  retroScan: section(z.strictObject({ enabled: flag(false), consentAt: text })),
  timeOfClick: section(
    z.strictObject({
      enabled: flag(false),
      urlScope: optional(z.enum(['all', 'rated-risky', 'untested'])),
      actions: section(
        z.strictObject({
          dangerous: optional(z.enum(['block', 'warn', 'allow'])),
          'highly-suspicious': optional(z.enum(['block', 'warn', 'allow'])),
          suspicious: optional(z.enum(['block', 'warn', 'allow'])),
          untested: optional(z.enum(['block', 'warn', 'allow'])),
          safe: optional(z.enum(['block', 'warn', 'allow'])),
        }),
      ),
    }),
  ),
  approvedSenders: section(z.strictObject({ enabled: flag(false), addresses: list })),
  approvedUrls: section(
    z.strictObject({ enabled: flag(false), includeInternalDomains: flag(false), urls: list }),
  ),
  blockedUrls: section(z.strictObject({ enabled: flag(false), urls: list })),
  approvedHeaders: section(z.strictObject({ enabled: flag(false), fields: headerFields })),
  globalApprovedHeaders: section(z.strictObject({ fields: headerFields })),
  virtualAnalyzerUrls: flag(false),
  actions: z.strictObject({
    matched: z.enum(ACTIONS),
    blockedUrl: action,
    untested: section(z.strictObject({ enabled: flag(false), action })),
    fileAction: section(
      z.strictObject({ enabled: flag(false), action, notify: flag(false), secondary: action }),
    ),
    tag: text,
    replacementText: text,
  }),
  notifications: section(
    z.strictObject({
      administrators: section(
        z.strictObject({
          enabled: flag(false),
          groups: list,
          recipients: list,
          subject: text,
          body: text,
          threshold: optional(Threshold),
        }),
      ),
      users: section(z.strictObject({ enabled: flag(false), subject: text, body: text })),
    }),
  ),
})
/** A policy that has passed {@link PolicySchema} and the rules: every field is present. */
export type Policy = z.output<typeof PolicySchema>
export type HeaderField = Policy['approvedHeaders']['fields'][number]

/**
 * The policy of a case in which nobody set one: Exchange Online at Medium, quarantine, retro scan off and without consent (W22,
 * W28), so that nothing is judged again before somebody decided it.
 */
export const DEFAULT_POLICY: Policy = PolicySchema.parse({
  schema: 1,
  name: 'Default',
  service: 'exchange-online',
  securityLevel: 'medium',
  scanAttachments: true,
  actions: { matched: 'quarantine', blockedUrl: 'quarantine' },
})

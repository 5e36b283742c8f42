/** What a pattern pack says of a URL at a time (W7-W11), most severe first. */
export const RISK_LEVELS = ['dangerous', 'highly-suspicious', 'suspicious', 'untested', 'safe'] as const
export type RiskLevel = (typeof RISK_LEVELS)[number]

export const PATTERN_SCOPES = ['exact', 'path', 'host', 'domain'] as const
export type PatternScope = (typeof PATTERN_SCOPES)[number]

/** Why a URL was decided as it was (CLI.md, `decidedBy`). */
export const DECIDED_BY = [
  'approved-header',
  'approved-sender',
  'approved-url',
  'internal-domain',
  'blocked-url',
  'level',
  'untested-action',
  'dynamic-scan',
  'out-of-scope',
  'disabled',
  'none',
] as const
export type DecidedBy = (typeof DECIDED_BY)[number]

/** What an indicator speaks of (STYLE.md: a pattern someone says is bad). Closed list; `sigma` is a rule over events. */
export const INDICATOR_KINDS = [
  'file-name',
  'file-path',
  'sha256',
  'sha1',
  'md5',
  'registry',
  'command-line',
  'host',
  'ip',
  'domain',
  'url',
  'email',
  'subject',
  'account',
  'user-agent',
  'service',
  'task',
  'pipe',
  'sigma',
] as const
export type IndicatorKind = (typeof INDICATOR_KINDS)[number]

/** How its value is compared; never by case. `matches` is a regular expression (RE2: no backtracking). */
export const INDICATOR_OPERATORS = ['is', 'contains', 'starts-with', 'ends-with', 'matches'] as const
export type IndicatorOperator = (typeof INDICATOR_OPERATORS)[number]

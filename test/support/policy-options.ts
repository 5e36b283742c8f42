import type { Service } from '../../core/reputation/policy-document.ts'

/** An option of a policy, switched on, and what each service says to it (threat-investigation.md section 2). */
export interface OptionCase {
  /** Field that a refusal names, and the field of the editor that only these services show. */
  readonly field: string
  /** The option switched on, as a part of policy.json. */
  readonly on: Readonly<Record<string, unknown>>
  /** Services that have it. */
  readonly has: readonly Service[]
  /** Rule by which the others refuse it. */
  readonly rule: string
  /** Others that refuse it by a rule of their own. */
  readonly otherRule?: Partial<Record<Service, string>>
}

const MAIL = ['exchange-online', 'gmail'] as const
const FILES = ['sharepoint', 'onedrive', 'teams', 'box', 'dropbox', 'google-drive'] as const
const INLINE = ['exchange-inline-inbound', 'exchange-inline-outbound'] as const
const header = { name: 'X-Drill', value: 'spring', operator: 'equals' }

export const POLICY_OPTIONS: readonly OptionCase[] = [
  // Inline inbound has no choice, but "incoming" is what it does (W15).
  {
    field: 'scope',
    on: { scope: 'incoming' },
    has: [...MAIL, 'exchange-inline-inbound'],
    rule: 'W13',
    otherRule: { 'exchange-inline-outbound': 'W15' },
  },
  { field: 'scanAttachments', on: { scanAttachments: true }, has: MAIL, rule: 'W20' },
  {
    field: 'retroScan.enabled',
    on: { retroScan: { enabled: true, consentAt: '2026-01-01T00:00:00Z' } },
    has: MAIL,
    rule: 'W22',
    otherRule: { 'exchange-inline-inbound': 'W23' },
  },
  {
    field: 'timeOfClick.enabled',
    on: { timeOfClick: { enabled: true } },
    has: ['exchange-online'],
    rule: 'W33',
  },
  { field: 'approvedSenders.enabled', on: { approvedSenders: { enabled: true } }, has: MAIL, rule: 'W37' },
  {
    field: 'approvedUrls.includeInternalDomains',
    on: { approvedUrls: { enabled: true, includeInternalDomains: true } },
    has: ['exchange-online'],
    rule: 'W42',
  },
  {
    field: 'approvedHeaders.enabled',
    on: { approvedHeaders: { enabled: true, fields: [header] } },
    has: ['exchange-online'],
    rule: 'W50',
  },
  {
    field: 'globalApprovedHeaders.fields',
    on: { globalApprovedHeaders: { fields: [header] } },
    has: ['exchange-online'],
    rule: 'W57',
  },
  {
    field: 'actions.fileAction.enabled',
    on: { actions: { fileAction: { enabled: true, action: 'delete' } } },
    has: ['salesforce'],
    rule: 'W61',
  },
  {
    field: 'actions.fileAction.secondary',
    on: { actions: { fileAction: { secondary: 'delete' } } },
    has: ['salesforce'],
    rule: 'W62',
  },
  { field: 'actions.tag', on: { actions: { tag: 'RISKY' } }, has: FILES, rule: 'W64' },
  {
    field: 'actions.replacementText',
    on: { actions: { replacementText: 'Gone.' } },
    has: [...MAIL, ...INLINE, ...FILES, 'salesforce'],
    rule: 'W65',
  },
  {
    field: 'notifications.users.enabled',
    on: { notifications: { users: { enabled: true } } },
    has: [...MAIL, ...FILES, 'salesforce'],
    rule: 'W71',
    otherRule: { 'teams-chat': 'W74' },
  },
]

/** What every service has: such an option is accepted by all twelve and shown for all. */
export const COMMON_OPTIONS: readonly Pick<OptionCase, 'field' | 'on'>[] = [
  { field: 'enabled', on: { enabled: false } },
  { field: 'securityLevel', on: { securityLevel: 'high' } },
  { field: 'dynamicScan', on: { dynamicScan: true } },
  { field: 'approvedUrls.enabled', on: { approvedUrls: { enabled: true, urls: ['a.example'] } } },
  { field: 'blockedUrls.enabled', on: { blockedUrls: { enabled: true, urls: ['a.example'] } } },
  { field: 'actions.untested.enabled', on: { actions: { untested: { enabled: true, action: 'pass' } } } },
  { field: 'virtualAnalyzerUrls', on: { virtualAnalyzerUrls: true } },
  {
    field: 'notifications.administrators.enabled',
    on: { notifications: { administrators: { enabled: true, recipients: ['soc@corp.example'] } } },
  },
]

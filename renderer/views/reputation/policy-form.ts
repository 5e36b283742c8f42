import type { RiskLevel } from '../../../core/model/verdict.ts'
import { hasOption, SERVICES, type Service } from './policy-service.ts'

export type ClickAction = '' | 'block' | 'warn' | 'allow'
export interface HeaderRule {
  name: string
  value: string
  operator: 'contains' | 'equals'
}
/** policy.json as a form: every field is there, and what is not set is an empty text. */
export interface PolicyForm {
  schema: 1
  name: string
  service: Service
  enabled: boolean
  priority: number | ''
  effectiveFrom: string
  effectiveTo: string
  internalDomains: string[]
  scope: 'all' | 'incoming'
  securityLevel: 'high' | 'medium' | 'low'
  scanAttachments: boolean
  dynamicScan: boolean
  retroScan: { enabled: boolean; consentAt: string }
  timeOfClick: {
    enabled: boolean
    urlScope: '' | 'all' | 'rated-risky' | 'untested'
    actions: Record<RiskLevel, ClickAction>
  }
  approvedSenders: { enabled: boolean; addresses: string[] }
  approvedUrls: { enabled: boolean; includeInternalDomains: boolean; urls: string[] }
  blockedUrls: { enabled: boolean; urls: string[] }
  approvedHeaders: { enabled: boolean; fields: HeaderRule[] }
  globalApprovedHeaders: { fields: HeaderRule[] }
  virtualAnalyzerUrls: boolean
  actions: {
    matched: string
    blockedUrl: string
    untested: { enabled: boolean; action: string }
    fileAction: { enabled: boolean; action: string; notify: boolean; secondary: string }
    tag: string
    replacementText: string
  }
  notifications: {
    administrators: {
      enabled: boolean
      groups: string[]
      recipients: string[]
      subject: string
      body: string
      threshold: {
        mode: '' | 'period' | 'count' | 'individual'
        hours: number | ''
        days: number | ''
        count: number | ''
      }
    }
    users: { enabled: boolean; subject: string; body: string }
  }
}
export type PolicyJson = Record<string, unknown>

/** A policy of which nothing is set but what a policy needs. Retro scan is off: it takes consent (W22, W28). */
export const blankPolicy = (): PolicyForm => ({
  schema: 1,
  name: '',
  service: 'exchange-online',
  enabled: true,
  priority: 1,
  effectiveFrom: '',
  effectiveTo: '',
  internalDomains: [],
  scope: 'all',
  securityLevel: 'medium',
  scanAttachments: true,
  dynamicScan: false,
  retroScan: { enabled: false, consentAt: '' },
  timeOfClick: {
    enabled: false,
    urlScope: '',
    actions: { dangerous: '', 'highly-suspicious': '', suspicious: '', untested: '', safe: '' },
  },
  approvedSenders: { enabled: false, addresses: [] },
  approvedUrls: { enabled: false, includeInternalDomains: false, urls: [] },
  blockedUrls: { enabled: false, urls: [] },
  approvedHeaders: { enabled: false, fields: [] },
  globalApprovedHeaders: { fields: [] },
  virtualAnalyzerUrls: false,
  actions: {
    matched: 'quarantine',
    blockedUrl: '',
    untested: { enabled: false, action: '' },
    fileAction: { enabled: false, action: '', notify: false, secondary: '' },
    tag: '',
    replacementText: '',
  },
  notifications: {
    administrators: {
      enabled: false,
      groups: [],
      recipients: [],
      subject: '',
      body: '',
      threshold: { mode: '', hours: '', days: '', count: '' },
    },
    users: { enabled: false, subject: '', body: '' },
  },
})

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value of the document where it has one; absent and null read as the blank's. */
function fill(blank: unknown, given: unknown): unknown {
  if (given === undefined || given === null) return blank
  if (!isSection(blank)) return given
  const inner = new Map(isSection(given) ? Object.entries(given) : [])
  return Object.fromEntries(Object.entries(blank).map(([key, value]) => [key, fill(value, inner.get(key))]))
}

/** A document that the engine takes, as a form. Attachments are not scanned where a document does not say so (W20). */
export function toForm(document: PolicyJson): PolicyForm {
  return structuredClone(fill({ ...blankPolicy(), scanAttachments: false }, document)) as PolicyForm
}

const isRule = (value: unknown): boolean =>
  isSection(value) && ['name', 'value', 'operator'].every((key) => typeof value[key] === 'string')
/** Numbers that are not set are an empty text. */
const NUMBERS = new Set(['priority', 'hours', 'days', 'count'])
function fits(blank: unknown, given: unknown, name: string): unknown {
  if (Array.isArray(blank))
    return Array.isArray(given)
      ? given.filter((one) => (name === 'fields' ? isRule(one) : typeof one === 'string'))
      : blank
  if (isSection(blank)) {
    const inner = new Map(isSection(given) ? Object.entries(given) : [])
    return Object.fromEntries(
      Object.entries(blank).map(([key, value]) => [key, fits(value, inner.get(key), key)]),
    )
  }
  if (NUMBERS.has(name)) return typeof given === 'number' || given === '' ? given : blank
  return typeof given === typeof blank ? given : blank
}
/** A form that was kept somewhere: what is not of its shape has the value of a blank one; null: it is none at all. */
export function readForm(kept: unknown): PolicyForm | null {
  if (!isSection(kept) || !SERVICES.some((service) => service === kept['service'])) return null
  return { ...(fits(blankPolicy(), kept, '') as PolicyForm), schema: 1 }
}

/** Empty texts of a section are what is not set; entries of lists stay as they are, so that a refusal can name them. */
function empty(value: unknown): unknown {
  if (value === '') return null
  if (!isSection(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, empty(inner)]))
}

/** policy.json of a form. Options that the service lacks are off: nobody sees them, so nobody meant them. */
export function toDocument(given: PolicyForm): PolicyJson {
  const form = JSON.parse(JSON.stringify(given)) as PolicyForm
  const blank = blankPolicy()
  const has = (option: Parameters<typeof hasOption>[1]): boolean => hasOption(form.service, option)
  if (!has('scope')) form.scope = 'all'
  if (!has('internalDomains')) form.internalDomains = []
  if (!has('scanAttachments')) form.scanAttachments = false
  if (!has('retroScan')) form.retroScan = blank.retroScan
  if (!has('timeOfClick')) form.timeOfClick = blank.timeOfClick
  if (!has('approvedSenders')) form.approvedSenders = blank.approvedSenders
  if (!has('internalUrls')) form.approvedUrls.includeInternalDomains = false
  if (!has('headers')) {
    form.approvedHeaders = blank.approvedHeaders
    form.globalApprovedHeaders = blank.globalApprovedHeaders
  }
  if (!has('fileAction')) form.actions.fileAction = blank.actions.fileAction
  if (!has('tag')) form.actions.tag = ''
  if (!has('replacementText')) form.actions.replacementText = ''
  if (!has('users')) form.notifications.users = blank.notifications.users
  const document = empty(form) as PolicyJson
  const { administrators, users } = form.notifications
  const { mode, hours, days, count } = administrators.threshold
  const threshold = {
    mode,
    hours: mode === 'period' && hours !== '' ? hours : null,
    days: mode === 'period' && days !== '' ? days : null,
    count: mode === 'count' && count !== '' ? count : null,
  }
  return {
    ...document,
    notifications: {
      administrators: {
        ...(empty(administrators) as PolicyJson),
        threshold: mode === '' ? null : threshold,
      },
      users: empty(users),
    },
  }
}

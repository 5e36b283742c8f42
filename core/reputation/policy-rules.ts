import { parseIso } from '../store/time.ts'
import { ACTIONS_OF, blockedActionsOf } from './policy-actions.ts'
import type { Action, HeaderField, Policy, Service } from './policy-document.ts'
import { isPublicSuffix, readListEntry, toAsciiDomain } from './url-list.ts'

/** What is wrong with a policy: the field and the rule it breaks (a W-number, or `date`, `order`). */
export interface PolicyFault {
  readonly field: string
  readonly rule: string
  /** Words that the field takes, where it takes only some. */
  readonly allowed?: readonly string[] | undefined
}
type Check = (policy: Policy) => Iterable<PolicyFault>

const fault = (field: string, rule: string, allowed?: readonly string[]): PolicyFault => ({
  field,
  rule,
  allowed,
})
const isOneOf = (service: Service, ...services: readonly Service[]): boolean => services.includes(service)

/** Options that only some services have may be absent or off, never on (JUDGE.md, "Policy documents"). */
const serviceOptions: Check = function* (policy) {
  const { service } = policy
  const isExchange = service === 'exchange-online'
  const isMail = isOneOf(service, 'exchange-online', 'gmail')
  if (policy.scope === 'incoming' && !isMail && service !== 'exchange-inline-inbound') {
    yield fault('scope', service === 'exchange-inline-outbound' ? 'W15' : 'W13')
  }
  if (policy.scanAttachments && !isMail) yield fault('scanAttachments', 'W20')
  if (policy.retroScan.enabled && !isMail) {
    yield fault('retroScan.enabled', service === 'exchange-inline-inbound' ? 'W23' : 'W22')
  }
  if (policy.retroScan.enabled && policy.retroScan.consentAt === null)
    yield fault('retroScan.consentAt', 'W28')
  if (policy.timeOfClick.enabled && !isExchange) yield fault('timeOfClick.enabled', 'W33')
  if (policy.approvedSenders.enabled && !isMail) yield fault('approvedSenders.enabled', 'W37')
  if (policy.approvedUrls.includeInternalDomains && !isExchange)
    yield fault('approvedUrls.includeInternalDomains', 'W42')
  if (policy.approvedHeaders.enabled && !isExchange) yield fault('approvedHeaders.enabled', 'W50')
  if (policy.globalApprovedHeaders.fields.length > 0 && !isExchange)
    yield fault('globalApprovedHeaders.fields', 'W57')
  if (policy.actions.fileAction.enabled && service !== 'salesforce')
    yield fault('actions.fileAction.enabled', 'W61')
  if (policy.notifications.users.enabled && service === 'teams-chat')
    yield fault('notifications.users.enabled', 'W74')
  // W71 names Exchange Online and Gmail, not the inline variants.
  if (policy.notifications.users.enabled && service.startsWith('exchange-inline'))
    yield fault('notifications.users.enabled', 'W71')
}

/** Most characters of a tag for file names (W64). */
const MAX_TAG = 20

const actions: Check = function* ({ service, actions }) {
  const known = ACTIONS_OF[service]
  if (!known.includes(actions.matched)) yield fault('actions.matched', 'W58', known)
  if (actions.blockedUrl !== null && !blockedActionsOf(service).includes(actions.blockedUrl))
    yield fault('actions.blockedUrl', 'W49', blockedActionsOf(service))
  if (actions.untested.action !== null && !known.includes(actions.untested.action))
    yield fault('actions.untested.action', 'W58', known)
  const file = actions.fileAction
  if (file.action === null ? file.enabled : !known.includes(file.action))
    yield fault('actions.fileAction.action', 'W61', known)
  if (file.secondary !== null) {
    // W63: the quarantine that can fail is the files' own when they have their own action, else the policy's.
    const first = file.enabled ? file.action : actions.matched
    const isSecond = file.secondary !== 'quarantine' && known.includes(file.secondary)
    if (service !== 'salesforce' || first !== 'quarantine' || !isSecond) {
      yield fault('actions.fileAction.secondary', 'W62')
    }
  }
  yield* texts(known, actions)
}

/** Texts that belong to an action: a tag for the names of files, a text in place of what was taken away. */
function* texts(known: readonly Action[], { matched, untested, tag, replacementText }: Policy['actions']) {
  const canTag = known.includes('tag-file-name')
  const tagsFiles = [matched, untested.action].includes('tag-file-name')
  const hasTag = tag !== null && tag !== ''
  if (hasTag ? !canTag : tagsFiles && canTag) yield fault('actions.tag', 'W64')
  else if (hasTag && (tag.length > MAX_TAG || /[/\\:*?<>"|\p{Cc}]/u.test(tag)))
    yield fault('actions.tag', 'W64')
  const takesAway = known.includes('quarantine') || known.includes('delete')
  if (replacementText !== null && replacementText !== '' && !takesAway)
    yield fault('actions.replacementText', 'W65')
}

/** Most header fields a list may have (W55) and most characters of a name or value (W54). */
const MAX_HEADER_FIELDS = 10
const MAX_HEADER_TEXT = 128

function* headerFaults(path: string, fields: readonly HeaderField[]): Iterable<PolicyFault> {
  if (fields.length > MAX_HEADER_FIELDS) yield fault(path, 'W55')
  for (const [index, field] of fields.entries()) {
    for (const part of ['name', 'value'] as const) {
      if (field[part].length < 1 || field[part].length > MAX_HEADER_TEXT)
        yield fault(`${path}[${index}].${part}`, 'W54')
    }
  }
}

/** One whole address: no wildcard, no sign of a regular expression (W39). */
const ADDRESS = /^[^\s@*?()[\]{}|\\^$<>,;:"]+@[^\s@*?()[\]{}|\\^$<>,;:"]+$/

const lists: Check = function* (policy) {
  for (const [index, address] of policy.approvedSenders.addresses.entries()) {
    if (!ADDRESS.test(address.trim())) {
      yield fault(`approvedSenders.addresses[${index}]`, 'W39')
    }
  }
  for (const name of ['approvedUrls', 'blockedUrls'] as const) {
    for (const [index, url] of policy[name].urls.entries()) {
      const entry = readListEntry(url, policy.service)
      if (typeof entry === 'string') yield fault(`${name}.urls[${index}]`, entry)
    }
  }
  yield* headerFaults('approvedHeaders.fields', policy.approvedHeaders.fields)
  yield* headerFaults('globalApprovedHeaders.fields', policy.globalApprovedHeaders.fields)
  for (const [index, domain] of policy.internalDomains.entries()) {
    const name = domain.trim()
    const isDomain = /^(?:\*\.)?[^\s*@/:?#]+\.[^\s*@/:?#]+$/.test(name)
    // `co.uk` as our own domain would make half a country colleagues.
    if (!isDomain || isPublicSuffix(toAsciiDomain(name).replace(/^\*\./, '')))
      yield fault(`internalDomains[${index}]`, 'W14')
  }
}

const notifications: Check = function* ({ notifications: { administrators } }) {
  const path = 'notifications.administrators'
  const { enabled, groups, recipients, threshold } = administrators
  if (enabled && groups.length + recipients.length === 0) yield fault(`${path}.recipients`, 'W66')
  for (const [index, recipient] of recipients.entries())
    if (!ADDRESS.test(recipient.trim())) yield fault(`${path}.recipients[${index}]`, 'W66')
  for (const [index, group] of groups.entries())
    if (group.trim() === '') yield fault(`${path}.groups[${index}]`, 'W66')
  const isWhole = (value: number | null): boolean => value !== null && Number.isInteger(value) && value > 0
  if (threshold === null) return
  if (threshold.mode === 'period' && isWhole(threshold.hours) === isWhole(threshold.days)) {
    yield fault(`${path}.threshold.hours`, 'W68')
  }
  if (threshold.mode === 'count' && !isWhole(threshold.count)) yield fault(`${path}.threshold.count`, 'W69')
}

const times: Check = function* (policy) {
  for (const field of ['effectiveFrom', 'effectiveTo'] as const) {
    const text = policy[field]
    if (text !== null && parseIso(text) === undefined) yield fault(field, 'date')
  }
  const [from, to] = [policy.effectiveFrom, policy.effectiveTo].map((text) =>
    text === null ? undefined : parseIso(text),
  )
  if (from !== undefined && to !== undefined && to <= from) yield fault('effectiveTo', 'order')
  const { consentAt } = policy.retroScan
  if (consentAt !== null && parseIso(consentAt) === undefined) yield fault('retroScan.consentAt', 'W28')
}

const CHECKS: readonly Check[] = [serviceOptions, actions, lists, notifications, times]

/** Everything in a well-formed policy that breaks a rule of threat-investigation.md section 2. */
export function findPolicyFaults(policy: Policy): PolicyFault[] {
  return CHECKS.flatMap((check) => [...check(policy)])
}

import type { RecordItem } from '../importer.ts'
import type { CsvMeaning } from '../csv/csv-records.ts'
import type { EventFields, EventKind } from '../../model/event.ts'
import { toInteger } from '../../normalise/host.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { scalarText } from '../json/parse-object.ts'
import { inner, JsonNamedRow, type NamedRow } from '../log/named-row.ts'
import { describe, splitEndpoint } from '../log/values.ts'
import { eventAt, readWhen, type When } from '../log/when.ts'
import { readInfo, toItems } from './mail-entry.ts'
import { stepOfNumbers, stepOfWords } from './mail-steps.ts'
import { toObject } from './parameters.ts'

/** An activity of the Reports API. */
export const isActivity = (row: NamedRow): boolean =>
  /(?:^|#)activity$/.test(row.text('kind') ?? '') ||
  (row.value('events') !== undefined && inner(row.value('id')).text('applicationName') !== undefined)

/** A row of the Gmail log in BigQuery. */
export const isGmailRow = (row: NamedRow): boolean =>
  inner(row.value('gmail')).value('event_info', 'message_info') !== undefined ||
  (row.value('event_info') !== undefined && row.value('message_info') !== undefined)

/** Events of one activity. */
const MAX_EVENTS = 200

export function readActivity(row: NamedRow): CsvMeaning {
  const id = inner(row.value('id'))
  const application = id.text('applicationName') ?? ''
  const when = readWhen(id.text('time'), 'UTC', null, true)
  const actor = inner(row.value('actor'))
  const email = actor.text('email')
  const { ip } = splitEndpoint(row.text('ipAddress'))
  const shared: EventFields = {
    provider: `Google Workspace ${application}`.trim(),
    account: email ?? actor.text('key', 'profileId'),
    accountMail: toAddressKey(email ?? ''),
    accountId: actor.text('profileId'),
    sourceIp: ip,
    location: inner(row.value('networkInfo')).text('regionCode'),
  }
  const items = row
    .list('events')
    .slice(0, MAX_EVENTS)
    .flatMap((entry): RecordItem[] => {
      const event = inner(entry)
      const name = event.text('name') ?? ''
      const parameters = new JsonNamedRow(toObject(event.list('parameters')))
      if (application === 'gmail') return readMail(parameters, when, name, email)
      return [toEvent(application, name, parameters, shared, when)]
    })
  const qualifier = id.text('uniqueQualifier')
  return {
    items,
    key:
      qualifier === undefined || when.at === null
        ? undefined
        : JSON.stringify(['google', application, when.at, qualifier]),
    issues: when.isOdd ? [{ code: 'gmail-log.time', excerpt: id.text('time')?.slice(0, 100) ?? '' }] : [],
  }
}

/** An entry of the Gmail log in BigQuery. */
export function readGmailRow(row: NamedRow): CsvMeaning {
  const nested = row.value('gmail')
  const gmail: NamedRow = nested === undefined ? row : inner(nested)
  const info = inner(gmail.value('event_info'))
  const written = info.text('timestamp_usec') ?? row.text('time_usec')
  const when = readWhen(written, 'UTC')
  const message = inner(gmail.value('message_info'))
  const items = readMailInfo(info, message, when, row.text('email'), undefined)
  const id = message.text('rfc2822_message_id')
  return {
    items,
    key:
      id === undefined || when.at === null
        ? undefined
        : JSON.stringify([
            'gmail',
            id,
            when.at,
            info.text('mail_event_type') ?? '',
            message.text('action_type') ?? '',
            message.text('flattened_destinations') ?? '',
          ]),
    issues: when.isOdd ? [{ code: 'gmail-log.time', excerpt: written?.slice(0, 100) ?? '' }] : [],
  }
}

function readMail(parameters: NamedRow, when: When, name: string, email: string | undefined): RecordItem[] {
  const info = parameters.value('event_info')
  const message = parameters.value('message_info')
  // some events carry the members of both directly
  return readMailInfo(
    info === undefined ? parameters : inner(info),
    message === undefined ? parameters : inner(message),
    when,
    email,
    name,
  )
}

function readMailInfo(
  info: NamedRow,
  message: NamedRow,
  when: When,
  email: string | undefined,
  name: string | undefined,
): RecordItem[] {
  const type = toInteger(info.text('mail_event_type'))
  const action = toInteger(message.text('action_type'))
  const step = type === undefined && action === undefined ? stepOfWords(name) : stepOfNumbers(type, action)
  return toItems(readInfo(info, message, when, step, email))
}

/** Kinds of events by application and name; the first that fits decides. */
const KINDS: readonly (readonly [RegExp, EventKind])[] = [
  [/^(?:login|saml) (?:suspicious_|gov_attack|account_disabled)/, 'alert'],
  [/^(?:login|saml) (?:login_|logout|risky_sensitive)/, 'cloud-sign-in'],
  [/^login (?:password_edit|.*password)|^admin .*CHANGE_PASSWORD/, 'password-change'],
  [/^login (?:2sv|recovery|titanium)/, 'account-change'],
  [/^(?:login|user_accounts) (?:email_forwarding|.*forwarding)/, 'mailbox-change'],
  [/^user_accounts /, 'account-change'],
  [/^admin CREATE_USER$/, 'account-create'],
  [/^admin DELETE_USER$/, 'account-delete'],
  [
    /^admin (?:ASSIGN_ROLE|UNASSIGN_ROLE|ADD_GROUP_MEMBER|REMOVE_GROUP_MEMBER|GRANT_ADMIN_PRIVILEGE)$/,
    'group-change',
  ],
  [/^admin (?:SUSPEND_USER|UNSUSPEND_USER|RENAME_USER|.*_USER_.*|.*2SV.*)$/, 'account-change'],
  [/^admin .*(?:EMAIL|GMAIL|MAILBOX)/, 'mailbox-change'],
  [/^(?:rules|alertcenter) /, 'alert'],
]

/** Parameters for reading; the whole record stays as raw text. */
const MAX_SHOWN = 25

function toEvent(
  application: string,
  name: string,
  parameters: JsonNamedRow,
  shared: EventFields,
  when: When,
): ReturnType<typeof eventAt> {
  const key = `${application} ${name}`
  const kind = KINDS.find(([pattern]) => pattern.test(key))?.[1] ?? 'cloud-activity'
  const isSuspicious = parameters.text('is_suspicious') === 'true'
  return eventAt(when, kind, {
    ...shared,
    action: name,
    application: parameters.text('app_name', 'application_name', 'APPLICATION_NAME', 'client_id'),
    target: parameters.text('doc_title', 'ROLE_NAME', 'GROUP_EMAIL', 'SETTING_NAME', 'doc_id', 'rule_name'),
    targetAccount: parameters.text('target_user', 'USER_EMAIL', 'affected_email_address', 'owner'),
    recipient: parameters.text('email_forwarding_destination_address'),
    userAgent: parameters.text('user_agent'),
    rule: kind === 'alert' ? (parameters.text('rule_name') ?? name) : undefined,
    severity: parameters.text('severity') ?? (isSuspicious ? 'suspicious' : undefined),
    authentication: parameters.text('login_type', 'login_challenge_method'),
    outcome: /fail|denied/i.test(name) ? 'failure' : /success/i.test(name) ? 'success' : undefined,
    status: parameters.text('login_failure_type', 'failure_type'),
    detail: describe(
      parameters.names.slice(0, MAX_SHOWN).map((one) => [
        one,
        parameters.text(one) ??
          (parameters
            .list(one)
            .flatMap((item) => scalarText(item) ?? [])
            .join(', ') ||
            undefined),
      ]),
    ),
  })
}

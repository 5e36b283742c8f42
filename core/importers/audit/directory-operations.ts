import type { EventKind } from '../../model/event.ts'
import { inner } from '../log/named-row.ts'
import { describe } from '../log/values.ts'
import { eventAt } from '../log/when.ts'
import type { AuditRecord } from './audit-record.ts'
import type { Reading } from './mailbox-operations.ts'

/** Kinds of directory operations; whatever else happens in the directory is `cloud-activity`. */
const KINDS: readonly (readonly [RegExp, EventKind])[] = [
  [/^(?:add|remove) (?:eligible )?member (?:to|from) (?:role|group)/i, 'group-change'],
  [/^add (?:app role assignment|owner) /i, 'cloud-activity'],
  [/^add user\b/i, 'account-create'],
  [/^(?:hard )?delete user\b/i, 'account-delete'],
  [/password/i, 'password-change'],
  [
    /^(?:update user|disable account|enable account|restore user|set user|invite external user)/i,
    'account-change',
  ],
]

/** Kind of a directory operation by its name (`Add member to role.`). */
export const directoryKind = (operation: string): EventKind =>
  KINDS.find(([pattern]) => pattern.test(operation))?.[1] ?? 'cloud-activity'

/** Properties shown of one change. */
const MAX_PROPERTIES = 40
const unquote = (text: string): string => text.replace(/^"(.*)"$/s, '$1')

/** Workload AzureActiveDirectory. */
export function readDirectoryChange(record: AuditRecord): Reading {
  const { row, when, fields, operation } = record
  const kind = directoryKind(operation)
  const targets = row.list('Target').map((entry) => inner(entry).text('ID', 'Id') ?? '')
  const properties = row
    .list('ModifiedProperties')
    .slice(0, MAX_PROPERTIES)
    .map((entry) => {
      const property = inner(entry)
      return [property.text('Name', 'displayName') ?? '', unquote(property.text('NewValue') ?? '')] as const
    })
  const named = (pattern: RegExp): string | undefined =>
    properties.find(([name, value]) => pattern.test(name) && value !== '')?.[1]
  const object = row.text('ObjectId')
  const person = targets.find((target) => target.includes('@')) ?? object
  const isMembership = kind === 'group-change'
  return {
    items: [
      eventAt(when, kind, {
        ...fields,
        application: named(/^AppDisplayName$/i) ?? fields.application,
        target: isMembership
          ? (named(/^(?:Role|Group)\.DisplayName$/i) ?? object)
          : (targets.find((target) => target !== '' && !/^[0-9a-f-]{36}$|_[0-9a-f-]{36}$/i.test(target)) ??
            object),
        targetAccount: kind === 'cloud-activity' ? undefined : person,
        detail: describe(properties),
      }),
    ],
  }
}

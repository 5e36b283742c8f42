import type { EventItem } from '../../model/event.ts'
import { toGuid } from '../../normalise/guid.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { directoryKind } from '../audit/directory-operations.ts'
import { inner, type NamedRow } from '../log/named-row.ts'
import { describe, splitEndpoint } from '../log/values.ts'
import { eventAt, type When } from '../log/when.ts'

/** Targets and changed properties shown of one entry. */
const MAX_TARGETS = 10
const MAX_PROPERTIES = 30

interface Target {
  readonly kind: string | undefined
  readonly name: string | undefined
  readonly upn: string | undefined
  readonly id: string | undefined
  readonly changes: readonly (readonly [string, string | undefined])[]
}

const unquote = (text: string | undefined): string | undefined => text?.replace(/^"(.*)"$/s, '$1')

/** Targets of Graph as objects; those of the portal's CSV as numbered columns. */
function readTargets(row: NamedRow): Target[] {
  const listed = row.list('targetResources').slice(0, MAX_TARGETS)
  if (listed.length > 0) {
    return listed.map((entry) => {
      const target = inner(entry)
      return {
        kind: target.text('type'),
        name: target.text('displayName'),
        upn: target.text('userPrincipalName'),
        id: target.text('id'),
        changes: target
          .list('modifiedProperties')
          .slice(0, MAX_PROPERTIES)
          .map((change) => [
            inner(change).text('displayName') ?? '',
            unquote(inner(change).text('newValue')),
          ]),
      }
    })
  }
  const targets: Target[] = []
  for (let at = 1; at <= MAX_TARGETS; at++) {
    const kind = row.text(`Target${at}Type`)
    const name = row.text(`Target${at}DisplayName`)
    const upn = row.text(`Target${at}UserPrincipalName`)
    const id = row.text(`Target${at}ObjectId`)
    if (kind === undefined && name === undefined && upn === undefined && id === undefined) break
    const changes: [string, string | undefined][] = []
    for (let change = 1; change <= MAX_PROPERTIES; change++) {
      const property = row.text(`Target${at}ModifiedProperty${change}Name`)
      if (property === undefined) break
      changes.push([property, unquote(row.text(`Target${at}ModifiedProperty${change}NewValue`))])
    }
    targets.push({ kind, name, upn, id, changes })
  }
  return targets
}

/** A directory audit entry of Graph (`directoryAudits`), of a diagnostic setting, or of the portal's CSV. */
export function readDirectoryAudit(row: NamedRow, when: When): EventItem {
  const initiator = inner(row.value('initiatedBy'))
  const user = inner(initiator.value('user'))
  const app = inner(initiator.value('app'))
  const action = row.text('activityDisplayName', 'Activity', 'operationName') ?? ''
  const kind = directoryKind(action)
  const targets = readTargets(row)
  const account =
    user.text('userPrincipalName') ??
    row.text('ActorUserPrincipalName') ??
    user.text('displayName') ??
    row.text('ActorDisplayName')
  const person = targets.find(({ upn, kind: type }) => upn !== undefined || /^user$/i.test(type ?? ''))
  const changes = targets.flatMap((target) => target.changes)
  const named = (name: string): string | undefined =>
    changes.find(([property]) => property.toLowerCase() === name)?.[1]
  const other = targets.find((target) => target !== person) ?? targets[0]
  const { ip } = splitEndpoint(user.text('ipAddress') ?? row.text('IPAddress', 'callerIpAddress'))
  return eventAt(when, kind, {
    provider: 'Microsoft Entra ID',
    action,
    account,
    accountMail: toAddressKey(account ?? ''),
    accountId: toGuid(user.text('id') ?? row.text('ActorObjectId')),
    application:
      app.text('displayName') ??
      row.text('ActorServicePrincipalName') ??
      row.text('loggedByService', 'Service'),
    sourceIp: ip,
    outcome: /^succ/i.test(row.text('result', 'resultType') ?? '')
      ? 'success'
      : /^fail/i.test(row.text('result', 'resultType') ?? '')
        ? 'failure'
        : undefined,
    status: row.text('resultReason', 'resultDescription'),
    target: named('role.displayname') ?? named('group.displayname') ?? other?.name ?? other?.id,
    targetAccount: person?.upn ?? person?.name ?? person?.id,
    userAgent: additional(row, 'User-Agent'),
    // Which application an entry is about stands beside the objects it changed.
    detail: describe([
      ['category', row.text('category')],
      ['AppId', toGuid(additional(row, 'AppId'))],
      ...changes,
    ]),
  })
}

/** A value of the additional details. */
function additional(row: NamedRow, key: string): string | undefined {
  for (const entry of row.list('additionalDetails').slice(0, MAX_PROPERTIES))
    if (inner(entry).text('key') === key) return inner(entry).text('value')
  for (let at = 1; at <= MAX_TARGETS; at++)
    if (row.text(`AdditionalDetail${at}Key`) === key) return row.text(`AdditionalDetail${at}Value`)
  return undefined
}

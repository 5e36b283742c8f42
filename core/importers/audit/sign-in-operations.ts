import { toGuid } from '../../normalise/guid.ts'
import { toHost } from '../../normalise/host.ts'
import { inner } from '../log/named-row.ts'
import { describe } from '../log/values.ts'
import { eventAt } from '../log/when.ts'
import { type AuditRecord, pairOf, readPairs } from './audit-record.ts'
import type { Reading } from './mailbox-operations.ts'

/** UserLoggedIn and UserLoginFailed. */
export function readSignIn(record: AuditRecord): Reading {
  const { row, when, fields, operation } = record
  const extended = readPairs(row.list('ExtendedProperties'))
  const device = readPairs(row.list('DeviceProperties'))
  const target = inner(row.list('Target')[0]).text('ID', 'Id')
  const isFailure = /fail/i.test(operation)
  return {
    items: [
      eventAt(when, 'cloud-sign-in', {
        ...fields,
        sourceHost: toHost(pairOf(device, 'DisplayName')),
        hostId: toGuid(pairOf(device, 'Id')),
        userAgent: pairOf(extended, 'UserAgent') ?? fields.userAgent,
        application: row.text('ApplicationDisplayName') ?? fields.application ?? target,
        sessionId: pairOf(device, 'SessionId') ?? fields.sessionId,
        authentication: pairOf(extended, 'RequestType', 'UserAuthenticationMethod'),
        outcome: isFailure ? 'failure' : 'success',
        status: row.text('LogonError', 'ErrorNumber') ?? pairOf(extended, 'ResultStatusDetail'),
        detail: describe([
          ['result', pairOf(extended, 'ResultStatusDetail')],
          ['operating system', pairOf(device, 'OS')],
          ['browser', pairOf(device, 'BrowserType')],
          ['compliant', pairOf(device, 'IsCompliant')],
          ['error', row.text('ErrorNumber')],
          ['correlation', row.text('InterSystemsId')],
          // The id the sign-in has in the sign-in log.
          ['sign-in', toGuid(row.text('IntraSystemId'))],
        ]),
      }),
    ],
  }
}

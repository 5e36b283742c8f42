import { describe, expect, it } from 'vitest'
import type { Session } from '../../../core/correlation/session-index.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'

const day = '2026-03-10T'
const logon = (time: string, fields: Parameters<typeof anEvent>[2]) =>
  anEvent('logon', `${day}${time}Z`, { account: 'CORP\\amber', logonType: 2, ...fields })
const logoff = (time: string, logonId: string, host = 'WS-01') =>
  anEvent('logoff', `${day}${time}Z`, { host, account: 'CORP\\amber', logonId })
const clock = (us: number | null) => (us === null ? null : new Date(us / 1000).toISOString().slice(11, 19))

/** Sessions as `from-to logonId`. */
function sessionsOf(items: readonly RecordItem[]): string[] {
  using testCase = new TestCase()
  testCase.store(items)
  return Array.from(
    testCase.view().sessions.all,
    (session: Session) => `${clock(session.from)}-${clock(session.to)} ${session.logonId}`,
  )
}

describe('logon sessions', () => {
  it('last from logon to logoff of the same id on the same endpoint', () => {
    expect(
      sessionsOf([
        logon('08:00:00', { host: 'WS-01', logonId: '0x1' }),
        logon('08:10:00', { host: 'WS-02', logonId: '0x1' }),
        logoff('09:00:00', '0x1', 'WS-02'),
        logoff('10:00:00', '0x1', 'WS-01'),
      ]),
    ).toEqual(['08:00:00-10:00:00 0x1', '08:10:00-09:00:00 0x1'])
  })

  it('end when the system starts again, so that a used id means a new session', () => {
    expect(
      sessionsOf([
        logon('08:00:00', { host: 'WS-01', logonId: '0x1' }),
        anEvent('system-start', `${day}09:00:00Z`, { host: 'WS-01' }),
        logon('09:10:00', { host: 'WS-01', logonId: '0x1' }),
        logoff('10:00:00', '0x1'),
      ]),
    ).toEqual(['08:00:00-09:00:00 0x1', '09:10:00-10:00:00 0x1'])
  })

  it('stay open where nobody saw the end, and none is made of a logoff alone or of the system', () => {
    expect(
      sessionsOf([
        logoff('07:00:00', '0x9'),
        logon('08:00:00', { host: 'WS-01', logonId: '0x1' }),
        logon('08:00:00', { host: 'WS-01', logonId: '0x2', account: 'NT AUTHORITY\\SYSTEM' }),
      ]),
    ).toEqual(['08:00:00-null 0x1'])
  })
})

describe('the endpoints of a user', () => {
  const worksOn = (items: readonly RecordItem[]): boolean => {
    using testCase = new TestCase()
    testCase.store(items)
    const { sessions, book } = testCase.view()
    const user = book.find('user', 'account', 'CORP\\amber')
    const endpoint = book.find('endpoint', 'netbios', 'WS-01')
    return user !== undefined && endpoint !== undefined && sessions.isUserOf(user.id, endpoint.id)
  }

  it.each([2, 7, 10, 11, 12, 13])(
    'are those with a logon at the machine or its desktop: type %i',
    (logonType) => {
      expect(worksOn([logon('08:00:00', { host: 'WS-01', logonType })])).toBe(true)
    },
  )
  it.each([3, 4, 5, 8, 9])('are not those merely reached: type %i', (logonType) => {
    expect(worksOn([logon('08:00:00', { host: 'WS-01', logonType })])).toBe(false)
  })
  it('are also those where a process ran as the user, with the time span', () => {
    const ran = (time: string) =>
      anEvent('process-start', `${day}${time}Z`, {
        host: 'WS-01',
        account: 'CORP\\amber',
        processPath: 'C:\\a.exe',
        pid: 7,
      })
    expect(worksOn([ran('08:00:00')])).toBe(true)
    using testCase = new TestCase()
    testCase.store([ran('09:00:00'), logon('08:00:00', { host: 'WS-01', logonType: 3 })])
    const { sessions, book } = testCase.view()
    const [span, ...others] = sessions.endpointsOf(book.find('user', 'account', 'CORP\\amber')?.id ?? 0)
    expect(others).toEqual([])
    expect([clock(span?.first ?? null), clock(span?.last ?? null), span?.interactive]).toEqual([
      '08:00:00',
      '09:00:00',
      true,
    ])
  })
})

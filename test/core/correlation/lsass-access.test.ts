import { describe, expect, it } from 'vitest'
import { isLsass, judgeLsassAccess } from '../../../core/correlation/lsass-access.ts'

const DUMP = 'CallTrace: C:\\Windows\\SYSTEM32\\ntdll.dll+1|C:\\Windows\\SYSTEM32\\dbgcore.DLL+6ced'
const UNBACKED = 'CallTrace: C:\\Windows\\SYSTEM32\\ntdll.dll+1|UNKNOWN(000001F2A4B10F3C)'
const WMI = 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe'

describe('judgeLsassAccess', () => {
  it.each([
    ['C:\\ProgramData\\a.exe', '0x1410', '', 'read'],
    ['C:\\ProgramData\\a.exe', '0x1FFFFF', DUMP, 'dump'],
    ['C:\\ProgramData\\a.exe', '0x2a', '', 'inject'],
    [WMI, '0x1410', UNBACKED, 'read'],
    [WMI, '0x1fffff', DUMP, 'dump'],
    ['C:\\Users\\a\\svchost.exe', '0x1010', '', 'read'],
  ])('%s with %s %s: %s', (caller, mask, trace, access) => {
    expect(judgeLsassAccess(caller, mask, trace)?.access).toBe(access)
  })

  it.each([
    [WMI, '0x1410', ''],
    ['C:\\Program Files (x86)\\Trend Micro\\Security Agent\\Ntrtscan.exe', '0x1410', ''],
    ['C:\\ProgramData\\a.exe', '0x1000', UNBACKED],
    ['C:\\ProgramData\\a.exe', '0x1400', ''],
    ['C:\\ProgramData\\a.exe', undefined, ''],
    ['C:\\ProgramData\\a.exe', 'all of them', ''],
  ])('leaves %s with %s alone', (caller, mask, trace) => {
    expect(judgeLsassAccess(caller, mask, trace)).toBeUndefined()
  })

  it('is surer of a habitual mask out of foreign memory than of any reading right', () => {
    const of = (mask: string, trace: string) => judgeLsassAccess('C:\\a.exe', mask, trace)?.confidence ?? 0
    expect([of('0x1410', UNBACKED), of('0x1410', ''), of('0x1450', UNBACKED), of('0x1450', '')]).toEqual([
      0.93, 0.8, 0.75, 0.55,
    ])
  })

  it('knows lsass.exe below a device path, and nothing else by that name', () => {
    expect(isLsass('\\Device\\HarddiskVolume2\\Windows\\System32\\lsass.exe')).toBe(true)
    expect(isLsass('C:\\Users\\a\\notlsass.exe')).toBe(false)
    expect(isLsass(undefined)).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { isProtection, oddDriver } from '../../../core/correlation/drivers.ts'
import { exampleEvent } from '../../../core/correlation/example.ts'
import rule from '../../../core/correlation/rules/privilege.driver.rule.ts'
import { findRelations } from '../../support/case-builder.ts'

const RTCORE = '01aa278b07b58dc46c84bd0b1b5c8e9ee4e62ea0bf7a695862444af32e87f1fd'

describe('what is odd about a driver', () => {
  it.each([
    ['C:\\Windows\\Temp\\rtcore64.sys', undefined, 'abused'],
    ['C:\\ProgramData\\x.sys', RTCORE, 'abused'],
    ['C:\\Windows\\System32\\drivers\\hid.sys', RTCORE.toUpperCase(), 'abused'],
    ['C:\\Users\\amber\\AppData\\Local\\Temp\\k.sys', undefined, 'writable'],
    ['C:\\Tools\\d\\k.sys', undefined, 'elsewhere'],
    ['C:\\Windows\\System32\\drivers\\gdrv.sys', undefined, 'known_installed'],
    ['C:\\Windows\\Temp\\cpuz148_x64.sys', undefined, 'unpacked'],
  ])('%s', (path, hash, reason) => {
    expect(oddDriver(path, hash)?.reason).toBe(reason)
  })
  it.each([
    ['C:\\Program Files (x86)\\RivaTuner\\RTCore64.sys', RTCORE],
    ['C:\\Windows\\System32\\drivers\\PROCEXP152.SYS', undefined],
    ['C:\\ProgramData\\Microsoft\\Windows Defender\\Definition Updates\\x\\MpKslDrv.sys', undefined],
    ['C:\\Windows\\System32\\DriverStore\\FileRepository\\x\\igdkmd64.sys', undefined],
  ])('spares %s', (path, hash) => {
    expect(oddDriver(path, hash)).toBeUndefined()
  })
  it('knows protection by process and by service', () => {
    expect(['C:\\x\\MsMpEng.exe', 'Microsoft Defender Antivirus Service'].every(isProtection)).toBe(true)
    expect(['C:\\x\\notepad.exe', 'Print Spooler'].some(isProtection)).toBe(false)
  })
})

describe('a driver that was brought along', () => {
  const load = exampleEvent('driver-load', 0, { target: 'C:\\Windows\\Temp\\rtcore64.sys', sha256: RTCORE })
  const install = exampleEvent('service-install', -10, {
    target: 'RTCore64',
    detail: '\\??\\C:\\Windows\\Temp\\rtcore64.sys',
  })
  const crash = (seconds: number) =>
    exampleEvent('service-change', seconds, {
      target: 'Microsoft Defender Antivirus Service',
      action: 'crashed',
    })
  const found = (...items: Parameters<typeof findRelations>[0][number][]) =>
    findRelations(items, [rule]).detections.map(({ what, level, proofs }) => `${what} ${level} ${proofs}`)

  it('is one detection of its service and its loading', () => {
    expect(found(install, load)).toEqual(['odd-driver high 2'])
  })
  it('is told with the protection that ended within an hour, not later and not before', () => {
    expect(found(load, crash(70))).toEqual(['odd-driver high 1', 'protection-ended high 1'])
    expect(found(crash(-70), load, crash(7200))).toEqual(['odd-driver high 1'])
  })
})

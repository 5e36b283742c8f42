import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../../../core/correlation/example.ts'
import rule from '../../../core/correlation/rules/impact.services.rule.ts'
import { MAY_STOP, stoppedServices } from '../../../core/correlation/stopped-services.ts'
import { findRelations } from '../../support/case-builder.ts'

describe('what a command stops', () => {
  it.each([
    ['net stop "SQLAgent$SQL01" /y', 'SQL Server'],
    ['net1 stop VeeamBackupSvc', 'Veeam'],
    ['sc \\\\fs01 stop MSExchangeIS', 'Exchange'],
    ['sc config SavService start= disabled', 'Sophos'],
    ['sc delete VeeamTransportSvc', 'Veeam'],
    ['taskkill /f /t /im sqlservr.exe', 'SQL Server'],
    ['taskkill /IM ekrn.exe /F', 'ESET'],
    ['powershell Stop-Service -Name WinDefend -Force', 'Defender'],
  ])('%s', (text, product) => {
    expect(stoppedServices(text).map((found) => found.product)).toEqual([product])
    expect(MAY_STOP.test(text)).toBe(true)
  })
  it.each([
    'net start VeeamBackupSvc',
    'sc query MSSQLSERVER',
    'sc config MSSQLSERVER start= auto',
    'net stop Spooler',
  ])('spares %s', (text) => {
    expect(stoppedServices(text)).toEqual([])
  })
})

describe('services stopped in a row', () => {
  const stop = (seconds: number, name: string) =>
    exampleEvent('process-start', seconds, {
      processPath: 'C:\\Windows\\System32\\net.exe',
      pid: 9 + seconds,
      commandLine: `net stop ${name} /y`,
    })
  const found = (...items: Parameters<typeof findRelations>[0][number][]) =>
    findRelations(items, [rule]).detections

  it('are high of several products', () => {
    expect(found(stop(0, 'VeeamBackupSvc'), stop(1, 'MSSQLSERVER'), stop(2, 'VSS'))).toMatchObject([
      { level: 'high', reason: { params: { count: 3, products: 3 } } },
    ])
  })
  it('are low of one product, as its update does', () => {
    const names = ['VeeamBackupSvc', 'VeeamBrokerSvc', 'VeeamMountSvc']
    expect(found(...names.map((name, place) => stop(place, name)))).toMatchObject([{ level: 'low' }])
  })
  it('are none over an hour', () => {
    expect(found(stop(0, 'VeeamBackupSvc'), stop(1800, 'MSSQLSERVER'), stop(3600, 'VSS'))).toEqual([])
  })
  it('are told of one line of a shell', () => {
    const line = 'cmd /c net stop VeeamBackupSvc & net stop MSSQLSERVER & net stop SavService'
    const shell = exampleEvent('process-start', 0, {
      processPath: 'C:\\Windows\\System32\\cmd.exe',
      pid: 5,
      commandLine: line,
    })
    expect(found(shell)).toMatchObject([{ level: 'high', subject: 'cmd.exe' }])
  })
})

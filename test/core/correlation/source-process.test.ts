import { describe, expect, it } from 'vitest'
import { exampleGuid } from '../../../core/correlation/example.ts'
import { type Obeyed, SourceProcesses } from '../../../core/correlation/source-process.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'

const iso = (second: number) => new Date(Date.UTC(2026, 2, 10, 8) + second * 1000).toISOString()
const us = (second: number) => (Date.UTC(2026, 2, 10, 8) + second * 1000) * 1000
const process = (number: number, processPath: string) => ({
  host: 'ws-01',
  processGuid: exampleGuid(number),
  pid: number,
  processPath,
})
const connects = (second: number, number: number, path: string, destinationPort = 445) =>
  anEvent('network-connection', iso(second), {
    ...process(number, path),
    action: 'outbound',
    sourceIp: '10.0.0.5',
    destinationIp: '10.0.0.9',
    destinationPort,
  })
const gives = (second: number, number: number, path: string) =>
  anEvent('explicit-credentials', iso(second), { ...process(number, path), destinationHost: 'srv-01' })
const server = anEvent('logon', iso(0), {
  host: 'srv-01',
  hostIp: '10.0.0.9',
  account: 'CORP\\amber',
  logonType: 3,
})

/** The process on ws-01 behind a logon on srv-01 at second 100. */
function behind(items: readonly ReturnType<typeof anEvent>[], obeyed?: Obeyed) {
  using testCase = new TestCase()
  testCase.store([server, ...items])
  const view = testCase.view()
  const [source, target] = ['ws-01', 'srv-01'].map((host) => view.findEndpoint(host)?.id ?? 0)
  const found = new SourceProcesses(view).find(source ?? 0, target ?? 0, us(100), obeyed)
  return found && [found.process.draft.name, found.by]
}

describe('the process behind a logon on another endpoint', () => {
  it('is the last one that connected to its administration before', () => {
    expect(
      behind([connects(50, 1, 'C:\\a.exe'), connects(90, 2, 'C:\\b.exe'), connects(120, 3, 'C:\\c.exe')]),
    ).toEqual(['b.exe', 'connection'])
  })
  it('is rather the one that gave credentials for it', () => {
    expect(behind([gives(50, 1, 'C:\\a.exe'), connects(90, 2, 'C:\\b.exe')])).toEqual([
      'a.exe',
      'credentials',
    ])
  })
  it('is none that only opened a session', () => {
    expect(behind([gives(99, 1, 'C:\\Windows\\System32\\net.exe')])).toBeUndefined()
    expect(behind([gives(99, 1, 'C:\\Windows\\System32\\net.exe'), connects(90, 2, 'C:\\b.exe')])).toEqual([
      'b.exe',
      'connection',
    ])
  })
  it('is the one whose order came later, in the session another had opened', () => {
    const sc = (second: number, commandLine: string) =>
      anEvent('process-start', iso(second), { ...process(7, 'C:\\Windows\\System32\\sc.exe'), commandLine })
    const items = [gives(99, 1, 'C:\\tool.exe'), sc(120, 'sc \\\\srv-01 create upd binPath= C:\\u.exe')]
    const at = us(121)
    expect(behind(items, { ways: ['service'], at })).toEqual(['sc.exe', 'order_in_session'])
    expect(behind(items, { ways: ['task'], at })).toEqual(['tool.exe', 'credentials'])
    expect(behind(items, { ways: ['service'], at: us(110) })).toEqual(['tool.exe', 'credentials'])
  })
  it('is none that acted long before, on another port, or for the whole system', () => {
    expect(behind([connects(-600, 1, 'C:\\a.exe')])).toBeUndefined()
    expect(behind([connects(90, 1, 'C:\\a.exe', 443)])).toBeUndefined()
    expect(
      behind([connects(90, 1, 'C:\\Windows\\System32\\svchost.exe'), connects(95, 4, 'System')]),
    ).toBeUndefined()
  })
  it('may be stamped a little later, by another clock', () => {
    expect(behind([connects(102, 1, 'C:\\a.exe')])).toEqual(['a.exe', 'connection'])
    expect(behind([connects(104, 1, 'C:\\a.exe')])).toBeUndefined()
  })
})

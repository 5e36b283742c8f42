import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../../../core/correlation/example.ts'
import { remoteAccess } from '../../../core/correlation/remote-access-commands.ts'
import rule from '../../../core/correlation/rules/remote-access.tool.rule.ts'
import { findRelations } from '../../support/case-builder.ts'

describe('what a command does with software for remote access', () => {
  it.each([
    ['C:\\Tools\\AnyDesk.exe', 'AnyDesk.exe --set-password', 'AnyDesk', 'password'],
    ['C:\\t\\rustdesk.exe', 'rustdesk.exe --password Qw3rty', 'RustDesk', 'password'],
    ['C:\\t\\AnyDesk.exe', 'AnyDesk.exe --install C:\\ProgramData\\x --silent', 'AnyDesk', 'installed_oddly'],
    [
      'C:\\t\\AnyDesk.exe',
      'AnyDesk.exe --install "C:\\Program Files (x86)\\AnyDesk" --silent',
      'AnyDesk',
      'installed',
    ],
    [
      'C:\\Windows\\System32\\msiexec.exe',
      'msiexec /i c:\\t\\ScreenConnect.ClientSetup.msi /qn',
      'ScreenConnect',
      'installed',
    ],
    ['C:\\t\\meshagent64.exe', 'meshagent64.exe -fullinstall', 'MeshAgent', 'installed'],
    ['C:\\ProgramData\\n\\client32.exe', 'client32.exe', 'NetSupport', 'installed_oddly'],
  ])('%s: %s', (path, text, tool, act) => {
    expect(remoteAccess(path, text)).toEqual({ tool, act })
  })
  it.each([
    ['C:\\Program Files\\TeamViewer\\TeamViewer.exe', 'TeamViewer.exe'],
    ['C:\\Program Files\\AnyDesk\\AnyDesk.exe', 'AnyDesk.exe --control'],
    ['C:\\Windows\\System32\\msiexec.exe', 'msiexec /x c:\\t\\ScreenConnect.ClientSetup.msi /qn'],
    ['C:\\Windows\\System32\\msiexec.exe', 'msiexec /i c:\\t\\app.msi /qn'],
  ])('spares %s: %s', (path, text) => {
    expect(remoteAccess(path, text)).toBeUndefined()
  })
})

describe('software for remote access that was set up', () => {
  const set = (commandLine: string, parentPath: string) =>
    findRelations(
      [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\ProgramData\\AnyDesk\\AnyDesk.exe',
          pid: 7,
          parentPath,
          commandLine,
        }),
      ],
      [rule],
    ).detections

  it('is medium with a password by a shell, low by the software deployment', () => {
    const [byShell] = set('AnyDesk.exe --password Geheim1', 'C:\\Windows\\System32\\cmd.exe')
    expect(byShell).toMatchObject({
      level: 'medium',
      reason: { key: 'rule.remote-access.tool.reason.password' },
    })
    expect(set('AnyDesk.exe --password Geheim1', 'C:\\Windows\\CCM\\CcmExec.exe')).toMatchObject([
      { level: 'low', reason: { key: 'rule.remote-access.tool.reason.deployed' } },
    ])
  })
  it('never repeats the password', () => {
    const [found] = set('AnyDesk.exe --password Geheim1', 'C:\\Windows\\System32\\cmd.exe')
    expect(JSON.stringify(found?.reason)).not.toContain('Geheim1')
  })
})

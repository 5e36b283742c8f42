import { describe, expect, it } from 'vitest'
import { readRemoteOrder } from '../../../core/correlation/remote-orders.ts'
import { programOf } from '../../../core/correlation/started-by-name.ts'

const encoded = (script: string) => `powershell -enc ${Buffer.from(script, 'utf16le').toString('base64')}`

describe('command lines that have another endpoint run something', () => {
  it.each([
    ['wmic /node:"FS-01" process call create "cmd /c x"', 'wmi', 'FS-01'],
    ['schtasks.exe /create /tn upd /tr c:\\a.exe /s 10.0.0.7 /sc once', 'task', '10.0.0.7'],
    ['cmd /c schtasks /s fs-01 /run /tn upd', 'task', 'fs-01'],
    ['sc.exe \\\\fs-01.corp.example create x binpath= c:\\a.exe', 'service', 'fs-01.corp.example'],
    ['PsExec64.exe -accepteula -s \\\\fs-01 cmd.exe', 'psexec', 'fs-01'],
    ['winrs -r:fs-01 whoami', 'winrm', 'fs-01'],
    [encoded('Invoke-Command -ComputerName FS-01 -ScriptBlock { whoami }'), 'winrm', 'FS-01'],
  ])('%s', (commandLine, way, host) => {
    expect(readRemoteOrder(commandLine)).toEqual({ way, host })
  })

  it.each([
    'wmic /node:fs-01 os get caption',
    'schtasks /query /s fs-01',
    'sc query spooler',
    'sc \\\\fs-01 query spooler',
    'net use \\\\fs-01\\c$',
    'robocopy \\\\fs-01\\data d:\\backup',
  ])('not: %s', (commandLine) => {
    expect(readRemoteOrder(commandLine)).toBeUndefined()
  })
})

describe('the program of a command line', () => {
  it.each([
    ['%COMSPEC% /C start /b powershell', 'cmd.exe'],
    ['"C:\\Program Files\\a b\\c.exe" -x', 'c.exe'],
    ['C:\\Program Files\\a b\\c.exe -x', 'c.exe'],
    ['%SystemRoot%\\psx', 'psx.exe'],
    [
      '%COMSPEC% /C start /b C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe -enc SQBFAFgA',
      'cmd.exe',
    ],
    ['', ''],
  ])('%s', (commandLine, program) => {
    expect(programOf(commandLine)).toBe(program)
  })
})

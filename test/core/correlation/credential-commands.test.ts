import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../../../core/correlation/example.ts'
import rule from '../../../core/correlation/rules/credentials.command.rule.ts'
import { findRelations } from '../../support/case-builder.ts'

const seen = (commandLine: string, processPath = 'C:\\ProgramData\\x.exe') =>
  findRelations(
    [exampleEvent('process-start', 0, { processPath, pid: 7, commandLine })],
    [rule],
  ).detections.map(({ level, reason }) => `${reason.key.split('.').at(-1) ?? ''} ${level}`)

describe('commands that go for tickets and certificates', () => {
  it.each([
    ['Rubeus.exe kerberoast /outfile:h.txt', 'roast high'],
    ['x.exe asreproast /format:hashcat', 'roast high'],
    ['powershell Invoke-Kerberoast -OutputFormat Hashcat', 'roast high'],
    ['python GetUserSPNs.py corp/u:p -request', 'roast high'],
    ['Certify.exe find /vulnerable', 'certificate high'],
    ['c.exe request /ca:CA01\\corp /template:User /altname:administrator', 'certificate high'],
    ['certipy req -u x -upn administrator@corp.test -template V', 'certificate high'],
    ['Rubeus.exe asktgt /user:x /certificate:a.pfx', 'tool critical'],
  ])('%s', (commandLine, found) => {
    expect(seen(commandLine)).toEqual([found])
  })
  it.each([
    'certreq -submit -attrib CertificateTemplate:WebServer a.req',
    'certutil -template',
    'setspn -L svc_sql',
    'klist tickets',
    'app.exe request /ca:yes',
    'docs\\kerberoasting.pdf',
  ])('spares %s', (commandLine) => {
    expect(seen(commandLine)).toEqual([])
  })
})

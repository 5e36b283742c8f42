import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../../../core/correlation/example.ts'
import rule from '../../../core/correlation/rules/credentials.command.rule.ts'
import { findRelations } from '../../support/case-builder.ts'

const seen = (commandLine: string, processPath = 'C:\\ProgramData\\x.exe') =>
  findRelations(
    [exampleEvent('process-start', 0, { processPath, pid: 7, commandLine })],
    [rule],
  ).detections.map(({ level, reason }) => `${reason.key.split('.').at(-1) ?? ''} ${level}`)

describe('commands that go for tickets and certificates, or forge them', () => {
  it.each([
    ['Rubeus.exe kerberoast /outfile:h.txt', 'roast high'],
    ['x.exe asreproast /format:hashcat', 'roast high'],
    ['powershell Invoke-Kerberoast -OutputFormat Hashcat', 'roast high'],
    ['python GetUserSPNs.py corp/u:p -request', 'roast high'],
    ['Certify.exe find /vulnerable', 'certificate high'],
    ['c.exe request /ca:CA01\\corp /template:User /altname:administrator', 'certificate high'],
    ['certipy req -u x -upn administrator@corp.test -template V', 'certificate high'],
    ['m.exe "kerberos::golden /user:administrator /krbtgt:00 /ptt"', 'golden critical'],
    ['m.exe "kerberos::golden /user:x /target:fs01 /service:cifs /rc4:00"', 'silver critical'],
    ['Rubeus.exe golden /aes256:00 /user:x', 'golden critical'],
    ['ticketer.py -nthash 00 -domain-sid S-1-5-21-1 -spn cifs/fs01 x', 'silver critical'],
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
    'shop.exe --plan golden',
  ])('spares %s', (commandLine) => {
    expect(seen(commandLine)).toEqual([])
  })
})

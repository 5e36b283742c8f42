import { describe, expect, it } from 'vitest'
import { isServedScript, isWebServer, shellOf } from '../../../core/correlation/web-servers.ts'
import webShell from '../../../core/correlation/rules/process.web-shell.rule.ts'
import { findRelations } from '../../support/case-builder.ts'

describe('a web shell', () => {
  it('is told with the request to the very script, not another one of the same second', () => {
    const { detections } = findRelations(webShell.matches[0]?.items ?? [], [webShell])
    const shell = detections.find(({ what }) => what === 'shell')
    expect(shell?.reason.key).toMatch(/shell_request$/)
    expect(shell?.reason.params).toMatchObject({ ip: '203.0.113.90', path: '/upload/cmd.aspx?c=whoami' })
    expect(shell?.involved).toContain('203.0.113.90')
    expect(shell?.involved).not.toContain('198.51.100.7')
    expect(shell?.confidence).toBe(0.92)
  })
})

describe('what web servers do by themselves', () => {
  it('is known by program, and for Java by its command line', () => {
    expect(isWebServer('C:\\Windows\\System32\\inetsrv\\w3wp.exe', undefined)).toBe(true)
    expect(isWebServer('/usr/sbin/php-fpm8.2', undefined)).toBe(true)
    expect(isWebServer('/usr/bin/java', 'java -Dcatalina.home=/opt/tomcat')).toBe(true)
    expect(isWebServer('/usr/bin/java', 'java -jar build.jar')).toBe(false)
    expect(isWebServer('C:\\Windows\\System32\\svchost.exe', undefined)).toBe(false)
  })

  it('weighs less on Linux, where sites call programs by a shell', () => {
    expect(shellOf('/bin/sh', 'sh -c convert a.png b.jpg')?.level).toBe('low')
    expect(shellOf('/bin/sh', 'sh -c id')?.level).toBe('high')
    expect(shellOf('/usr/bin/convert', 'convert a b')).toBeUndefined()
    expect(shellOf('C:\\Windows\\System32\\conhost.exe', '')).toBeUndefined()
  })

  it('writes pages into caches, and its own updates, but none where uploads go', () => {
    expect(isServedScript('C:\\inetpub\\wwwroot\\a\\x.aspx')?.level).toBe('high')
    expect(isServedScript('/var/www/site/wp-content/uploads/2026/x.php')?.level).toBe('high')
    expect(isServedScript('/var/www/site/wp-includes/version.php')?.level).toBe('low')
    expect(isServedScript('/var/www/site/cache/x.php')).toBeUndefined()
    expect(isServedScript('C:\\Users\\amber\\source\\x.aspx')).toBeUndefined()
  })
})

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { printWithChromium } from '../../../../core/report/print/chromium.ts'
import { findBrowser } from '../../../../core/report/print/find-browser.ts'

const machine = (platform: NodeJS.Platform, env: Record<string, string>, files: readonly string[]) => ({
  platform,
  env,
  canRun: (path: string) => files.includes(path),
})

describe('findBrowser', () => {
  it('takes what the user named before anything else', () => {
    const files = ['/opt/mine/chrome', '/usr/bin/chromium']
    expect(
      findBrowser(machine('linux', { REDTHREAD_BROWSER: '/opt/mine/chrome', PATH: '/usr/bin' }, files)),
    ).toBe('/opt/mine/chrome')
    expect(findBrowser(machine('linux', { CHROMIUM: '/opt/mine/chrome', PATH: '/usr/bin' }, files))).toBe(
      '/opt/mine/chrome',
    )
  })
  it('does not run a relative path from the environment', () => {
    expect(
      findBrowser(machine('linux', { REDTHREAD_BROWSER: 'chrome', PATH: '.' }, ['chrome', 'chromium'])),
    ).toBeUndefined()
  })
  it('looks along PATH and in the usual places of each system', () => {
    expect(findBrowser(machine('linux', { PATH: '/x/bin' }, ['/x/bin/google-chrome']))).toBe(
      '/x/bin/google-chrome',
    )
    expect(findBrowser(machine('linux', {}, ['/snap/bin/chromium']))).toBe('/snap/bin/chromium')
    expect(findBrowser(machine('darwin', {}, ['/Applications/Chromium.app/Contents/MacOS/Chromium']))).toBe(
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    )
    const edge = 'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe'
    expect(findBrowser(machine('win32', { ProgramFiles: 'C:\\Program Files' }, [edge]))).toBe(edge)
  })
  it('finds none on a bare machine', () => {
    expect(findBrowser(machine('linux', { PATH: '/usr/bin' }, []))).toBeUndefined()
  })
})

describe('printWithChromium', () => {
  it('prints from the home folder when the browser cannot see the temporary one, and cleans up', async () => {
    const home = mkdtempSync(join(tmpdir(), 'redthread-home-'))
    const before = process.env['HOME']
    process.env['HOME'] = home
    // A stand-in for a snap package: it writes only below the user's own home.
    const snap = join(home, 'snap.sh')
    const script = `#!/bin/sh
for argument in "$@"; do case "$argument" in --print-to-pdf=${home}/*) printf '%%PDF-1.7' > "\${argument#--print-to-pdf=}";; esac; done
`
    writeFileSync(snap, script, { mode: 0o755 })
    const printed = await printWithChromium('<p>x</p>', 'A4', undefined, snap)
    process.env['HOME'] = before
    expect({ by: printed.by, pdf: Buffer.from(printed.pdf).toString('latin1') }).toEqual({
      by: 'snap.sh',
      pdf: '%PDF-1.7',
    })
    expect(readdirSync(home)).toEqual(['snap.sh'])
    rmSync(home, { recursive: true })
  })

  it('says that a browser is missing', async () => {
    await expect(printWithChromium('<p>x</p>', 'A4', undefined, null)).rejects.toMatchObject({
      code: 'report.no_browser',
    })
  })
  it('says that the browser failed when it is no browser', async () => {
    await expect(printWithChromium('<p>x</p>', 'A4', undefined, '/bin/false')).rejects.toMatchObject({
      code: 'report.failed',
    })
    await expect(printWithChromium('<p>x</p>', 'A4', undefined, '/bin/true')).rejects.toMatchObject({
      code: 'report.failed',
    })
    await expect(printWithChromium('<p>x</p>', 'A4', undefined, '/nowhere/chromium')).rejects.toMatchObject({
      code: 'report.failed',
    })
  })
})

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../core/contract/client.ts'
import { type Desktop, startDesktop } from '../support/desktop.ts'

let desktop: Desktop
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redthread-desktop-'))
  desktop = await startDesktop()
})
afterAll(async () => {
  await desktop.close()
  await rm(folder, { recursive: true, force: true })
})

interface Look {
  readonly switches: readonly (readonly [string, string?])[]
  readonly sandboxed: boolean
  readonly schemes: readonly { scheme: string }[]
  readonly console: readonly string[]
  readonly cancelled: readonly string[]
  readonly printed: readonly Record<string, unknown>[]
  readonly dialogs: readonly { kind: string }[]
  readonly spellChecker: boolean
  readonly preferences: Record<string, unknown>
  readonly ipcChannels: readonly string[]
}

describe('the built desktop host, over a double of Electron', () => {
  it('keeps the page in a sandbox without Node', async () => {
    const look = await desktop.ask<Look>('look')
    expect(look.sandboxed).toBe(true)
    expect(look.preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    })
    const globals = await desktop.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', '__toHost'].filter((name) => name in window),
    )
    expect(globals).toEqual([])
  })

  it('gives the page one frozen object of two functions', async () => {
    const keys = await desktop.page.evaluate(() => Object.keys(Reflect.get(window, 'redthread') as object))
    expect(keys).toEqual(['call', 'listen'])
    const preload = await readFile(join(import.meta.dirname, '../../out/preload/preload.cjs'), 'utf8')
    expect([...preload.matchAll(/require\(([^)]*)\)/g)].map((match) => match[1])).toEqual(['"electron"'])
  })

  it('registers one channel and no scheme but app', async () => {
    const look = await desktop.ask<Look>('look')
    expect(look.ipcChannels).toEqual(['redthread:call'])
    expect(look.schemes.map(({ scheme }) => scheme)).toEqual(['app'])
  })

  it('switches off everything of Chromium that calls out', async () => {
    const look = await desktop.ask<Look>('look')
    expect(look.spellChecker).toBe(false)
    expect(look.switches).toContainEqual(['host-resolver-rules', 'MAP * ~NOTFOUND'])
    expect(look.switches.map(([name]) => name)).toEqual(
      expect.arrayContaining(['disable-background-networking', 'disable-component-update']),
    )
  })

  it('cancels every request that leaves the app', async () => {
    const outcome = await desktop.page.evaluate(async () => {
      const image = new Image()
      const failed = new Promise((resolve) => (image.onerror = () => resolve('refused')))
      image.src = 'http://192.0.2.1/pixel.png'
      return [
        await failed,
        await fetch('https://example.com/').then(
          () => 'fetched',
          () => 'refused',
        ),
      ]
    })
    expect(outcome).toEqual(['refused', 'refused'])
  })

  it('grants no permission and no device', async () => {
    const { asked, checked, device } = await desktop.ask<{
      asked: boolean[]
      checked: boolean[]
      device: boolean
    }>('permissions')
    expect([...asked, ...checked, device].some(Boolean)).toBe(false)
  })

  it('refuses foreign navigation, windows and webviews', async () => {
    expect(await desktop.ask('contents')).toEqual({
      foreign: [true, true, true, true],
      own: false,
      lookalike: true,
      window: 'deny',
    })
    await desktop.page.evaluate(() => void window.open('https://example.com/'))
    expect(desktop.page.url()).toMatch(/^http:\/\/workbench\.localhost\/index\.html/)
  })

  it('serves built files with the policy and nothing else', async () => {
    const page = await desktop.ask<{ status: number; headers: Record<string, string> }>(
      'fetch',
      'app://workbench/index.html',
    )
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';")
    const wrong = [
      '../main/main.js',
      '..%2fmain%2fmain.js',
      '%2e%2e/main/main.js',
      'index.html%00',
      '..\\main\\main.js',
      'assets/',
      'nothing.js',
    ]
    for (const path of wrong) {
      expect((await desktop.ask<{ status: number }>('fetch', `app://workbench/${path}`)).status, path).toBe(
        404,
      )
    }
    expect((await desktop.ask<{ status: number }>('fetch', 'app://elsewhere/index.html')).status).toBe(404)
  })

  it('runs no script that was injected into the page', async () => {
    const ran = await desktop.page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.head.append(script)
      const frame = document.createElement('iframe')
      frame.srcdoc = '<script>parent.injected = true</script>'
      document.body.append(frame)
      await new Promise((resolve) => (frame.onload = resolve))
      frame.remove()
      script.remove()
      return 'injected' in window
    })
    expect(ran).toBe(false)
  })

  it('answers only its own page', async () => {
    await desktop.ask('forceOrigin', 'https://example.com')
    const refused = await desktop.transport.call('host.info', {})
    await desktop.ask('forceOrigin', undefined)
    expect(refused).toMatchObject({ ok: false, error: { code: 'request.not_permitted' } })
    expect(await desktop.transport.call('host.info', {})).toMatchObject({
      ok: true,
      value: { host: 'desktop', files: 'native' },
    })
  })

  it('opens files only through native dialogs, as grants', async () => {
    expect(await desktop.transport.call('file.pick', { purpose: 'evidence' })).toEqual({
      ok: true,
      value: [],
    })
    const path = join(folder, 'case')
    await desktop.ask('answerDialog', { canceled: false, filePath: path })
    const picked = await desktop.transport.call('file.pick', { purpose: 'case-create' })
    if (!picked.ok) throw new Error(picked.error.code)
    const [file] = picked.value as { grant: string; name: string }[]
    expect(file?.name).toBe('case.redthread')
    expect(file?.grant).not.toContain(folder)
    expect(await desktop.transport.call('case.create', { grant: file?.grant })).toMatchObject({ ok: true })
    expect(await desktop.transport.call('case.open', { grant: `${path}.redthread` })).toMatchObject({
      ok: false,
      error: { code: 'request.not_permitted' },
    })
    expect(await desktop.transport.call('file.list', {})).toMatchObject({
      ok: false,
      error: { code: 'request.not_permitted' },
    })
    expect(await desktop.transport.call('file.grant', { path: '/etc/passwd' })).toMatchObject({
      ok: false,
      error: { code: 'request.not_permitted' },
    })
  })

  it('prints the report itself, in a window of its own that reaches nothing', async () => {
    const out = join(folder, 'report.pdf')
    await desktop.ask('answerDialog', { canceled: false, filePath: out })
    const client = createClient(desktop.transport)
    const [file] = await client.call('file.pick', { purpose: 'report-pdf' })
    const written = await client.run('report.write', { grant: file?.grant ?? '', format: 'pdf' })
    expect(written).toMatchObject({ format: 'pdf', printedBy: 'desktop' })
    expect((await readFile(out)).subarray(0, 5).toString('latin1')).toBe('%PDF-')
    const { printed } = await desktop.ask<Look>('look')
    expect(printed).toEqual([expect.objectContaining({ preferCSSPageSize: true, generateTaggedPDF: true })])
  })

  it('refuses an input that is too large', async () => {
    const reply = await desktop.transport.call('case.open', { grant: 'x'.repeat(33 * 1024 * 1024) })
    expect(reply).toMatchObject({ ok: false, error: { code: 'request.too_large' } })
  })

  it('shows the workbench without a message of the policy or an error', async () => {
    const { console } = await desktop.ask<Look>('look')
    // What the tests above provoked on purpose: foreign addresses, an inline script, a refused sender.
    const own = console.filter((line) => line.startsWith('error') || line.startsWith('pageerror'))
    expect(
      own.filter(
        (line) =>
          !/example\.com|192\.0\.2\.1|inline script|Failed to load resource|request\.not_permitted/.test(
            line,
          ),
      ),
    ).toEqual([])
    expect(await desktop.page.locator('#app > *').count()).toBeGreaterThan(0)
  })
})

describe('leaving the desktop', () => {
  it('closes the case and ends when its window is closed', async () => {
    const other = await startDesktop([join(folder, 'case.redthread')])
    expect(await other.transport.call('case.info', {})).toMatchObject({
      ok: true,
      value: { name: 'case.redthread' },
    })
    expect(await other.close()).toBe(0)
  })
})

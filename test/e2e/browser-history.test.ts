import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import browserHistory from '../../core/importers/browser-history.importer.ts'
import type { EventItem } from '../../core/model/event.ts'
import { chromiumPath } from '../support/chromium.ts'
import { detectInputOf, parseAll, partOf } from '../support/parse.ts'

/** A site with a page that leads to another, and a link that is redirected to a download. */
function site(): Server {
  return createServer(({ url }, response) => {
    if (url === '/label') response.writeHead(302, { location: '/label.zip' }).end()
    else if (url === '/label.zip')
      response
        .writeHead(200, {
          'content-type': 'application/zip',
          'content-disposition': 'attachment; filename="label.zip"',
        })
        .end(Buffer.alloc(5_000, 7))
    else
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<title>Page ${url}</title><a id="on" href="/parcel">on</a><a id="get" href="/label">get</a>`)
  }).listen(0, '127.0.0.1')
}

describe('the history that Chromium itself wrote', () => {
  let folder: string
  let server: Server
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'redthread-history-'))
    server = site()
    await once(server, 'listening')
  })
  afterAll(async () => {
    server.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('is read: visits with where they came from, the download with what was asked for', async () => {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const began = Date.now() * 1000
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: chromiumPath(),
      // The old headless mode keeps no history; the new one is the browser without a window.
      headless: false,
      args: ['--headless=new', '--disable-background-networking', '--disable-component-update', '--no-pings'],
      chromiumSandbox: process.getuid?.() !== 0,
      acceptDownloads: true,
    })
    const page = await context.newPage()
    await page.goto(`${origin}/inbox`)
    await Promise.all([page.waitForURL(`${origin}/parcel`), page.click('#on')])
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#get')])
    await download.path()
    await context.close()
    const bytes = await readFile(join(folder, 'Default', 'History'))
    expect(browserHistory.detect(detectInputOf('x.db', bytes))).toBeGreaterThan(0.7)
    const units = await parseAll(browserHistory, partOf('History', bytes))
    const items = units.flatMap((unit) => (unit.kind === 'record' ? (unit.items as EventItem[]) : []))
    const told = items.map(({ kind, fields: { url, referrer } }) => [kind, url, referrer])
    expect(told).toEqual([
      ['http-request', `${origin}/inbox`, undefined],
      ['http-request', `${origin}/parcel`, `${origin}/inbox`],
      ['http-request', `${origin}/label`, `${origin}/parcel`],
      ['file-create', `${origin}/label.zip`, `${origin}/parcel`],
    ])
    expect(items.at(-1)?.fields).toMatchObject({ bytesReceived: 5_000, status: 'complete' })
    for (const { at } of items) {
      expect(at).toBeGreaterThan(began - 1_000_000)
      expect(at).toBeLessThan(Date.now() * 1000 + 1_000_000)
    }
  })
})

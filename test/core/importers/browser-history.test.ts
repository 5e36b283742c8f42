import { describe, expect, it } from 'vitest'
import browserHistory from '../../../core/importers/browser-history.importer.ts'
import type { ParsedRecord, ParsedUnit } from '../../../core/importers/importer.ts'
import { detectFormat } from '../../../core/importers/registry.ts'
import type { EventItem } from '../../../core/model/event.ts'
import {
  chromiumHistory,
  databaseOf,
  download,
  firefoxHistory,
  goodChromium,
  page,
  visit,
} from '../../support/make-browser-history.ts'
import { detectInputOf, parseAll, partOf } from '../../support/parse.ts'

const EDGE = 'C/Users/amber/AppData/Local/Microsoft/Edge/User Data/Default/History'
const read = (bytes: Buffer, name = EDGE): Promise<ParsedUnit[]> =>
  parseAll(browserHistory, partOf(name, bytes))
const records = (units: readonly ParsedUnit[]): ParsedRecord[] =>
  units.filter((unit) => unit.kind === 'record')
const items = async (bytes: Buffer, name?: string): Promise<EventItem[]> =>
  records(await read(bytes, name)).flatMap((record) => record.items as EventItem[])
const codes = (units: readonly ParsedUnit[]): string[] =>
  units.flatMap((unit) => (unit.kind === 'issue' ? [unit.code] : []))
const us = (iso: string): number => Date.parse(iso) * 1000

describe('browser histories', () => {
  it('are told by their tables, whatever the file is called', () => {
    for (const bytes of [goodChromium(), firefoxHistory()])
      expect(detectFormat(detectInputOf('x.db', bytes))[0]).toMatchObject({ confidence: 0.9 })
    const other = databaseOf('CREATE TABLE cookies(name TEXT)')
    expect(detectFormat(detectInputOf('Cookies', other))).toEqual([])
  })

  it('say which page somebody came from, by whom and with what', async () => {
    const [typed, clicked] = await items(goodChromium())
    expect(typed).toMatchObject({
      kind: 'http-request',
      at: us('2031-05-06T07:00:00Z'),
      fields: {
        url: 'https://mail.corp.example/owa',
        account: 'amber',
        application: 'Microsoft Edge',
        detail: 'Mail · typed',
      },
    })
    expect(typed).not.toHaveProperty('zoneAssumed')
    expect(clicked).toMatchObject({
      at: us('2031-05-06T07:05:00.123Z'),
      fields: {
        url: 'https://parcel.example/t?id=4471',
        referrer: 'https://mail.corp.example/owa',
        detail: 'Your parcel · link',
      },
    })
  })

  it('keep what another device of the person visited apart', async () => {
    const synced = (await items(goodChromium())).filter(
      ({ fields }) => fields.url === 'https://news.example/',
    )
    expect(synced).toMatchObject([{ kind: 'generic', fields: { action: 'visited-on-another-device' } }])
  })

  it('of a download: what was asked for, the file with where it came from, and that it was opened', async () => {
    const target = 'C:\\Users\\amber\\Downloads\\label.zip'
    expect(
      (await items(goodChromium()))
        .filter(({ fields }) => fields.application && fields.action !== 'browser-history')
        .slice(1),
    ).toMatchObject([
      {
        kind: 'http-request',
        at: us('2031-05-06T07:05:10Z'),
        fields: { url: 'https://parcel.example/label' },
      },
      {
        kind: 'file-create',
        at: us('2031-05-06T07:05:12Z'),
        fields: {
          target,
          url: 'https://cdn.example/label.zip',
          referrer: 'https://parcel.example/t?id=4471',
          sha256: 'ab'.repeat(32),
          status: 'complete',
          detail: 'application/octet-stream · uncommon content',
        },
      },
      { kind: 'file-read', at: us('2031-05-06T07:06:00Z'), fields: { target } },
      { kind: 'http-request', fields: { url: 'https://cdn.example/x' } },
      // Cancelled: nothing came to lie there.
      { kind: 'generic', fields: { status: 'cancelled' } },
    ])
  })

  it('of Firefox are read too, with where a download was put', async () => {
    const all = await items(firefoxHistory(), 'home/amber/.mozilla/firefox/p/places.sqlite')
    expect(all.map(({ kind, fields }) => [kind, fields.url, fields.referrer, fields.target])).toEqual([
      ['http-request', 'https://mail.corp.example/inbox', undefined, undefined],
      ['http-request', 'https://parcel.example/t?id=4471', 'https://mail.corp.example/inbox', undefined],
      [
        'http-request',
        'https://cdn.parcel.example/label%20a.zip',
        'https://parcel.example/t?id=4471',
        undefined,
      ],
      [
        'file-create',
        'https://cdn.parcel.example/label%20a.zip',
        undefined,
        'C:\\Users\\amber\\Downloads\\label a.zip',
      ],
    ])
    expect(all[0]).toMatchObject({ at: us('2031-05-06T07:00:00.5Z'), fields: { account: 'amber' } })
  })

  it('taken twice hold the same visits: an identity of their own, without the file’s', async () => {
    const earlier = chromiumHistory(page(1, 'https://a.example/', ''), visit(1, 1, '2031-05-06T07:00:00Z'))
    const later = chromiumHistory(
      page(1, 'https://a.example/', 'A'),
      visit(1, 1, '2031-05-06T07:00:00Z'),
      visit(2, 1, '2031-05-06T08:00:00Z'),
      ...download(1, 'C:\\x.zip', '2031-05-06T09:00:00Z', []),
    )
    const keys = async (bytes: Buffer) => records(await read(bytes)).map(({ key }) => key)
    const [first] = await keys(earlier)
    const after = await keys(later)
    expect(after[0]).toBe(first)
    expect(new Set(after).size).toBe(3)
  })

  it('are read though the file was written with a journal beside it, and the bytes are not changed', async () => {
    const bytes = goodChromium()
    const walMode = Buffer.from(bytes)
    walMode[18] = walMode[19] = 2
    const before = Buffer.from(walMode)
    expect(records(await read(walMode))).toEqual(records(await read(bytes)))
    expect(walMode.equals(before)).toBe(true)
  })

  it('keep what stood before the damage', async () => {
    const pages = Array.from({ length: 400 }, (_, index) =>
      page(index + 1, `https://a.example/${index}`, 'x'.repeat(50)),
    )
    const visits = Array.from({ length: 400 }, (_, index) =>
      visit(index + 1, index + 1, new Date(Date.parse('2031-05-06T07:00:00Z') + index * 1000).toISOString()),
    )
    const bytes = chromiumHistory(...pages, ...visits)
    const units = await read(bytes.subarray(0, Math.floor(bytes.length * 0.9)))
    expect(codes(units)).toContain('browser-history.damaged')
    expect(records(units).length).toBeGreaterThan(100)
    expect(records(units).length).toBeLessThan(400)
    // Nothing is made of the half of a page that is left.
    const places = records(units).map(({ locator }) => Number(/^visits (\d+)$/.exec(locator)?.[1]))
    expect(new Set(places).size).toBe(places.length)
    expect(places.every((place) => place >= 1 && place <= 400)).toBe(true)
  })

  it.each([
    [
      'a view',
      `CREATE VIEW visits AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS visit_time, i AS url FROM n`,
    ],
    [
      'a computed column',
      `CREATE TABLE visits(id INTEGER PRIMARY KEY, url INTEGER, visit_time INTEGER AS (url * 2))`,
    ],
    ['a virtual table', `CREATE VIRTUAL TABLE visits USING fts5(url, visit_time)`],
  ])('never run what a crafted file says: %s', async (_what, statement) => {
    const bytes = databaseOf(
      'CREATE TABLE urls(id INTEGER PRIMARY KEY, url TEXT, title TEXT)',
      statement,
      ...(statement.startsWith('CREATE TABLE') ? ['INSERT INTO visits(id, url) VALUES (1, 1)'] : []),
    )
    expect(codes(await read(bytes))).toEqual(['browser-history.no_endpoint', 'browser-history.no_history'])
  })
})

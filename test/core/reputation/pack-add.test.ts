import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeZip } from '../../../core/demo/zip.ts'
import { groupFeeds } from '../../../core/reputation/feed-folder.ts'
import { addPack, type PackStatement } from '../../../core/reputation/pack-add.ts'
import { listRejected, MAX_REJECTED } from '../../../core/reputation/pack-rejected.ts'
import { toPackName } from '../../../core/reputation/pack-name.ts'
import { packReaders } from '../../../core/reputation/packs/registry.ts'
import { listPacks } from '../../../core/reputation/packs-stored.ts'
import { verifyAudit } from '../../../core/store/audit.ts'
import { DAY } from './builders.ts'
import { TestCase } from './case-builder.ts'

const NOTHING: PackStatement = { name: null, version: null, createdAt: null, level: null, levels: {} }
const NOW = Date.UTC(2026, 2, 20) * 1000

const URLHAUS = [
  '################################################################',
  '# abuse.ch URLhaus Database Dump (CSV - recent URLs)           #',
  '# Last updated: 2026-03-08 06:00:05 (UTC)                      #',
  '#',
  '# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter',
  '"2","2026-03-08 05:00:00","http://192.0.2.9:4040/i","online","2026-03-08","malware_download","32-bit,elf","https://urlhaus.test/2","a"',
  '"1","2026-03-07 05:00:00","http://evil.test/a,b.exe?x=""1""","offline","2026-03-07","malware_download","None","https://urlhaus.test/1","b"',
  '"0","not a date","http://evil.test/","offline","","malware_download","None","","b"',
  '"3","2026-03-07 05:00:00","http://open.test/',
  '',
].join('\r\n')

describe('adding a pattern pack', () => {
  it('reads a plain list with its header, counts what is broken, and writes one audit entry', async () => {
    const test = new TestCase(NOW)
    const list = [
      '! Title: Bad places',
      '! Version: 7',
      '! Updated: 2026-03-01T00:00:00Z',
      'evil.test',
      '*.worse.test',
      'nonsense',
      '',
    ].join('\n')
    const row = await addPack(test.context, test.file('list.txt', list), NOTHING)
    expect(row).toMatchObject({
      name: 'Bad places',
      version: '7',
      createdAt: '2026-03-01T00:00:00.000Z',
      format: 'plain-list',
      entries: 2,
      rejected: 1,
      levels: [{ level: 'dangerous', count: 2 }],
      number: 1,
    })
    expect(listRejected(test.db, Number(row.id))).toEqual([{ line: 6, text: 'nonsense', isCut: false }])
    const actions = test.db.prepare('SELECT action FROM audit ORDER BY seq').pluck().all()
    expect(actions).toEqual(['case.create', 'pack.add'])
    expect(verifyAudit(test.db).ok).toBe(true)
  })

  it('keeps the beginning of what is rejected, and of no more than can be looked at', async () => {
    const test = new TestCase(NOW)
    const lines = Array.from(
      { length: MAX_REJECTED + 60 },
      (_, index) => `host${index}.test\nother${index}.test\nno pattern ${'x'.repeat(400)}`,
    )
    const row = await addPack(test.context, test.file('list.txt', lines.join('\n')), NOTHING)
    const kept = listRejected(test.db, Number(row.id))
    expect([row.rejected, kept.length, kept[0]?.line, kept[0]?.text.length]).toEqual([
      MAX_REJECTED + 60,
      MAX_REJECTED,
      3,
      300,
    ])
    expect(listRejected(test.db, 99)).toEqual([])
    const dump = await addPack(test.context, test.file('urlhaus.csv', URLHAUS), NOTHING)
    expect(listRejected(test.db, Number(dump.id)).map(({ line }) => line)).toEqual([8, 9])
    // A case may come from somebody else.
    const craft = test.db.prepare(`UPDATE case_info SET value = ? WHERE key LIKE 'pack_rejected:%'`)
    for (const crafted of ['[not JSON', '[{"line":"x"}]', '{}']) {
      expect(craft.run(crafted).changes).toBe(2)
      expect(listRejected(test.db, Number(dump.id))).toEqual([])
    }
  })

  it('reads an URLhaus dump: pages are dangerous, the time is that of the file', async () => {
    const test = new TestCase(NOW)
    const row = await addPack(test.context, test.file('urlhaus-2026-03-08.csv', URLHAUS), NOTHING)
    expect(row).toMatchObject({
      name: 'urlhaus',
      format: 'urlhaus-csv',
      createdAt: '2026-03-08T06:00:05.000Z',
      entries: 2,
      rejected: 2,
    })
    const entries = test.db
      .prepare('SELECT pattern, scope, host, normal, level, category, note FROM pack_entry ORDER BY id')
      .all()
    expect(entries).toEqual([
      {
        pattern: 'http://192.0.2.9:4040/i',
        scope: 'exact',
        host: '192.0.2.9',
        normal: ':4040/i',
        level: 'dangerous',
        category: 'malware_download',
        note: '32-bit,elf',
      },
      {
        pattern: 'http://evil.test/a,b.exe?x="1"',
        scope: 'exact',
        host: 'evil.test',
        normal: '/a,b.exe?x=%221%22',
        level: 'dangerous',
        category: 'malware_download',
        note: null,
      },
    ])
  })

  it('takes the newest date of a headless dump', async () => {
    const test = new TestCase(NOW)
    const rows = URLHAUS.split('\r\n').filter((line) => !line.startsWith('#'))
    const row = await addPack(test.context, test.file('dump.csv', rows.join('\n')), NOTHING)
    expect(row).toMatchObject({ format: 'urlhaus-csv', createdAt: '2026-03-08T05:00:00.000Z' })
  })

  it('reads pack.json with scopes, levels and ends', async () => {
    const test = new TestCase(NOW)
    const document = {
      schema: 1,
      name: 'own',
      version: 3,
      createdAt: '2026-03-02T00:00:00Z',
      source: 'us',
      entries: [
        {
          pattern: 'https://evil.test/kit',
          scope: 'path',
          level: 'suspicious',
          levels: {},
          expiresAt: '2026-04-01T00:00:00Z',
        },
        { pattern: 'good.test', scope: 'host', level: 'safe' },
        { pattern: 'late.test', scope: 'host', level: 'safe', expiresAt: 'soon' },
        { pattern: 'x', scope: 'everything', level: 'safe' },
      ],
    }
    const row = await addPack(test.context, test.file('own.json', JSON.stringify(document)), NOTHING)
    expect(row).toMatchObject({
      name: 'own',
      version: '3',
      format: 'pack-json',
      source: 'us',
      entries: 2,
      rejected: 2,
    })
    expect(row.levels).toEqual([
      { level: 'suspicious', count: 1 },
      { level: 'safe', count: 1 },
    ])
  })

  it('assumes now, and shows it, when neither the analyst nor the file states a time', async () => {
    const test = new TestCase(NOW)
    const row = await addPack(test.context, test.file('bare.txt', 'evil.test\n'), NOTHING)
    expect(row.createdAt).toBe(row.importedAt)
    const details = test.db
      .prepare('SELECT details FROM audit ORDER BY seq DESC LIMIT 1')
      .pluck()
      .get() as string
    expect(JSON.parse(details)).toMatchObject({ createdAtFrom: 'assumed' })
  })

  it('lets what the analyst states win', async () => {
    const test = new TestCase(NOW)
    const row = await addPack(test.context, test.file('bare.txt', 'evil.test\n'), {
      name: 'n',
      version: 'v',
      createdAt: NOW - DAY,
      level: 'suspicious',
      levels: {},
    })
    expect(row).toMatchObject({
      name: 'n',
      version: 'v',
      createdAt: '2026-03-19T00:00:00.000Z',
      levels: [{ level: 'suspicious', count: 1 }],
    })
  })

  it('refuses the same bytes twice, a taken version, a file without patterns and one of no known format', async () => {
    const test = new TestCase(NOW)
    const stated = { ...NOTHING, name: 'n', version: '1' }
    await addPack(test.context, test.file('a.txt', 'evil.test\n'), stated)
    await expect(addPack(test.context, test.file('b.txt', 'evil.test\n'), NOTHING)).rejects.toMatchObject({
      code: 'pack.duplicate',
      params: { file: 'b.txt', pack: 'n@1' },
    })
    await expect(addPack(test.context, test.file('c.txt', 'other.test\n'), stated)).rejects.toMatchObject({
      code: 'pack.version_taken',
      params: { file: 'c.txt', pack: 'n@1' },
    })
    await expect(
      addPack(test.context, test.file('d.csv', '# id,dateadded,url,url_status\n'), NOTHING),
    ).rejects.toMatchObject({ code: 'pack.no_patterns' })
    await expect(
      addPack(test.context, test.file('e.bin', Buffer.from([1, 2, 3, 255, 0, 9, 10, 7])), NOTHING),
    ).rejects.toMatchObject({ code: 'pack.unrecognised' })
    await expect(addPack(test.context, test.file('f.txt', ''), NOTHING)).rejects.toMatchObject({
      code: 'evidence.empty',
    })
    await expect(
      addPack(test.context, test.file('g.json', '{"schema":1,"entries":['), NOTHING),
    ).rejects.toMatchObject({ code: 'pack.not_json', params: { file: 'g.json' } })
    expect(listPacks(test.db).map((pack) => pack.name)).toEqual(['n'])
    expect(test.db.prepare('SELECT count(*) FROM pack_entry').pluck().get()).toBe(1)
  })

  it('gives a derived version that is taken the beginning of the hash', async () => {
    const test = new TestCase(NOW)
    await addPack(test.context, test.file('a-2026-03-01.txt', 'evil.test\n'), NOTHING)
    const second = await addPack(test.context, test.file('a-2026-03-02.txt', 'other.test\n'), NOTHING)
    expect(second).toMatchObject({
      name: 'a',
      version: `20260320T000000Z-${second.sha256.slice(0, 8)}`,
      number: 2,
    })
  })

  it('keeps a line without end within memory', async () => {
    const test = new TestCase(NOW)
    const row = await addPack(
      test.context,
      test.file('long.txt', `evil.test\n${'a'.repeat(3_000_000)}\nworse.test`),
      NOTHING,
    )
    expect(row).toMatchObject({ entries: 2, rejected: 1 })
  })
})

describe('pack formats', () => {
  it.each(packReaders.map((reader) => [reader.id, reader] as const))(
    '%s has its texts and does not claim random bytes',
    (_, reader) => {
      for (const language of ['en', 'zh-TW', 'ja'] as const) expect(reader.texts[language].title).not.toBe('')
      expect(reader.detect('\u0000\u0001\ufffd\ufffdPK\u0003\u0004\ufffd x y z\n\ufffd')).toBe(0)
    },
  )
})

describe('the name of a pack', () => {
  it.each([
    ['urlhaus-2026-03-01.csv', 'urlhaus'],
    ['urlhaus_20260301.csv', 'urlhaus'],
    ['feed-2026-03-01T0600.txt', 'feed'],
    ['feed-v2.txt', 'feed'],
    ['list1.txt', 'list1'],
    ['2026-03-01.txt', '2026-03-01'],
    ['hosts', 'hosts'],
  ])('%s -> %s', (file, name) => {
    expect(toPackName(file)).toBe(name)
  })
})

describe('a MISP feed', () => {
  const one = '11111111-1111-4111-8111-111111111111'
  const two = '22222222-2222-4222-8222-222222222222'
  const event = (value: string, timestamp: string) =>
    JSON.stringify({
      Event: {
        info: 'x',
        timestamp,
        threat_level_id: '1',
        Attribute: [{ type: 'url', to_ids: true, value }],
      },
    })
  const folder = (test: TestCase, files: Readonly<Record<string, string>>): string => {
    const path = join(test.folder, 'feed-osint')
    mkdirSync(path)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
    return path
  }
  const manifest = JSON.stringify({ [two]: { info: 'b' }, [one]: { info: 'a' } })

  it('is one pack: the events of its manifest, named after the folder, as new as the newest', async () => {
    const test = new TestCase(NOW)
    const path = folder(test, {
      'manifest.json': manifest,
      [`${one}.json`]: event('http://one.test/', '1772323200'),
      [`${two}.json`]: event('http://two.test/', '1772409600'),
      'hashes.csv': 'x',
      'other.json': event('http://other.test/', '1'),
    })
    expect(await addPack(test.context, path, NOTHING)).toMatchObject({
      name: 'feed-osint',
      format: 'misp-event',
      entries: 2,
      rejected: 0,
      createdAt: '2026-03-02T00:00:00.000Z',
    })
    await expect(addPack(test.context, path, NOTHING)).rejects.toMatchObject({ code: 'pack.duplicate' })
  })

  it('comes in an archive too', async () => {
    const test = new TestCase(NOW)
    const bytes = writeZip([
      { name: 'osint/manifest.json', bytes: Buffer.from(manifest) },
      { name: `osint/${one}.json`, bytes: Buffer.from(event('http://one.test/', '1')) },
      { name: `osint/${two}.json`, bytes: Buffer.from(event('http://two.test/', '2')) },
    ])
    const path = join(test.folder, 'osint-feed.zip')
    writeFileSync(path, bytes)
    expect(await addPack(test.context, path, NOTHING)).toMatchObject({ name: 'osint-feed', entries: 2 })
  })

  it('comes as its manifest and events chosen together: the same pack, and nothing that was not chosen', async () => {
    const test = new TestCase(NOW)
    const path = folder(test, {
      'manifest.json': manifest,
      [`${one}.json`]: event('http://one.test/', '1772323200'),
      [`${two}.json`]: event('http://two.test/', '1772409600'),
      'other.json': event('http://other.test/', '1'),
    })
    const at = (...names: string[]) => names.map((name) => join(path, name))
    const elsewhere = test.file(`${two}.json`, event('http://elsewhere.test/', '1'))
    const part = groupFeeds([...at(`${one}.json`, 'manifest.json', 'other.json'), elsewhere])
    expect(part).toMatchObject([
      { events: new Map([[one, join(path, `${one}.json`)]]) },
      at('other.json')[0],
      elsewhere,
    ])
    const all = groupFeeds(at('manifest.json', `${two}.json`, `${one}.json`))
    expect(all).toHaveLength(1)
    for (const given of all)
      expect(await addPack(test.context, given, NOTHING)).toMatchObject({
        ...{ name: 'feed-osint', format: 'misp-event', entries: 2, rejected: 0 },
      })
    await expect(addPack(test.context, path, NOTHING)).rejects.toMatchObject({ code: 'pack.duplicate' })
    const [alone] = groupFeeds(at('manifest.json'))
    await expect(addPack(test.context, alone ?? '', NOTHING)).rejects.toMatchObject({
      ...{ code: 'pack.feed_alone', params: { file: 'manifest.json', events: 2 } },
    })
  })

  it('counts an event that its manifest names and that is not there', async () => {
    const test = new TestCase(NOW)
    const path = folder(test, { 'manifest.json': manifest, [`${one}.json`]: event('http://one.test/', '1') })
    expect(await addPack(test.context, path, NOTHING)).toMatchObject({ entries: 1, rejected: 1 })
  })

  it('is not any other folder, and follows neither links nor paths out of it', async () => {
    const test = new TestCase(NOW)
    const outside = test.file('secret.json', event('http://secret.test/', '1'))
    const path = folder(test, { 'manifest.json': JSON.stringify({ '../secret': {} }) })
    await expect(addPack(test.context, path, NOTHING)).rejects.toMatchObject({
      code: 'pack.no_manifest',
    })
    writeFileSync(join(path, 'manifest.json'), JSON.stringify({ [one]: {} }))
    symlinkSync(outside, join(path, `${one}.json`))
    await expect(addPack(test.context, path, NOTHING)).rejects.toMatchObject({ code: 'pack.no_patterns' })
  })
})

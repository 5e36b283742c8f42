import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { ZipFile } from 'yazl'
import { describe, expect, it } from 'vitest'
import { methods } from '../../../core/contract/methods.ts'
import type { RiskLevel } from '../../../core/model/verdict.ts'
import { addPack, type PackStatement } from '../../../core/reputation/pack-add.ts'
import { comparePacks } from '../../../core/reputation/pack-compare.ts'
import { listPackEntries } from '../../../core/reputation/pack-entries.ts'
import { switchPack } from '../../../core/reputation/pack-switch.ts'
import { listPacks } from '../../../core/reputation/packs-stored.ts'
import { getUrlHistory } from '../../../core/reputation/url-history.ts'
import { listUrls } from '../../../core/reputation/url-list-query.ts'
import { Ratings } from '../../../core/reputation/url-ratings.ts'
import { loadCaseShelf } from '../../../core/reputation/shelf-load.ts'
import { verifyAudit } from '../../../core/store/audit.ts'
import { parseUrl } from '../../../core/normalise/url.ts'
import { textRows, workbookOf } from '../../support/workbook-file.ts'
import { DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

const START = Date.UTC(2026, 2, 1) * 1000
const at = (days: number): number => START + days * DAY
const iso = (days: number): string => new Date(at(days) / 1000).toISOString()
const NOTHING: PackStatement = { name: null, version: null, createdAt: null, level: null, levels: {} }
const ALL = { text: '', turnedOnly: false, limit: 100 }

interface Entry {
  readonly pattern: string
  readonly scope?: string
  readonly level?: RiskLevel
  readonly category?: string
  readonly expiresAt?: string
}
let files = 0
/** Adds a pack of our own format; names and versions as given. */
async function add(test: TestCase, name: string, day: number, entries: readonly Entry[]): Promise<string> {
  const document = {
    schema: 1,
    name,
    version: `v${day}`,
    createdAt: iso(day),
    entries: entries.map((entry) => ({ scope: 'host', level: 'dangerous', ...entry })),
  }
  files += 1
  const row = await addPack(test.context, test.file(`${files}.json`, JSON.stringify(document)), NOTHING)
  return row.id
}
const rows = (test: TestCase) => listUrls(test.db, test.nowUs, ALL).rows
const levelOf = (test: TestCase, url: string): string | null =>
  rows(test).find((row) => row.url === url)?.risk.now ?? null

/** What the packs say of an address now that no mail brought. */
const aCase = (...links: string[]): TestCase => {
  const test = new TestCase(at(30))
  test.mail(aMessage({ messageId: 'm', at: at(5), links }))
  return test
}

describe('W1-W11: what a pack says of an address', () => {
  it('W1: a verdict comes from what a pack found out', async () => {
    const test = aCase('http://known.test/')
    await add(test, 'feed', 1, [{ pattern: 'known.test', level: 'suspicious' }])
    expect(levelOf(test, 'http://known.test/')).toBe('suspicious')
  })

  it('W1 not: what this machine thinks of an address makes no verdict, however bad it looks', async () => {
    const bad = 'http://paypal.com.secure-login.verify-account.top/signin/password.php'
    const test = aCase(bad)
    await add(test, 'feed', 1, [{ pattern: 'known.test' }])
    expect(levelOf(test, bad)).toBe('untested')
    const [row] = rows(test)
    expect(row).toMatchObject({ pack: null, entry: null })
  })

  it('a rated page leaves the rest of its site alone; only a pack that says host or domain rates it', async () => {
    const test = aCase(
      'http://shop.test/hacked.php',
      'http://shop.test/',
      'http://bad.test/a',
      'http://x.worse.test/',
    )
    await add(test, 'feed', 1, [
      { pattern: 'http://shop.test/hacked.php', scope: 'exact' },
      { pattern: 'bad.test', scope: 'host' },
      { pattern: 'worse.test', scope: 'domain' },
    ])
    expect(levelOf(test, 'http://shop.test/hacked.php')).toBe('dangerous')
    expect(levelOf(test, 'http://shop.test/')).toBe('untested')
    expect(levelOf(test, 'http://bad.test/a')).toBe('dangerous')
    expect(levelOf(test, 'http://x.worse.test/')).toBe('dangerous')
  })

  it('W3: a verdict names pack, entry, scope and time, and is another one at another time', async () => {
    const test = aCase('http://evil.test/a')
    await add(test, 'feed', 1, [{ pattern: 'evil.test', level: 'suspicious' }])
    await add(test, 'feed', 10, [{ pattern: 'http://evil.test/a', scope: 'exact', level: 'dangerous' }])
    const [row] = rows(test)
    expect(row).toMatchObject({
      pack: 'feed@v10',
      entry: 'http://evil.test/a',
      scope: 'exact',
      packCreatedAt: iso(10),
      judgedAt: iso(30),
      risk: { then: 'suspicious', now: 'dangerous' },
    })
    expect(getUrlHistory(test.db, Number(row?.id)).verdicts).toMatchObject([
      { pack: 'feed@v1', packCreatedAt: iso(1), level: 'suspicious', entry: 'evil.test', scope: 'host' },
      { pack: 'feed@v10', packCreatedAt: iso(10), level: 'dangerous', scope: 'exact' },
    ])
  })

  it('W3 not: an address no pack speaks about carries no pack, entry or scope', async () => {
    const test = aCase('http://new.test/')
    await add(test, 'feed', 1, [{ pattern: 'evil.test' }])
    expect(rows(test)).toMatchObject([{ pack: null, entry: null, scope: null, packCreatedAt: null }])
  })

  const rates = async (level: RiskLevel, scope: 'exact' | 'domain'): Promise<(string | null)[]> => {
    const test = aCase('http://a.rated.test/x', 'http://other.test/')
    await add(test, 'feed', 1, [
      { pattern: scope === 'exact' ? 'http://a.rated.test/x' : 'rated.test', scope, level },
    ])
    return [levelOf(test, 'http://a.rated.test/x'), levelOf(test, 'http://other.test/')]
  }
  it('W7: what a pack calls dangerous is', async () =>
    expect((await rates('dangerous', 'exact'))[0]).toBe('dangerous'))
  it('W7 not: nothing else becomes dangerous by it', async () =>
    expect((await rates('dangerous', 'domain'))[1]).toBe('untested'))
  it('W8: highly suspicious stays apart from dangerous and suspicious', async () =>
    expect((await rates('highly-suspicious', 'domain'))[0]).toBe('highly-suspicious'))
  it('W8 not: nothing else becomes highly suspicious by it', async () =>
    expect((await rates('highly-suspicious', 'exact'))[1]).toBe('untested'))
  it('W9: suspicious is what a pack calls so', async () =>
    expect((await rates('suspicious', 'domain'))[0]).toBe('suspicious'))
  it('W9 not: nothing else becomes suspicious by it', async () =>
    expect((await rates('suspicious', 'exact'))[1]).toBe('untested'))
  it('W10: an address of which no pack speaks is untested, and so is one a pack says so of', async () =>
    expect(await rates('untested', 'exact')).toEqual(['untested', 'untested']))
  it('W10 not: a rated address is not untested, and untested is not safe', async () => {
    expect((await rates('suspicious', 'exact'))[0]).not.toBe('untested')
    expect((await rates('safe', 'exact'))[1]).not.toBe('safe')
  })
  it('W11: safe is what a pack calls so', async () => expect((await rates('safe', 'domain'))[0]).toBe('safe'))
  it('W11 not: without an entry nothing is safe', async () =>
    expect((await rates('safe', 'exact'))[1]).toBe('untested'))
})

describe('several packs at once', () => {
  it('the more specific entry wins whatever pack and age: an old allow-entry of a page beats a new domain', async () => {
    const test = aCase('http://a.evil.test/ok', 'http://a.evil.test/no')
    await add(test, 'allowed', 1, [{ pattern: 'http://a.evil.test/ok', scope: 'exact', level: 'safe' }])
    await add(test, 'feed', 9, [{ pattern: 'evil.test', scope: 'domain' }])
    expect(levelOf(test, 'http://a.evil.test/ok')).toBe('safe')
    expect(levelOf(test, 'http://a.evil.test/no')).toBe('dangerous')
  })

  it('of equally specific entries the newer pack wins, within one pack the more severe', async () => {
    const test = aCase('http://evil.test/')
    await add(test, 'old', 1, [{ pattern: 'evil.test', level: 'dangerous' }])
    await add(test, 'new', 2, [
      { pattern: 'evil.test', level: 'safe' },
      { pattern: 'evil.test', level: 'suspicious' },
    ])
    expect(levelOf(test, 'http://evil.test/')).toBe('suspicious')
  })

  it('an entry counts until its end and not from then on', async () => {
    const test = aCase('http://evil.test/')
    await add(test, 'feed', 1, [{ pattern: 'evil.test', expiresAt: iso(30) }])
    test.nowUs = at(30) - 1
    expect(levelOf(test, 'http://evil.test/')).toBe('dangerous')
    test.nowUs = at(30)
    expect(levelOf(test, 'http://evil.test/')).toBe('untested')
  })

  it('shows which pack counts, what replaced it, and who wins first', async () => {
    const test = aCase('http://evil.test/')
    await add(test, 'feed', 1, [{ pattern: 'evil.test' }])
    await add(test, 'other', 2, [{ pattern: 'evil.test' }])
    await add(test, 'feed', 3, [{ pattern: 'evil.test' }])
    const listed = listPacks(test.db)
    expect(methods['pack.list'].output.parse(listed)).toEqual(listed)
    expect(listed).toMatchObject([
      { name: 'feed', isCurrent: false, replacedBy: 'feed@v3', precedence: null },
      { name: 'other', isCurrent: true, replacedBy: null, precedence: 2 },
      { name: 'feed', isCurrent: true, replacedBy: null, precedence: 1 },
    ])
  })
})

describe('switching a pack off', () => {
  it('takes it out of judging now, brings the version before back, and leaves the history as it was', async () => {
    const test = aCase('http://evil.test/', 'http://late.test/')
    await add(test, 'feed', 1, [{ pattern: 'evil.test', level: 'suspicious' }])
    const newest = await add(test, 'feed', 3, [{ pattern: 'evil.test' }, { pattern: 'late.test' }])
    const pack = switchPack(test.context, Number(newest), false)
    expect(pack).toMatchObject({ isOn: false, isCurrent: false, precedence: null })
    expect(listPacks(test.db)[0]).toMatchObject({ isCurrent: true, replacedBy: null, precedence: 1 })
    expect(levelOf(test, 'http://evil.test/')).toBe('suspicious')
    expect(levelOf(test, 'http://late.test/')).toBe('untested')
    const { shelf } = loadCaseShelf(test.db)
    const url = parseUrl('http://late.test/')
    expect(new Ratings(shelf, at(30)).then(url, at(5))?.level).toBe('dangerous')
    const late = rows(test).find((row) => row.url === 'http://late.test/')
    expect(getUrlHistory(test.db, Number(late?.id)).verdicts.at(-1)?.level).toBe('dangerous')
  })

  it('is written into the audit log once, and can be undone', async () => {
    const test = aCase('http://evil.test/')
    const id = Number(await add(test, 'feed', 1, [{ pattern: 'evil.test' }]))
    switchPack(test.context, id, false)
    switchPack(test.context, id, false)
    expect(switchPack(test.context, id, true)).toMatchObject({ isOn: true, isCurrent: true })
    const audit = test.db
      .prepare("SELECT details FROM audit WHERE action = 'pack.switch'")
      .pluck()
      .all() as string[]
    expect(audit.map((text) => JSON.parse(text) as unknown)).toEqual([
      { pack: 'feed@v1', on: false },
      { pack: 'feed@v1', on: true },
    ])
    expect(verifyAudit(test.db).ok).toBe(true)
    expect(() => switchPack(test.context, 99, true)).toThrowError('request.not_found')
  })
})

describe('looking into packs', () => {
  it('pages through the entries in the order of the file, and searches them defanged or not', async () => {
    const test = aCase('http://evil.test/')
    await add(test, 'before', 1, [{ pattern: 'z.test' }])
    const entries = [...Array(25).keys()].map((index) => ({ pattern: `n${index}.test` }))
    const id = Number(await add(test, 'feed', 2, [...entries, { pattern: 'old.test', expiresAt: iso(2) }]))
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = listPackEntries(test.db, test.nowUs, id, { text: '', cursor, limit: 10 })
      expect(methods['pack.entries'].output.parse(page)).toEqual(page)
      expect(page.total).toBe(26)
      seen.push(...page.rows.map((row) => row.pattern))
      cursor = page.next
    } while (cursor !== null)
    expect(seen).toEqual([...entries.map((entry) => entry.pattern), 'old.test'])
    const find = (filter: object) =>
      listPackEntries(test.db, test.nowUs, id, { text: '', limit: 5, ...filter }).rows.map((row) => [row.pattern, row.isExpired]) // prettier-ignore
    expect(find({ text: 'hxxp' })).toEqual([])
    expect(find({ text: 'n7[.]test' })).toEqual([['n7.test', false]])
    expect(find({ text: 'old' })).toEqual([['old.test', true]])
    expect(find({ text: '%' })).toEqual([])
    expect(find({ level: 'safe' })).toEqual([])
  })

  it('narrows a comparison by the URLs the case holds now, new ones among them', async () => {
    const test = aCase('http://10.0.0.7/a', 'http://deep.sub.one.test/')
    const from = await add(test, 'feed', 1, [{ pattern: '10.0.0.7' }, { pattern: 'late.test' }])
    const to = await add(test, 'feed', 2, [
      { pattern: 'one.test', scope: 'domain' },
      // The name is known, the page is not.
      { pattern: 'http://deep.sub.one.test/other', scope: 'exact' },
    ])
    const stored = () => comparePacks(test.db, test.nowUs, { from, to, storedOnly: true, limit: 9 })
    const shown = () =>
      stored()
        .rows.map((row) => `${row.kind} ${row.pattern}`)
        .sort()
    expect(shown()).toEqual(['added one.test', 'removed 10.0.0.7'])
    expect(stored().total).toBe(2)
    test.mail(aMessage({ messageId: 'late', at: at(6), links: ['http://late.test/'] }))
    expect(shown()).toEqual(['added one.test', 'removed 10.0.0.7', 'removed late.test'])
    expect(stored().total).toBe(3)
  })

  it('compares two packs: added, removed, changed, with what it means for the case', async () => {
    const test = aCase('http://a.test/', 'http://www.new.test/', 'http://new.test/x')
    const from = await add(test, 'feed', 1, [
      { pattern: 'a.test' },
      { pattern: 'b.test' },
      { pattern: 'c.test' },
      { pattern: 'http://c.test/x', scope: 'exact' },
    ])
    const to = await add(test, 'feed', 2, [
      { pattern: 'a.test', level: 'safe' },
      { pattern: 'c.test' },
      { pattern: 'c.test', scope: 'domain' },
      { pattern: 'new.test', scope: 'domain' },
      { pattern: 'http://c.test/x', scope: 'exact', expiresAt: iso(90) },
    ])
    const whole = comparePacks(test.db, test.nowUs, { from, to, limit: 100 })
    expect(methods['pack.compare'].output.parse(whole)).toEqual(whole)
    expect(whole.counts).toEqual({ from: 4, to: 5, same: 1, added: 2, removed: 1, changed: 2 })
    expect(
      whole.rows.map((row) => [row.kind, row.scope, row.pattern, row.from?.level, row.to?.level, row.urls]),
    ).toEqual([
      ['changed', 'host', 'a.test', 'dangerous', 'safe', 1],
      ['removed', 'host', 'b.test', 'dangerous', undefined, 0],
      ['changed', 'exact', 'http://c.test/x', 'dangerous', 'dangerous', 0],
      ['added', 'domain', 'c.test', undefined, 'dangerous', 0],
      ['added', 'domain', 'new.test', undefined, 'dangerous', 2],
    ])
    const paged: string[] = []
    let cursor: string | null = null
    do {
      const page = comparePacks(test.db, test.nowUs, { from, to, cursor, limit: 1 })
      paged.push(...page.rows.map((row) => `${row.kind} ${row.pattern}`))
      cursor = page.next
    } while (cursor !== null)
    expect(paged).toEqual(whole.rows.map((row) => `${row.kind} ${row.pattern}`))
    expect(comparePacks(test.db, test.nowUs, { from, to, kind: 'removed', limit: 9 })).toMatchObject({
      total: 1,
      next: null,
    })
    const stored = (
      more: { kind?: 'added' | 'removed' | 'changed'; cursor?: string | null; limit?: number } = {},
    ) => comparePacks(test.db, test.nowUs, { from, to, storedOnly: true, limit: 9, ...more })
    expect(stored().rows).toEqual(whole.rows.filter((row) => row.urls > 0))
    expect(stored()).toMatchObject({ total: 2, next: null, counts: whole.counts })
    expect(stored({ kind: 'removed' })).toMatchObject({ total: 0, rows: [], next: null })
    const first = stored({ limit: 1 })
    expect([first.rows, stored({ limit: 1, cursor: first.next }).rows].flat()).toEqual(stored().rows)
    expect(comparePacks(test.db, test.nowUs, { from, to: from, limit: 9 })).toMatchObject({
      total: 0,
      rows: [],
    })
    expect(() => comparePacks(test.db, test.nowUs, { from, to, cursor: '{', limit: 9 })).toThrowError(
      'request.invalid',
    )
  })
})

describe('packed files', () => {
  const list = 'evil.test\nworse.test\n'
  const zip = async (...names: string[]): Promise<Buffer> => {
    const file = new ZipFile()
    for (const name of names) file.addBuffer(Buffer.from(list), name)
    file.end()
    const chunks: Buffer[] = []
    for await (const chunk of file.outputStream) chunks.push(Buffer.from(chunk as Uint8Array))
    return Buffer.concat(chunks)
  }

  it('reads the sheet of a workbook', async () => {
    const test = new TestCase(at(1))
    const sheet = textRows([['http://bad.example/a'], ['worse.example']])
    const bytes = await workbookOf([{ name: 'Sheet1', rows: sheet }])
    const added = await addPack(test.context, test.file('block.xlsx', bytes), NOTHING)
    expect(added).toMatchObject({ name: 'block', entries: 2, rejected: 0 })
  })

  it('reads gzip, and zip with one member; the name is that of the content', async () => {
    const test = new TestCase(at(1))
    const gz = await addPack(test.context, test.file('feed-2026-03-01.txt.gz', gzipSync(list)), NOTHING)
    expect(gz).toMatchObject({ name: 'feed', entries: 2, rejected: 0 })
    const zipped = await addPack(test.context, test.file('x.zip', await zip('folder/hosts.txt')), NOTHING)
    expect(zipped).toMatchObject({ name: 'hosts', entries: 2 })
  })

  it('refuses an archive of several files, and one that is cut off', async () => {
    const test = new TestCase(at(1))
    const several = test.file('x.zip', await zip('a.txt', 'b.txt'))
    await expect(addPack(test.context, several, NOTHING)).rejects.toMatchObject({
      code: 'pack.several_members',
      params: { file: 'x.zip' },
    })
    const whole = gzipSync(Array.from({ length: 5000 }, (_, index) => `a${index * 7919}.test`).join('\n'))
    const cut = test.file('cut.txt.gz', whole.subarray(0, whole.length / 2))
    await expect(addPack(test.context, cut, NOTHING)).rejects.toMatchObject({ code: 'pack.damaged' })
    expect(listPacks(test.db)).toEqual([])
    expect(readFileSync(cut).length).toBeGreaterThan(0)
  })
})

describe('MISP events', () => {
  const event = (...attributes: object[]): string =>
    JSON.stringify({ Event: { info: 'Op', date: '2026-03-01', threat_level_id: '1', Attribute: attributes } })
  const marked = { type: 'domain', value: 'marked.test', to_ids: true }
  const unmarked = { type: 'domain', value: 'unmarked.test', to_ids: false }

  it('say why nothing is taken when nothing is marked for detection', async () => {
    const test = new TestCase(at(1))
    const path = test.file('e.json', event(unmarked))
    await expect(addPack(test.context, path, NOTHING)).rejects.toMatchObject({
      code: 'pack.unmarked',
      params: { unmarked: 1, file: 'e.json' },
    })
    const empty = test.file('f.json', event({ type: 'md5', value: 'x', to_ids: true }))
    await expect(addPack(test.context, empty, NOTHING)).rejects.toMatchObject({
      code: 'pack.no_patterns',
    })
  })

  it('give what is marked, and everything when that is asked for', async () => {
    const test = new TestCase(at(1))
    const path = test.file('e.json', event(marked, unmarked))
    expect(await addPack(test.context, path, NOTHING)).toMatchObject({ entries: 1 })
    const other = new TestCase(at(1))
    const all = await addPack(other.context, other.file('e.json', event(marked, unmarked)), {
      ...NOTHING,
      all: true,
    })
    expect(all).toMatchObject({ entries: 2, rejected: 0 })
    const [details] = other.db
      .prepare("SELECT details FROM audit WHERE action = 'pack.add'")
      .pluck()
      .all() as string[]
    expect(JSON.parse(details ?? '')).toMatchObject({ all: true })
  })
})

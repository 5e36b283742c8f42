import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockedZip, tarOf, tarWith, zipNamed, zipOf } from '../../support/archives.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/containers/${name}`, import.meta.url))
const evtx = () => readFileSync(new URL('../../fixtures/evtx/good.evtx', import.meta.url))
const NOISE = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 7919 + 13) % 251))

describe('containers', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())

  const locators = async () =>
    (await bench.client.call('event.search', { limit: 200 })).rows.map((row) => row.locator)
  /** Without the remark that the invented events lie in 2031 (import.test.ts has it). */
  const issues = async () =>
    (await bench.client.call('evidence.issues', { limit: 1000 })).rows
      .filter(({ code }) => code !== 'evidence.time_ahead')
      .map(({ code, locator, excerpt }) => [code, locator, excerpt] as const)
  const codes = async () => (await issues()).map(([code, locator]) => [code, locator])
  const importBytes = (name: string, bytes: Uint8Array, passwords: string[] = []) =>
    bench.client.run('evidence.import', { grants: [bench.file(name, bytes)], passwords })

  it.each([
    ['a.zip', () => zipOf({ 'x/a.json': windowsLines(7) }), 'x/a.json · '],
    ['a.tar', () => tarOf({ 'x/a.json': windowsLines(7) }), 'x/a.json · '],
    ['a.tar.gz', async () => gzipSync(await tarOf({ 'x/a.json': windowsLines(7) })), 'x/a.json · '],
    ['a.tgz', async () => gzipSync(await tarOf({ 'x/a.json': windowsLines(7) })), 'x/a.json · '],
    ['a.tar.zst', async () => zstdCompressSync(await tarOf({ 'x/a.json': windowsLines(7) })), 'x/a.json · '],
    ['a.json.gz', () => Promise.resolve(gzipSync(windowsLines(7))), 'a.json · '],
    ['a.json.zst', () => Promise.resolve(zstdCompressSync(windowsLines(7))), 'a.json · '],
  ])('reads %s and names the member in every locator', async (name, make, prefix) => {
    const bytes = await make()
    const { evidence } = await importBytes(name, bytes)
    expect(evidence[0]).toMatchObject({
      format: 'windows-json',
      read: 7,
      stored: 7,
      bytes: bytes.length,
      bytesRead: bytes.length,
      status: 'done',
    })
    expect((await locators()).every((locator) => locator?.startsWith(prefix))).toBe(true)
    expect(await issues()).toEqual([])
  })

  it.each([
    ['LZMA', 'lzma.zip', 80],
    ['bzip2', 'bzip2.zip', 80],
    ['Deflate64', 'deflate64.zip', 320],
  ])('reads members of a ZIP packed with %s', async (_method, name, records) => {
    const { evidence } = await importBytes(name, fixture(name))
    expect(evidence[0]).toMatchObject({
      read: records,
      stored: records,
      bytesRead: fixture(name).length,
      status: 'done',
    })
    expect(new Set((await locators()).map((locator) => locator?.split(' · ')[0]))).toEqual(
      new Set(['logs/a.json', 'logs/b.json']),
    )
    expect(await issues()).toEqual([])
  })

  it('reads the members of a ZIP that was cut off before its directory, and says so', async () => {
    const whole = await zipOf({ 'a.json': windowsLines(7), 'b.json': windowsLines(9, 'ws02.corp.example') })
    const { evidence } = await importBytes('cut.zip', whole.subarray(0, whole.length - 120))
    expect(evidence[0]).toMatchObject({ read: 16, stored: 16 })
    expect((await codes())[0]).toEqual(['archive.no_directory', 'cut.zip'])
  })

  it('keeps what stands before the cut in a ZIP cut off inside a member', async () => {
    const whole = await zipOf({ 'a.json': windowsLines(7), 'b.json': windowsLines(400, 'ws02.corp.example') })
    const { evidence } = await importBytes('half.zip', whole.subarray(0, 600))
    expect(evidence[0]?.stored).toBeGreaterThanOrEqual(7)
    expect(await codes()).toEqual([
      ['archive.no_directory', 'half.zip'],
      ['archive.broken_member', 'b.json'],
      ['archive.cut_off', 'half.zip'],
    ])
  })

  it.each([
    ['plain.7z', 80, [['archive.unrecognised_member', 'notes.bin']]],
    ['a.tar.xz', 80, []],
    ['a.tar.bz2', 80, []],
  ])('reads %s through libarchive', async (name, records, expected) => {
    const { evidence } = await importBytes(name, fixture(name))
    expect(evidence[0]).toMatchObject({ read: records, stored: records, bytesRead: fixture(name).length })
    expect(new Set((await locators()).map((locator) => locator?.split(' · ')[0]))).toEqual(
      new Set(['logs/a.json', 'logs/b.json']),
    )
    expect(await codes()).toEqual(expected)
  })

  it.each(['locked.7z', 'sealed.7z'])(
    'says of %s that it is locked, and that no password will do',
    async (name) => {
      const { refused, evidence } = await importBytes(name, fixture(name), ['infected'])
      expect([refused.map((file) => file.code), evidence]).toEqual([['evidence.archive_locked'], []])
    },
  )

  it('goes through archives in archives and names the whole way', async () => {
    const tgz = gzipSync(
      await tarOf({ 'win/c.evtx': evtx(), 'deep.zip': await zipOf({ 'm.json': windowsLines(2) }) }),
    )
    const bytes = await zipOf({ 'b.tar.gz': tgz, 'logs/s.json.gz': gzipSync(windowsLines(3, 'ws09')) })
    const { evidence } = await importBytes('a.zip', bytes)
    expect(evidence[0]?.rejected).toBe(0)
    expect(new Set((await locators()).map((locator) => locator?.split(' · ')[0]))).toEqual(
      new Set(['b.tar.gz > win/c.evtx', 'b.tar.gz > deep.zip > m.json', 'logs/s.json.gz > s.json']),
    )
  })

  it('stops at a named depth and says so', async () => {
    let bytes = await zipOf({ 'a.json': windowsLines(1) })
    for (let level = 0; level < 8; level += 1)
      bytes = await zipOf({ 'in.zip': bytes, [`${level}.json`]: windowsLines(1, `ws${level}`) })
    const { evidence } = await importBytes('deep.zip', bytes)
    expect(evidence[0]?.stored).toBe(8)
    expect((await issues()).map(([code]) => code)).toEqual(['archive.too_deep'])
  })

  it('takes the name from the header of a gzip file, and joins its members', async () => {
    const lines = windowsLines(6).split('\n')
    const named = gzipSync(lines.slice(0, 3).join('\n') + '\n')
    const bytes = Buffer.concat([
      named.subarray(0, 3),
      Buffer.from([8]),
      named.subarray(4, 10),
      Buffer.from('dir/original.json\0'),
      named.subarray(10),
      gzipSync(lines.slice(3).join('\n')),
    ])
    const { evidence } = await importBytes('x.bin', bytes)
    expect(evidence[0]).toMatchObject({ read: 6, stored: 6 })
    expect((await locators())[0]).toMatch(/^original\.json · /)
  })

  it('reads long, non-ASCII and pax names, sizes in base 256, and tells of links and sparse files', async () => {
    const long = `${'d'.repeat(120)}/${'e'.repeat(120)}/日誌.json`
    const tar = await tarWith([
      [{ name: long }, windowsLines(2)],
      [{ name: 'b.json', pax: { comment: 'x' } }, windowsLines(3, 'ws02')],
      [{ name: 'link.json', type: 'symlink', linkname: '/etc/shadow' }],
      [{ name: 'hard.json', type: 'link', linkname: '../../b.json' }],
      [{ name: 'folder', type: 'directory' }],
    ])
    const { evidence } = await importBytes('a.tar', tar)
    expect(evidence[0]).toMatchObject({ read: 5, stored: 5 })
    expect(await issues()).toEqual([
      ['archive.link_member', 'link.json', '/etc/shadow'],
      ['archive.link_member', 'hard.json', '../../b.json'],
    ])
    expect((await locators()).some((locator) => locator?.startsWith(`${long} · `))).toBe(true)
  })

  it('reads GNU long names and sizes in base 256, and names sparse files', async () => {
    const long = `${'d'.repeat(150)}/x.json`
    const content = windowsLines(2)
    const tar = await tarWith([
      [{ name: '././@LongLink' }, `${long}\0`],
      [{ name: 'short.json' }, content],
      [{ name: 'holes.json' }, windowsLines(1, 'ws02')],
    ])
    reseal(tar, 0, (header) => header.write('L', 156))
    reseal(tar, 1024, (header) => {
      header.fill(0, 124, 136)
      header[124] = 0x80
      header.writeUInt32BE(content.length, 132)
    })
    reseal(tar, 1536 + Math.ceil(content.length / 512) * 512, (header) => header.write('S', 156))
    const { evidence } = await importBytes('a.tar', tar)
    expect(evidence[0]).toMatchObject({ read: 2, stored: 2 })
    expect((await locators())[0]).toBe(`${long} · line 1`)
    expect((await codes())[0]).toEqual(['archive.sparse_member', 'holes.json'])
  })

  it.each([
    ['Japanese', 'shift_jis', ['受信トレイ/請求書.json', '表/a.json', 'b.json']],
    ['Taiwanese', 'big5', ['收件匣/發票通知.json', '表/a.json', 'b.json']],
    ['western', 'cp437', ['Übersicht/Müller.json', 'é/a.json', 'b.json']],
  ])('reads names of a %s machine that are no UTF-8', async (_whose, page, names) => {
    const members = names.map(
      (name, index) => [iconv.encode(name, page), windowsLines(1, `ws${index}`)] as const,
    )
    await importBytes('a.zip', await zipNamed(members))
    expect((await locators()).map((locator) => locator?.split(' · ')[0]).sort()).toEqual([...names].sort())
  })

  it('reads a name in a tar that is no UTF-8', async () => {
    const name = '受信/請求書.json'
    const bytes = iconv.encode(name, 'shift_jis')
    const tar = await tarOf({ ['x'.repeat(bytes.length)]: windowsLines(1) })
    reseal(tar, 0, (header) => void bytes.copy(header))
    await importBytes('a.tar', tar)
    expect((await locators())[0]).toMatch(/^受信\/請求書\.json · /)
  })

  describe('locked ZIP files', () => {
    const keyInCustody = async () => {
      const { rows } = await bench.client.call('audit.list', { limit: 1000 })
      return rows.filter(({ action }) => action === 'evidence.imported').at(-1)?.details['password']
    }

    it.each(['traditional', 1, 2, 3] as const)('open with the usual password: cipher %s', async (cipher) => {
      const bytes = await lockedZip({ 'a.json': windowsLines(50), 'b.evtx': evtx() }, 'infected', cipher)
      const { evidence } = await importBytes('a.zip', bytes)
      expect(evidence[0]).toMatchObject({ rejected: 0, status: 'done', bytesRead: bytes.length })
      expect(evidence[0]?.format).toBe('windows-json+evtx')
      expect(await issues()).toEqual([])
      expect(await keyInCustody()).toBe('usual')
    })

    it.each(['traditional', 3] as const)(
      'open with a given password, stored or packed: %s',
      async (cipher) => {
        const password = 'Über-Paß 密碼'
        for (const level of [0, 6]) {
          const bytes = await lockedZip({ 'a.json': windowsLines(20 + level) }, password, cipher, level)
          const { evidence } = await importBytes(`${level}.zip`, bytes, ['wrong', 'x'.repeat(1000), password])
          expect(evidence[0]).toMatchObject({ read: 20 + level, rejected: 0 })
          expect(await keyInCustody()).toBe('given')
        }
      },
    )

    it('are refused as locked when no password fits, and leave nothing', async () => {
      for (const cipher of ['traditional', 3] as const) {
        const bytes = await lockedZip({ 'a.json': windowsLines(20) }, 'other', cipher)
        // Of the strong cipher one guess in 65,536 fits by chance, and the member then counts as damaged: few are made.
        const guesses = Array.from({ length: cipher === 3 ? 1 : 60 }, (_, index) => `guess-${index}`)
        const { refused, evidence } = await importBytes(`${cipher}.zip`, bytes, guesses)
        expect([refused.map((file) => file.code), evidence]).toEqual([['evidence.encrypted'], []])
      }
    })

    it('never leave a password in the case file, the audit log, the issues or an error', async () => {
      const secret = 'Tr0ub4dor-secret-word'
      const fits = await lockedZip({ 'a.json': windowsLines(5) }, secret, 3)
      const other = await lockedZip({ 'b.json': windowsLines(6) }, 'something else', 3)
      const broken = Buffer.from(fits)
      broken[60] = (broken[60] ?? 0) ^ 0xff
      const result = [
        await importBytes('a.zip', fits, [secret]),
        await importBytes('b.zip', other, [secret]),
        await importBytes('c.zip', broken, [secret]),
      ]
      expect(result[0]?.evidence[0]).toMatchObject({ stored: 5 })
      const audit = await bench.client.call('audit.list', { limit: 1000 })
      const jobs = await bench.client.call('job.list', {})
      for (const said of [result, audit, jobs, await issues()])
        expect(JSON.stringify(said)).not.toContain(secret)
      await bench.engine.close()
      for (const encoding of ['utf8', 'utf16le'] as const)
        expect(readFileSync(bench.casePath).includes(Buffer.from(secret, encoding))).toBe(false)
    })

    it('notice a member that was changed under AES', async () => {
      const bytes = await lockedZip({ 'a.json': windowsLines(200) }, 'infected', 3, 0)
      bytes[2000] = (bytes[2000] ?? 0) ^ 0x01
      await importBytes('a.zip', bytes)
      expect((await issues()).at(-1)?.[0]).toBe('archive.broken_member')
    })
  })

  describe('collections', () => {
    it('of KAPE stay readable: one line a kind of file that is not read', async () => {
      const lnk = Buffer.concat([Buffer.from([0x4c, 0, 0, 0, 1, 0x14, 2, 0]), NOISE])
      const shortcuts = Array.from(
        { length: 300 },
        (_, index) =>
          [
            `C/Users/amber/AppData/Recent/${index}.lnk`,
            Buffer.concat([lnk, Buffer.from([index % 250])]),
          ] as const,
      )
      const unknown = Array.from(
        { length: 80 },
        (_, index) =>
          [`C/Windows/odd/${index}.dat`, Buffer.concat([NOISE, Buffer.from(String(index))])] as const,
      )
      const bytes = await zipOf([
        ['C/Windows/System32/winevt/logs/Security.evtx', evtx()],
        ['C/Windows/System32/config/SYSTEM', Buffer.concat([Buffer.from('regf'), NOISE])],
        ['2026-03-02T080000_triage_ConsoleLog.txt', 'KAPE version 1.3.0.2\r\nCommand line: --tsource C\r\n'],
        ['2026-03-02T080000_triage_CopyLog.csv', 'CopiedTimestamp,SourceFile,DestinationFile\r\n1,2,3\r\n'],
        ...shortcuts,
        ...unknown,
      ])
      const { evidence } = await importBytes('kape.zip', bytes)
      expect(evidence[0]).toMatchObject({ format: 'evtx' })
      const found = await issues()
      const kinds = found.filter(([code]) => code === 'archive.unread_kind').map(([, , excerpt]) => excerpt)
      expect(kinds.map((line) => line.split(',')[0])).toEqual([
        'registry hive × 1',
        'KAPE log × 2',
        'lnk × 300',
        '.dat × 30',
      ])
      expect(kinds[2]).toContain('C/Users/amber/AppData/Recent/0.lnk')
      expect(found.filter(([code]) => code === 'archive.unrecognised_member')).toHaveLength(50)
      expect(found.find(([code]) => code === 'archive.unrecognised_member')?.[2]).toMatch(/^\d+ bytes$/)
    })

    it('of Velociraptor say whose they are: rows without a machine are of the one their collector names', async () => {
      const row = { Pid: 5, Ppid: 4, Name: 'cmd.exe', Exe: 'C:\\cmd.exe', CommandLine: 'cmd' }
      const results = (name: string) => [
        [
          `${name}/results/Windows.System.Pslist.json`,
          `${JSON.stringify(row)}\n${JSON.stringify({ ...row, Fqdn: 'other.corp.example' })}\n`,
        ] as const,
        [
          `${name}/client_info.json`,
          JSON.stringify({ client_id: 'C.1', os_info: { hostname: name, fqdn: `${name}.corp.example` } }),
        ] as const,
      ]
      await importBytes(
        'Hunt.zip',
        await zipOf([
          ...results('ws01'),
          ...results('ws02'),
          ['broken/client_info.json', '{'],
          ['broken/results/Windows.System.Pslist.json', JSON.stringify(row)],
        ]),
      )
      const { rows } = await bench.client.call('event.search', { limit: 10 })
      const whole = await Promise.all(rows.map(({ id }) => bench.client.call('event.get', { id })))
      expect(whole.map(({ fields }) => fields['host.name'] ?? '').sort()).toEqual([
        '',
        'other.corp.example',
        'other.corp.example',
        'ws01.corp.example',
        'ws02.corp.example',
      ])
      const taken = (await issues()).filter(([code]) => code === 'velociraptor.machine_taken')
      expect(taken.map(([, , excerpt]) => excerpt)).toEqual(['ws01.corp.example', 'ws02.corp.example'])
    })

    it('that are a folder of Velociraptor results say it as well', async () => {
      const row = { Pid: 5, Ppid: 4, Name: 'cmd.exe', Exe: 'C:\\cmd.exe', CommandLine: 'cmd' }
      const folder = join(bench.folder, 'collected')
      mkdirSync(join(folder, 'ws01', 'results'), { recursive: true })
      mkdirSync(join(folder, 'alone'))
      const info = JSON.stringify({
        client_id: 'C.1',
        os_info: { hostname: 'ws01', fqdn: 'ws01.corp.example' },
      })
      writeFileSync(join(folder, 'ws01', 'client_info.json'), info)
      const results = join(folder, 'ws01', 'results', 'Windows.System.Pslist.json')
      writeFileSync(results, JSON.stringify(row))
      writeFileSync(join(folder, 'alone', 'Windows.System.Pslist.json'), JSON.stringify({ ...row, Pid: 6 }))
      await bench.import(folder)
      const { rows } = await bench.client.call('event.search', { text: 'process:cmd.exe', limit: 10 })
      const whole = await Promise.all(rows.map(({ id }) => bench.client.call('event.get', { id })))
      expect(whole.map(({ fields }) => [fields['process.pid'], fields['host.name'] ?? '']).sort()).toEqual([
        [5, 'ws01.corp.example'],
        [6, ''],
      ])
      expect((await issues()).filter(([code]) => code === 'velociraptor.machine_taken')).toEqual([
        ['velociraptor.machine_taken', expect.anything(), 'ws01.corp.example'],
      ])
      const other = join(folder, 'ws02')
      mkdirSync(other)
      writeFileSync(join(other, 'client_info.json'), info.replaceAll('ws01', 'ws02'))
      writeFileSync(join(other, 'Windows.System.Pslist.json'), JSON.stringify(row))
      expect((await bench.import(other)).refused).toContainEqual(
        expect.objectContaining({
          code: 'evidence.duplicate_machine',
          params: expect.objectContaining({ machine: 'ws02.corp.example' }) as unknown,
        }),
      )
      const audit = await bench.client.call('audit.list', { limit: 50 })
      expect(JSON.stringify(audit)).toContain('"collectedFrom":"ws01.corp.example"')
    })

    it('of Velociraptor show their percent-encoded paths as paths', async () => {
      const bytes = await zipOf({
        'uploads/auto/C%3A/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%254Operational.evtx': evtx(),
        'results/Windows.Sys.Log.json': windowsLines(4),
        'collection_context.json': '{"session_id":"F.1","create_time":1}',
        'uploads.json':
          '{"Timestamp":"2026-03-02T08:00:00Z","vfs_path":"C:\\\\x","_Components":["C:","x"]}\n',
        'log.json': '{"_ts":1772438400,"client_time":1772438400,"level":"INFO","message":"Starting"}\n',
        'results/Windows.Sys.Log.json.index': Buffer.from([9, 0, 0, 0]),
      })
      await importBytes('Collection-ws01.zip', bytes)
      const prefixes = new Set((await locators()).map((locator) => locator?.split(' · ')[0]))
      expect(prefixes).toContain(
        'uploads/auto/C:/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx',
      )
      expect(prefixes).toContain('results/Windows.Sys.Log.json')
      expect((await issues()).map(([code, , excerpt]) => [code, excerpt.split(',')[0]])).toEqual([
        ['archive.unread_kind', 'Velociraptor log × 4'],
      ])
    })
  })

  describe('questions', () => {
    const TABLE = 'when;who;what\r\n1;ada;x\r\n2;bo;y\r\n'
    it('asks what the columns of an unknown table mean; inside an archive it is an issue', async () => {
      const lone = await importBytes('t.csv', Buffer.from(TABLE))
      expect(lone.refused).toMatchObject([{ code: 'evidence.needs_mapping' }])
      const packed = await importBytes('t.zip', await zipOf({ 't.csv': TABLE, 'a.json': windowsLines(2) }))
      expect(packed.evidence[0]).toMatchObject({ stored: 2 })
      expect(await codes()).toEqual([['archive.needs_mapping', 't.csv']])
      const coded = await importBytes('t.csv.gz', gzipSync(TABLE))
      expect(coded.refused).toMatchObject([{ code: 'evidence.needs_mapping' }])
    })

    it('are told before the import: formats best first, and what has to be answered', async () => {
      const look = (name: string, bytes: Uint8Array | string) =>
        bench.client.call('evidence.inspect', { grant: bench.file(name, bytes) })
      const json = await look('a.json', windowsLines(3))
      expect(json).toMatchObject({ name: 'a.json', isArchive: false, parts: 1, question: null })
      expect(json.candidates[0]).toMatchObject({
        id: 'windows-json',
        title: { key: 'importer.windows-json.title' },
      })
      expect(json.candidates.map((one) => one.confidence)).toEqual(
        json.candidates.map((one) => one.confidence).sort((a, b) => b - a),
      )
      expect(await look('t.csv', TABLE)).toMatchObject({ question: 'mapping' })
      expect(await look('x.bin', NOISE)).toMatchObject({ question: 'format', candidates: [] })
      expect(await look('l.zip', await lockedZip({ 'a.json': windowsLines(3) }, 'other', 3))).toMatchObject({
        isArchive: true,
        question: 'password',
      })
      // No password opens it, so none is asked for.
      for (const name of ['sealed.7z', 'locked.7z'])
        await expect(look(name, fixture(name))).rejects.toMatchObject({ code: 'evidence.archive_locked' })
      // A large 7z has to be read whole before it shows anything: looking leaves it shut, importing does not.
      const large = Buffer.concat([fixture('plain.7z'), Buffer.alloc(17 * 1024 * 1024)])
      expect(await look('large.7z', large)).toMatchObject({ isArchive: true, parts: 0, question: null })
      const both = await look('b.zip', await zipOf({ 'a.json': windowsLines(3), 'b.evtx': evtx(), n: NOISE }))
      expect(both).toMatchObject({ isArchive: true, parts: 3, question: null })
      expect(both.candidates.map((one) => one.id)).toEqual(expect.arrayContaining(['evtx', 'windows-json']))
      expect((await bench.client.call('case.info', {}))?.counts.evidence).toBe(0)
    })
  })
})

/** Changes a tar header and makes its checksum right again. */
function reseal(tar: Buffer, at: number, change: (header: Buffer) => void): void {
  const header = tar.subarray(at, at + 512)
  change(header)
  header.fill(0x20, 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
}

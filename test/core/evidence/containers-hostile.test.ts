import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Budget } from '../../../core/evidence/containers/budget.ts'
import { Keyring } from '../../../core/evidence/containers/keyring.ts'
import { walk } from '../../../core/evidence/containers/walk.ts'
import { lockedZip, tarOf, tarWith, zipOf } from '../../support/archives.ts'
import { seededRandom } from '../../support/random.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

const MIB = 1024 * 1024
const NOISE = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 7919 + 13) % 251))

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/containers/${name}`, import.meta.url))

describe('hostile containers', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())

  const issues = async () =>
    (await bench.client.call('evidence.issues', { limit: 1000 })).rows.map(
      ({ code, locator, excerpt }) => [code, locator, excerpt] as const,
    )
  const codes = async () => (await issues()).map(([code]) => code)
  const importBytes = (name: string, bytes: Uint8Array, passwords: string[] = []) =>
    bench.client.run('evidence.import', { grants: [bench.file(name, bytes)], passwords })
  const conserved = async () => {
    for (const row of await bench.client.call('evidence.list', {}))
      expect(row.read).toBe(row.stored + row.duplicate + row.rejected)
  }

  it(
    'a gzip and tar bomb is left at a named ratio, what stood before is kept',
    { timeout: 60_000 },
    async () => {
      const tar = await tarOf({ 'a.json': windowsLines(5) })
      const bomb = await tarWith([[{ name: 'zeros.bin' }, '']])
      // A header that claims 2 GiB, and gzip members of a mebibyte of zeros each to fill it.
      const header = bomb.subarray(0, 512)
      header.write('20000000000', 124, 'latin1')
      header.fill(0x20, 148, 156)
      const sum = header.reduce((total, byte) => total + byte, 0)
      header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
      const zeros = gzipSync(Buffer.alloc(MIB))
      const bytes = Buffer.concat([
        gzipSync(Buffer.concat([tar.subarray(0, tar.length - 1024), header])),
        ...Array.from({ length: 2048 }, () => zeros),
      ])
      const { evidence } = await importBytes('bomb.tar.gz', bytes)
      expect(evidence[0]).toMatchObject({ read: 5, stored: 5 })
      expect(await issues()).toEqual([
        ['archive.unrecognised_member', 'zeros.bin', '2147483648 bytes'],
        ['archive.cut_off', 'bomb.tar.gz', expect.stringContaining('limit.expansion')],
      ])
    },
  )

  it('all levels of nesting share one budget', async () => {
    const zeros = await zipOf({ 'a.bin': Buffer.alloc(4 * MIB), 'b.bin': Buffer.alloc(4 * MIB) })
    const outer = await zipOf({ '1.zip': zeros, '2.zip': zeros })
    const found: string[] = []
    const source = memory('x.zip', outer)
    const context = { budget: new Budget('x.zip', outer.length, 6 * MIB), keyring: new Keyring([]) }
    let read = 0
    for await (const item of walk(source, context)) {
      if (item.kind === 'problem') found.push(item.code)
      else
        try {
          for await (const chunk of item.source.open()) read += chunk.length
        } catch (thrown) {
          found.push((thrown as Error).message)
        }
    }
    expect(read).toBeLessThanOrEqual(6 * MIB + outer.length * 200)
    expect(found).toContain('limit.expansion')
  })

  it('members that share their bytes are read once', async () => {
    const bytes = await zipOf({ 'a.json': windowsLines(4), 'b.json': windowsLines(4, 'ws02') })
    const directory = bytes.indexOf(Buffer.from('PK\x01\x02', 'latin1'))
    const second = bytes.indexOf(Buffer.from('PK\x01\x02', 'latin1'), directory + 4)
    // The second entry points into the first member.
    bytes.writeUInt32LE(0, second + 42)
    const { evidence } = await importBytes('a.zip', bytes)
    expect(evidence[0]).toMatchObject({ stored: 4 })
    expect(await issues()).toEqual([['archive.overlapping_member', 'b.json', '']])
  })

  it('a local header that contradicts the directory is named, and the directory followed', async () => {
    const bytes = await zipOf({ 'good.json': windowsLines(4) })
    bytes.write('evil', 30, 'latin1')
    const { evidence } = await importBytes('a.zip', bytes)
    expect(evidence[0]).toMatchObject({ stored: 4 })
    expect(await issues()).toEqual([['archive.contradiction', 'good.json', 'evil.json']])
  })

  it('a wrong CRC or size is told after what was read', async () => {
    const bytes = await zipOf({ 'a.json': windowsLines(4), 'b.json': windowsLines(3, 'ws02') })
    const directory = bytes.indexOf(Buffer.from('PK\x01\x02', 'latin1'))
    bytes.writeUInt32LE(0x12345678, directory + 16)
    const { evidence } = await importBytes('a.zip', bytes)
    expect(evidence[0]).toMatchObject({ stored: 7 })
    expect(await issues()).toEqual([
      ['archive.contradiction', 'a.json', 'CRC-32'],
      ['archive.broken_member', 'a.json', 'CRC-32 does not fit'],
    ])
  })

  it('names are data: traversal, control characters, direction marks and doubles', async () => {
    const tar = await tarWith([
      [{ name: '../../etc/cron.d/x.json' }, windowsLines(1)],
      [{ name: 'C:/abs\u0007\u001b[31m.json' }, windowsLines(1, 'ws2')],
      [{ name: 'exe\u202enosj.json' }, windowsLines(1, 'ws3')],
      [{ name: 'same.json' }, windowsLines(1, 'ws4')],
      [{ name: 'same.json' }, windowsLines(1, 'ws5')],
    ])
    await importBytes('a.tar', tar)
    const { rows } = await bench.client.call('event.search', { limit: 10 })
    expect(rows.map((row) => row.locator?.split(' · ')[0]).sort()).toEqual([
      '../../etc/cron.d/x.json',
      'C:/abs\\u{7}\\u{1b}[31m.json',
      'exe\\u{202e}nosj.json',
      'same.json',
      'same.json (2)',
    ])
  })

  it('a ZIP with traversal in its names opens all the same', async () => {
    const bytes = await zipOf({ 'aa/aa/x.json': windowsLines(2), 'b.json': windowsLines(1, 'ws2') })
    const text = bytes.toString('latin1').replaceAll('aa/aa/', '../../')
    const { evidence } = await importBytes('a.zip', Buffer.from(text, 'latin1'))
    expect(evidence[0]).toMatchObject({ stored: 3 })
  })

  it('of 10,001 members none is lost without a word', { timeout: 60_000 }, async () => {
    const files = Array.from({ length: 10_000 }, (_, index) => [`n/${index}.dat`, NOISE] as const)
    const bytes = await zipOf([
      ['first.json', windowsLines(1, 'ws9')],
      ...files,
      ['last.json', windowsLines(3)],
    ])
    const { evidence } = await importBytes('many.zip', bytes)
    expect(evidence[0]).toMatchObject({ stored: 4 })
    const found = await issues()
    expect(found).toHaveLength(51)
    expect(found.at(-1)?.[2]).toMatch(/^\.dat × 9950, 2985000 bytes: /)
  })

  it('ten thousand links or locked members are named up to a number, the others counted', async () => {
    const links = Array.from(
      { length: 500 },
      (_, index) => [{ name: `l/${index}`, type: 'symlink', linkname: '/etc/passwd' } as const] as const,
    )
    const tar = await tarWith([...links, [{ name: 'a.json' }, windowsLines(2)]])
    await importBytes('links.tar', tar)
    const found = await codes()
    expect(found.filter((code) => code === 'archive.link_member')).toHaveLength(100)
    expect((await issues()).at(-1)).toEqual(['archive.more', 'links.tar', 'archive.link_member × 400'])
  })

  it.each([0.2, 0.5, 0.9, 0.999])('a tar.gz cut at %f keeps what stood before the cut', async (share) => {
    const random = seededRandom(7)
    const noisy = (count: number, host: string) =>
      windowsLines(count, host).replaceAll('cmd /c echo', () => `cmd /c echo ${random().toString(36)}`)
    const whole = gzipSync(await tarOf({ 'a.json': noisy(400, 'ws1'), 'b.json': noisy(400, 'ws2') }))
    const { evidence } = await importBytes('cut.tar.gz', whole.subarray(0, Math.floor(whole.length * share)))
    const stored = evidence[0]?.stored ?? 0
    expect(stored).toBeGreaterThan(700 * share)
    expect(stored).toBeLessThanOrEqual(800)
    expect(await codes()).toContain('archive.cut_off')
    await conserved()
  })

  it('a cut gzip log keeps its whole lines', async () => {
    const whole = gzipSync(windowsLines(500))
    const { evidence } = await importBytes('a.json.gz', whole.subarray(0, whole.length - 30))
    expect(evidence[0]?.stored).toBeGreaterThan(450)
    expect(await codes()).toContain('archive.broken_member')
    await conserved()
  })

  it('a tar cut inside its first member keeps the records before the cut', async () => {
    const whole = await tarOf({ 'a.json': windowsLines(100) })
    const { evidence } = await importBytes('a.tar', whole.subarray(0, 20_000))
    expect(evidence[0]?.stored).toBeGreaterThan(20)
    expect(await codes()).toEqual(expect.arrayContaining(['archive.broken_member', 'archive.cut_off']))
  })

  it('bytes behind the end of an archive are told', async () => {
    const tail = Buffer.concat([gzipSync(windowsLines(2)), NOISE])
    await importBytes('a.json.gz', tail)
    expect(await issues()).toEqual([['archive.trailing_bytes', 'a.json.gz', '300 bytes']])
  })

  it('a password of 1,000 characters is tried like any other, one more is refused as a request', async () => {
    const long = 'p'.repeat(1000)
    const bytes = await lockedZip({ 'a.json': windowsLines(2) }, long, 3)
    const { evidence } = await importBytes('a.zip', bytes, [long])
    expect(evidence[0]).toMatchObject({ stored: 2 })
    await expect(importBytes('b.zip', bytes, ['p'.repeat(1001)])).rejects.toMatchObject({
      code: expect.stringMatching(/^request\./) as string,
    })
  })

  it('a compressed tar whose checksum does not fit keeps what was read and says so', async () => {
    const bytes = gzipSync(await tarOf({ 'a.json': windowsLines(20), 'b.json': windowsLines(5, 'ws2') }))
    const at = bytes.length - 8
    bytes[at] = (bytes[at] ?? 0) ^ 0xff
    const { evidence, refused } = await importBytes('sum.tar.gz', bytes)
    expect(refused).toEqual([])
    expect(evidence[0]).toMatchObject({ stored: 25, error: null })
    expect((await codes()).length).toBeGreaterThan(0)
    await conserved()
  })

  it(
    'changed bytes anywhere never stop an import, and nothing is lost without a word',
    { timeout: 120_000 },
    async () => {
      const random = seededRandom(20261121)
      const zip = await zipOf({ 'a.json': windowsLines(20), 'b.json.gz': gzipSync(windowsLines(20, 'ws2')) })
      const tar = await tarOf({ 'a.json': windowsLines(20), 'b.zip': zip })
      const locked = await lockedZip({ 'a.json': windowsLines(20) }, 'infected', 'traditional')
      const aes = await lockedZip({ 'a.json': windowsLines(20) }, 'infected', 3)
      const wholes = {
        zip,
        tar,
        tgz: gzipSync(tar),
        locked,
        aes,
        sevenZip: fixture('plain.7z'),
        xz: fixture('a.tar.xz'),
      }
      for (let round = 0; round < 20; round += 1)
        for (const [kind, whole] of Object.entries(wholes)) {
          const bytes = Buffer.from(whole)
          const changes = 1 + Math.floor(random() * 8)
          for (let change = 0; change < changes; change += 1)
            bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
          const { evidence, refused } = await importBytes(`${kind}-${round}`, bytes)
          expect(evidence.length + refused.length, `${kind} round ${round}`).toBe(1)
          for (const { code } of refused) expect(code).toMatch(/^(evidence|limit)\./)
          for (const row of evidence) expect(row.error, `${kind} round ${round}`).toBeNull()
        }
      await conserved()
    },
  )
})

function memory(name: string, bytes: Uint8Array) {
  return {
    name,
    size: bytes.length,
    head: () => Promise.resolve(bytes.subarray(0, 65536)),
    async *open(from = 0) {
      yield bytes.subarray(from)
    },
  }
}

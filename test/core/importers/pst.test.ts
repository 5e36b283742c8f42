import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ParsedUnit, PartSource } from '../../../core/importers/importer.ts'
import { decodeBlock } from '../../../core/importers/mail/pst/cipher.ts'
import { openRandomAccess } from '../../../core/importers/mail/pst/random-access.ts'
import pst from '../../../core/importers/pst.importer.ts'
import { Workbench } from '../../support/workbench.ts'
import { makePst, type PstSpec } from '../../support/make-pst.ts'
import { codesOf, detectInput, fixture, issuesOf, messagesOf, readUnits, recordsOf } from './read-part.ts'

const folder = mkdtempSync(join(tmpdir(), 'redthread-pst-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const context = { zone: 'UTC', dateOrder: null, mapping: null }

/** Reads a store as intake gives it: a plain file, never streamed. */
async function readFile(name: string, bytes: Uint8Array): Promise<ParsedUnit[]> {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  const part: PartSource = {
    name,
    size: bytes.length,
    file,
    open: () => {
      throw new Error('the file was streamed')
    },
  }
  const units: ParsedUnit[] = []
  for await (const batch of pst.parse(part, context)) units.push(...batch)
  return units
}

const small = (spec: Partial<PstSpec> = {}): PstSpec => ({
  name: 'Archive',
  folders: [{ id: 0x8082, name: 'Inbox', parent: 0x122 }],
  items: [
    {
      id: 0x200004,
      folder: 0x8082,
      properties: { 0x001a: 'IPM.Note', 0x0037: 'One', 0x5d07: 'bob@corp.example' },
    },
  ],
  ...spec,
})

describe('Outlook data files', () => {
  it('reads every item with the path of its folder', async () => {
    const units = await readUnits(pst, fixture('pst/good-mailbox.pst'))
    expect(recordsOf(units)).toHaveLength(22)
    expect(
      recordsOf(units)
        .slice(0, 4)
        .map((record) => record.locator),
    ).toEqual([
      'Inbox · item 2097156',
      'Sent Items · item 2097188',
      'Inbox/Deals∕2031 · item 2097220',
      'Inbox/Deals∕2031 · item 2097252',
    ])
  })

  it('takes the mailbox from the name of the store, else from the file, else from the message', async () => {
    const owner = async (units: Promise<ParsedUnit[]>) => messagesOf(await units)[0]?.mailbox
    expect(await owner(readUnits(pst, fixture('pst/good-mailbox.pst')))).toBe('bob@corp.example')
    expect(await owner(readFile('carol@corp.example.ost', makePst(small())))).toBe('carol@corp.example')
    expect(await owner(readFile('backup.pst', makePst(small())))).toBe('bob@corp.example')
  })

  it('reads the same from a plain file in place as from a stream', async () => {
    const bytes = fixture('pst/good-mailbox.pst')
    expect(await readFile('mailbox.pst', bytes)).toEqual(await readUnits(pst, bytes, 777))
  })

  it.each([
    ['Unicode, plain', 'unicode', 0],
    ['Unicode, compressible encryption', 'unicode', 1],
    ['Unicode, high encryption', 'unicode', 2],
    ['pages of 4 KiB, packed blocks', 'unicode-4k', 0],
    ['pages of 4 KiB, compressible encryption', 'unicode-4k', 1],
    ['ANSI, plain', 'ansi', 0],
    ['ANSI, high encryption', 'ansi', 2],
  ] as const)('reads %s', async (_, format, cipher) => {
    const inverse = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    decodeBlock(inverse, 1, 0)
    const encode = (bytes: Buffer, method: number, block: number): void => {
      if (method === 1) for (const [at, byte] of bytes.entries()) bytes[at] = inverse.indexOf(byte)
      else decodeBlock(bytes, method, block)
    }
    const units = await readUnits(pst, makePst(small({ format, cipher, encode })))
    expect(messagesOf(units).map((message) => message.subject)).toEqual(['One'])
  })

  it.each(['unicode', 'ansi', 'unicode-4k'] as const)(
    'reads trees of several levels and data of several blocks: %s',
    async (format) => {
      const items = Array.from({ length: 400 }, (_, index) => ({
        id: 0x200004 + index * 0x20,
        folder: 0x8082,
        properties: { 0x001a: 'IPM.Note', 0x0037: `Note ${index}`, 0x1000: `${index} `.repeat(3_000) },
      }))
      const units = await readFile('many.pst', makePst(small({ items, format })))
      expect(recordsOf(units)).toHaveLength(400)
      expect(messagesOf(units)[399]).toMatchObject({
        subject: 'Note 399',
        bodyText: '399 '.repeat(3_000).trim(),
      })
    },
  )

  it('says how far it is: by items, in the end the whole file', async () => {
    const items = Array.from({ length: 120 }, (_, index) => ({
      ...small().items[0]!,
      id: 0x200004 + index * 0x20,
    }))
    const bytes = makePst(small({ items }))
    const file = join(folder, 'progress.pst')
    writeFileSync(file, bytes)
    const told: number[] = []
    const part: PartSource = {
      name: 'progress.pst',
      size: bytes.length,
      file,
      progress: (count) => told.push(count),
      open: () => {
        throw new Error('the file was streamed')
      },
    }
    for await (const batch of pst.parse(part, context)) expect(batch.length).toBeGreaterThan(0)
    expect(told).toEqual([
      Math.floor((bytes.length * 50) / 120),
      Math.floor((bytes.length * 100) / 120),
      bytes.length,
    ])
  })

  it('is read in place by an import, with all its bytes accounted for', async () => {
    const bench = await Workbench.open()
    try {
      const { evidence } = await bench.import(bench.file('store.pst', makePst(small())))
      expect(evidence[0]).toMatchObject({ format: 'pst', stored: 1, status: 'done' })
      expect(evidence[0]?.bytesRead).toBe(evidence[0]?.bytes)
    } finally {
      await bench.close()
    }
  })

  it('keeps the identity of a copy that is in two stores', async () => {
    const [first] = recordsOf(await readUnits(pst, fixture('pst/good-mailbox.pst')))
    const [second] = recordsOf(await readUnits(pst, fixture('pst/good-ansi-high-encryption.pst')))
    expect(first?.key).toBe(second?.key)
  })

  it('counts every item whose blocks are lost', async () => {
    // the trees stand at the end: all data before them is overwritten
    const bytes = makePst(small())
    bytes.fill(0, 1_024, bytes.length - 1_024)
    const units = await readUnits(pst, bytes)
    expect(issuesOf(units).map(({ code, records }) => [code, records])).toEqual([['pst.unreadable_item', 1]])
  })

  it.each(['unicode', 'ansi', 'unicode-4k'] as const)(
    'finds items by their pages when the roots are lost: %s',
    async (format) => {
      const items = Array.from({ length: 300 }, (_, index) => ({
        id: 0x200004 + index * 0x20,
        folder: 0x8082,
        properties: { 0x001a: 'IPM.Note', 0x0037: `Note ${index}` },
      }))
      const whole = makePst(small({ items, format }))
      // the last page is the root of the block tree
      const cut = whole.subarray(0, whole.length - (format === 'unicode-4k' ? 4_096 : 512))
      const units = await readFile('cut.pst', cut)
      expect(recordsOf(units).length).toBe(300)
      expect(messagesOf(units)[299]?.subject).toBe('Note 299')
      // and now the root of the node tree goes too
      const lost = Buffer.from(cut)
      const root = Number(format === 'ansi' ? lost.readUInt32LE(0xbc) : lost.readBigUInt64LE(0xe0))
      lost.fill(0, root, root + (format === 'unicode-4k' ? 4_096 : 512))
      const found = await readFile('lost.pst', lost)
      expect(recordsOf(found)).toHaveLength(300)
      expect(recordsOf(found)[0]?.locator).toBe('Inbox · item 2097156')
      expect(issuesOf(found).map(({ code, excerpt }) => [code, excerpt])).toEqual([
        ['pst.lost_page', ''],
        ['pst.salvaged', '300'],
      ])
    },
  )

  it('reads past a page that points to itself', async () => {
    const units = await readUnits(pst, fixture('pst/hostile-loops.pst'))
    expect(codesOf(units)).toContain('pst.lost_page')
    expect(recordsOf(units).length).toBeGreaterThan(5)
  })

  it('stops when all nodes name the same bytes again and again', async () => {
    const items = Array.from({ length: 900 }, (_, index) => ({
      id: 0x200004 + index * 0x20,
      folder: 0x8082,
      properties: {
        0x001a: 'IPM.Note',
        0x0037: `Note ${index}`,
        ...(index === 0 ? { 0x1000: 'x'.repeat(200_000) } : {}),
      },
    }))
    const bytes = makePst(small({ items }))
    // each node's data and subnodes become those of the first
    const first = bytes.indexOf(Buffer.from('0400200000000000', 'hex'))
    const wanted = bytes.subarray(first + 8, first + 24)
    for (let id = 0x200024; id < 0x200004 + 900 * 0x20; id += 0x20) {
      const key = Buffer.alloc(8)
      key.writeUInt32LE(id)
      const at = bytes.indexOf(key, first)
      if (at !== -1) wanted.copy(bytes, at + 8)
    }
    expect(codesOf(await readUnits(pst, bytes))).toContain('pst.exhausted')
  })

  it.each([
    ['an unknown version', 10, 99, 'pst.unreadable_item'],
    ['a foreign key', 0x201, 16, 'pst.protected'],
  ])('says what it cannot read: %s', async (_, at, value, code) => {
    const bytes = makePst(small())
    bytes[at] = value
    const codes = codesOf(await readUnits(pst, bytes))
    expect(codes.length > 0 && (codes.includes(code) || codes.includes('pst.lost_page'))).toBe(true)
  })

  it('says that a header alone is no store', async () => {
    expect(
      codesOf(await readUnits(pst, Buffer.from('!BDN\0\0\0\0SM\x17\0'.padEnd(40, '\0'), 'latin1'))),
    ).toEqual(['pst.not_a_store'])
    expect(pst.detect(detectInput('!BDN'.padEnd(64, '\0')))).toBeGreaterThan(0.9)
  })
})

describe('random access to parts', () => {
  const streamed = (size: number): PartSource => ({
    name: 'store',
    size: null,
    async *open() {
      const chunk = Buffer.alloc(1 << 20, 7)
      for (let at = 0; at < size; at += chunk.length)
        yield chunk.subarray(0, Math.min(chunk.length, size - at))
    },
  })
  const temporary = () => readdirSync(tmpdir()).filter((name) => /^redthread-store-/.test(name)).length

  it('puts a large member of an archive into a file of its own and removes it', async () => {
    const before = temporary()
    const access = await openRandomAccess(streamed((64 << 20) + 5))
    expect([access.size, temporary() - before]).toEqual([(64 << 20) + 5, 1])
    expect(access.read((64 << 20) + 1, 10)).toEqual(Buffer.alloc(4, 7))
    access.close()
    expect(temporary() - before).toBe(0)
  })

  it('leaves no file behind when the stream breaks', async () => {
    const before = temporary()
    const broken: PartSource = {
      name: 'store',
      size: null,
      async *open() {
        yield* streamed(70 << 20).open()
        throw new Error('broken archive')
      },
    }
    await expect(openRandomAccess(broken)).rejects.toThrow('broken archive')
    expect(temporary() - before).toBe(0)
  })
})

import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Manifest } from '../../../core/contract/nouns/verify.ts'
import type { InputOf, ResultOf } from '../../../core/contract/types.ts'
import { writeManifest } from '../../../core/export/verify/manifest.ts'
import words from '../../../core/export/verify.words.ts'
import { openForWriting } from '../../../core/store/case-file.ts'
import { partsOf } from '../../../core/hosts/cli/verify-parts.ts'
import { below, seededRandom } from '../../support/random.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

const SEED = 20_261_121
const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

/** A small case with evidence, relations, a report and a manifest, all closed; tests work on copies of it. */
let bench: Workbench
let original: { case: string; manifest: string; report: string; evidence: string }
/** Where a test works. */
let folder: string
let at: typeof original

beforeAll(async () => {
  bench = await Workbench.open()
  const evidence = join(bench.folder, 'evidence')
  mkdirSync(evidence)
  writeFileSync(join(evidence, 'log.jsonl'), windowsLines(40))
  writeFileSync(join(evidence, 'other.jsonl'), windowsLines(5, 'ws02.corp.example'))
  await bench.import(evidence)
  await bench.client.run('correlation.run', {})
  const report = join(bench.folder, 'report.html')
  await bench.client.run('report.write', { grant: report, format: 'html', sections: ['cover'] })
  await bench.client.call('case.close', {})
  const manifest = join(bench.folder, 'manifest.json')
  original = { case: bench.casePath, manifest, report, evidence }
  const { saved } = await verify({ grant: bench.casePath, save: manifest })
  expect(saved).toEqual({ path: manifest, sha256: sha256(manifest) })
}, 60_000)
afterAll(() => bench.close())

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redthread-verify-'))
  at = {
    case: join(folder, 'case.redthread'),
    manifest: join(folder, 'manifest.json'),
    report: join(folder, 'report.html'),
    evidence: join(folder, 'originals'),
  }
  copyFileSync(original.case, at.case)
  copyFileSync(original.manifest, at.manifest)
  copyFileSync(original.report, at.report)
  mkdirSync(at.evidence)
  // Under other names: originals are found by their hash.
  copyFileSync(join(original.evidence, 'log.jsonl'), join(at.evidence, 'renamed.bin'))
  mkdirSync(join(at.evidence, 'deep'))
  copyFileSync(join(original.evidence, 'other.jsonl'), join(at.evidence, 'deep', 'x'))
  return () => rmSync(folder, { recursive: true, force: true })
})

const verify = (input: InputOf<'verify.file'>): Promise<ResultOf<'verify.file'>> =>
  bench.client.call('verify.file', input)
const all = () =>
  verify({ grant: at.case, manifest: at.manifest, report: at.report, evidence: [at.evidence] })
const codes = ({ findings }: ResultOf<'verify.file'>) => findings.map(({ code }) => code)

/** Changes the case by statements, past the triggers that guard the log, without a word in it. */
function tamper(...statements: readonly string[]): void {
  const db = new Database(at.case)
  const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
    name: string
    sql: string
  }[]
  const dropped = triggers.map(({ name }) => `DROP TRIGGER ${name};`).join('\n')
  db.exec(dropped)
  for (const statement of statements) db.exec(statement)
  for (const { sql } of triggers) db.exec(sql)
  db.close()
}
function flip(path: string, place: number, bit: number): void {
  const bytes = readFileSync(path)
  bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << bit), place)
  writeFileSync(path, bytes)
}

describe('verify', () => {
  it('says what holds, and changes not a byte', async () => {
    const before = readdirSync(folder).map((name) => [
      name,
      name.includes('.') ? sha256(join(folder, name)) : '',
    ])
    const result = await all()
    expect(result.findings).toEqual([])
    expect(result).toMatchObject({ ok: true, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
    expect(result.holds.map(({ code }) => code)).toEqual(
      [
        'holds.schema',
        'holds.integrity',
        'holds.audit',
        'holds.conservation',
        'holds.records',
        'holds.evidence',
        'holds.manifest',
        'holds.anchor',
        'holds.digest',
        'holds.bytes',
        'holds.report',
      ].map((code) => (code === 'holds.report' ? 'holds.report_logged' : code)),
    )
    expect(result.holds.find(({ code }) => code === 'holds.evidence')?.what.params).toEqual({ count: 2 })
    expect(
      readdirSync(folder).map((name) => [name, name.includes('.') ? sha256(join(folder, name)) : '']),
    ).toEqual(before)
  })

  it('holds for a case of every format: whatever way its records are kept, they are read back', async () => {
    const fixtures = join(import.meta.dirname, '..', '..', 'fixtures')
    const files = readdirSync(fixtures, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.startsWith('good'))
      .map((entry) => join(entry.parentPath, entry.name))
    const other = await Workbench.open()
    const { evidence } = await other.client.run('evidence.import', { grants: files })
    expect(evidence.length).toBeGreaterThan(30)
    await other.client.call('case.close', {})
    const result = await verify({ grant: other.casePath })
    await other.close()
    expect(result.findings).toEqual([])
    expect(result.holds.find(({ code }) => code === 'holds.conservation')?.what.params).toEqual({
      count: evidence.length,
    })
  }, 60_000)

  it('has words in every language for all that it can say', () => {
    for (const texts of Object.values(words.texts))
      expect(Object.keys(texts).sort()).toEqual(Object.keys(words.texts.en).sort())
  })

  it('is the same of the open case, but for its bytes', async () => {
    await bench.client.call('case.open', { grant: at.case })
    const result = await bench.client.run('verify.run', { evidence: [at.evidence], report: at.report })
    expect(result).toMatchObject({ ok: true, findings: [], digest: (await all()).digest })
    const { digest, auditHead } = await bench.client.call('verify.digest', {})
    expect({ digest: digest.sha256, auditHead }).toEqual({
      digest: result.digest,
      auditHead: result.auditHead,
    })
    const busy = await verify({ grant: at.case })
    expect(busy.ok).toBe(true)
    await bench.client.call('case.close', {})
  })

  it('finds one flipped bit anywhere in the case file', async () => {
    const size = readFileSync(original.case).length
    const random = seededRandom(SEED)
    const places = [
      18,
      19,
      24,
      27,
      92,
      95,
      96,
      99,
      100,
      size - 1,
      ...Array.from({ length: 110 }, () => below(random, size)),
    ]
    const missed: number[] = []
    const passed: string[] = []
    for (const place of places) {
      copyFileSync(original.case, at.case)
      flip(at.case, place, below(random, 8))
      const result = await verify({ grant: at.case, manifest: at.manifest })
      if (result.findings.length === 0) missed.push(place)
      else if (result.ok) passed.push(`${place} ${codes(result).join()}`)
    }
    expect(missed, `seed ${SEED}`).toEqual([])
    // The version of the library that wrote last is the one thing that a mere opening changes too: a note, no alarm.
    expect(
      passed.every((line) => /^(9[6-9]) case\.opened$/.test(line)),
      `seed ${SEED}: ${passed.join('; ')}`,
    ).toBe(true)
  }, 120_000)

  it('finds one flipped bit in an original, whatever the file is called', async () => {
    const random = seededRandom(SEED + 1)
    const path = join(at.evidence, 'renamed.bin')
    const bytes = readFileSync(path)
    for (let round = 0; round < 20; round += 1) {
      writeFileSync(path, bytes)
      flip(path, below(random, bytes.length), below(random, 8))
      const result = await verify({ grant: at.case, evidence: [at.evidence] })
      expect([result.ok, ...codes(result)], `seed ${SEED + 1}, round ${round}`).toEqual([
        false,
        'evidence.missing',
      ])
    }
    writeFileSync(join(at.evidence, 'log.jsonl'), `${bytes.toString('utf8')} `)
    expect(codes(await verify({ grant: at.case, evidence: [at.evidence] }))).toEqual(['evidence.changed'])
  })

  it('finds one flipped bit in the report, with the manifest or the log of the case alone', async () => {
    const random = seededRandom(SEED + 2)
    const bytes = readFileSync(at.report)
    for (let round = 0; round < 20; round += 1) {
      writeFileSync(at.report, bytes)
      flip(at.report, below(random, bytes.length), below(random, 8))
      const result = await verify({ grant: at.case, report: at.report })
      expect([result.ok, ...codes(result)], `seed ${SEED + 2}, round ${round}`).toEqual([
        false,
        'report.unknown',
      ])
    }
  })

  it('holds a report against the manifest that lists it', async () => {
    const { self, ...manifest } = JSON.parse(readFileSync(at.manifest, 'utf8')) as Manifest
    expect(self).toMatch(/^[0-9a-f]{64}$/)
    const bytes = readFileSync(at.report).length
    const files: Manifest['files'] = [
      { role: 'report', name: 'report.html', sha256: sha256(at.report), bytes },
    ]
    writeFileSync(at.manifest, writeManifest({ ...manifest, files }))
    expect((await all()).holds.map(({ code }) => code)).toContain('holds.report')
    flip(at.report, bytes - 1, 0)
    expect(codes(await all())).toEqual(['report.changed'])
  })

  it('finds one flipped bit anywhere in the manifest', async () => {
    const random = seededRandom(SEED + 3)
    const bytes = readFileSync(at.manifest)
    const passed: string[] = []
    for (let round = 0; round < 120; round += 1) {
      writeFileSync(at.manifest, bytes)
      const [place, bit] = [below(random, bytes.length), below(random, 8)]
      flip(at.manifest, place, bit)
      if ((await verify({ grant: at.case, manifest: at.manifest })).ok) passed.push(`${place}.${bit}`)
    }
    expect(passed, `seed ${SEED + 3}`).toEqual([])
  }, 120_000)
})

describe('verify finds what was made good inside the case', () => {
  it.each([
    ['an event', 'UPDATE event SET at = at + 1 WHERE id = 3', 'case.changed'],
    ['the owner of an event', 'UPDATE event SET user_id = NULL WHERE id = 3', 'case.changed'],
    ['a text', "UPDATE str SET v = 'benign.exe', h = NULL WHERE v LIKE '%cmd.exe'", 'case.changed'],
    ['a confidence', 'UPDATE relation SET confidence = 0.1 WHERE id = 1', 'case.changed'],
    ['a relation', 'DELETE FROM relation WHERE id = 1', 'case.changed'],
    [
      'an entry of the log',
      "UPDATE audit SET details = replace(details, 'log', 'lag') WHERE seq = 2",
      'audit.broken',
    ],
    ['the end of the log', 'DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)', 'audit.cut'],
    [
      'a count',
      'UPDATE evidence SET rejected = rejected + 1, read = read + 2 WHERE id = 1',
      'conservation.records',
    ],
    [
      'a block',
      'UPDATE raw_block SET data = substr(data, 1, length(data) - 9) WHERE evidence_id = 1',
      'records.unreadable',
    ],
    ['a record', 'UPDATE raw_block SET records = records - 1 WHERE evidence_id = 1', 'conservation.kept'],
  ])('%s', async (_, statement, code) => {
    tamper(statement)
    const result = await verify({ grant: at.case, manifest: at.manifest })
    expect(result.ok).toBe(false)
    expect(codes(result)).toContain(code)
  })

  it('sees a log that was written anew from the start only with a manifest, and says so', async () => {
    // The chain proves nothing against somebody who makes it anew: the anchor outside does (TRUST.md threat 17).
    tamper('DELETE FROM audit WHERE seq > 1', 'UPDATE relation SET confidence = 0.1')
    expect((await verify({ grant: at.case })).ok).toBe(true)
    expect(codes(await verify({ grant: at.case, manifest: at.manifest }))).toContain('audit.cut')
  })
})

describe('verify of a case that lives on', () => {
  const work = async (change: () => Promise<unknown>) => {
    await bench.client.call('case.open', { grant: at.case })
    await change()
    await bench.client.call('case.close', {})
    return verify({ grant: at.case, manifest: at.manifest })
  }

  it('takes opening and closing for what it is', async () => {
    const result = await work(() => Promise.resolve())
    expect(result.ok).toBe(true)
    expect(codes(result).filter((code) => code !== 'case.opened')).toEqual([])
  })

  it('tells that work went on, and still holds the records against the manifest', async () => {
    const result = await work(() => bench.client.run('correlation.run', {}))
    expect(result).toMatchObject({ ok: true })
    expect(codes(result)).toEqual(['case.continued', 'case.bytes_moved'])
    tamper('UPDATE event SET at = at + 1 WHERE id = 3')
    const tampered = await verify({ grant: at.case, manifest: at.manifest })
    expect(tampered.ok).toBe(false)
    expect(tampered.findings.find(({ code }) => code === 'case.changed')?.what.params).toEqual({
      tables: 'event',
    })
  })

  it('does not take an export for a change of the case', async () => {
    const result = await work(() =>
      bench.client.run('export.run', { grant: join(folder, 'e.csv'), target: 'events-csv' }),
    )
    expect(codes(result)).toEqual(['case.bytes_moved'])
    expect(result.holds.map(({ code }) => code)).toContain('holds.digest')
  })

  it('takes more evidence for what the log says it is', async () => {
    const more = join(folder, 'more.jsonl')
    writeFileSync(more, windowsLines(3, 'ws03.corp.example'))
    const result = await work(() => bench.import(more))
    expect(result.ok).toBe(true)
    expect(codes(result)).toContain('case.continued')
  })
})

describe('verify of a case that is open elsewhere', () => {
  it('says so, also while nothing was written there, and finds nothing wrong with it', async () => {
    const other = openForWriting(at.case)
    try {
      expect(statSync(`${at.case}-wal`).size).toBe(0)
      const result = await all()
      expect({ ok: result.ok, codes: codes(result), ...partsOf(result) }).toMatchObject({
        ok: true,
        codes: expect.arrayContaining(['case.in_use']) as unknown,
        case: 'holds',
      })
      expect(codes(result)).not.toContain('case.header')
    } finally {
      other.close()
    }
  })

  it('still finds a header that says so while no journal is there', async () => {
    const bytes = readFileSync(at.case)
    bytes[18] = 2
    bytes[19] = 2
    writeFileSync(at.case, bytes)
    expect(codes(await verify({ grant: at.case }))).toContain('case.header')
  })
})

describe('verify is told what it is given', () => {
  it('refuses a key that is no public one as a mistake of the command, not as damage of the case', async () => {
    const key = join(folder, 'me.pem')
    await bench.client.call('manifest.key', { grant: key, passphrase: 'correct horse' })
    const under = (name: string): string => join(folder, name)
    const [junk, open, openSsh] = [under('junk.pem'), under('open.pem'), under('id_ed25519')]
    writeFileSync(junk, 'nothing')
    await bench.client.call('manifest.key', { grant: open })
    // As ssh-keygen writes it: Node cannot read it, and it is told what it is all the same.
    const body = `b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n`
    writeFileSync(
      openSsh,
      `-----BEGIN OPENSSH ${'PRIVATE'} KEY-----\n${body}-----END OPENSSH ${'PRIVATE'} KEY-----\n`,
    )
    for (const [given, code] of [
      [key, 'key.private'],
      [open, 'key.private'],
      [openSsh, 'key.private'],
      [junk, 'key.not_public'],
      [folder, 'key.not_public'],
      [join(folder, 'none.pub'), 'file.missing'],
    ] as const)
      await expect(
        verify({ grant: at.case, manifest: at.manifest, key: given }),
        given,
      ).rejects.toMatchObject({ code })
  })

  it('saves its manifest over no case, no original of it and nothing that it reads', async () => {
    const before = new Map([at.case, at.manifest, at.report].map((path) => [path, sha256(path)]))
    const save = (path: string, more: Partial<InputOf<'verify.file'>> = {}) =>
      expect(verify({ grant: at.case, save: path, ...more }), path).rejects
    await save(at.case).toMatchObject({ code: 'output.case' })
    await save(`${at.case}-wal`).toMatchObject({ code: 'output.case' })
    await save(at.report, { report: at.report }).toMatchObject({ code: 'output.input' })
    await save(at.manifest, { manifest: at.manifest }).toMatchObject({ code: 'output.input' })
    await save(join(original.evidence, 'log.jsonl')).toMatchObject({ code: 'output.evidence' })
    for (const [path, hash] of before) expect(sha256(path)).toBe(hash)
  })
})

describe('verify of what is no case, or not its own', () => {
  it('tells damage as a finding, and a missing file as a mistake', async () => {
    writeFileSync(at.case, 'no case at all')
    expect(await verify({ grant: at.case, manifest: at.manifest })).toMatchObject({
      ok: false,
      digest: null,
      findings: expect.arrayContaining([expect.objectContaining({ code: 'case.unreadable' })]) as unknown[],
    })
    await expect(verify({ grant: join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'file.missing',
    })
    copyFileSync(original.case, at.case)
    await expect(verify({ grant: at.case, manifest: join(folder, 'x') })).rejects.toMatchObject({
      code: 'file.missing',
    })
    await expect(verify({ grant: at.case, evidence: [join(folder, 'x')] })).rejects.toMatchObject({
      code: 'file.missing',
    })
  })

  it('refuses the manifest of another case, and files that are none', async () => {
    const other = await Workbench.open()
    await other.client.call('case.close', {})
    const result = await verify({ grant: other.casePath, manifest: at.manifest })
    expect([result.ok, ...codes(result)]).toEqual([false, 'manifest.other_case'])
    await other.close()
    for (const text of ['', '{}', '[]', 'null', '{"__proto__":1}', '\ufeff{', 'x'.repeat(1000)]) {
      writeFileSync(at.manifest, text)
      expect(codes(await verify({ grant: at.case, manifest: at.manifest }))).toEqual(['manifest.unreadable'])
    }
  })

  it('saves no manifest of a case that is damaged', async () => {
    tamper('UPDATE raw_block SET data = substr(data, 1, length(data) - 9) WHERE evidence_id = 1')
    const place = join(folder, 'new.json')
    expect(await verify({ grant: at.case, save: place })).toMatchObject({ ok: false, saved: null })
    expect(existsSync(place)).toBe(false)
  })
})

describe('verify part by part', () => {
  const sharesOf = (path: string): number[] =>
    [0.4, 0.9].map((share) => Math.floor(readFileSync(path).length * share))
  /** Where a block of raw records and a text lie in the case: a bit of a page that leads to others makes all of it unreadable. */
  function recordsOf(path: string): number[] {
    const db = new Database(path, { readonly: true })
    const block = db.prepare('SELECT data FROM raw_block ORDER BY length(data) DESC').pluck().get() as Buffer
    const text = db.prepare('SELECT v FROM str ORDER BY length(v) DESC').pluck().get() as string
    db.close()
    const bytes = readFileSync(path)
    const places = [block.subarray(0, 64), Buffer.from(text).subarray(0, 64)].map((start) =>
      bytes.indexOf(start),
    )
    expect(places).not.toContain(-1)
    return places.map((place) => place + 40)
  }

  it('says of case, originals, report and manifest which holds, and what was not looked at', async () => {
    expect(partsOf(await all())).toEqual({
      case: 'holds',
      evidence: 'holds',
      report: 'holds',
      manifest: 'holds',
    })
    expect(partsOf(await verify({ grant: at.case }))).toEqual({
      case: 'holds',
      evidence: 'unchecked',
      report: 'unchecked',
      manifest: 'unchecked',
    })
  })

  it.each([
    ['case', () => at.case, recordsOf],
    ['report', () => at.report, sharesOf],
    ['manifest', () => at.manifest, sharesOf],
    ['evidence', () => join(at.evidence, 'renamed.bin'), sharesOf],
  ])('lays a flipped bit of the %s at no other door', async (part, path, placesIn) => {
    for (const place of placesIn(path())) {
      flip(path(), place, 0)
      const parts = partsOf(await all())
      flip(path(), place, 0)
      expect({ place, ...parts }).toEqual({
        place,
        case: 'holds',
        evidence: 'holds',
        report: 'holds',
        manifest: 'holds',
        [part]: 'broken',
      })
    }
  })
})

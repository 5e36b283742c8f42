import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { ZipFile } from 'yazl'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { errorTexts } from '../../../core/locale/errors.texts.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

/** A ZIP in memory. */
async function zip(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = new ZipFile()
  for (const [name, content] of Object.entries(files)) archive.addBuffer(Buffer.from(content), name)
  archive.end()
  const chunks: Buffer[] = []
  for await (const chunk of archive.outputStream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const MAIL =
  'From: Ada <ada@out.example>\r\nTo: bo@corp.example\r\nSubject: Hello\r\nMessage-ID: <m1@out.example>\r\nDate: Mon, 02 Mar 2026 08:00:00 +0000\r\n\r\nSee https://out.example/a\r\n'

describe('import', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())

  it('counts every record and byte, and leaves the file as it was', async () => {
    const path = bench.file('a.json', windowsLines(120))
    const before = statSync(path)
    const { evidence, totals } = await bench.import(path)
    expect(evidence[0]).toMatchObject({
      format: 'windows-json',
      read: 120,
      stored: 120,
      duplicate: 0,
      rejected: 0,
      bytes: before.size,
      bytesRead: before.size,
      status: 'done',
    })
    expect(totals).toMatchObject({ files: 1, read: 120 })
    const after = statSync(path)
    expect([after.size, after.mtimeMs]).toEqual([before.size, before.mtimeMs])
  })

  it('flags times that cannot be right and keeps the records with them', async () => {
    const line = (id: number, time: string) =>
      JSON.stringify({
        EventID: 4624,
        EventRecordID: id,
        Channel: 'Security',
        Hostname: 'ws1.corp.example',
        '@timestamp': time,
      })
    const times = [
      '2026-03-01T08:00:00Z',
      '2190-01-01T00:00:00Z',
      '1985-05-05T00:00:00Z',
      '2191-01-01T00:00:00Z',
    ]
    const text = times.map((time, index) => line(index + 1, time)).join('\n')
    const { evidence } = await bench.import(bench.file('odd.json', text))
    expect(evidence[0]).toMatchObject({ read: 4, stored: 4, rejected: 0 })
    const issues = await bench.client.call('evidence.issues', {})
    expect(issues.rows.map(({ code, excerpt }) => `${code} ${excerpt}`)).toEqual([
      'evidence.time_ahead 2 x, record 2 .. 2191-01-01T00:00:00.000Z',
      'evidence.time_ancient 1 x, record 3 .. 1985-05-05T00:00:00.000Z',
    ])
    const honest = await bench.import(bench.file('honest.json', line(9, '2026-03-01T09:00:00Z')))
    expect(honest.evidence[0]?.issues).toEqual([])
  })

  it('keeps a broken line as an issue with its place and words, and the rest', async () => {
    const lines = windowsLines(10).split('\n')
    lines[4] = '{"EventID": 1, "Hostname": '
    const { evidence } = await bench.import(bench.file('a.json', lines.join('\n')))
    expect(evidence[0]).toMatchObject({ read: 10, stored: 9, rejected: 1, status: 'done-with-rejects' })
    const issues = await bench.client.call('evidence.issues', {})
    expect(issues.rows).toHaveLength(1)
    expect(issues.rows[0]?.locator).toContain('5')
    expect(issues.rows[0]?.excerpt).toContain('"Hostname"')
  })

  it.runIf(process.platform !== 'win32')(
    'refuses a pipe at once instead of waiting for a writer, and takes the files beside it',
    async () => {
      const folder = join(bench.folder, 'mixed')
      mkdirSync(folder)
      execFileSync('mkfifo', [join(folder, 'pipe.json')])
      bench.file('mixed/real.json', windowsLines(5))
      const { refused, evidence } = await bench.import(folder, '/dev/null')
      expect(evidence.map((row) => row.name)).toEqual(['real.json'])
      expect(refused).toEqual(
        [join(folder, 'pipe.json'), '/dev/null'].map((path) => ({
          name: basename(path),
          path,
          code: 'evidence.not_a_file',
          params: { name: basename(path) },
          grant: expect.any(String) as string,
        })),
      )
    },
  )

  it.runIf(process.platform === 'linux')(
    'says what it does not follow in a folder, and of a name that is no UTF-8',
    async () => {
      const folder = join(bench.folder, 'odd')
      mkdirSync(folder)
      const real = bench.file('real.json', windowsLines(5))
      symlinkSync(real, join(folder, 'linked.json'))
      writeFileSync(
        Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xcd, 0xd9]), Buffer.from('.json')]),
        'x',
      )
      mkdirSync(join(folder, ...Array.from({ length: 140 }, () => 'd')), { recursive: true })
      const { refused, evidence } = await bench.import(folder)
      expect(evidence).toEqual([])
      expect(refused.map(({ code, name }) => [code, name]).sort()).toEqual([
        ['evidence.file_name', '\ufffd\ufffd.json'],
        ['evidence.link', 'linked.json'],
        ['evidence.too_deep', 'd'],
      ])
      // The case can still say it when the message is gone.
      const { rows } = await bench.client.call('audit.list', { limit: 50 })
      expect(
        rows.filter(({ action }) => action === 'evidence.refuse').map(({ details }) => details['code']),
      ).toEqual(['evidence.too_deep', 'evidence.link', 'evidence.file_name'])
      expect(rows.find(({ action }) => action === 'evidence.refuse')?.details['path']).toContain('/odd/d/d/')
      // The link itself may be given: who gives it sees where it leads.
      const given = await bench.import(join(folder, 'linked.json'))
      expect(given.evidence).toMatchObject([{ read: 5 }])
    },
  )

  it('says of half a ZIP that nothing of it was imported, and imports nothing', async () => {
    const whole = await zip({ 'a.json': windowsLines(200) })
    const path = bench.file('half.zip', whole.subarray(0, whole.length / 2))
    const { refused, evidence } = await bench.import(path)
    expect(evidence).toEqual([])
    expect(refused).toMatchObject([{ code: 'evidence.archive_broken' }])
    expect(await bench.client.call('evidence.list', {})).toEqual([])
    expect(errorTexts.en['evidence.archive_broken']).toContain('Nothing of it was imported')
    expect(errorTexts['zh-TW']['evidence.archive_broken']).toContain('沒有匯入其中任何內容')
    expect(errorTexts.ja['evidence.archive_broken']).toContain('何も取り込まれていません')
  })

  it('refuses the same bytes under another name, and says what they are', async () => {
    await bench.import(bench.file('a.json', windowsLines(5)))
    const { refused, evidence } = await bench.import(bench.file('b.json', windowsLines(5)))
    expect(evidence).toEqual([])
    expect(refused).toEqual([
      {
        name: 'b.json',
        path: join(bench.folder, 'b.json'),
        code: 'evidence.duplicate',
        params: { name: 'b.json', as: 'a.json', id: '1' },
        grant: expect.any(String) as string,
      },
    ])
  })

  it('counts records that another file already brought as duplicates', async () => {
    await bench.import(bench.file('a.json', windowsLines(50)))
    const { evidence } = await bench.import(bench.file('b.json', windowsLines(80)))
    expect(evidence[0]).toMatchObject({ read: 80, stored: 30, duplicate: 50, rejected: 0 })
    expect((await bench.client.call('event.search', {})).total).toBe(80)
  })

  it('lets duplicates take the place of a removed record', async () => {
    await bench.import(bench.file('a.json', windowsLines(50)))
    await bench.import(bench.file('b.json', windowsLines(80)))
    await bench.client.run('evidence.remove', { evidenceId: '1' })
    const rows = await bench.client.call('evidence.list', {})
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ read: 80, stored: 80, duplicate: 0, events: 80 })
    expect((await bench.client.call('event.search', {})).total).toBe(80)
  })

  it('removes all that an item brought', async () => {
    await bench.import(bench.file('a.eml', MAIL))
    await bench.client.run('correlation.run', {})
    await bench.client.run('evidence.remove', { evidenceId: '1' })
    await bench.client.run('correlation.run', {})
    const info = await bench.client.call('case.info', {})
    expect(info?.counts).toEqual({
      evidence: 0,
      events: 0,
      messages: 0,
      messageCopies: 0,
      directoryObjects: 0,
      entities: 0,
      relations: 0,
      issues: 0,
    })
    expect((await bench.client.call('url.list', {})).total).toBe(0)
    const custody = (await bench.client.call('audit.list', {})).rows.map((row) => row.action)
    expect(custody).toEqual([
      'case.create',
      'evidence.add',
      'evidence.imported',
      'correlation.run',
      'evidence.remove',
      'correlation.run',
    ])
  })

  it('opens a ZIP, names the member in every locator, lists what it cannot use', async () => {
    const path = bench.file(
      'logs.zip',
      await zip({ 'x/a.json': windowsLines(20), 'notes.bin': '\u0001\u0002\u0003 nothing', 'y/m.eml': MAIL }),
    )
    const { evidence } = await bench.import(path)
    expect(evidence[0]).toMatchObject({
      read: 21,
      stored: 21,
      format: 'windows-json+eml',
      bytes: statSync(path).size,
      bytesRead: statSync(path).size,
    })
    const issues = await bench.client.call('evidence.issues', {})
    expect(issues.rows.map((row) => [row.code, row.locator])).toEqual([
      ['archive.unrecognised_member', 'notes.bin'],
    ])
    expect((await bench.client.call('event.search', { limit: 1 })).rows[0]?.locator).toMatch(/^x\/a\.json · /)
  })

  it('takes a folder with everything in it', async () => {
    const inner = join(bench.folder, 'export', 'deep')
    mkdirSync(inner, { recursive: true })
    bench.file('export/a.json', windowsLines(3))
    bench.file('export/deep/m.eml', MAIL)
    const { totals } = await bench.import(join(bench.folder, 'export'))
    expect(totals).toMatchObject({ files: 2, read: 4, stored: 4 })
  })

  it('keeps what stood before the cut in a truncated EVTX file', async () => {
    const whole = readFileSync(new URL('../../fixtures/evtx/good.evtx', import.meta.url))
    const { evidence } = await bench.import(bench.file('cut.evtx', whole.subarray(0, whole.length - 1000)))
    const [row] = evidence
    expect(row?.stored).toBeGreaterThan(0)
    expect(row?.issues.length).toBeGreaterThan(0)
    expect(row?.read).toBe((row?.stored ?? 0) + (row?.duplicate ?? 0) + (row?.rejected ?? 0))
  })

  it('goes by content, whatever the extension says', async () => {
    const { evidence } = await bench.import(bench.file('pictures.png', windowsLines(4)))
    expect(evidence[0]).toMatchObject({ format: 'windows-json', stored: 4 })
  })

  it('lets the analyst choose the format', async () => {
    const { evidence } = await bench.client.run('evidence.import', {
      grants: [bench.file('a.json', windowsLines(4))],
      format: 'json-lines',
    })
    expect(evidence[0]).toMatchObject({ format: 'json-lines', confidence: 1 })
  })

  it.each([
    ['an unknown file', () => 'just some words about nothing', 'evidence.unrecognised'],
    [
      'random bytes',
      () => Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 7919 + 13) % 251)),
      'evidence.unrecognised',
    ],
    ['an empty file', () => '', 'evidence.empty'],
  ])('refuses %s with its code, and stores nothing', async (_what, content, code) => {
    const { refused, evidence } = await bench.import(bench.file('x.dat', content()))
    expect(evidence).toEqual([])
    expect(refused).toMatchObject([{ name: 'x.dat', code }])
    expect((await bench.client.call('case.info', {}))?.counts.evidence).toBe(0)
  })

  it('refuses a ZIP of which not one member is left', async () => {
    const whole = await zip({ 'a.json': windowsLines(200) })
    const { refused } = await bench.import(bench.file('stub.zip', whole.subarray(0, 20)))
    expect(refused).toMatchObject([{ name: 'stub.zip', code: 'evidence.archive_broken' }])
  })

  it('goes on with the other files when one is refused', async () => {
    const { refused, evidence } = await bench.import(
      bench.file('no.txt', 'words'),
      bench.file('a.json', windowsLines(2)),
    )
    expect([refused.length, evidence.length]).toEqual([1, 1])
  })

  it('says that a missing file cannot be read', async () => {
    const { refused } = await bench.import(join(bench.folder, 'none.json'))
    expect(refused).toMatchObject([{ code: 'evidence.unreadable', params: { reason: 'ENOENT' } }])
  })

  it('rejects a mail without headers as a record that could not be read, and shows it', async () => {
    const { evidence } = await bench.import(bench.file('x.eml', 'Hello,\n\nthis is only a body.\n'))
    expect(evidence[0]).toMatchObject({
      format: 'eml',
      read: 1,
      stored: 0,
      rejected: 1,
      status: 'done-with-rejects',
    })
    const { rows } = await bench.client.call('evidence.issues', {})
    expect(rows).toMatchObject([{ code: 'eml.no_headers', records: 1 }])
    expect(rows[0]?.excerpt).toContain('Hello')
  })

  it('resumes only the very bytes that were registered', async () => {
    const path = bench.file('a.json', windowsLines(30))
    await bench.import(path)
    await bench.engine.close()
    const db = new Database(bench.casePath)
    db.exec(`UPDATE evidence SET status = 'importing', cursor = '{"part":0,"records":0,"importer":null}'`)
    db.close()
    bench.file('a.json', 'secrets of this machine, not evidence')
    await bench.client.call('case.open', { grant: bench.casePath })
    const { refused, evidence } = await bench.client.run('evidence.resume', {})
    expect([refused.map((file) => file.code), evidence]).toEqual([['evidence.replaced'], []])
    expect(refused[0]?.params).toEqual({ name: 'a.json', id: '1' })
    // What it holds now would stand beside what was read of the other bytes.
    const again = await bench.import(path)
    expect(again.refused.map((file) => file.code)).toEqual(['evidence.replaced'])
    rmSync(path)
    const gone = await bench.client.run('evidence.resume', {})
    expect(gone.refused).toMatchObject([{ code: 'evidence.gone', params: { id: '1', reason: 'ENOENT' } }])
  })

  /** Does something to the file as soon as records of it are stored. */
  const during = async (path: string, act: () => void) => {
    let isDone = false
    const stop = bench.client.onEvent((event) => {
      if (isDone || event.type !== 'job.progress' || (event.counters['records'] ?? 0) === 0) return
      isDone = true
      act()
    })
    const result = await bench.import(path)
    stop()
    expect(isDone).toBe(true)
    return result
  }

  it('reads what was hashed of a file that grows meanwhile, and nothing behind it', async () => {
    const path = bench.file('grows.json', windowsLines(40_000))
    const before = statSync(path).size
    const { evidence, refused } = await during(path, () => appendFileSync(path, windowsLines(500)))
    expect(refused).toEqual([])
    expect(evidence).toMatchObject([{ status: 'done', read: 40_000, bytes: before, bytesRead: before }])
  })

  it('keeps nothing of a file whose hashed bytes change meanwhile, and takes it as it is afterwards', async () => {
    const path = bench.file('changes.json', windowsLines(40_000))
    const { evidence, refused } = await during(path, () => {
      const file = openSync(path, 'r+')
      writeSync(file, 'X', 5)
      closeSync(file)
    })
    expect(evidence).toEqual([])
    expect(refused).toMatchObject([{ code: 'evidence.changed' }])
    expect(await bench.client.call('evidence.list', {})).toEqual([])
    expect((await bench.client.call('case.info', {}))?.counts).toMatchObject({
      events: 0,
      evidence: 0,
      issues: 0,
    })
    const { rows } = await bench.client.call('audit.list', { limit: 10 })
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['evidence.add', 'evidence.fail', 'evidence.remove']),
    )
    expect((await bench.import(path)).evidence).toMatchObject([{ read: 40_000 }])
  })

  const goingOn: Record<string, (path: string) => Promise<unknown>> = {
    'importing again': (path) => bench.import(path),
    continuing: () => bench.client.run('evidence.resume', { evidenceIds: ['1'] }),
  }
  it.each(Object.keys(goingOn))(
    'can be cancelled: what is stored stays whole, and %s goes on',
    async (way) => {
      const path = bench.file('big.json', windowsLines(40_000))
      const { jobId } = await bench.client.call('evidence.import', { grants: [path] })
      await new Promise<void>((resolve) => {
        const stop = bench.client.onEvent((event) => {
          if (event.type === 'job.progress' && (event.counters['records'] ?? 0) > 0)
            void bench.client.call('job.cancel', { id: jobId })
          if (event.type === 'job.ended') {
            stop()
            resolve()
          }
        })
      })
      const [cut] = await bench.client.call('evidence.list', {})
      expect(cut?.status).toBe('cancelled')
      expect(cut?.stored).toBe(cut?.events)
      expect(cut?.stored).toBeLessThan(40_000)
      // Nobody asked for it: only what was cut off goes on by itself.
      expect((await bench.client.run('evidence.resume', {})).evidence).toEqual([])
      await goingOn[way]?.(path)
      const [whole] = await bench.client.call('evidence.list', {})
      expect(whole).toMatchObject({
        status: 'done',
        read: 40_000,
        stored: 40_000,
        duplicate: 0,
        events: 40_000,
      })
      // Read to its end, there is nothing to go on with.
      await expect(bench.client.run('evidence.resume', { evidenceIds: ['1'] })).rejects.toMatchObject({
        code: 'request.not_found',
      })
    },
  )
})

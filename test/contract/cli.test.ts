import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pinnedNode } from '../../tools/checkout.mjs'
import { redthread, redthreadJson, redthreadProcess } from '../support/cli.ts'

const message = (id: string, subject: string): string =>
  `From: Ada <ada@sender.example>\r\nTo: bo@corp.example\r\nSubject: ${subject}\r\nDate: Mon, 02 Mar 2026 08:00:00 +0000\r\nMessage-ID: <${id}@sender.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhttp://pay.sender.example/${id}\r\n`

/** As mail carries it: an encoded word. */
const encoded = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`

let folder: string
let casePath: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redthread-cli-'))
  casePath = join(folder, 'case.redthread')
  await mkdir(join(folder, 'mail'))
  await writeFile(
    join(folder, 'mail', 'one.eml'),
    message('one', encoded('red \u001b[31mtext\u0007 \u202egpj.exe')),
  )
  await writeFile(join(folder, 'mail', 'two.eml'), message('two', 'plain'))
  await writeFile(
    join(folder, 'lines.jsonl'),
    '{"@timestamp":"2026-03-02T08:00:00Z","host":"ws-01","message":"a"}\n{"broken\n',
  )
  await writeFile(join(folder, 'list.txt'), 'http://pay.sender.example/one\n')
  await redthread(['new', casePath])
  await redthread(['import', casePath, join(folder, 'mail')])
  await redthread(['correlate', casePath])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('redthread', () => {
  it('lists its commands, and explains each, in three languages', async () => {
    const help = await redthread(['--help'])
    expect(help.code).toBe(0)
    const names = [...help.stdout.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name ?? '')
    expect(names).toEqual(
      expect.arrayContaining([
        'new',
        'import',
        'stories',
        'exposure',
        'detections',
        'report',
        'serve',
        'demo',
      ]),
    )
    for (const lang of ['zh-TW', 'ja']) {
      const translated = await redthread(['import', '--help', '--lang', lang])
      expect(translated.code).toBe(0)
      expect(translated.stdout).toContain('--zone ZONE')
      expect(translated.stdout).toMatch(/[\u3040-\u9fff]/)
      expect(translated.stdout).not.toContain('cli.')
    }
  })

  it.each([
    [[]],
    [['frobnicate']],
    [['--frob']],
    [['import', 'only-a-case']],
    [['events', 'c', 'q', 'too', 'many']],
    [['events', 'c', '--limit', '0']],
    [['events', 'c', '--limit', '10001']],
    [['events', 'c', '--limit']],
    [['events', 'c', '--unknown']],
    [['events', 'c', '--limit', '1', '--limit', '2']],
    [['entities', 'c', '--type', 'planet']],
    [['chains', 'c']],
    [['paths', 'c', '--from', '1']],
    [['paths', 'c', '--from', 'x', '--to', '1']],
    [['paths', 'c', '--from', 'user:', '--to', '1']],
    [['chains', 'c', '--from', 'planet:mars']],
    [['chains', 'c', '--from', '1', '--matched', '2', '--matched', 'planet:mars']],
    [['relations', 'c', '--entity', 'amber']],
    [['paths', 'c', '--from', '1', '--to', '2', '--next']],
    [['paths', 'c', '--from', '1', '--to', '2', '--include', 'flew-to']],
    [['paths', 'c', '--reach', 'amber']],
    [['stories', 'c', '--min-score', '101']],
    [['detections', 'c', '--level', 'fatal']],
    [['exposure', 'c']],
    [['exposure', 'c', '1', '--matrix', '2']],
    [['exposure', 'c', '--campaign', 'url']],
    [['report', 'c', '--out', 'r.html', '--from', 'amber']],
    [['import', 'c', 'file', '--zone', 'Foo']],
    [['events', 'c', '-chrome']],
    [['report', 'c', '--out', 'r.docx']],
    [['policy', 'c', 'burn']],
    [['patterns', 'c', 'add']],
    [['work', 'c', 'frobnicate']],
    [['identities', 'c', 'frobnicate']],
    [['work', 'c', 'mark', 'event:1']],
    [['work', 'c', 'remove', 'x1']],
    [['work', 'c', 'relate', '1', '2']],
    [['new', 'c', '--zone', 'Mars/Base']],
    [['evidence', 'c', '--lang', 'tlh']],
    [['serve', 'c', '--port', '70000']],
  ])('calls %j bad usage: exit code 2, one sentence, no trace', async (args) => {
    const { code, stdout, stderr } = await redthread([...args, '--json'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^redthread: .+\n$/)
    expect(stderr).not.toMatch(/\n\s+at |cli\.|usage\./)
    const document = JSON.parse(stdout) as Record<string, unknown>
    const message = stderr.slice('redthread: '.length).trimEnd()
    expect(document).toMatchObject({ schema: 1, error: { code: 'request.usage', message } })
  })

  it('keeps what the analyst says, lists it and takes it back', async () => {
    const document = async (args: readonly string[]) => (await redthreadJson(args)).document
    const added = await document(['work', casePath, 'entity', 'user', 'the caller', '--reason', 'helpdesk'])
    expect(added).toMatchObject({ schema: 1, id: '1' })
    const made = await document([
      'work',
      casePath,
      'relate',
      'user:the caller',
      'message:one@sender.example',
      '--label',
      'phoned about',
      '--reason',
      'call list',
      '--confidence',
      '80',
    ])
    expect(made).toMatchObject({ schema: 1, id: '1' })
    await document([
      'work',
      casePath,
      'mark',
      'message:one@sender.example',
      '--type',
      'verdict',
      '--value',
      'malicious',
      '--text',
      'invoice nobody ordered',
    ])
    expect(await document(['work', casePath, 'list'])).toMatchObject({
      marks: [{ type: 'verdict', value: 'malicious', target: { kind: 'entity' } }],
      total: 1,
      next: null,
      entities: [{ name: 'the caller' }],
      relations: [{ label: 'phoned about', confidence: 0.8, from: { name: 'the caller' } }],
      views: [],
    })
    const shown = await redthread(['work', casePath])
    expect(shown.stdout).toContain('the caller')
    expect(await document(['work', casePath, 'undo'])).toEqual({ schema: 1, done: true })
    expect(await document(['work', casePath, 'remove', 'e1'])).toMatchObject({ removed: 2 })
    expect(await document(['work', casePath])).toMatchObject({ marks: [], entities: [], relations: [] })
  })

  it('ends its process with the code of the command, with the same answer on stdout', async () => {
    const lines = join(folder, 'rejected.jsonl')
    const other = join(folder, 'codes.redthread')
    await writeFile(lines, '{"@timestamp":"2026-03-02T09:00:00Z","host":"ws-09","message":"b"}\n{"broken\n')
    await redthread(['new', other])
    expect((await redthreadProcess(['import', other, lines])).code).toBe(3)
    for (const [args, code] of [
      [['evidence', other, '--json'], 0],
      [['evidence', join(folder, 'nowhere')], 1],
      [['events', other, '--limit', 'many'], 2],
    ] as const) {
      const ended = await redthreadProcess(args)
      expect([args, ended.code]).toEqual([args, code])
      expect(await redthread(args)).toEqual(ended)
    }
  }, 120_000)

  it('says how an entity is written', async () => {
    const { stderr } = await redthread(['paths', casePath, '--from', 'x', '--to', '1'])
    for (const form of ['user:CORP\\jdoe', 'endpoint:ws-01', 'message:<id>', '"x"'])
      expect(stderr).toContain(form)
  })

  it('takes a query that begins with a dash after --, and says so', async () => {
    const { stderr } = await redthread(['events', casePath, '-chrome'])
    expect(stderr).toContain('-- "-chrome"')
    const { stdout } = await redthread(['events', casePath, '--json', '--', '-chrome'])
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, total: 2 })
  })

  it('lists what there is when a format or section does not exist', async () => {
    const format = await redthread(['import', casePath, join(folder, 'list.txt'), '--format', 'foo'])
    expect(format.code).toBe(2)
    expect(format.stderr).toContain('windows-json')
    const section = await redthread([
      'report',
      casePath,
      '--out',
      join(folder, 's.html'),
      '--sections',
      'foo',
    ])
    expect(section.code).toBe(2)
    expect(section.stderr).toContain('hash-manifest')
  })

  it.each([
    [['events', 'nosuchfield:x'], 'request.unknown_field', /"nosuchfield".*user, host/],
    [['events', 'kind:logn'], 'request.unknown_kind', /"logn".*: logon, /],
    [['events', 'ip:999.1.1.1'], 'request.invalid', /"ip"/],
    [['events', '--cursor', 'zzz'], 'request.invalid', /"--cursor"/],
    [['entities', '--cursor', 'zzz'], 'request.invalid', /"--cursor"/],
    [['relations', '--cursor', 'zzz'], 'request.invalid', /"--cursor"/],
    [['evidence', '--issues', '--cursor', 'zzz'], 'request.invalid', /"--cursor"/],
  ])('answers %j with %s', async ([name = '', ...args], code, words) => {
    const answer = await redthreadJson([name, casePath, ...args])
    expect(answer.code).toBe(2)
    expect(answer.document['error']).toMatchObject({
      code,
      message: expect.stringMatching(words) as string,
    })
  })

  it('gives its help and version as one document with --json, wherever that stands', async () => {
    const all = await redthreadJson(['--help'])
    expect(all.code).toBe(0)
    expect((await redthreadJson(['help'])).document).toEqual(all.document)
    const before = await redthread(['--json', '--lang', 'en', '--help'])
    expect(JSON.parse(before.stdout)).toEqual(all.document)
    const rows = all.document['commands'] as Record<string, string>[]
    expect(rows.map((row) => Object.keys(row))).toEqual(rows.map(() => ['name', 'usage', 'summary']))
    expect(rows.find((row) => row['name'] === 'events')?.['usage']).toBe('redthread events CASE [QUERY]')
    const { document } = await redthreadJson(['serve', '--help'])
    expect(document['commands']).toMatchObject([
      { name: 'serve', options: [{ name: 'port', value: 'N' }, {}, {}, {}, {}] },
    ])
    expect((await redthreadJson(['--version'])).document).toMatchObject({
      schema: 1,
      version: expect.stringMatching(/^\d/) as string,
    })
  })

  it('says that the port is in use', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { code, stderr } = await redthread(['serve', casePath, '--no-open', '--port', String(port)])
    server.close()
    expect(code).toBe(1)
    expect(stderr).toBe(`redthread: Port ${port} is in use; choose another or leave it out.\n`)
  })

  it('says that the folder of a report cannot be written to', async () => {
    const out = join(folder, 'no-such-folder', 'x.html')
    const { code, stderr } = await redthread(['report', casePath, '--out', out])
    expect(code).toBe(1)
    expect(stderr).toContain('Cannot write to "x.html"')
    expect(stderr).not.toContain('Try HTML')
  })

  it('calls a missing or foreign case a failure', async () => {
    expect((await redthread(['events', join(folder, 'none.redthread')])).code).toBe(1)
    expect((await redthread(['events', join(folder, 'lines.jsonl')])).code).toBe(1)
    expect((await redthread(['new', casePath])).code).toBe(1)
  })

  it('answers every listing with the document of CLI.md', async () => {
    const shapes: [string[], string[]][] = [
      [
        ['evidence', casePath],
        ['schema', 'case', 'evidence'],
      ],
      [
        ['evidence', casePath, '--issues'],
        ['schema', 'case', 'evidence', 'issues', 'total', 'next'],
      ],
      [
        ['events', casePath],
        ['schema', 'events', 'total', 'next'],
      ],
      [
        ['entities', casePath],
        ['schema', 'entities', 'total', 'next'],
      ],
      [
        ['relations', casePath],
        ['schema', 'relations', 'total', 'next'],
      ],
      [
        ['readiness', casePath],
        [
          ...['schema', 'readiness', 'endpointsWithSensor', 'endpointsWithoutSensor', 'mailClients'],
          'clocks',
        ],
      ],
      [
        ['stories', casePath],
        ['schema', 'stories', 'total', 'next'],
      ],
      [
        ['detections', casePath],
        ['schema', 'detections', 'total', 'next'],
      ],
      [
        ['paths', casePath, '--next'],
        ['schema', 'compromised', 'compromisedTotal', 'targets', 'targetTotal'],
      ],
      [
        ['policy', casePath, 'show'],
        ['schema', 'policy', 'isDefault'],
      ],
      [
        ['policy', casePath, 'list'],
        ['schema', 'policies'],
      ],
      [
        ['policy', casePath, 'drafts', '--threshold', 'count:2'],
        ['schema', 'drafts', 'administrators', 'users', 'actions', 'pending', 'list'],
      ],
      [
        ['clicks', casePath],
        ['schema', 'counts', 'clicks', 'total', 'next'],
      ],
      [
        ['patterns', casePath, 'list'],
        ['schema', 'packs'],
      ],
    ]
    for (const [args, keys] of shapes) {
      const { code, document } = await redthreadJson(args)
      expect(code, args.join(' ')).toBe(0)
      expect(Object.keys(document)).toEqual(keys)
      expect(document['schema']).toBe(1)
    }
  })

  it('says of every name of an entity why it is one of its names', async () => {
    const { document } = await redthreadJson(['entities', casePath])
    const aliases = (document['entities'] as { aliases: Record<string, unknown>[] }[]).flatMap(
      (entity) => entity.aliases,
    )
    expect(aliases.length).toBeGreaterThan(0)
    for (const alias of aliases) {
      expect(alias['reason']).toMatch(/^[A-Z][a-z]+[ -]/)
      expect(alias['reasonCode']).toMatchObject({ key: expect.stringMatching(/^identity\./) as string })
    }
  })

  it('judges a message without a case', async () => {
    const policy = join(folder, 'policy.json')
    await writeFile(
      policy,
      JSON.stringify({
        schema: 1,
        name: 'p',
        service: 'exchange-online',
        securityLevel: 'medium',
        actions: { matched: 'delete' },
      }),
    )
    const pack = join(folder, 'list.txt')
    const { code, document } = await redthreadJson([
      ...['judge', join(folder, 'mail', 'one.eml'), '--policy', policy, '--pack', pack],
    ])
    expect(code).toBe(0)
    expect(Object.keys(document)).toEqual([
      ...[
        'schema',
        'policy',
        'service',
        'at',
        'excluded',
        'action',
        'urls',
        'files',
        'notifications',
        'notes',
      ],
    ])
    expect(document).toMatchObject({
      action: 'delete',
      urls: [{ url: 'http://pay.sender.example/one', decidedBy: 'level', clause: 'W18' }],
    })
    const refused = await redthreadJson([
      'judge',
      'http://a.example/',
      '--policy',
      join(folder, 'lines.jsonl'),
    ])
    expect(refused).toMatchObject({ code: 2, document: { error: { code: 'request.usage' } } })
  })

  it('pages with a cursor and streams everything with --all', async () => {
    const first = await redthreadJson(['entities', casePath, '--limit', '1'])
    const total = Number(first.document['total'])
    expect(total).toBeGreaterThan(1)
    const second = await redthreadJson([
      'entities',
      casePath,
      '--limit',
      '1',
      '--cursor',
      String(first.document['next']),
    ])
    const idOf = (document: Record<string, unknown>) => (document['entities'] as { id: string }[])[0]?.id
    expect(idOf(second.document)).not.toBe(idOf(first.document))
    const { stdout } = await redthread(['entities', casePath, '--all'])
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string })
    expect(new Set(rows.map((row) => row.id)).size).toBe(total)
  })

  it('tells rejected records by exit code 3 and keeps the figures whole', async () => {
    const other = join(folder, 'other.redthread')
    await redthread(['new', other])
    const { code, document } = await redthreadJson([
      'import',
      other,
      join(folder, 'lines.jsonl'),
      '--zone',
      'Europe/Berlin',
    ])
    expect(code).toBe(3)
    const totals = document['totals'] as Record<string, number>
    expect(totals['read']).toBe(
      (totals['stored'] ?? 0) + (totals['duplicate'] ?? 0) + (totals['rejected'] ?? 0),
    )
    expect(totals['rejected']).toBe(1)
    expect(document['case']).toBe(other)
  })

  it('says why a file was not imported: what is there already is no failure, what nobody can read is', async () => {
    const again = await redthread(['import', casePath, join(folder, 'mail', 'one.eml')])
    expect([again.code, again.stdout.includes('SHA-256')]).toEqual([0, true])
    const words = join(folder, 'words.txt')
    await writeFile(words, 'only words')
    expect((await redthread(['import', casePath, words])).code).toBe(1)
  })

  it('removes evidence', async () => {
    const other = join(folder, 'removal.redthread')
    await redthread(['new', other])
    await redthread(['import', other, join(folder, 'mail')])
    expect(await redthreadJson(['remove', other, '1'])).toMatchObject({
      code: 0,
      document: { removed: true },
    })
    expect(((await redthreadJson(['evidence', other])).document['evidence'] as unknown[]).length).toBe(1)
    expect((await redthread(['remove', other, '77'])).code).toBe(1)
  })

  it('looks into packs, compares them, switches them and analyses what they leave untested', async () => {
    const rated = join(folder, 'packs.redthread')
    const patterns = (...words: string[]) => redthreadJson(['patterns', rated, ...words])
    await redthread(['new', rated])
    await redthread(['import', rated, join(folder, 'mail')])
    const [one, two] = [join(folder, 'one.txt'), join(folder, 'two.txt.gz')]
    await writeFile(one, 'evil.test\nold.test\n')
    await writeFile(two, gzipSync('evil.test\nnew.test\n'))
    await patterns('add', one, '--name', 'feed', '--version', '1', '--created-at', '2026-01-01T00:00:00Z')
    expect(
      await patterns('add', two, '--name', 'feed', '--version', '2', '--levels', '*=suspicious'),
    ).toMatchObject({ code: 0, document: { packs: [{ levels: [{ level: 'suspicious', count: 2 }] }] } })
    expect((await patterns('compare', '1', 'feed@2')).document).toMatchObject({
      counts: { same: 0, added: 1, removed: 1, changed: 1 },
      differences: [{ kind: 'changed' }, { kind: 'added' }, { kind: 'removed' }],
    })
    expect((await patterns('compare', '1', 'feed@2', '--stored')).document).toMatchObject({
      counts: { added: 1 },
      differences: [],
      total: 0,
    })
    expect((await patterns('entries', 'feed@1', 'old')).document).toMatchObject({
      pack: 'feed@1',
      entries: [{ pattern: 'old.test', scope: 'host', level: 'dangerous' }],
    })
    expect((await patterns('off', '2')).document).toMatchObject({
      packs: [{ isCurrent: true }, { isOn: false, isCurrent: false, precedence: null }],
    })
    expect((await patterns('on', 'feed@2')).document).toMatchObject({
      packs: [{ replacedBy: 'feed@2' }, { isOn: true, precedence: 1 }],
    })
    expect((await patterns('formats')).document).toMatchObject({
      formats: expect.arrayContaining([
        expect.objectContaining({ id: 'plain-list', levels: { '@@': 'safe', '*': 'dangerous' } }),
      ]) as unknown,
    })
    const analysed = await patterns('analyse')
    expect(analysed).toMatchObject({ code: 0 })
    expect(analysed.document['analysed']).toBe(analysed.document['urls'])
    for (const words of [['off', '9'], ['entries'], ['add', one, '--levels', 'x=bad'], ['vanish']])
      expect((await patterns(...words)).code, words.join(' ')).toBe(2)
  })

  it('adds packs, sets a policy and scans again', async () => {
    const scanned = join(folder, 'retro.redthread')
    await redthread(['new', scanned])
    await redthread(['import', scanned, join(folder, 'mail')])
    await redthread(['correlate', scanned])
    expect((await redthread(['retro-scan', scanned])).code).toBe(1)
    const policy = JSON.parse((await redthread(['policy', scanned, 'show'])).stdout) as Record<
      string,
      unknown
    >
    const file = join(folder, 'policy.json')
    await writeFile(
      file,
      JSON.stringify({ ...policy, retroScan: { enabled: true, consentAt: '2026-03-01T00:00:00Z' } }),
    )
    expect(await redthread(['policy', scanned, 'set', file])).toMatchObject({ code: 0 })
    expect(
      await redthreadJson([
        'patterns',
        scanned,
        'add',
        join(folder, 'list.txt'),
        '--created-at',
        '2026-03-10T00:00:00Z',
      ]),
    ).toMatchObject({ code: 0 })
    const { code, document } = await redthreadJson(['retro-scan', scanned])
    expect(code).toBe(0)
    expect(Object.keys(document)).toEqual(
      expect.arrayContaining([
        'run',
        'counts',
        'turned',
        'newlyMatching',
        'noLongerMatching',
        'excluded',
        'exposure',
      ]),
    )
    const words = await redthread(['retro-scan', scanned])
    expect(words.stdout).not.toMatch(/https?:\/\//)

    const again = await redthreadJson(['retro-scan', scanned, '--base', '1'])
    expect(again.document).toMatchObject({ run: { base: '1', rated: 0 }, counts: document['counts'] })
    const plan = await redthreadJson(['plan', scanned])
    expect(Object.keys(plan.document)).toEqual(expect.arrayContaining(['run', 'counts', 'items']))
    expect((await redthread(['plan', scanned])).stdout).not.toMatch(/https?:\/\//)
    const [step] = plan.document['items'] as { id: string; action: string }[]
    if (step === undefined) throw new Error('no step')
    const decided = await redthreadJson(['plan', scanned, 'approve', step.id.slice(0, 8), '--note', 'agreed'])
    expect(decided.document).toMatchObject({ state: 'approved', changed: 1, ids: [step.id] })
    expect((await redthreadJson(['plan', scanned])).document['items']).toContainEqual(
      expect.objectContaining({ id: step.id, state: 'approved', note: 'agreed' }),
    )
    expect((await redthread(['plan', scanned, 'decline', step.action, '--lang', 'ja'])).stdout).toContain(
      '却下',
    )
    expect((await redthread(['plan', scanned, 'reopen', step.action])).code).toBe(0)
    for (const wrong of [['approve'], ['approve', 'zzzzzzzz'], ['execute', step.id]])
      expect((await redthread(['plan', scanned, ...wrong])).code).toBe(2)
    const out = join(folder, 'plan.ps1')
    const written = await redthreadJson(['plan', scanned, '--format', 'powershell', '--all', '--out', out])
    expect(written.document).toMatchObject({ path: out })
    expect(await readFile(out, 'utf8')).toContain('if (-not $CarryOut)')
    expect((await redthread(['plan', scanned, '--format', 'csv', '--all'])).stdout).toContain('message_id')
    expect((await redthread(['plan', scanned, '--format', 'exe'])).code).toBe(2)
    const listed = await redthreadJson(['retro-runs', scanned])
    const ids = (listed.document['runs'] as { id: string }[]).map(({ id }) => id)
    expect(ids.slice(-1)).toEqual(['1'])
    const compared = await redthreadJson(['retro-runs', scanned, '1', ids[0] ?? ''])
    expect(compared.document).toMatchObject({ isSamePolicy: true, turned: { onlyFrom: [], onlyTo: [] } })
    expect((await redthread(['retro-runs', scanned, '1', ids[0] ?? ''])).stdout).toContain(
      'Only in run 1: turned 0',
    )
    expect((await redthread(['retro-runs', scanned, '999', '1'])).code).toBe(1)
  })

  it('prints no control character of the evidence, neither as words nor as JSON', async () => {
    for (const args of [
      ['events', casePath],
      ['entities', casePath],
      ['events', casePath, '--json'],
      ['entities', casePath, '--json'],
      ['events', casePath, '--all'],
    ]) {
      const { stdout } = await redthread(args)
      expect(
        [...stdout].filter((character) =>
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(character),
        ),
      ).toEqual([])
    }
    expect((await redthread(['entities', casePath])).stdout).toContain('\\u202e')
  })

  it('counts relative paths from where the user stands', async () => {
    const env = { npm_lifecycle_event: 'redthread', INIT_CWD: folder }
    const viaNpm = await redthread(['evidence', 'case.redthread', '--json'], { cwd: tmpdir(), env })
    expect(JSON.parse(viaNpm.stdout)).toMatchObject({ case: casePath })
    const direct = await redthread(['evidence', 'case', '--json'], {
      cwd: folder,
      env: { INIT_CWD: tmpdir() },
    })
    expect(JSON.parse(direct.stdout)).toMatchObject({ case: casePath })
  })

  it('writes the report as HTML', async () => {
    const out = join(folder, 'r.html')
    const { code, document } = await redthreadJson([
      'report',
      casePath,
      '--out',
      out,
      '--generated-at',
      '2026-03-20T00:00:00Z',
    ])
    expect(code).toBe(0)
    expect(document).toMatchObject({ schema: 1, path: out, format: 'html' })
    expect(await readFile(out, 'utf8')).toMatch(/^<!doctype html>/i)
  })

  it('serves a case, prints its address and closes it on Ctrl+C', async () => {
    const cli = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.js')
    const child = spawn(pinnedNode(), [cli, 'serve', casePath, '--no-open', '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let text = ''
    for await (const chunk of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
      text += chunk
      if (text.trimEnd().endsWith('}')) break
    }
    const { address } = JSON.parse(text) as { address: string }
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
    expect(await (await fetch(address)).text()).toContain('<div id="app">')
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGINT')
    expect(await ended).toBe(0)
    // Closed properly: the journal is folded in and the file opens from read-only media.
    expect((await redthread(['evidence', casePath])).code).toBe(0)
  })
})

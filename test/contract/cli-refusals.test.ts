import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pinnedNode } from '../../tools/checkout.mjs'
import { redthread, redthreadJson } from '../support/cli.ts'
import { windowsLines } from '../support/workbench.ts'

let folder: string
let casePath: string
const at = (name: string): string => join(folder, name)
const file = (name: string, content: string): string => {
  writeFileSync(at(name), content)
  return at(name)
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redthread-refusals-'))
  casePath = at('incident.redthread')
  await redthread(['new', casePath])
  await redthread(['import', casePath, file('log.jsonl', windowsLines(5))])
  await redthread(['correlate', casePath])
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

const POLICY = {
  schema: 1,
  name: 'mail',
  service: 'exchange-online',
  securityLevel: 'high',
  actions: { matched: 'quarantine' },
}

describe('what a command writes', () => {
  it('is never the case, another one or an original: said in words that name it, exit code 1', async () => {
    const before = readFileSync(casePath)
    for (const words of [
      ['export', casePath, '--to', 'stix', '--out', casePath],
      ['manifest', casePath, '--out', casePath],
      ['archive', casePath, '--out', casePath],
      ['plan', casePath, '--out', casePath],
      ['verify', casePath, '--save-manifest', casePath],
    ]) {
      const { code, stderr } = await redthread(words)
      expect({ words, code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('incident.redthread') as unknown,
      })
    }
    const evidence = await redthreadJson(['export', casePath, '--to', 'events-csv', '--out', at('log.jsonl')])
    expect(evidence).toMatchObject({ code: 1, document: { error: { code: 'output.evidence' } } })
    const report = join(folder, 'r.html')
    expect(
      await redthreadJson([
        'report',
        casePath,
        '--out',
        report,
        '--sections',
        'cover',
        '--manifest',
        casePath,
      ]),
    ).toMatchObject({ code: 1, document: { error: { code: 'output.case' } } })
    // Only entries of the log came to it; it is a case still, and readable by its owner alone.
    expect(readFileSync(casePath).subarray(0, 16)).toEqual(before.subarray(0, 16))
    expect(await redthreadJson(['verify', casePath])).toMatchObject({ code: 0, document: { ok: true } })
    expect(statSync(casePath).mode & 0o777).toBe(0o600)
  }, 120_000)

  it('is told when the log of the case has no entry of it', async () => {
    const code = `import('${join(folder, 'hold.mjs')}')`
    writeFileSync(
      at('hold.mjs'),
      `import Database from ${JSON.stringify(join(import.meta.dirname, '../../node_modules/better-sqlite3/lib/index.js'))}
const lock = new Database(${JSON.stringify(`${casePath}-lock`)})
lock.exec('BEGIN EXCLUSIVE')
console.log('held')
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))`,
    )
    const holder = spawn(pinnedNode(), ['-e', code], { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      await once(holder.stdout, 'data')
      const out = at('open.html')
      // Another title: made within one second of a report that the log has, it would else be that very report.
      const words = ['report', casePath, '--out', out, '--sections', 'cover', '--title', 'Open']
      const written = await redthread([...words, '--json'])
      expect(JSON.parse(written.stdout)).toMatchObject({ logged: false })
      expect(written).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('not in its audit log') as unknown,
      })
      const events = ['export', casePath, '--to', 'events-csv', '--out', at('open.csv')]
      expect((await redthreadJson(events)).document).toMatchObject({ logged: false })
      const verified = await redthread(['verify', casePath, '--report', out])
      expect(verified).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('leaves no entry in the log') as unknown,
      })
    } finally {
      holder.stdin.end()
      await once(holder, 'exit')
    }
    const words = ['report', casePath, '--out', at('own.html'), '--sections', 'cover']
    expect((await redthreadJson(words)).document).toMatchObject({ logged: true })
  }, 120_000)
})

describe('a time', () => {
  it('is one, or nothing is written', async () => {
    const words = ['report', casePath, '--out', at('t.html'), '--sections', 'cover']
    for (const [more, env] of [
      [['--generated-at', 'yesterday'], {}],
      [[], { SOURCE_DATE_EPOCH: 'abc' }],
    ] as const) {
      const { code, stderr } = await redthread([...words, ...more], { env: { ...env } })
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/yesterday|abc/) as unknown,
      })
    }
    expect(existsSync(at('t.html'))).toBe(false)
  }, 60_000)
})

describe('patterns add', () => {
  it('adds what it can, one by one, and says of each file what became of it', async () => {
    const good = file('good.txt', 'http://bad.example/a\n')
    const bad = file('bad.json', '{"entries": [')
    const last = file('last.txt', 'http://worse.example/b\n')
    const first = await redthreadJson(['patterns', casePath, 'add', good, bad, last])
    expect(first).toMatchObject({
      code: 3,
      document: {
        packs: [{ source: 'good.txt' }, { source: 'last.txt' }],
        present: [],
        refused: [{ file: bad, message: expect.stringContaining('bad.json') as unknown }],
      },
    })
    const again = await redthread(['patterns', casePath, 'add', good, bad, last])
    expect(again.code).toBe(3)
    expect(again.stdout).toContain(`Already in this case: ${good}`)
    expect(again.stdout).toContain(`Not added: ${bad}: `)
    expect((await redthread(['patterns', casePath, 'add', good])).code).toBe(0)
    expect((await redthread(['patterns', casePath, 'add', bad])).code).toBe(1)
    expect((await redthread(['patterns', casePath, 'add', good, last, '--version', '1'])).code).toBe(2)
  }, 60_000)

  it('and judge name the file of a pack', async () => {
    const policy = file('ok.policy.json', JSON.stringify(POLICY))
    const words = ['judge', 'http://bad.example/a', '--policy', policy]
    const { code, stderr } = await redthread([...words, '--pack', at('good.txt'), '--pack', at('bad.json')])
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('bad.json') as unknown,
    })
  }, 60_000)
})

describe('import', () => {
  it('says where each refused file lies, what to do, and that nothing of a wrong format was kept', async () => {
    mkdirSync(at('a'))
    mkdirSync(at('b'))
    for (const one of ['a', 'b']) writeFileSync(join(folder, one, 'Security.evtx'), '')
    const table = file('semi.csv', 'x;y\n1;2\n3;4\n')
    const refused = await redthread(['import', casePath, at('a'), at('b'), table])
    expect(refused.code).toBe(1)
    for (const path of [at('a/Security.evtx'), at('b/Security.evtx')]) expect(refused.stdout).toContain(path)
    expect(refused.stdout).toContain('--mapping')
    const wrong = await redthreadJson(['import', casePath, table, '--format', 'evtx'])
    expect(wrong).toMatchObject({
      code: 1,
      document: { evidence: [], refused: [{ code: 'evidence.nothing_read', path: table }] },
    })
    expect((await redthread(['import', casePath, table, '--encoding', 'klingon'])).stderr).toContain(
      'No encoding is called "klingon"',
    )
    const dates = file('dates.csv', 'Zeit;Benutzer\n3/4/2026 10:00:00;amber\n5/6/2026 10:00:00;amber\n')
    const mapping = {
      schema: 1,
      name: 'm',
      rows: 'csv',
      delimiter: ';',
      kind: 'logon',
      fields: { 'user.name': 'Benutzer' },
    }
    const given = file('m.json', JSON.stringify({ ...mapping, fields: { 'user.nam': 'Benutzer' } }))
    const said = await redthread(['import', casePath, dates, '--mapping', given])
    expect(said.stdout).toContain('"user.nam" is no target')
    expect((await redthread(['import', casePath, dates, '--mapping', given, '--format', 'evtx'])).code).toBe(
      2,
    )
    const two = file('m2.json', JSON.stringify({ ...mapping, schema: 2 }))
    expect((await redthread(['import', casePath, dates, '--mapping', two])).stderr).toContain(
      'its schema is 1',
    )
  }, 120_000)

  it('proposes no mapping for what is no table, nor for a zone that does not exist', async () => {
    const log = file('x.bin', 'just words\nand more words\n')
    expect(await redthreadJson(['mapping', casePath, log])).toMatchObject({
      code: 1,
      document: { error: { code: 'mapping.no_table' } },
    })
    expect((await redthread(['mapping', casePath, at('semi.csv'), '--zone', 'Mars/Base'])).code).toBe(2)
  }, 60_000)
})

describe('a slip', () => {
  it.each([
    ['key without manifest', ['verify', 'CASE', '--key', 'k.pub'], '--manifest'],
    ['code without issues', ['evidence', 'CASE', '--code', 'x'], '--issues'],
    ['out without target', ['export', 'CASE', '--out', 'x'], '--to'],
    ['direction without expand', ['chains', 'CASE', '--from', 'user:x', '--direction', 'in'], '--expand'],
    ['an argument too many', ['correlate', 'CASE', 'surplus'], '"surplus"'],
    ['an empty argument', ['new', ''], 'empty'],
    ['a template that is none', ['report', 'CASE', '--out', 'x.html', '--template', 'ful'], 'executive'],
    ['a service that is none', ['policy', 'CASE', 'show', '--service', 'klingon'], 'exchange-online'],
  ])('is told as one: %s', async (_what, words, told) => {
    const { code, stderr } = await redthread(words.map((word) => (word === 'CASE' ? casePath : word)))
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(told) as unknown })
  })

  it('of a part that is not merged, of a step or item that is not there, is none of an answer', async () => {
    const other = at('other.redthread')
    await redthread(['new', other])
    const merged = await redthread(['merge', casePath, other, '--dry-run', '--without', 'marks'])
    expect(merged).toMatchObject({ code: 2, stderr: expect.stringContaining('mark, ') as unknown })
    const marked = await redthreadJson(['work', casePath, 'mark', 'plan-item:zzzz', '--type', 'flag'])
    expect(marked).toMatchObject({ code: 1, document: { error: { code: 'request.not_found' } } })
    const issues = await redthreadJson(['evidence', casePath, '--issues', '--evidence', '99'])
    expect(issues).toMatchObject({ code: 1, document: { error: { code: 'request.not_found' } } })
  }, 60_000)

  it('in a policy is told with its file and the words there are', async () => {
    const good = file('good.policy.json', JSON.stringify(POLICY))
    const bad = file('bad.policy.json', JSON.stringify({ ...POLICY, actions: { matched: 'move-to-spam' } }))
    for (const words of [
      ['policy', casePath, 'set', bad],
      ['judge', 'http://bad.example/a', '--policy', good, '--policy', bad],
    ]) {
      const { code, stderr } = await redthread(words)
      expect(code, words.join(' ')).toBe(1)
      expect(stderr).toContain('bad.policy.json')
      expect(stderr).toContain('move-to-junk')
    }
  }, 60_000)

  it('in one policy keeps no other out', async () => {
    const good = file('good.policy.json', JSON.stringify(POLICY))
    const bad = file('bad.policy.json', JSON.stringify({ ...POLICY, actions: { matched: 'move-to-spam' } }))
    const torn = file('torn.policy.json', '{')
    const given = [bad, at('none.json'), torn]
    const some = await redthreadJson(['policy', casePath, 'set', given[0] ?? '', good, ...given.slice(1)])
    expect(some).toMatchObject({
      code: 3,
      document: { policies: [{ name: POLICY.name }], refused: given.map((name) => ({ file: name })) },
    })
    const told = JSON.stringify(some.document['refused'])
    for (const words of ['move-to-junk', 'There is no file', 'torn.policy.json'])
      expect(told).toContain(words)
    const none = await redthread(['policy', casePath, 'set', ...given])
    expect(none).toMatchObject({ code: 1, stdout: expect.stringContaining('Not set: ') as unknown })
  }, 60_000)

  it('of a path is told in words, not in codes of the system', async () => {
    for (const words of [
      ['judge', 'http://bad.example/a', '--policy', at('none.json')],
      ['judge', 'http://bad.example/a', '--policy', folder],
      ['sweep', casePath, at('none.txt')],
      ['sweep', casePath, folder],
      ['import', casePath, at('none.evtx')],
    ]) {
      const { code, stdout, stderr } = await redthread(words)
      expect(code, words.join(' ')).toBe(1)
      expect(`${stdout}${stderr}`).not.toMatch(/ENOENT|EISDIR/)
    }
  }, 60_000)
})

describe('sweep', () => {
  it('prints no address that can be followed, and file names as they are', async () => {
    const iocs = file(
      'iocs.csv',
      'type,value,comment\nurl,http://bad.example/x,see http://bad.example/x\nfile-name,cmd.exe,\n',
    )
    const { stdout, stderr } = await redthread(['sweep', casePath, iocs])
    expect(`${stdout}${stderr}`).not.toContain('http://')
    const preview = await redthread(['sweep', casePath, iocs, '--preview'])
    expect(preview.stdout).not.toContain('http://')
    expect(preview.stdout).toContain('cmd.exe')
  }, 60_000)
})

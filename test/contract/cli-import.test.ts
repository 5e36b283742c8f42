import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockedZip, zipOf } from '../support/archives.ts'
import { redthread, redthreadJson } from '../support/cli.ts'
import { windowsLines } from '../support/workbench.ts'

describe('redthread import', () => {
  let folder: string
  let casePath: string
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'redthread-cli-import-'))
    casePath = join(folder, 'case.redthread')
    expect((await redthread(['new', casePath])).code).toBe(0)
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }

  it('opens a locked archive with --password-file, and keeps the password out of case and output', async () => {
    const secret = 'Very-secret-word-77'
    const archive = file('a.zip', await lockedZip({ 'a.json': windowsLines(4) }, secret, 3))
    const locked = await redthreadJson(['import', casePath, archive])
    expect(locked).toMatchObject({ code: 1, document: { refused: [{ code: 'evidence.encrypted' }] } })
    const passwords = file('passwords.txt', `wrong\n${secret}\n`)
    const opened = await redthread(['import', casePath, archive, '--password-file', passwords, '--json'])
    expect(opened.code).toBe(0)
    expect(JSON.parse(opened.stdout)).toMatchObject({ totals: { read: 4, stored: 4 } })
    expect(opened.stdout + opened.stderr).not.toContain(secret)
    expect(readFileSync(casePath).includes(secret)).toBe(false)
  })

  it('reads a table as --mapping says, also inside an archive beside what importers know', async () => {
    const mapping = file(
      'mapping.json',
      JSON.stringify({
        schema: 1,
        name: 'Firewall',
        rows: 'csv',
        kind: 'network',
        time: { field: 'when', format: 'iso' },
        fields: { 'source.ip': 'client', 'destination.ip': 'server' },
      }),
    )
    const rows = 'when;client;server\n2026-03-02T08:00:00Z;192.0.2.1;198.51.100.7\n'
    const archive = file('a.zip', await zipOf({ 't.csv': rows, 'a.json': windowsLines(3) }))
    const { code, document } = await redthreadJson(['import', casePath, archive, '--mapping', mapping])
    expect(document).toMatchObject({ totals: { read: 4, stored: 4 }, evidence: [{ issues: [] }] })
    expect(code).toBe(0)
  })

  it('calls a mapping that does not fit a failure, naming its field, and an unknown order or encoding a slip', async () => {
    const mapping = file('mapping.json', JSON.stringify({ schema: 1, name: 'x', rows: 'pdf' }))
    const table = file('t.csv', 'a;b\n1;2\n')
    const answer = await redthreadJson(['import', casePath, table, '--mapping', mapping])
    expect(answer).toMatchObject({
      code: 1,
      document: { error: { code: 'mapping.invalid', params: { name: 'mapping.json', field: 'rows' } } },
    })
    expect((await redthread(['import', casePath, table, '--date-order', 'year-first'])).code).toBe(2)
    expect((await redthread(['import', casePath, table, '--encoding', 'klingon'])).code).toBe(2)
  })

  it('narrows the issues of a case down', async () => {
    const archive = file(
      'a.zip',
      await zipOf({ 'x.bin': '\u0001\u0002 nothing', 'a.json': `${windowsLines(2)}\n{"EventID": 4,` }),
    )
    await redthreadJson(['import', casePath, archive])
    const codesOf = async (...filter: string[]) => {
      const { document } = await redthreadJson(['evidence', casePath, '--issues', ...filter])
      return (document as { issues: { code: string }[] }).issues.map(({ code }) => code)
    }
    expect(await codesOf()).toEqual(['windows-json.syntax', 'archive.unrecognised_member'])
    expect(await codesOf('--lost')).toEqual(['windows-json.syntax'])
    expect(await codesOf('--code', 'archive.unrecognised_member')).toEqual(['archive.unrecognised_member'])
    expect(await codesOf('--text', 'x.bin')).toEqual(['archive.unrecognised_member'])
    expect(await codesOf('--evidence', '1')).not.toEqual([])
    const none = await redthreadJson(['evidence', casePath, '--issues', '--evidence', '7'])
    expect(none).toMatchObject({ code: 1, document: { error: { code: 'request.not_found' } } })
  })
})

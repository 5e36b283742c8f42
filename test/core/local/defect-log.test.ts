import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { logFile, noteDefect } from '../../../core/local/defect-log.ts'
import { WorkbenchError } from '../../../core/model/errors.ts'

describe('the log of this user', () => {
  let folder: string
  let file: string
  const said: string[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redthread-log-'))
    file = join(folder, 'deeper', 'redthread.log')
    said.length = 0
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  })
  afterEach(() => {
    vi.restoreAllMocks()
    rmSync(folder, { recursive: true })
  })
  const note = (thrown: unknown, more: NodeJS.ProcessEnv = {}) =>
    noteDefect(thrown, 'evidence.import', { REDTHREAD_LOG: file, ...more })
  const written = () => readFileSync(file, 'utf8')

  it('takes in what nobody foresaw, under the id the error bears, readable by this user alone', () => {
    const error = note(new TypeError('no such thing', { cause: new Error('the first fault') }))
    expect(error).toMatchObject({ code: 'internal', params: { name: 'TypeError' } })
    expect(error.params['log']).toMatch(/^[0-9a-f]{8}$/)
    expect(written()).toContain(` ${String(error.params['log'])} redthread `)
    expect(written()).toMatch(/evidence\.import\nTypeError\n +at .*defect-log\.test\.ts/)
    expect(written()).toContain('caused by Error\n')
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(said.join('')).toBe(
      `redthread: internal error ${String(error.params['log'])} in evidence.import, see ${file}\n`,
    )
  })

  it('is left alone by errors that have words, and by what it has taken in', () => {
    const known = new WorkbenchError('store.locked')
    expect(note(known)).toBe(known)
    const noted = note(new WorkbenchError('internal', { name: 'job-thread' }))
    expect(noted.params).toMatchObject({ name: 'job-thread', log: expect.any(String) as string })
    expect(note(noted)).toBe(noted)
    expect(written().match(/evidence\.import/g)).toHaveLength(1)
  })

  it('holds no message, which can quote evidence; the terminal shows it to who asks', () => {
    const quoting = new SyntaxError(
      `Unexpected token in "anna@heron.example"\n    at secret \u001b[2J${'x'.repeat(10_000)}`,
    )
    const about = { REDTHREAD_TRACE: '1' }
    note(quoting, about)
    const full: NodeJS.ErrnoException = new Error('no room for anna')
    full.code = 'ENOSPC'
    note(full)
    note('anna, thrown as text')
    expect(written()).not.toMatch(/anna|secret|xxx/)
    expect(written()).toMatch(/SyntaxError\n +at .*defect-log/)
    expect(written()).toContain('Error ENOSPC')
    expect(written()).toContain('unknown')
    expect(said.join('')).toContain('SyntaxError: Unexpected token in "anna@heron.example"')
    expect(said.join('')).not.toContain('\u001b')
  })

  it('begins anew when it is large, and keeps the one before', () => {
    note(new Error('old'))
    writeFileSync(file, 'x'.repeat(2 << 20))
    note(new Error('new'))
    expect(written()).toMatch(/Error\n +at /)
    expect(statSync(`${file}.1`).size).toBe(2 << 20)
  })

  it('goes to stderr where it cannot be written, or nobody wants it', () => {
    writeFileSync(join(folder, 'deeper'), 'a file in the way')
    note(new Error('unwritten'))
    note(new Error('unwanted'), { REDTHREAD_LOG: '' })
    expect(said.join('')).toMatch(/Error: unwritten\n +at [\s\S]*Error: unwanted\n +at /)
  })

  it('stands where it is named, else in the folder of this user', () => {
    expect(logFile({ REDTHREAD_LOG: file })).toBe(file)
    expect(logFile({ REDTHREAD_LOG: '' })).toBeNull()
    expect(logFile({ XDG_CONFIG_HOME: folder, APPDATA: folder })).toMatch(/[Rr]edthread[\\/]redthread\.log$/)
  })
})

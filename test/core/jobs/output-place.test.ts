import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectOutput } from '../../../core/jobs/output-place.ts'
import { createCase } from '../../../core/store/case-file.ts'

let folder = ''
const at = (name: string): string => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redthread-output-'))
  createCase(at('a.redthread'), 'UTC', '0', 0)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const refused = (path: string, kept?: Parameters<typeof expectOutput>[1]): unknown => {
  try {
    expectOutput(path, kept)
  } catch (thrown) {
    return thrown
  }
  return undefined
}

describe('a place to write to', () => {
  it('may be new, or a file of no account', () => {
    writeFileSync(at('old.html'), 'x')
    expect(refused(at('old.html'))).toBeUndefined()
    expect(refused(at('new.html'))).toBeUndefined()
    expect(refused(at('no/such/folder/new.html'))).toBeUndefined()
  })

  it('is no case, under whatever name or link', () => {
    linkSync(at('a.redthread'), at('hard.csv'))
    symlinkSync(at('a.redthread'), at('soft.csv'))
    symlinkSync(folder, at('..dir'))
    for (const name of ['a.redthread', 'hard.csv', 'soft.csv', '..dir/hard.csv'])
      expect(refused(at(name)), name).toMatchObject({
        code: 'output.case',
        params: { file: name.split('/').at(-1) },
      })
  })

  it('is nothing that is called a case, though its bytes cannot be told', () => {
    writeFileSync(at('Empty.RedThread'), '')
    expect(refused(at('Empty.RedThread'))).toMatchObject({ code: 'output.case' })
  })

  it.each(['-wal', '-shm', '-journal', '-lock', '-WAL'])(
    'is not what SQLite would take for a part of a case (%s), be it there or not',
    (ending) => {
      expect(refused(at(`a.redthread${ending}`))).toMatchObject({ code: 'output.case' })
      expect(refused(at(`b.csv${ending}`))).toBeUndefined()
    },
  )

  it('is no original, and no file that is read by the same request', () => {
    writeFileSync(at('Security.evtx'), 'x')
    linkSync(at('Security.evtx'), at('other.json'))
    symlinkSync(at('Security.evtx'), at('link.json'))
    const originals = [
      { id: 3, name: 'Security.evtx', path: at('Security.evtx') },
      { id: 4, name: 'gone', path: at('gone') },
    ]
    for (const name of ['Security.evtx', 'other.json', 'link.json'])
      expect(refused(at(name), { originals }), name).toMatchObject({
        code: 'output.evidence',
        params: { id: '3', name: 'Security.evtx', folder },
      })
    expect(refused(at('other.json'), { inputs: [at('Security.evtx')] })).toMatchObject({
      code: 'output.input',
    })
  })

  it('is no device', () => {
    expect(refused('/dev/null')).toMatchObject({ code: 'store.unwritable' })
  })
})

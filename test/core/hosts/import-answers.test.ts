import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readMapping, readPasswords } from '../../../core/hosts/cli/import-answers.ts'

const MAPPING = {
  schema: 1,
  name: 'Proxy',
  rows: 'csv',
  kind: 'network',
  time: { field: 'when', format: 'iso' },
  fields: { 'source.ip': 'client' },
}

describe('answers on the command line', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redthread-answers-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const file = (content: string | Uint8Array): string => {
    const path = join(folder, 'answers')
    writeFileSync(path, content)
    return path
  }

  it('reads a mapping, with or without a byte-order mark', async () => {
    for (const mark of ['', '\ufeff'])
      expect(await readMapping('import', file(mark + JSON.stringify(MAPPING)))).toMatchObject({
        name: 'Proxy',
        kind: 'network',
        constants: {},
      })
  })

  it.each([
    ['a kind there is not', { ...MAPPING, kind: 'printer' }, 'kind'],
    ['a field there is not', { ...MAPPING, colour: 'red' }, 'colour'],
    ['another schema', { ...MAPPING, schema: 2 }, 'schema'],
    ['a field of a wrong type', { ...MAPPING, fields: { 'source.ip': 7 } }, 'fields.source.ip'],
    ['a list', [], 'schema'],
  ])('names the field of a mapping with %s', async (_what, value, field) => {
    await expect(readMapping('import', file(JSON.stringify(value)))).rejects.toMatchObject({
      code: 'mapping.invalid',
      params: { name: 'answers', field },
    })
  })

  it('calls a mapping that is no JSON a slip, and one that is missing unreadable', async () => {
    await expect(readMapping('import', file('{'))).rejects.toMatchObject({
      code: 'request.usage',
      params: { key: 'usage.json_file' },
    })
    await expect(readMapping('import', join(folder, 'none'))).rejects.toMatchObject({
      code: 'file.missing',
      params: { file: 'none' },
    })
  })

  it('reads passwords line by line, spaces kept, whatever the line ends and the encoding', async () => {
    expect(await readPasswords('import', file('\ufeffone\r\n two \r\n\r\n密碼\n'))).toEqual([
      'one',
      ' two ',
      '密碼',
    ])
    expect(await readPasswords('import', file(Buffer.from('\ufeffone\r\ntwo', 'utf16le')))).toEqual([
      'one',
      'two',
    ])
  })

  it('refuses too many or too long passwords without repeating one', async () => {
    for (const content of ['p\n'.repeat(101), 'secret'.repeat(200)]) {
      const refused = readPasswords('import', file(content))
      await expect(refused).rejects.toMatchObject({
        code: 'request.usage',
        params: { key: 'import.passwords', name: 'answers', count: 100, length: 1000 },
      })
      await expect(refused.catch((error: unknown) => JSON.stringify(error))).resolves.not.toContain('secret')
    }
    await expect(readPasswords('import', file('x'.repeat(2_000_000)))).rejects.toMatchObject({
      code: 'evidence.too_large',
    })
  })
})

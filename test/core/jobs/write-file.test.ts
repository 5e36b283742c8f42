import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeWhole } from '../../../core/jobs/write-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redthread-write-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('writing a report', () => {
  it('replaces the file and leaves nothing beside it', async () => {
    const path = join(folder, 'r.html')
    writeFileSync(path, 'old')
    await writeWhole(path, Buffer.from('new'))
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(readdirSync(folder)).toEqual(['r.html'])
  })

  it('names the reason when the folder is not there or is a file', async () => {
    await expect(writeWhole(join(folder, 'no', 'r.html'), Buffer.from('x'))).rejects.toMatchObject({
      code: 'store.unwritable',
    })
    writeFileSync(join(folder, 'file'), '')
    await expect(writeWhole(join(folder, 'file', 'r.html'), Buffer.from('x'))).rejects.toMatchObject({
      code: 'store.unwritable',
    })
    await expect(writeWhole(folder, Buffer.from('x'))).rejects.toMatchObject({ code: 'store.unwritable' })
    expect(readdirSync(folder)).toEqual(['file'])
  })
})

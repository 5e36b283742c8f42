import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { casePath } from '../../../core/hosts/cli/invocation-path.ts'

describe('the path of a case', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redthread-path-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('may leave the ending out, also when a folder of evidence has the same name', () => {
    const path = join(folder, 'incident')
    expect(casePath(path)).toBe(path)
    writeFileSync(`${path}.redthread`, '')
    expect(casePath(path)).toBe(`${path}.redthread`)
    mkdirSync(path)
    expect(casePath(path)).toBe(`${path}.redthread`)
  })

  it('is a file of exactly that name before one with the ending', () => {
    const path = join(folder, 'incident')
    writeFileSync(path, '')
    writeFileSync(`${path}.redthread`, '')
    expect(casePath(path)).toBe(path)
  })
})

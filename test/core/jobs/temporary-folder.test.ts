import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTemporaryFolder } from '../../../core/jobs/temporary-folder.ts'

const PREFIX = '.redthread-report-'
let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'redthread-temporary-'))
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

function older(name: string, hours: number): void {
  const path = join(parent, name)
  mkdirSync(path)
  writeFileSync(join(path, '1.part'), 'a piece of evidence')
  const at = new Date(Date.now() - hours * 3_600_000)
  utimesSync(path, at, at)
}

describe('A folder of temporary files', () => {
  it('is new, and its owner’s alone', async () => {
    const made = await makeTemporaryFolder(parent, PREFIX)
    expect(basename(made).startsWith(PREFIX)).toBe(true)
    if (process.platform !== 'win32') expect(statSync(made).mode & 0o777).toBe(0o700)
  })

  it('takes away what a killed process left behind, and nothing else', async () => {
    older(`${PREFIX}killed`, 30)
    older(`${PREFIX}atwork`, 1)
    older('reports', 30)
    const made = await makeTemporaryFolder(parent, PREFIX)
    expect(readdirSync(parent).sort()).toEqual([`${PREFIX}atwork`, basename(made), 'reports'].sort())
  })
})

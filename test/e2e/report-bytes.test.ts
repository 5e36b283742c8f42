import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redthread, redthreadJson } from '../support/cli.ts'

let folder = ''
let demo = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'redthread-e2e-'))
  demo = String((await redthreadJson(['demo', '--prepare'])).document['case'])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A copy of the demo case under the same name in a folder of its own. */
function copyOfDemo(name: string): string {
  mkdirSync(join(folder, name))
  const path = join(folder, name, 'demo.redthread')
  copyFileSync(demo, path)
  return path
}

describe('a report made by a process of its own', () => {
  it('has the same bytes in any zone and locale, from either of two copies of the case', async () => {
    const made = new Set<string>()
    for (const [index, [TZ, LANG]] of [
      ['UTC', 'C'],
      ['Asia/Taipei', 'zh_TW.UTF-8'],
      ['America/St_Johns', 'de_DE.UTF-8'],
      ['Pacific/Kiritimati', 'tr_TR.UTF-8'],
      ['Asia/Kathmandu', 'ar_EG.UTF-8'],
    ].entries()) {
      const out = join(folder, `r${index}.html`)
      const { code, stderr } = await redthread(
        [
          'report',
          copyOfDemo(`zone${index}`),
          '--out',
          out,
          '--redact',
          'users,own-addresses',
          '--lang',
          'ja',
        ],
        { env: { TZ, LANG, LC_ALL: LANG, SOURCE_DATE_EPOCH: '1773144000' } },
      )
      expect({ code, stderr: stderr.includes('rror') }).toEqual({ code: 0, stderr: false })
      made.add(createHash('sha256').update(readFileSync(out)).digest('hex'))
    }
    expect(made.size).toBe(1)
  })
})

import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Spools, type Spool } from '../../../../core/report/render/spool.ts'

const MIB = 1024 * 1024

let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'redthread-spool-'))
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const written = (): number =>
  readdirSync(parent, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)

const textOf = async (spool: Spool): Promise<string> => {
  const chunks: string[] = []
  for await (const chunk of spool.read()) chunks.push(chunk)
  return chunks.join('')
}

const fill = async (spools: Spools, letters: string): Promise<Spool[]> => {
  const made: Spool[] = []
  for (const letter of letters) {
    const spool = spools.create()
    for (let row = 0; row < 64; row += 1) await spool.add(letter.repeat(MIB / 64))
    await spool.end()
    made.push(spool)
  }
  return made
}

describe('Pieces of a report while it is made', () => {
  it('stay in memory when the report is short', async () => {
    const spools = new Spools(parent)
    const made = await fill(spools, 'abc')
    expect(written()).toBe(0)
    expect(await textOf(made[1]!)).toBe('b'.repeat(MIB))
  })

  it('keep no more in memory when there are many of them: the rest lies in files', async () => {
    const letters = 'abcdefghijklmnop'
    const spools = new Spools(parent)
    const made = await fill(spools, letters)
    expect(written()).toBeGreaterThanOrEqual((letters.length - 4) * MIB)
    for (const [index, letter] of [...letters].entries()) {
      expect(await textOf(made[index]!)).toBe(letter.repeat(MIB))
      expect(await textOf(made[index]!)).toBe(letter.repeat(MIB))
    }
    await spools.remove()
    expect(readdirSync(parent)).toEqual([])
  })

  it('stay in memory when there is no folder for them', async () => {
    const made = await fill(new Spools(null), 'abcdefgh')
    for (const spool of made) expect((await textOf(spool)).length).toBe(MIB)
  })
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorking } from '../../bench/correlate/build-working.ts'

/** Megabytes; identity and indexes of 50,000 events, held as objects, need more (ADR 0028). */
const HEAP = ['--max-old-space-size=48', '--max-semi-space-size=2']

interface Figures {
  readonly run: number
  readonly relations: number
  readonly failed: readonly string[]
  readonly peakBytes: number
}

describe('memory of a correlation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redthread-memory-'))
  beforeAll(async () => {
    symlinkSync(
      join(import.meta.dirname, '..', '..', '..', 'node_modules'),
      join(folder, 'node_modules'),
      'junction',
    )
    await buildWorking(join(folder, 'built'))
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const work = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...HEAP, join(folder, 'built', 'working.js'), ...args],
      { encoding: 'utf8' },
    )
    expect(status, stderr.slice(-2_000)).toBe(0)
    return stdout
  }
  const correlated = (events: number): Figures => {
    const path = join(folder, `${events}.redthread`)
    work('write', path, String(events))
    return JSON.parse(work('run', path)) as Figures
  }

  it('is enough for ten times the events, in the same heap', () => {
    const tenth = correlated(5_000)
    const whole = correlated(50_000)
    expect([tenth.failed, whole.failed]).toEqual([[], []])
    expect(whole.relations).toBeGreaterThan(tenth.relations * 8)
    // A small case does not fill SQLite's page cache of 64 MB: that is all the difference there may be.
    expect(whole.peakBytes - tenth.peakBytes).toBeLessThan(140e6)
  }, 300_000)
})

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { windowsLines } from '../support/workbench.ts'

const CLI = resolve('out/main/cli.js')
const RECORDS = 20_000

interface Answer {
  readonly status: number | null
  readonly json: {
    error?: { code: string }
    totals?: Record<string, number>
    evidence?: Record<string, unknown>[]
  }
  readonly stderr: string
}

/** Runs the built command line, optionally inside a shell line that sets limits or mounts first. */
function cli(
  args: readonly string[],
  shell?: (command: string) => readonly [string, readonly string[]],
): Answer {
  const quoted = [process.execPath, CLI, ...args, '--json'].map((part) => `'${part}'`).join(' ')
  const [file, argv] = shell ? shell(quoted) : ([process.execPath, [CLI, ...args, '--json']] as const)
  const run = spawnSync(file, argv, { encoding: 'utf8', timeout: 60_000, maxBuffer: 64 * 1024 * 1024 })
  return {
    status: run.status,
    json: run.stdout === '' ? {} : (JSON.parse(run.stdout) as Answer['json']),
    stderr: run.stderr,
  }
}

/** What a case holds, without ids of time: the same import leaves the same digest. */
function digest(path: string): string {
  const db = new Database(path, { readonly: true })
  const hash = createHash('sha256')
  for (const sql of [
    `SELECT e.at, e.kind, e.record, c.v AS command, g.v AS guid FROM event e LEFT JOIN str c ON c.id = e.command_line LEFT JOIN str g ON g.id = e.process_guid ORDER BY e.record, e.id`,
    'SELECT name, sha256, read, stored, duplicate, rejected, status FROM evidence ORDER BY id',
    'SELECT sum(records) AS records FROM raw_block',
    'SELECT count(*) AS keys FROM record_key',
  ])
    for (const row of db.prepare(sql).iterate()) hash.update(JSON.stringify(row))
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  db.close()
  return hash.digest('hex')
}

describe('faults from outside', () => {
  let folder: string
  let casePath: string
  let evidence: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redthread-faults-'))
    casePath = join(folder, 'a.redthread')
    evidence = join(folder, 'big.json')
    writeFileSync(evidence, windowsLines(RECORDS))
    const made = cli(['new', casePath])
    expect(made.status, made.stderr).toBe(0)
  })
  afterEach(() => {
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true, force: true })
  })

  it(
    'kill -9 in the middle of an import loses nothing and doubles nothing',
    { timeout: 180_000 },
    async () => {
      const whole = join(folder, 'whole.redthread')
      cli(['new', whole])
      expect(cli(['import', whole, evidence]).json.totals).toMatchObject({ read: RECORDS, stored: RECORDS })
      const expected = digest(whole)
      let cutInTheMiddle = 0
      for (let round = 0; round < 4; round += 1) {
        const victim = join(folder, `kill-${round}.redthread`)
        cli(['new', victim])
        const stored = await killDuringImport(victim, evidence, round)
        if (stored > 0 && stored < RECORDS) cutInTheMiddle += 1
        const resumed = cli(['import', victim, evidence])
        expect(resumed.status, resumed.stderr).toBe(0)
        expect(digest(victim)).toBe(expected)
      }
      // Kills before the first batch prove little; most must have hit the middle.
      expect(cutInTheMiddle).toBeGreaterThanOrEqual(2)
    },
  )

  it(
    'a full disk ends the import with a clear error; with room again it goes on',
    { timeout: 120_000 },
    () => {
      // The file-size limit is the full disk: SQLite gets the same refusal to write (trust.md P8).
      const cut = cli(['import', casePath, evidence], (command) => [
        'bash',
        ['-c', `trap '' XFSZ; ulimit -f 2000; ${command}`],
      ])
      expect(cut.json.error?.code, cut.stderr).toBe('store.disk_full')
      expect(cut.status).toBe(1)
      expect(cut.stderr).not.toMatch(/\bat .*\.js:\d+/)
      const rest = cli(['import', casePath, evidence])
      expect(rest.json.totals).toMatchObject({ read: RECORDS, stored: RECORDS, duplicate: 0, rejected: 0 })
      expect(digest(casePath)).toHaveLength(64)
    },
  )

  it('a case on read-only media opens for reading and refuses to be changed', () => {
    expect(cli(['import', casePath, evidence]).status).toBe(0)
    const media = join(folder, 'media')
    mkdirSync(media)
    const mounted = (command: string) =>
      `mount --bind '${folder}' '${media}' && mount -o remount,ro,bind '${media}' && ${command}`
    const readOnly = (command: string) => ['unshare', ['-rm', 'bash', '-c', mounted(command)]] as const
    const copy = join(media, 'a.redthread')
    const read = cli(['evidence', copy], readOnly)
    expect(read.json.evidence, read.stderr).toHaveLength(1)
    const write = cli(['import', copy, evidence], readOnly)
    expect(write.json.error?.code, write.stderr).toMatch(/^store\.(read_only|unwritable)$/)
    expect(statSync(casePath).isFile()).toBe(true)
  })

  it('a case on a full disk can still be looked at, and says why it cannot be changed', () => {
    expect(cli(['import', casePath, evidence]).status).toBe(0)
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    // A disk of its own, filled to the last byte behind the copy of the case.
    const full = (command: string) => {
      const size = Math.ceil(statSync(casePath).size / 1024) + 64
      const mount = `mount -t tmpfs -o size=${size}k tmpfs '${disk}'`
      const fill = `cat /dev/zero > '${disk}/filling' 2>/dev/null`
      return [
        'unshare',
        ['-rm', 'bash', '-c', `${mount} && cp '${casePath}' '${disk}/a.redthread'; ${fill}; ${command}`],
      ] as const
    }
    const copy = join(disk, 'a.redthread')
    const read = cli(['evidence', copy], full)
    expect(read.json.evidence, read.stderr).toHaveLength(1)
    const events = cli(['events', copy, 'echo 17', '--limit', '3'], full)
    expect(events.status, events.stderr).toBe(0)
    const write = cli(['remove', copy, '1'], full)
    expect(write.json.error?.code, write.stderr).toBe('store.disk_full')
  })

  it('a folder that cannot be written to is named', () => {
    const answer = cli(['new', '/proc/case.redthread'])
    expect(answer.json.error?.code).toBe('store.unwritable')
  })
})

/** Starts an import and kills it once some batches are in; returns what was stored by then. */
async function killDuringImport(casePath: string, evidence: string, round: number): Promise<number> {
  const child = spawn(process.execPath, [CLI, 'import', casePath, evidence, '--json'], { stdio: 'ignore' })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const isRunning = () => child.exitCode === null && child.signalCode === null
  while (isRunning() && storedSoFar(casePath) < 1 + round * 5000)
    await new Promise((next) => setTimeout(next, 2))
  child.kill('SIGKILL')
  await ended
  return storedSoFar(casePath)
}

/** Looks from outside while the import runs; between two states of the journal the file cannot be opened for a moment. */
function storedSoFar(casePath: string): number {
  let db: Database.Database
  try {
    db = new Database(casePath, { readonly: true, timeout: 2000 })
  } catch (thrown) {
    if ((thrown as { code?: string }).code === 'SQLITE_CANTOPEN') return 0
    throw thrown
  }
  try {
    return (db.prepare('SELECT coalesce(sum(stored), 0) FROM evidence').pluck().get() as number) || 0
  } finally {
    db.close()
  }
}

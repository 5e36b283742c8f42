import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, importOnce } from './bench.ts'
import { writeCsvInput } from './csv-input.ts'
import { hasCommand, inTurn, removeCase, timed } from './processes.ts'
import { atMost, faster, megabytes, type Result, spent, type Skipped } from './results.ts'
import { sqliteScript } from './sqlite-import.ts'

const INPUT_BYTES = 300_000_000

/** A Defender table of process starts to an indexed case, against the import of the sqlite3 command line. */
export async function measureCsv(bench: Bench): Promise<(Result | Skipped)[]> {
  return [...(await measureTable(bench, false)), ...(await measureTable(bench, true))]
}

async function measureTable(bench: Bench, isVaried: boolean): Promise<(Result | Skipped)[]> {
  const suffix = isVaried ? ', varied' : ''
  const measure = `CSV -> indexed case${suffix}`
  const file = join(bench.folder, 'input.csv')
  await writeCsvInput(file, INPUT_BYTES * bench.scale, isVaried)
  const bytes = statSync(file).size
  let imported = importOnce(bench, file)
  const size: Result = {
    measure: `CSV -> size of the case with its raw rows${suffix}`,
    ours: megabytes(imported.caseBytes),
    peer: `the file: ${megabytes(bytes)}`,
    ...atMost(imported.caseBytes / bytes, 0.65),
  }
  if (!hasCommand('sqlite3', '--version')) {
    rmSync(file)
    return [{ measure, skipped: 'sqlite3 is missing: apt-get install sqlite3' }, size]
  }
  const database = join(bench.folder, 'peer.db')
  const script = sqliteScript(bench.folder, file)
  const { ours, peer } = inTurn(
    bench.rounds,
    () => {
      imported = importOnce(bench, file)
      return imported.times
    },
    () => {
      removeCase(database)
      return timed('sqlite3', [database, `.read ${script}`], join(bench.folder, 'peer.txt'))
    },
  )
  const peerBytes = statSync(database).size
  removeCase(database)
  rmSync(file)
  return [
    {
      measure,
      ours: `${spent(ours)}, ${imported.stored} rows`,
      peer: `sqlite3 .import ${spent(peer)}, ${megabytes(peerBytes)}`,
      ...faster(ours, peer, 0.9),
    },
    size,
  ]
}

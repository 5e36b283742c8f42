import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, importOnce } from './bench.ts'
import { inventedJsonEvents, writeJsonInput } from './json-input.ts'
import { inTurn, timed } from './processes.ts'
import { faster, type Result, spent } from './results.ts'
import { jsonLines } from './samples.ts'

const INPUT_BYTES = 400_000_000

/** The events of the samples, or invented ones. */
export async function jsonEvents(bench: Bench): Promise<string[]> {
  const found = bench.samples === undefined ? [] : await jsonLines(bench.samples)
  return found.length > 0 ? found : inventedJsonEvents()
}

/** JSON lines to an indexed case, against JSON.parse of every line; as they are, and with varied command lines. */
export async function measureJson(bench: Bench): Promise<Result[]> {
  const events = await jsonEvents(bench)
  const results: Result[] = []
  for (const isVaried of [false, true]) {
    const file = join(bench.folder, 'input.jsonl')
    await writeJsonInput(file, INPUT_BYTES * bench.scale, events, isVaried)
    const output = join(bench.folder, 'floor.txt')
    let records = 0
    const { ours, peer } = inTurn(
      bench.rounds,
      () => {
        const imported = importOnce(bench, file)
        records = imported.stored
        return imported.times
      },
      () => timed(process.execPath, [join(bench.built, 'json-floor.js'), file], output),
    )
    rmSync(file)
    results.push({
      measure: `JSON lines -> indexed case${isVaried ? ', varied' : ''}`,
      ours: `${spent(ours)}, ${records} records`,
      peer: `JSON.parse ${spent(peer)}`,
      ...faster(ours, peer, 0.45),
    })
  }
  return results
}

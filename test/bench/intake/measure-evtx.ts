import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, importOnce } from './bench.ts'
import { filledChunks, inventedChunks, writeEvtxInput } from './evtx-input.ts'
import { hasCommand, inTurn, timed, type Times } from './processes.ts'
import { faster, type Result, spent, type Skipped } from './results.ts'
import { listFiles } from './samples.ts'

/** The size of a busy server's Security log. */
const INPUT_BYTES = 200_000_000

/** The npm package refuses files of more than 100 MB. */
const PACKAGE_BYTES = 95_000_000

/** EVTX to records and to an indexed case, against libevtx's tool and the npm package. */
export async function measureEvtx(bench: Bench): Promise<(Result | Skipped)[]> {
  const hasPeer = hasCommand('evtxexport', '-V')
  const found = bench.samples === undefined ? [] : filledChunks(listFiles(bench.samples, '.evtx'))
  const chunks = (found.length > 0 ? found : inventedChunks()).filter(
    (chunk) => !hasPeer || isReadByPeer(bench, chunk),
  )
  const file = join(bench.folder, 'input.evtx')
  const records = writeEvtxInput(file, INPUT_BYTES * bench.scale, chunks)
  const results: (Result | Skipped)[] = []
  if (hasPeer) results.push(...againstExport(bench, file, records))
  else
    for (const measure of ['EVTX -> records', 'EVTX -> indexed case'])
      results.push({ measure, skipped: 'evtxexport is missing: apt-get install libevtx-utils' })
  rmSync(file)
  writeEvtxInput(file, PACKAGE_BYTES * Math.min(1, bench.scale), chunks)
  results.push(againstPackage(bench, file))
  rmSync(file)
  return results
}

/** What makes libevtx give up the rest of a file is left out: it would be timed for a part of it only. */
function isReadByPeer(bench: Bench, chunk: Buffer): boolean {
  const file = join(bench.folder, 'chunk.evtx')
  const output = join(bench.folder, 'chunk.xml')
  const records = writeEvtxInput(file, 1, [chunk])
  timed('evtxexport', ['-f', 'xml', file], output, false)
  return count(readFileSync(output), '<EventRecordID') === records
}

function againstExport(bench: Bench, file: string, records: number): Result[] {
  const xml = join(bench.folder, 'peer.xml')
  const text = join(bench.folder, 'ours.txt')
  const exported = () => timed('evtxexport', ['-f', 'xml', file], xml)
  const read = () => timed(process.execPath, [join(bench.built, 'reading.js'), file, 'flat'], text)
  const reading = inTurn(bench.rounds, read, exported)
  let stored = 0
  const importing = inTurn(
    bench.rounds,
    () => {
      const imported = importOnce(bench, file)
      stored = imported.stored
      return imported.times
    },
    exported,
  )
  const printed = count(readFileSync(xml), '<EventRecordID')
  // Per record: the peer may leave some out, and so may we.
  const row = (measure: string, times: { ours: Times; peer: Times }, ours: number, goal: number): Result => ({
    measure,
    ours: `${spent(times.ours)}, ${ours} records`,
    peer: `evtxexport -f xml ${spent(times.peer)}, ${printed} records`,
    ...faster(times.ours, times.peer, goal, ours, printed),
  })
  return [
    row('EVTX -> records', reading, Number(readFileSync(text, 'utf8').split(' ')[0]), 20),
    row(`EVTX -> indexed case (${records} records)`, importing, stored, 8),
  ]
}

function againstPackage(bench: Bench, file: string): Result | Skipped {
  const measure = 'EVTX -> records'
  if (bench.peers === undefined)
    return {
      measure,
      skipped: 'npm install @ts-evtx/core in a folder of its own, then --peers FOLDER/node_modules',
    }
  const peerText = join(bench.folder, 'package.txt')
  const ourText = join(bench.folder, 'ours.txt')
  const script = join(import.meta.dirname, 'ts-evtx.ts')
  const { ours, peer } = inTurn(
    bench.rounds,
    () => timed(process.execPath, [join(bench.built, 'reading.js'), file, 'flat'], ourText),
    () => timed(process.execPath, [script, bench.peers ?? '', file], peerText),
  )
  const [ourRecords] = readFileSync(ourText, 'utf8').split(' ')
  const [peerRecords] = readFileSync(peerText, 'utf8').split(' ')
  return {
    measure,
    ours: `${spent(ours)}, ${ourRecords} records`,
    peer: `@ts-evtx/core renderXml ${spent(peer)}, ${peerRecords} records`,
    ...faster(ours, peer, 40, Number(ourRecords), Number(peerRecords)),
  }
}

function count(bytes: Buffer, text: string): number {
  let found = 0
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) found += 1
  return found
}

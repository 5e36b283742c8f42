/**
 * `npm run bench -- evtx [FILE.evtx|FOLDER]`: our EVTX reader against Debian's `evtxexport -f xml` (libevtx) on the same
 * file, whole processes including their start, alternating, medians of five. Target: 15 times (performance.md, G1).
 * The input is made of the well-filled chunks of what is given, repeated to 120 MB, the size of a busy server's Security
 * log (on 28 MB the start of Node is a third of our time); without an argument our writer makes them.
 */
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { writeEvtx, type WindowsEventSpec } from '../../core/demo/evtx-writer.ts'

const ROUNDS = 5
const TARGET = 15
const INPUT_BYTES = 120_000_000
const CHUNK_BYTES = 65_536
const FILLED_TO = 52_000

function main(given: string | undefined, folder: string): Promise<void> {
  const input = join(folder, 'input.evtx')
  const { bytes, distinct } = makeInput(given)
  writeFileSync(input, bytes)
  console.log(
    `input: ${(bytes.length / 1e6).toFixed(1)} MB, ${distinct} distinct chunks ${given ?? '(our writer)'}`,
  )
  return compare(input, folder)
}

async function compare(input: string, folder: string): Promise<void> {
  const reader = await bundle(folder)
  const ours = { flat: [] as number[], raw: [] as number[] }
  const peer: number[] = []
  const hasPeer = spawnSync('evtxexport', ['-V'], { stdio: 'ignore' }).error === undefined
  if (!hasPeer)
    console.log('evtxexport is missing (Debian package libevtx-utils): only our own time is shown')
  let peerRecords = 0
  for (let round = 0; round < ROUNDS; round++) {
    ours.flat.push(run(process.execPath, [reader, input, 'flat'], join(folder, 'flat.txt')))
    if (hasPeer) peer.push(run('evtxexport', ['-f', 'xml', input], join(folder, 'peer.xml')))
    ours.raw.push(run(process.execPath, [reader, input, 'raw'], join(folder, 'raw.txt')))
  }
  const records = Number(readFileSync(join(folder, 'flat.txt'), 'utf8').split(' ')[0])
  console.log(`redthread, flat events:      ${show(ours.flat)}, ${records} records`)
  console.log(`redthread, flat and as JSON: ${show(ours.raw)}`)
  if (!hasPeer) return
  peerRecords = count(readFileSync(join(folder, 'peer.xml')), '<EventRecordID>')
  console.log(`evtxexport -f xml:           ${show(peer)}, ${peerRecords} records`)
  if (peerRecords !== records)
    console.log('The two did not read the same number of records: the ratio is per record.')
  const perRecord = (times: number[], total: number): number => median(times) / total
  const ratio = perRecord(peer, peerRecords) / perRecord(ours.flat, records)
  const rawRatio = perRecord(peer, peerRecords) / perRecord(ours.raw, records)
  console.log(
    `ratio: ${ratio.toFixed(1)} x (with JSON ${rawRatio.toFixed(1)} x), target ${TARGET} x: ${ratio >= TARGET ? 'met' : 'MISSED'}`,
  )
}

/** The reader as the product ships it: one bundled file, no type stripping at start. */
async function bundle(folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: join(folder, 'reader'),
      minify: false,
      rollupOptions: {
        input: join(import.meta.dirname, 'evtx', 'reading.ts'),
        output: { entryFileNames: 'reader.mjs' },
      },
    },
  })
  return join(folder, 'reader', 'reader.mjs')
}

/** Wall-clock milliseconds of a whole process; its output goes to a file, as an export would. */
function run(command: string, args: readonly string[], output: string): number {
  const out = openSync(output, 'w')
  const started = performance.now()
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', out, 'inherit'] })
  const elapsed = performance.now() - started
  closeSync(out)
  if (error !== undefined || (status !== 0 && command === process.execPath))
    throw new Error(`${command} failed`, { cause: error })
  return elapsed
}

function makeInput(given: string | undefined): { bytes: Buffer; distinct: number } {
  const sources =
    given === undefined
      ? [Buffer.from(writeEvtx(inventedEvents()))]
      : listFiles(given).map((path) => readFileSync(path))
  const chunks = sources.flatMap(filledChunks)
  const header = sources[0]?.subarray(0, 4096)
  if (header === undefined || chunks.length === 0) throw new Error('no well-filled EVTX chunk found')
  const wanted = Math.ceil(INPUT_BYTES / CHUNK_BYTES)
  const repeated = Array.from({ length: wanted }, (_, index) => chunks[index % chunks.length]!)
  const start = Buffer.from(header)
  start.writeUInt16LE(wanted, 42)
  return { bytes: Buffer.concat([start, ...repeated]), distinct: chunks.length }
}

function listFiles(given: string): string[] {
  if (!statSync(given).isDirectory()) return [given]
  return readdirSync(given, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.evtx'))
    .sort()
    .map((name) => join(given, name))
}

function filledChunks(file: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 4096; at + CHUNK_BYTES <= file.length; at += CHUNK_BYTES) {
    const chunk = file.subarray(at, at + CHUNK_BYTES)
    if (chunk.toString('latin1', 0, 7) === 'ElfChnk' && chunk.readUInt32LE(48) >= FILLED_TO)
      chunks.push(chunk)
  }
  return chunks
}

function inventedEvents(): WindowsEventSpec[] {
  return Array.from({ length: 6_000 }, (_, index) => ({
    provider: 'Microsoft-Windows-Sysmon',
    providerGuid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}',
    channel: 'Microsoft-Windows-Sysmon/Operational',
    computer: 'ws01.corp.example',
    eventId: index % 3 === 0 ? 1 : 11,
    version: 5,
    timeUs: Date.UTC(2031, 4, 6) * 1000 + index * 731_000,
    recordId: index + 1,
    userSid: 'S-1-5-18',
    data: [
      ['UtcTime', `2031-05-06 07:08:${String(index % 60).padStart(2, '0')}.100`],
      ['ProcessGuid', '{11111111-2222-3333-4444-000000000100}'],
      ['ProcessId', String(index)],
      ['Image', `C:\\Program Files\\Example\\tool-${index % 97}.exe`],
      [
        index % 3 === 0 ? 'CommandLine' : 'TargetFilename',
        `C:\\Users\\user${index % 31}\\AppData\\Local\\Temp\\file-${index}.tmp`,
      ],
      ['User', `CORP\\user${index % 31}`],
    ] as const,
  }))
}

function count(bytes: Buffer, text: string): number {
  let found = 0
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) found += 1
  return found
}
function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
}
function show(times: readonly number[]): string {
  return `median ${median(times).toFixed(0)} ms (${times.map((time) => time.toFixed(0)).join(', ')})`
}

const folder = mkdtempSync(join(tmpdir(), 'redthread-bench-'))
try {
  await main(process.argv[2], folder)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

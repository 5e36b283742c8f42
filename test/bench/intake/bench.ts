import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { removeCase, timed, type Times } from './processes.ts'

/** What one run of the bench works with. */
export interface Bench {
  readonly folder: string
  /** Folder of the bundled programs. */
  readonly built: string
  readonly samples: string | undefined
  readonly peers: string | undefined
  readonly rounds: number
  /** Factor on the size of all input. */
  readonly scale: number
}

/** What an import says at its end. */
export interface Imported {
  readonly times: Times
  readonly read: number
  readonly stored: number
  readonly peakBytes: number
  readonly caseBytes: number
}

/** Times a process that imports the file into a new case. */
export function importOnce(bench: Bench, file: string): Imported {
  const path = join(bench.folder, 'bench.redthread')
  const output = join(bench.folder, 'import.json')
  removeCase(path)
  const times = timed(process.execPath, [join(bench.built, 'importing.js'), path, file], output)
  const said = JSON.parse(readFileSync(output, 'utf8')) as Pick<Imported, 'read' | 'stored' | 'peakBytes'>
  const caseBytes = statSync(path).size
  removeCase(path)
  return { times, ...said, caseBytes }
}

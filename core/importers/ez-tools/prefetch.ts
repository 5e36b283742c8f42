import { toPath } from '../../normalise/path.ts'
import { type ArtifactRow, item } from '../artifact/row.ts'
import { said, type Table } from './table.ts'

const NAME = 'PECmd'
/** Prefetch keeps the last run and seven before it. */
const RUNS = ['LastRun', ...Array.from({ length: 7 }, (_, index) => `PreviousRun${index}`)]
/** Windows cuts the name of the program at this many characters. */
const NAME_CHARS = 29

/** `\VOLUME{...}\WINDOWS\SYSTEM32\CMD.EXE, \VOLUME{...}\...`: what the program loaded while it started. */
const loadedBy = (row: ArtifactRow): string[] => (row.text('FilesLoaded') ?? '').split(/, (?=\\)/)

/** Prefetch names a program without its folder; where it lies is told by the files it loaded, itself among them. */
function programOf(row: ArtifactRow): string | undefined {
  const name = row.text('ExecutableName')
  if (name === undefined) return undefined
  const tail = `\\${name.toUpperCase()}`
  const own = loadedBy(row).find((file) => {
    const upper = file.toUpperCase()
    return name.length < NAME_CHARS ? upper.endsWith(tail) : upper.includes(tail)
  })
  return own === undefined ? name : onVolume(row, own.trim())
}

/** The volume that ntdll.dll was loaded from is the one with Windows. */
function onVolume(row: ArtifactRow, path: string): string | undefined {
  const volume = /^\\VOLUME\{[^}]{1,64}\}/i.exec(path)?.[0]
  const system = loadedBy(row).find((file) => /\\SYSTEM32\\NTDLL\.DLL$/i.test(file))
  if (volume !== undefined && system?.toUpperCase().startsWith(volume.toUpperCase()) === true)
    return `C:${path.slice(volume.length)}`
  return toPath(path)
}

/** PECmd: every remembered run of a program is a start of it. */
const prefetch: Table = {
  name: NAME,
  columns: ['ExecutableName', 'RunCount', 'LastRun', 'FilesLoaded'],
  read: (row) => {
    const fields = {
      ...said(NAME, 'prefetch'),
      processPath: programOf(row),
      target: row.path('SourceFilename'),
      detail: row.detail('RunCount', 'Hash', 'Size', 'Note'),
    }
    const runs = RUNS.flatMap((column) => {
      const time = row.time(column)
      return time === undefined ? [] : [item('process-start', time, fields)]
    })
    return runs.length > 0 ? runs : [item('inventory', undefined, fields)]
  },
}

/** PECmd writes the same runs once more as a timeline of its own; the starts come from the table above. */
const timeline: Table = {
  name: NAME,
  columns: ['RunTime', 'ExecutableName'],
  read: (row) => [
    item('generic', row.time('RunTime'), {
      ...said(NAME, 'prefetch-timeline'),
      processPath: row.path('ExecutableName'),
    }),
  ],
}

export const PREFETCH: readonly Table[] = [prefetch, timeline]

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Folder of the sample evidence; `npm run samples` names it. */
export const samplesFolder = process.env['REDTHREAD_SAMPLES'] ?? ''

/** One line of MANIFEST.tsv. */
export interface Sample {
  readonly path: string
  readonly format: string
  /** What the makers of the collection counted, with other tools; null where they did not. */
  readonly count: number | null
  readonly countKind: string
}

/** All samples, in the order of the manifest. */
export function readManifest(): Sample[] {
  const [head = '', ...lines] = readFileSync(join(samplesFolder, 'MANIFEST.tsv'), 'utf8')
    .trimEnd()
    .split('\n')
  const names = head.split('\t')
  const place = (name: string): number => names.indexOf(name)
  return lines.map((line) => {
    const cells = line.split('\t')
    const count = cells[place('count')] ?? ''
    return {
      path: cells[place('path')] ?? '',
      format: cells[place('format')] ?? '',
      count: /^\d+$/.test(count) ? Number(count) : null,
      countKind: cells[place('count_kind')] ?? '',
    }
  })
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Workbench } from '../support/workbench.ts'
import { samplesFolder } from './samples.ts'

const ROOT = join(samplesFolder, 'sigma-regression')

/** Rules of the Sigma project beside the event each must find (MANIFEST.tsv, `sigma-regression`). */
it('finds exactly the events that each Sigma rule of the regression set must find', async () => {
  const missed: string[] = []
  const wrong: string[] = []
  for (const folder of readdirSync(ROOT).sort()) {
    const files = readdirSync(join(ROOT, folder))
    const evtx = files.filter((name) => name.endsWith('.evtx'))
    const info = readFileSync(join(ROOT, folder, 'info.yml'), 'utf8')
    const expected = Number(/match_count:\s*(\d+)/.exec(info)?.[1] ?? '1')
    const bench = await Workbench.open()
    try {
      await bench.import(...evtx.map((name) => join(ROOT, folder, name)))
      const criteria = await bench.client.call('sweep.read', { grants: [join(ROOT, folder, 'rule.yml')] })
      const { counts: _counts, ...asked } = criteria
      const [rule] = asked.indicators
      if (rule?.supported !== true) {
        missed.push(`${folder}: ${JSON.stringify(rule?.why)}`)
        continue
      }
      const run = await bench.client.run('sweep.run', { criteria: asked })
      if (run.counts.sightings === 0) missed.push(folder)
      else if (run.counts.sightings !== expected)
        wrong.push(`${folder}: ${run.counts.sightings} instead of ${expected}`)
    } finally {
      await bench.close()
    }
  }
  expect({ missed, wrong }).toEqual({ missed: [], wrong: [] })
}, 600_000)

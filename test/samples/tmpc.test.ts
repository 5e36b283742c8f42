import { it } from 'vitest'
import { join } from 'node:path'
import { copyFileSync } from 'node:fs'
import { Workbench } from '../support/workbench.ts'
import { samplesFolder } from './samples.ts'
it('x', async () => {
  const bench = await Workbench.open()
  await bench.import(...process.env['PATHS']!.split(',').map((path) => join(samplesFolder, path)))
  await bench.client.run('correlation.run', {})
  const stories = await bench.client.call('story.list', { limit: 20 })
  await bench.engine.close()
  copyFileSync(bench.casePath, '/tmp/c/case.redthread')
  console.log(JSON.stringify(stories.rows ?? stories, null, 1))
}, 600000)

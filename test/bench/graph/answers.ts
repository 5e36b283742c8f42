/**
 * What the bench asks in a process of its own: makes an empty case (`create CASE`), or asks an engine for the chains around entities and
 * for their neighbours (`ask CASE ENTITY...`) and prints the processor time of each answer, the check of its shape included.
 */
import { createClient } from '../../../core/contract/client.ts'
import { createEngine } from '../../../core/engine.ts'
import { createCase } from '../../../core/store/case-file.ts'

const [, , what = '', path = '', ...entities] = process.argv
const cpu = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = cpu()
  await work()
  return cpu() - before
}

if (what === 'create') createCase(path, 'UTC', 'bench', 0)
else {
  const engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline' })
  const client = createClient(engine)
  await client.call('case.open', { grant: path })
  const times = { around: [] as number[], expand: [] as number[] }
  // The first answer of a process also compiles.
  await client.call('chain.around', { entity: '2', depth: 3, limit: 150 })
  for (const entity of entities) {
    times.around.push(await timed(() => client.call('chain.around', { entity, depth: 3, limit: 150 })))
    times.expand.push(await timed(() => client.call('chain.expand', { entityId: entity })))
  }
  await engine.close()
  process.stdout.write(JSON.stringify(times))
}

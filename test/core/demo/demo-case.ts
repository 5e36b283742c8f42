import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '../../../core/contract/client.ts'
import type { InputOf, ResultOf } from '../../../core/contract/types.ts'
import { buildDemoCase, type DemoCase } from '../../../core/demo/build-demo-case.ts'
import { DEMO_SEED } from '../../../core/demo/generate.ts'
import { createEngine } from '../../../core/engine.ts'

export interface OpenDemo extends DemoCase {
  readonly client: Client
  readonly seconds: Readonly<Record<string, number>>
  close(): Promise<void>
}

interface BuiltDemo extends DemoCase {
  readonly path: string
  readonly seconds: Readonly<Record<string, number>>
}
/** Files of tests share what they have loaded: whoever needs the demo case first builds it for all after it. */
let built: Promise<BuiltDemo> | undefined

async function buildDemo(): Promise<BuiltDemo> {
  const folder = await mkdtemp(join(process.env['REDTHREAD_TEST_SHARED'] ?? tmpdir(), 'demo-'))
  const path = join(folder, 'demo.redthread')
  const engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline' })
  const seed = Number(process.env['REDTHREAD_DEMO_SEED'] ?? DEMO_SEED)
  const seconds: Record<string, number> = {}
  let last = performance.now()
  let running = 'start'
  const demo = await buildDemoCase(
    createClient(engine),
    join(folder, 'evidence'),
    path,
    (step) => {
      seconds[running] = Math.round(performance.now() - last) / 1000
      last = performance.now()
      running = step
    },
    seed,
  )
  await engine.close()
  return { ...demo, path, seconds }
}

/**
 * A copy of the demo case, which was built through a real engine as `npm start` builds it; its owner may change it.
 * REDTHREAD_DEMO_SEED tries another company: the truth must hold for every seed.
 */
export async function openDemo(): Promise<OpenDemo> {
  const { path, ...demo } = await (built ??= buildDemo())
  const folder = await mkdtemp(join(tmpdir(), 'redthread-truth-'))
  const casePath = join(folder, 'demo.redthread')
  await copyFile(path, casePath)
  const engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline' })
  const client = createClient(engine)
  await client.call('case.open', { grant: casePath })
  return {
    ...demo,
    client,
    close: async () => {
      await engine.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type Listed = 'entity.search' | 'relation.list' | 'mail.list' | 'evidence.issues' | 'click.replay'
type RowOf<M extends Listed> = ResultOf<M>['rows'][number]

/** All rows of a paged query. */
export async function listAll<M extends Listed>(
  client: Client,
  method: M,
  input: InputOf<M>,
): Promise<RowOf<M>[]> {
  const rows: RowOf<M>[] = []
  let cursor: string | null = null
  do {
    const page: ResultOf<M> = (await client.call(method, { ...input, limit: 1000, cursor })) as ResultOf<M>
    rows.push(...page.rows)
    cursor = page.next
  } while (cursor !== null)
  return rows
}

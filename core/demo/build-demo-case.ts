import type { Client } from '../contract/client.ts'
import type { ImportResult } from '../contract/nouns/evidence.ts'
import type { RetroRun } from '../contract/nouns/reputation.ts'
import { DEMO_SEED, type DemoFiles, generateDemo } from './generate.ts'

export const DEMO_STEPS = [
  'generate',
  'create',
  'import',
  'packs',
  'correlate',
  'retro-scan',
  'done',
] as const
export type DemoStep = (typeof DEMO_STEPS)[number]

export interface DemoCase {
  readonly files: DemoFiles
  readonly imported: ImportResult
  readonly retro: RetroRun
}

/**
 * Makes the demo case as an analyst would: new case, import of all folders, correlation, the pack of the day, the
 * policy, the later pack, retro scan. The case stays open in the client's engine. Paths go in as grants, so the client
 * must be one that takes paths (CLI, tests, browser mode's own start).
 * @param folder where the evidence is written
 * @param casePath file that must not exist yet
 */
export async function buildDemoCase(
  client: Client,
  folder: string,
  casePath: string,
  onProgress: (step: DemoStep) => void = () => undefined,
  seed: number = DEMO_SEED,
): Promise<DemoCase> {
  onProgress('generate')
  const files = await generateDemo(folder, seed)
  onProgress('create')
  await client.call('case.create', { grant: casePath, isDemo: true })
  onProgress('import')
  const imported = await client.run('evidence.import', { grants: [...files.evidence] })
  onProgress('packs')
  for (const { path, name, version, createdAt } of files.packs)
    await client.run('pack.add', { grants: [path], name, version, createdAt })
  await client.call('policy.set', { policy: { ...files.policy } })
  onProgress('correlate')
  await client.run('correlation.run', {})
  onProgress('retro-scan')
  const retro = await client.run('retro.run', {})
  onProgress('done')
  return { files, imported, retro }
}

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeEvidence } from './evidence-files.ts'
import { makeTruth } from './make-truth.ts'
import { DEMO_POLICY, type DemoPack, makePacks } from './packs.ts'
import { README_TEXT } from './readme-text.ts'
import { tellStory } from './story.ts'
import type { Truth } from './truth.ts'

/** What {@link generateDemo} wrote. */
export interface DemoFiles {
  readonly folder: string
  /** Folders with evidence, to be imported as they are. */
  readonly evidence: readonly string[]
  /** Oldest first. */
  readonly packs: readonly (Omit<DemoPack, 'text'> & { readonly path: string })[]
  readonly policy: Readonly<Record<string, unknown>>
  readonly truthPath: string
  readonly truth: Truth
}

export const DEMO_SEED = 48_213
const EVIDENCE_FOLDERS = ['ad', 'mail', 'edr', 'evtx']

/**
 * Writes the demo evidence, its packs, policy and ground truth into `folder` (made when absent; files of an earlier
 * run are overwritten). The same seed writes the same bytes on every machine, in every zone and language.
 */
export async function generateDemo(folder: string, seed: number = DEMO_SEED): Promise<DemoFiles> {
  const story = tellStory(seed)
  const evidence = writeEvidence(story)
  const truth = makeTruth(seed, story, evidence)
  const packs = makePacks(story.scene.random.fork('packs'))
  const truthPath = join(folder, 'truth.json')
  const policyText = `${JSON.stringify(DEMO_POLICY, null, 2)}\n`
  const texts: readonly (readonly [string, string | Uint8Array])[] = [
    ...evidence.files.map(({ name, bytes }) => [name, bytes] as const),
    ...packs.map(({ file, text }) => [`packs/${file}`, text] as const),
    ['packs/policy.json', policyText],
    ['README.txt', README_TEXT],
    ['truth.json', `${JSON.stringify(truth, null, 1)}\n`],
  ]
  for (const [name, content] of texts) {
    const path = join(folder, ...name.split('/'))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
  return {
    folder,
    evidence: EVIDENCE_FOLDERS.map((name) => join(folder, name)),
    packs: packs.map(({ file, name, version, createdAt }) => ({
      file,
      name,
      version,
      createdAt,
      path: join(folder, 'packs', file),
    })),
    policy: DEMO_POLICY,
    truthPath,
    truth,
  }
}

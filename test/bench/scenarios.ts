/**
 * `npm run bench -- scenarios [SEEDS [FIRST]]`: what the engine makes of 200 seeded scenarios (companies with one attack and decoys each), held
 * against their truth. Prints the table per kind of relation; ends with 1 when a figure is missed. The same test as in `npm test`,
 * with more seeds; FIRST names seeds that nobody has worked on.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const seeds = process.argv[2] ?? '200'
const first = process.argv[3] ?? '1'
for (const number of [seeds, first])
  if (!/^[1-9]\d{0,4}$/.test(number)) throw new Error(`${number} is no number of seeds`)
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'core', 'test/core/correlation/scenarios.test.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, REDTHREAD_SCENARIOS: seeds, REDTHREAD_SCENARIOS_FROM: first },
  },
)
process.exitCode = status ?? 1

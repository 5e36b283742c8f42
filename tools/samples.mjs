// `npm run samples`: checks against real third-party evidence that does not belong to the product. Says so when it is absent.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkoutFolder, ensureBuilt, ensureInstalled, pinnedNode } from './checkout.mjs'

const folder = resolve(
  process.argv[2] ?? process.env['REDTHREAD_SAMPLES'] ?? join(checkoutFolder, '../shared/samples'),
)
if (!existsSync(join(folder, 'MANIFEST.tsv'))) {
  console.log('SKIPPED: no sample evidence here. Give its folder: npm run samples -- FOLDER')
  process.exit(0)
}
await ensureInstalled()
await ensureBuilt()
const { status } = spawnSync(
  pinnedNode(),
  [join(checkoutFolder, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.samples.config.ts'],
  { cwd: checkoutFolder, stdio: 'inherit', env: { ...process.env, REDTHREAD_SAMPLES: folder } },
)
process.exitCode = status ?? 1

// `npm run tour -- FOLDER [--guide]`: pictures of every screen of the demo case in every theme and language; see test/tour/tour.ts.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { checkoutFolder, pinnedNode } from './checkout.mjs'

process.exitCode =
  spawnSync(pinnedNode(), [join(checkoutFolder, 'test', 'tour', 'tour.ts'), ...process.argv.slice(2)], {
    cwd: checkoutFolder,
    stdio: 'inherit',
  }).status ?? 1

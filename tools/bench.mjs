// `npm run bench -- NAME [ARGUMENTS]`: runs test/bench/NAME.ts under the pinned Node, which strips the types itself.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { checkoutFolder, pinnedNode } from './checkout.mjs'

const folder = join(checkoutFolder, 'test', 'bench')
const [name, ...rest] = process.argv.slice(2)
const file = join(folder, `${name}.ts`)
if (name === undefined || !/^[a-z0-9-]+$/.test(name) || !existsSync(file)) {
  const names = existsSync(folder) ? readdirSync(folder).filter((entry) => entry.endsWith('.ts')) : []
  console.error(
    `Usage: npm run bench -- NAME, where NAME is one of: ${names.map((entry) => entry.slice(0, -3)).join(', ')}`,
  )
  process.exitCode = 2
} else {
  process.exitCode =
    spawnSync(pinnedNode(), [file, ...rest], { cwd: checkoutFolder, stdio: 'inherit' }).status ?? 1
}

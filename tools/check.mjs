// `npm run check`: format, lint, layers, types, dead code, tests; stops nowhere, reports all, fails on anything red.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { checkoutFolder, ensureBuilt, ensureInstalled, pinnedNode } from './checkout.mjs'

const modules = join(checkoutFolder, 'node_modules')
const STEPS = [
  ['format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
  ['lint', 'eslint/bin/eslint.js', ['--max-warnings', '0', '.']],
  ['layers', 'dependency-cruiser/bin/dependency-cruiser.mjs', ['core', 'electron', 'renderer', 'test']],
  ['types: core', 'typescript/bin/tsc', ['-p', 'tsconfig.core.json']],
  ['types: electron', 'typescript/bin/tsc', ['-p', 'tsconfig.electron.json']],
  ['types: renderer', 'vue-tsc/bin/vue-tsc.js', ['-p', 'tsconfig.renderer.json', '--noEmit']],
  ['types: tests', 'vue-tsc/bin/vue-tsc.js', ['-p', 'tsconfig.test.json', '--noEmit']],
  ['dead code', 'knip/bin/knip.js', []],
  ['tests', 'vitest/vitest.mjs', ['run']],
]

// `npm run check -- lint layers` runs those steps alone; `--no-test` is for a machine that has just run `npm test`.
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = wanted.filter((word) => !STEPS.some(([name]) => name.startsWith(word)))
if (unknown.length > 0) {
  // A slip would be a check that passes because it ran nothing.
  console.error(`There is no step ${unknown.join(', ')}. Steps: ${STEPS.map(([name]) => name).join(', ')}`)
  process.exit(2)
}
await ensureInstalled()
await ensureBuilt()
const steps = STEPS.filter(
  ([name]) =>
    (wanted.length === 0 || wanted.some((word) => name.startsWith(word))) &&
    !(name === 'tests' && process.argv.includes('--no-test')),
)
const results = steps.map(([name, script, args]) => {
  console.log(`\n== ${name}`)
  const startedAt = Date.now()
  const { status } = spawnSync(pinnedNode(), [join(modules, script), ...args], {
    cwd: checkoutFolder,
    stdio: 'inherit',
  })
  return { name, ok: status === 0, seconds: (Date.now() - startedAt) / 1000 }
})
console.log('')
for (const { name, ok, seconds } of results)
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(16)} ${seconds.toFixed(1)} s`)
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1

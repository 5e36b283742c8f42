#!/usr/bin/env node
// `npx redthread COMMAND` and `npm run -s redthread -- COMMAND` in a checkout: makes sure that the build is current, then
// runs the command line under the pinned Node. Plain JavaScript that Node 20 can run (ADR 0001).
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkoutFolder, ensureBuilt, ensureInstalled, exitCodeOf, pinnedNode } from '../checkout.mjs'

// Progress of an install or build goes to stderr: stdout belongs to the command's document.
const log = (line) => process.stderr.write(`${line}\n`)
try {
  await ensureInstalled(log)
  await ensureBuilt(log)
} catch (failure) {
  log(failure.message)
  process.exit(1)
}
const cli = join(checkoutFolder, 'out', 'main', 'cli.js')
const node = pinnedNode()
if (node === process.execPath) {
  process.argv = [process.argv[0], cli, ...process.argv.slice(2)]
  await import(pathToFileURL(cli).href)
} else {
  const child = spawn(node, [cli, ...process.argv.slice(2)], { stdio: 'inherit' })
  // At a terminal Ctrl+C reaches the child by itself; it must not get it twice. The child decides when to end.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(exitCodeOf(code, signal)))
}

// Makes sure that packages are installed and, unless `--no-build`, that the build is current. Used by the npm scripts.
import { ensureBuilt, ensureInstalled } from './checkout.mjs'

try {
  await ensureInstalled()
  if (!process.argv.includes('--no-build')) await ensureBuilt()
} catch (failure) {
  console.error(failure.message)
  process.exitCode = 1
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Global set-up: a folder for what several files of tests would make alike, removed at the end of the run. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'redthread-shared-'))
  process.env['REDTHREAD_TEST_SHARED'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

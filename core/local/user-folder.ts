import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the systems keep what a program remembers of one user, outside every case. */
export function userFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (process.platform === 'win32')
    return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Redthread')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Redthread')
  return join(environment['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'redthread')
}

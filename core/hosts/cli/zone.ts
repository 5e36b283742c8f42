import { usageError } from './options.ts'

/**
 * The zone itself when this machine knows it by that IANA name.
 * @throws WorkbenchError `request.usage`
 */
export function requireZone(command: string, zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return zone
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    throw usageError(command, 'usage.zone', { zone })
  }
}

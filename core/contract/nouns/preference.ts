import { z } from 'zod'
import { host } from '../define.ts'
import { Nothing } from '../shapes.ts'

/** Longest value of one preference (UTF-16 units of its JSON): a page that went wrong could fill the disk of its user. */
export const MAX_PREFERENCE = 64 * 1024
/** Preferences one user can have. */
export const MAX_PREFERENCES = 200

const Key = z.string().regex(/^[a-zA-Z][a-zA-Z0-9.-]{0,79}$/)

/**
 * What somebody set for themselves (theme, language, zone, columns, panels): of the user of this machine, the same in every host and
 * on every case. Nothing of a case is kept here (`view.keep` does that, inside the case). The command line has none.
 */
export const preferenceMethods = {
  /** Everything that was kept; empty where the host keeps none. */
  'preference.list': host(Nothing, z.record(Key, z.unknown())),
  /**
   * Keeps one; null forgets it.
   * @throws `request.invalid` (longer than {@link MAX_PREFERENCE}, more than {@link MAX_PREFERENCES}), `store.unwritable`
   */
  'preference.save': host(z.strictObject({ key: Key, value: z.unknown() }), Nothing),
} as const

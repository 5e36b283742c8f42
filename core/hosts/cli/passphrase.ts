import { readPasswords } from './import-answers.ts'
import { type Options, usageError } from './options.ts'

/** Shortest passphrase that an archive is locked with (core/contract/nouns/verify.ts). */
export const MIN_PASSPHRASE = 8

/**
 * The passphrase in the first line of `--passphrase-file`; null without the option. It never stands on the command line, where every
 * other user of the machine could read it.
 */
export async function readPassphrase(
  command: string,
  options: Options,
  path: (argument: string) => string,
): Promise<string | null> {
  const file = options.text('passphrase-file')
  if (file === undefined) return null
  const [first] = await readPasswords(command, path(file))
  if (first === undefined || first.length < MIN_PASSPHRASE)
    throw usageError(command, `${command}.passwords`, { count: 1, length: MIN_PASSPHRASE, name: file })
  return first
}

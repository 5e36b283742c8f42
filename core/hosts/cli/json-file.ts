import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { toReadRefusal } from '../../model/file-refusal.ts'
import { usageError } from './options.ts'

/** A policy or a message is a page of settings or text; a file beyond this is something else. */
const MAX_BYTES = 16 * 1024 * 1024

/**
 * Reads a file that holds one JSON object.
 * @throws WorkbenchError `file.*`, `request.usage` when it is no JSON object
 */
export async function readJsonFile(path: string, command: string): Promise<Record<string, unknown>> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw toReadRefusal(cause, basename(path))
  })
  try {
    if (bytes.length > MAX_BYTES) throw new SyntaxError('too large')
    const value: unknown = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''))
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new SyntaxError('no object')
    return Object.fromEntries(Object.entries(value))
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    throw usageError(command, 'usage.json_file', { value: basename(path) })
  }
}

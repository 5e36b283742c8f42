import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { WorkbenchError } from '../../model/errors.ts'
import { toReadRefusal } from '../../model/file-refusal.ts'
import { Mapping } from '../../model/mapping.ts'
import { usageError } from './options.ts'

/** A mapping is a page, a password list a few lines; a larger file is neither. */
const MAX_FILE_BYTES = 1024 * 1024
/** What the contract takes (`ImportAnswers`). */
const MAX_PASSWORDS = 100
const MAX_PASSWORD = 1000

/**
 * mapping.json (CLI.md), checked against its shape; whether its columns exist is for the import to say.
 * @throws WorkbenchError `mapping.invalid` naming the field, `file.*`, `request.usage` for no JSON
 */
export async function readMapping(command: string, path: string): Promise<Mapping> {
  const name = basename(path)
  let value: unknown
  try {
    value = JSON.parse(await readText(path))
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    throw usageError(command, 'usage.json_file', { value: name })
  }
  const read = Mapping.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys : []
  const field = [...(issue?.path ?? []), ...unknown].map(String).join('.')
  throw new WorkbenchError('mapping.invalid', {
    name,
    field: field === '' ? 'schema' : field,
    problem: 'schema',
  })
}

/** One password a line; empty lines are none. The words of an error never hold one. */
export async function readPasswords(command: string, path: string): Promise<string[]> {
  const lines = (await readText(path)).split(/\r?\n/).filter((line) => line !== '')
  if (lines.length > MAX_PASSWORDS || lines.some((line) => line.length > MAX_PASSWORD))
    throw usageError(command, `${command}.passwords`, {
      name: basename(path),
      count: MAX_PASSWORDS,
      length: MAX_PASSWORD,
    })
  return lines
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw toReadRefusal(cause, basename(path))
  })
  if (bytes.length > MAX_FILE_BYTES)
    throw new WorkbenchError('evidence.too_large', { name: basename(path), limit: '1 MiB' })
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes)
}

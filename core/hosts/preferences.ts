import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { MAX_PREFERENCE, MAX_PREFERENCES } from '../contract/nouns/preference.ts'
import { methods } from '../contract/methods.ts'
import type { Reply } from '../contract/types.ts'
import { isSystemError } from '../local/system-error.ts'
import { userFolder } from '../local/user-folder.ts'
import { WorkbenchError } from '../model/errors.ts'

/** A file somebody made by hand could be of any size; the largest of ours stays below. */
const MAX_FILE_CHARACTERS = MAX_PREFERENCE * MAX_PREFERENCES

const Kept = z.object({ version: z.literal(1), values: methods['preference.list'].output })
type Values = z.infer<typeof Kept>['values']

/** Where this user's preferences stand; `REDTHREAD_PREFERENCES` names another file, and empty none at all. */
export function preferenceFile(environment: NodeJS.ProcessEnv = process.env): string | null {
  const named = environment['REDTHREAD_PREFERENCES']
  if (named !== undefined) return named === '' ? null : named
  return join(userFolder(environment), 'preferences.json')
}

/** One change after the other: two at once would lose one of them. */
let last: Promise<unknown> = Promise.resolve()

/** Answers the methods `preference.*`, the same in every host that has a window; undefined for all others. */
export async function answerPreference(method: string, input: unknown): Promise<Reply | undefined> {
  if (method === 'preference.list') {
    parse('preference.list', input)
    return { ok: true, value: await listPreferences(preferenceFile()) }
  }
  if (method !== 'preference.save') return undefined
  const { key, value } = parse('preference.save', input)
  const saved = last.then(() => savePreference(preferenceFile(), key, value))
  last = saved.catch(() => undefined)
  await saved
  return { ok: true, value: {} }
}

/** What was kept. A file that is missing or no longer ours counts as none: preferences are never worth a failed start. */
export async function listPreferences(file: string | null): Promise<Values> {
  if (file === null) return {}
  try {
    const text = await readFile(file, 'utf8')
    if (text.length > MAX_FILE_CHARACTERS) return {}
    return Kept.parse(JSON.parse(text)).values
  } catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof z.ZodError || isSystemError(thrown)) return {}
    throw thrown
  }
}

/**
 * Keeps one value, null forgets it. The file is read anew, so that another window of the same user loses nothing, and put in place
 * whole. Only its user can read it.
 * @throws WorkbenchError `request.invalid`, `store.unwritable`
 */
export async function savePreference(file: string | null, key: string, value: unknown): Promise<void> {
  if (file === null) return
  const text = JSON.stringify(value ?? null)
  if (text.length > MAX_PREFERENCE)
    throw new WorkbenchError('request.invalid', { field: 'value', problem: `> ${MAX_PREFERENCE}` })
  const values = new Map(Object.entries(await listPreferences(file)))
  if (value === null || value === undefined) values.delete(key)
  else values.set(key, value)
  if (values.size > MAX_PREFERENCES)
    throw new WorkbenchError('request.invalid', { field: 'key', problem: `> ${MAX_PREFERENCES}` })
  const beside = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(
      beside,
      `${JSON.stringify({ version: 1, values: Object.fromEntries(values) }, null, 1)}\n`,
      {
        mode: 0o600,
        flag: 'wx',
      },
    )
    await rename(beside, file)
  } catch (thrown) {
    if (!isSystemError(thrown)) throw thrown
    await rm(beside, { force: true }).catch(() => undefined)
    throw new WorkbenchError('store.unwritable', { file: basename(file) }, { cause: thrown })
  }
}

function parse<M extends 'preference.list' | 'preference.save'>(method: M, input: unknown) {
  const parsed = methods[method].input.safeParse(input)
  if (!parsed.success)
    throw new WorkbenchError('request.invalid', {
      field: parsed.error.issues[0]?.path.join('.') ?? '',
    })
  return parsed.data as z.infer<(typeof methods)[M]['input']>
}

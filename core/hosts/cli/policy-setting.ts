import type { InputNote } from '../../contract/nouns/policy.ts'
import { type PlainError, toPlainError, WorkbenchError } from '../../model/errors.ts'
import type { ExitCode, Invocation } from './command.ts'
import { readJsonFile } from './json-file.ts'
import { ofPolicyFile } from './policy-file.ts'
import { errorWords } from './words.ts'

/** What became of one file of policies. */
type Outcome =
  | {
      readonly kind: 'set'
      readonly policy: Readonly<Record<string, unknown>>
      readonly notes: readonly InputNote[]
    }
  | { readonly kind: 'refused'; readonly file: string; readonly error: PlainError }

/** What is wrong with one file says nothing of the next; anything else (a full disk, a case that is locked) ends the command. */
const OF_ONE_FILE = /^(?:policy|file|request)\./

/**
 * `policy CASE set FILE...`: every file that is a policy is taken, every other is told with its reason.
 * @returns 1 when none was taken, 3 when some were not
 */
export async function setPolicies(invocation: Invocation, files: readonly string[]): Promise<ExitCode> {
  const { output, t } = invocation
  const { client } = await invocation.openCase()
  const outcomes: Outcome[] = []
  for (const file of files) {
    try {
      const document = await readJsonFile(invocation.path(file), 'policy')
      outcomes.push({ kind: 'set', ...(await client.call('policy.set', { policy: document })) })
    } catch (thrown) {
      const told = ofPolicyFile(thrown, [file])
      // A lone file that is refused is the error of the command.
      if (files.length === 1 || !(told instanceof WorkbenchError) || !OF_ONE_FILE.test(told.code)) throw told
      outcomes.push({ kind: 'refused', file, error: toPlainError(told) })
    }
  }
  const done = outcomes.filter((one) => one.kind === 'set')
  const refused = outcomes.flatMap((one) =>
    one.kind === 'refused' ? [{ file: one.file, ...one.error, message: errorWords(one.error, t) }] : [],
  )
  const policies = done.map(({ policy }) => policy)
  const notes = done.flatMap((one) => one.notes)
  if (output.json)
    output.document({ policy: policies.at(-1) ?? null, isDefault: false, policies, notes, refused })
  else {
    const inForce = new Set(
      (await client.call('policy.list', {})).flatMap((row) =>
        row.isInForce && row.isLatest ? [row.name] : [],
      ),
    )
    for (const { name } of policies) {
      const said = typeof name === 'string' ? name : ''
      output.line(t(inForce.has(said) ? 'cli.policy.set' : 'cli.policy.stored', { name: said }))
    }
    for (const { field, text } of notes) output.note(t('cli.policy.refanged', { field, text }))
    for (const { file, message } of refused) output.line(t('cli.policy.refused', { file, reason: message }))
  }
  if (refused.length === 0) return 0
  return policies.length === 0 ? 1 : 3
}

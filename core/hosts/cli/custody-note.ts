import type { CaseInfo } from '../../contract/nouns/case.ts'
import type { Invocation } from './command.ts'

/**
 * Says when what is written out leaves no entry in the audit log: the case is open elsewhere, or cannot be written. To be called when the
 * file is there; who hands it over must know that `verify --report` will not find it in the log.
 * @returns the field `logged` of the document
 */
export function tellUnlogged({ output, t }: Invocation, { readOnly, name }: CaseInfo): boolean {
  if (readOnly) output.note(t('cli.unlogged', { case: name }))
  return !readOnly
}

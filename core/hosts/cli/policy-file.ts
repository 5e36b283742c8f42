import { WorkbenchError } from '../../model/errors.ts'

/**
 * The error of a policy with the file it came from; the engine knows documents only.
 * @param files the file of each document, in the order in which they were given
 */
export function ofPolicyFile(thrown: unknown, files: readonly string[]): unknown {
  if (!(thrown instanceof WorkbenchError) || thrown.code !== 'policy.invalid') return thrown
  const index = Number(thrown.params['index'] ?? 0)
  return new WorkbenchError(thrown.code, { ...thrown.params, file: files[index] ?? '' }, { cause: thrown })
}

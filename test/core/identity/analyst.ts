import handlers from '../../../core/graph/identity.handlers.ts'
import type { InputOf, ResultOf } from '../../../core/contract/types.ts'
import { methods, type MethodName } from '../../../core/contract/methods.ts'
import type { CommandContext } from '../../../core/jobs/handlers.ts'
import { TEST_NOW, type TestCase } from '../../support/case-builder.ts'

type IdentityMethod = Extract<MethodName, `identity.${string}`>

/** Asks a method of identity as an analyst does, over a test's case: input and output are checked against the contract. */
export async function ask<M extends IdentityMethod>(
  testCase: TestCase,
  method: M,
  input: InputOf<M>,
): Promise<ResultOf<M>> {
  const refuse = (): never => {
    throw new Error('not asked for by identity')
  }
  const context: CommandContext = {
    db: testCase.db,
    now: () => TEST_NOW,
    casePath: testCase.path,
    ask: refuse,
    resolveGrant: refuse,
    print: refuse,
    signal: new AbortController().signal,
    progress: () => undefined,
    changed: () => undefined,
    isReadOnly: false,
  }
  const handler = handlers[method] as (context: CommandContext, input: unknown) => unknown
  const result = await handler(context, methods[method].input.parse(input))
  return methods[method].output.parse(result) as ResultOf<M>
}

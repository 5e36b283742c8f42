import { methods } from '../../contract/methods.ts'
import type { ParsedInputOf, Reply } from '../../contract/types.ts'
import { noteDefect } from '../../local/defect-log.ts'
import { toPlainError, WorkbenchError } from '../../model/errors.ts'
import { answerPreference } from '../preferences.ts'
import type { EngineLink } from '../thread/link.ts'
import { version } from '../version.ts'
import { grantPath, listFolder } from './file-browser.ts'

function parse<M extends 'file.list' | 'file.grant' | 'host.info'>(
  method: M,
  input: unknown,
): ParsedInputOf<M> {
  const parsed = methods[method].input.safeParse(input)
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new WorkbenchError('request.invalid', { field })
  }
  return parsed.data as ParsedInputOf<M>
}

/** Answers the methods that belong to the host (contract kind `host`); undefined for all others. */
export async function answerHostMethod(
  method: string,
  input: unknown,
  engine: EngineLink,
): Promise<Reply | undefined> {
  try {
    switch (method) {
      case 'host.info':
        parse(method, input)
        return { ok: true, value: { host: 'browser', files: 'browse', version } }
      case 'file.list':
        return { ok: true, value: await listFolder(parse(method, input)) }
      case 'file.grant':
        return { ok: true, value: await grantPath(parse(method, input), engine) }
      case 'file.pick':
        throw new WorkbenchError('request.not_permitted', { method })
      default:
        return await answerPreference(method, input)
    }
  } catch (thrown) {
    return { ok: false, error: toPlainError(noteDefect(thrown, method)) }
  }
}

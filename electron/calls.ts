import { type BrowserWindow, ipcMain } from 'electron'
import { methods } from '../core/contract/methods.ts'
import type { Reply } from '../core/contract/types.ts'
import { answerPreference } from '../core/hosts/preferences.ts'
import type { EngineLink } from '../core/hosts/thread/link.ts'
import { version } from '../core/hosts/version.ts'
import { noteDefect } from '../core/local/defect-log.ts'
import { toPlainError, WorkbenchError } from '../core/model/errors.ts'
import { MAX_REQUEST_BYTES, sizeParams } from '../core/model/request-size.ts'
import { CALL_CHANNEL } from './channels.ts'
import { pickFiles } from './dialogs.ts'
import { isTrustedSender } from './security.ts'

const refuse = (code: 'request.not_permitted' | 'request.invalid', what: string): Reply => ({
  ok: false,
  error: { code, params: { what, field: what } },
})

/** The one channel of the contract: checks the sender and the size, answers host methods, passes the rest to the engine. */
export function answerCalls(window: BrowserWindow, engine: EngineLink, language: string): void {
  ipcMain.handle(CALL_CHANNEL, async (event, method: unknown, input: unknown): Promise<Reply> => {
    if (!isTrustedSender(event, window.isDestroyed() ? undefined : window.webContents)) {
      return refuse('request.not_permitted', 'sender')
    }
    if (typeof method !== 'string' || method.length > 100) return refuse('request.invalid', 'method')
    // Plain JSON only (ARCHITECTURE section 4): no typed arrays, maps or cycles of structured clone.
    const text = toJson(input)
    if (text === undefined) return refuse('request.invalid', 'input')
    if (text.length > MAX_REQUEST_BYTES)
      return { ok: false, error: { code: 'request.too_large', params: sizeParams(text.length) } }
    return await answer(method, JSON.parse(text) as unknown, window, engine, language)
  })
}

function toJson(input: unknown): string | undefined {
  try {
    return JSON.stringify(input ?? {})
  } catch (thrown) {
    // Cycles and bigints are TypeErrors: not JSON, so refused.
    if (thrown instanceof TypeError) return undefined
    throw thrown
  }
}

async function answer(
  method: string,
  input: unknown,
  window: BrowserWindow,
  engine: EngineLink,
  language: string,
): Promise<Reply> {
  try {
    switch (method) {
      case 'host.info':
        return { ok: true, value: { host: 'desktop', files: 'native', version } }
      case 'file.pick': {
        const parsed = methods['file.pick'].input.safeParse(input)
        if (!parsed.success) throw new WorkbenchError('request.invalid', { field: 'purpose' })
        return { ok: true, value: await pickFiles(window, parsed.data, engine, language) }
      }
      case 'file.list':
      case 'file.grant':
        throw new WorkbenchError('request.not_permitted', { what: method })
      default:
        return (await answerPreference(method, input)) ?? (await engine.call(method, input))
    }
  } catch (thrown) {
    return { ok: false, error: toPlainError(noteDefect(thrown, method)) }
  }
}

import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { WorkbenchError } from '../model/errors.ts'
import { isSystemError } from './system-error.ts'
import { userFolder } from './user-folder.ts'

/** Beyond this the log begins anew; the one before stays beside it. */
const MAX_BYTES = 1 << 20
/** A trace is for reading: it can have thousands of frames, and a message hold a whole record. */
const MAX_TRACE = 8_000
const MAX_MESSAGE = 300
const MAX_CAUSES = 4
/** What could move the cursor of a terminal; line breaks of a trace stay. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** This user's log; `REDTHREAD_LOG` names another file, and empty none at all. */
export function logFile(environment: NodeJS.ProcessEnv = process.env): string | null {
  const named = environment['REDTHREAD_LOG']
  if (named !== undefined) return named === '' ? null : named
  return join(userFolder(environment), 'redthread.log')
}

/**
 * What went wrong as an error with words. Whatever nobody foresaw is a defect: it is written into the log of this user, and the
 * error bears the id of the entry (`internal`, STYLE.md section 4). An error that has words is handed back as it is.
 * @param where what was being done: a method, or a part of the program
 */
export function noteDefect(
  thrown: unknown,
  where: string,
  environment: NodeJS.ProcessEnv = process.env,
): WorkbenchError {
  if (thrown instanceof WorkbenchError && (thrown.code !== 'internal' || 'log' in thrown.params))
    return thrown
  const id = randomBytes(4).toString('hex')
  const file = logFile(environment)
  const isKept = file !== null && append(file, `${head(id, where)}\n${trace(thrown, nameOf)}\n\n`)
  if (isKept) process.stderr.write(`redthread: internal error ${id} in ${where}, see ${file}\n`)
  if (!isKept || environment['REDTHREAD_TRACE'] !== undefined)
    process.stderr.write(`redthread: internal error ${id} in ${where}: ${trace(thrown, messageOf)}\n`)
  const known = thrown instanceof WorkbenchError ? thrown.params : { name: nameOf(thrown) }
  return new WorkbenchError('internal', { ...known, log: id }, { cause: thrown })
}

/** A message can quote evidence, which no log may hold (TRUST.md, threat 15): name and code say enough beside the frames. */
function nameOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown'
  return isSystemError(thrown) ? `${thrown.name} ${thrown.code ?? ''}` : thrown.name
}

/** For whoever asks for it at the terminal. */
function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  return text.slice(0, MAX_MESSAGE).replace(CONTROL, '\ufffd')
}

/** The frames, and those of what caused it behind them. */
function trace(thrown: unknown, say: (thrown: unknown) => string): string {
  const parts: string[] = []
  let cause = thrown
  while (cause !== undefined && parts.length < MAX_CAUSES) {
    const frames = cause instanceof Error ? framesOf(cause) : []
    parts.push([say(cause), ...frames].join('\n'))
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return parts.join('\ncaused by ').slice(0, MAX_TRACE)
}

/** Behind the message, which may have lines that look like frames. */
function framesOf({ stack = '', message }: Error): string[] {
  const at = stack.indexOf(message)
  const lines = stack.slice(at === -1 ? 0 : at + message.length).split('\n')
  return lines.filter((line) => /^ {4}at .+$/.test(line)).map((line) => line.replace(CONTROL, '\ufffd'))
}

function head(id: string, where: string): string {
  const { version } = packageJson
  return `${new Date().toISOString()} ${id} redthread ${version} node ${process.versions.node} ${process.platform} ${where}`
}

/** False when it cannot be written: a full disk must not turn one failure into another. */
function append(file: string, text: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true })
    const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    if (bytes > MAX_BYTES) renameSync(file, `${file}.1`)
    appendFileSync(file, text, { mode: 0o600 })
    return true
  } catch (thrown) {
    if (isSystemError(thrown)) return false
    throw thrown
  }
}

import { pathToFileURL } from 'node:url'
import { createClient, type Client } from '../../contract/client.ts'
import { createEngine, type Engine } from '../../engine.ts'
import { fitLanguage, languages } from '../../locale/languages.ts'
import type { Translator } from '../../locale/format.ts'
import { noteDefect } from '../../local/defect-log.ts'
import { toPlainError } from '../../model/errors.ts'
import { jobThreadFile } from '../built.ts'
import { version } from '../version.ts'
import type { Command, ExitCode, Invocation } from './command.ts'
import { printCommandHelp, printHelp } from './help.ts'
import { absolutePath, casePath } from './invocation-path.ts'
import { parseLine, type ParsedLine, usageError } from './options.ts'
import { Output } from './output.ts'
import { findCommand } from './registry.ts'
import { createWords, errorWords } from './words.ts'

/** Codes that are the caller's mistake: exit code 2. */
const USAGE_CODES: ReadonlySet<string> = new Set([
  'request.usage',
  'request.invalid',
  'request.unknown_field',
  'request.unknown_kind',
  'request.unknown_method',
])

/** Runs one command line. Never throws: what goes wrong is told in one sentence (or one JSON document) and a code. */
export async function main(words: readonly string[]): Promise<ExitCode> {
  const optionWords = words.includes('--') ? words.slice(0, words.indexOf('--')) : words
  const json = optionWords.includes('--json')
  const output = new Output(json)
  let t = createWords(environmentLanguage())
  let engine: Engine | undefined
  let running: Command | undefined
  try {
    const lang = readLanguage(optionWords)
    t = createWords(lang)
    const { name, rest } = splitCommand(words)
    if (name === '--version') {
      if (json) output.document({ version })
      else output.line(version)
      return 0
    }
    if (name === '--help' || name === '-h' || name === 'help') {
      printHelp(output, t)
      return 0
    }
    if (name === undefined || name.startsWith('-')) throw usageError('', 'usage.no_command')
    const command = findCommand(name)
    if (!command) throw usageError('', 'usage.unknown_command', { name })
    running = command
    const line = parseLine(command, rest)
    if (line.options.flag('help')) {
      printCommandHelp(command, output, t)
      return 0
    }
    // Jobs on their own thread: this one stays free to hear Ctrl+C, whatever a file does to its importer.
    const start = (): Engine =>
      (engine ??= createEngine({
        files: 'paths',
        host: 'cli',
        jobs: 'thread',
        jobThreadUrl: pathToFileURL(jobThreadFile),
      }))
    const invocation = createInvocation(line, output, lang, t, start)
    return await run(command, invocation)
  } catch (thrown) {
    return tell(thrown, output, t, running)
  } finally {
    output.endProgress()
    await engine?.close()
  }
}

const run = (command: Command, invocation: Invocation): Promise<ExitCode> => command.run(invocation)

function createInvocation(
  { args, options }: ParsedLine,
  output: Output,
  lang: string,
  words: Translator,
  start: () => Engine,
): Invocation {
  let t = words
  let client: Client | undefined
  const openCase = async () => {
    const path = casePath(absolutePath(args[0] ?? ''))
    const opened = await getClient()
    return { client: opened, info: await opened.call('case.open', { grant: path }), path }
  }
  const getClient = (): Promise<Client> => Promise.resolve((client ??= createClient(start())))
  return {
    args,
    options,
    output,
    lang,
    t: (key, params) => t(key, params),
    path: absolutePath,
    client: getClient,
    openCase,
    async checkCase() {
      const { client, path } = await openCase()
      await client.call('case.close', {})
      return path
    },
    async loadTexts() {
      const engine = await getClient()
      t = createWords(
        lang,
        await engine.call('locale.messages', { lang }),
        await engine.call('locale.messages', { lang: 'en' }),
      )
    },
  }
}

function tell(thrown: unknown, output: Output, t: Translator, running: Command | undefined): ExitCode {
  const error = toPlainError(noteDefect(thrown, 'command line'))
  const message = errorWords(error, t, running)
  if (output.json) output.document({ error: { ...error, message } })
  output.note(`redthread: ${message}`)
  return USAGE_CODES.has(error.code) ? 2 : 1
}

/** What every command takes may stand before it: `redthread --lang ja --json events CASE`. */
function splitCommand(words: readonly string[]): { name: string | undefined; rest: readonly string[] } {
  let at = 0
  for (let word = words[at]; word === '--json' || word?.startsWith('--lang') === true; word = words[at])
    at += word === '--lang' ? 2 : 1
  return { name: words[at], rest: [...words.slice(0, at), ...words.slice(at + 1)] }
}

function environmentLanguage(): string {
  return fitLanguage(process.env['LC_ALL'] || process.env['LC_MESSAGES'] || process.env['LANG'] || 'en')
}

function readLanguage(words: readonly string[]): string {
  const at = words.findIndex((word) => word === '--lang' || word.startsWith('--lang='))
  if (at < 0) return environmentLanguage()
  const wanted = words[at] === '--lang' ? words[at + 1] : words[at]?.slice('--lang='.length)
  const found = languages.find((lang) => lang.toLowerCase() === wanted?.toLowerCase())
  if (found === undefined)
    throw usageError('', 'usage.lang', { value: wanted ?? '', allowed: languages.join(', ') })
  return found
}

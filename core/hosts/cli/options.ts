import { parseArgs } from 'node:util'
import { WorkbenchError } from '../../model/errors.ts'
import { parseIso } from '../../model/iso-time.ts'
import { ENTITY_KINDS } from '../../model/relation.ts'
import type { Command, OptionSpec } from './command.ts'

/** Options that every command has. */
export const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  json: { type: 'boolean' },
  lang: { type: 'string', value: 'LANG' },
  help: { type: 'boolean' },
}

/** Most rows of one page (CLI.md). */
export const MAX_PAGE = 10_000

/** Options of every command that lists rows (CLI.md). */
export const PAGE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  limit: { type: 'string', value: 'N' },
  cursor: { type: 'string', value: 'C' },
  all: { type: 'boolean' },
}

/** A mistake on the command line: told in one sentence, exit code 2. */
export function usageError(
  command: string,
  key: string,
  params: Record<string, string | number> = {},
): WorkbenchError {
  return new WorkbenchError('request.usage', { command, key, ...params })
}

/** Typed access to the parsed options of one command. */
export class Options {
  readonly #command: string
  readonly #values: ReadonlyMap<string, unknown>

  constructor(command: string, values: ReadonlyMap<string, unknown>) {
    this.#command = command
    this.#values = values
  }

  flag(name: string): boolean {
    return this.#values.get(name) === true
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name)
    return typeof value === 'string' ? value : undefined
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** @throws WorkbenchError `request.usage` when an option is given that says nothing without another one */
  needs(name: string, other: string): void {
    if (this.has(name) && !this.has(other))
      throw usageError(this.#command, 'usage.needs', { option: `--${name}`, other: `--${other}` })
  }

  list(name: string): readonly string[] {
    const value = this.#values.get(name)
    return Array.isArray(value) ? value.map(String) : []
  }

  /** @throws WorkbenchError `request.usage` when it is not a whole number of the range */
  integer(name: string, min: number, max: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= min && value <= max)) {
      throw usageError(this.#command, 'usage.integer', { option: `--${name}`, value: text, min, max })
    }
    return value
  }

  /**
   * A time as it was written, once it is known to be one.
   * @throws WorkbenchError `request.usage` when it is none
   */
  time(name: string): string | undefined {
    const value = this.text(name)
    if (value !== undefined && parseIso(value) === undefined)
      throw usageError(this.#command, 'usage.time', { option: `--${name}`, value })
    return value
  }

  required(name: string): string {
    const text = this.text(name)
    if (text === undefined || text === '')
      throw usageError(this.#command, 'usage.required', { option: `--${name}` })
    return text
  }

  /**
   * An entity: its id, or `kind:alias` (docs/cli.md). Whether there is such a one is for the case to say.
   * @throws WorkbenchError `request.usage` when it is neither, showing how one is written
   */
  entity(name: string): string | undefined {
    const text = this.text(name)
    return text === undefined ? undefined : this.#toEntity(name, text)
  }

  /** The entities of an option that may be given several times, each as for {@link entity}. */
  entities(name: string): readonly string[] {
    return this.list(name).map((text) => this.#toEntity(name, text))
  }

  #toEntity(name: string, text: string): string {
    if (/^\d+$/.test(text)) return text
    const cut = text.indexOf(':')
    if (cut < text.length - 1 && ENTITY_KINDS.some((kind) => kind === text.slice(0, cut))) return text
    // The example stands beside the text: message compilers take angle brackets for HTML.
    throw usageError(this.#command, 'usage.entity', {
      option: `--${name}`,
      value: text,
      message: 'message:<id>',
    })
  }

  requiredEntity(name: string): string {
    return this.entity(name) ?? this.required(name)
  }

  /** Several values separated by commas, each of them one of those allowed. */
  listOf(name: string, allowed: readonly string[]): readonly string[] | undefined {
    const values = this.text(name)
      ?.split(',')
      .map((value) => value.trim())
    const unknown = values?.find((value) => !allowed.includes(value))
    if (unknown !== undefined) this.#refuse(name, unknown, allowed)
    return values
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const found = allowed.find((value) => value === text)
    if (found === undefined) this.#refuse(name, text, allowed)
    return found
  }

  #refuse(name: string, value: string, allowed: readonly string[]): never {
    throw usageError(this.#command, 'usage.choice', {
      option: `--${name}`,
      value,
      allowed: allowed.join(', '),
    })
  }
}

export interface ParsedLine {
  readonly options: Options
  readonly args: readonly string[]
}

const CODE_KEYS = new Map([
  ['ERR_PARSE_ARGS_UNKNOWN_OPTION', 'usage.unknown'],
  ['ERR_PARSE_ARGS_INVALID_OPTION_VALUE', 'usage.value'],
])

/** @throws WorkbenchError `request.usage` naming what is wrong */
export function parseLine(command: Command, words: readonly string[]): ParsedLine {
  const specs = { ...COMMON_OPTIONS, ...command.options }
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { type, multiple }]) => [name, { type, multiple: multiple === true }]),
  )
  try {
    const parsed = parseArgs({
      args: [...words],
      options,
      allowPositionals: true,
      strict: true,
      tokens: true,
    })
    const repeated = parsed.tokens
      .filter((token) => token.kind === 'option')
      .find(
        (token, at, all) =>
          specs[token.name]?.multiple !== true && all.some((other, i) => i < at && other.name === token.name),
      )
    if (repeated) throw usageError(command.id, 'usage.repeated', { option: repeated.rawName })
    const { min, max } = command.arguments
    const isHelp = parsed.values['help'] === true
    if (!isHelp && parsed.positionals.length < min)
      throw usageError(command.id, 'usage.too_few', { usage: command.usage })
    if (parsed.positionals.length > max)
      throw usageError(command.id, 'usage.too_many', {
        usage: command.usage,
        extra: parsed.positionals[max] ?? '',
      })
    // Nothing is called so; a variable of a script was empty. A query may be: it finds everything.
    if (parsed.positionals[0] === '') throw usageError(command.id, 'usage.empty', { usage: command.usage })
    const read = new Options(command.id, new Map(Object.entries(parsed.values)))
    // Before any case is opened, so that a slip is told as one.
    if (command.options['limit'] === PAGE_OPTIONS['limit']) read.integer('limit', 1, MAX_PAGE)
    return { args: parsed.positionals, options: read }
  } catch (thrown) {
    const key = thrown instanceof Error && 'code' in thrown ? CODE_KEYS.get(String(thrown.code)) : undefined
    if (key === undefined || !(thrown instanceof Error)) throw thrown
    const option = /'?(--?[^\s'<,]+)/.exec(thrown.message)?.[1] ?? ''
    // `-chrome` is meant as "not chrome"; Node calls it the unknown option `-c`.
    const word = words.find((one) => /^-[^-]/.test(one) && one.startsWith(option))
    const isQuery = word !== undefined && command.takesQuery === true
    throw new WorkbenchError(
      'request.usage',
      isQuery
        ? { command: command.id, key: 'usage.dash', option: word }
        : { command: command.id, key, option },
      { cause: thrown },
    )
  }
}

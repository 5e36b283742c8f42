import type { Client } from '../../contract/client.ts'
import type { CaseInfo } from '../../contract/nouns/case.ts'
import type { Translator } from '../../locale/format.ts'
import type { Texts } from '../../model/text.ts'
import type { Options } from './options.ts'
import type { Output } from './output.ts'

/** 0 done, 1 failed, 2 bad usage, 3 done with rejected records (ARCHITECTURE section 9). */
export type ExitCode = 0 | 1 | 2 | 3

/** One option of a command; its words are `option.<name>` in the command's texts. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** Placeholder of its value in the help (`FILE`, `N`). */
  readonly value?: string
}

/** What a running command works with. */
export interface Invocation {
  readonly args: readonly string[]
  readonly options: Options
  readonly output: Output
  /** Words of the command line and of the engine, in the reader's language. */
  readonly t: Translator
  readonly lang: string
  /** Absolute path of an argument, counted from where the user stands (npm's INIT_CWD). */
  path(argument: string): string
  /** The engine of this process; started when first asked for. */
  client(): Promise<Client>
  /** Opens the case named by the first argument (`.redthread` may be left out). */
  openCase(): Promise<{ client: Client; info: CaseInfo; path: string }>
  /** Absolute path of the case named by the first argument, after trying that it opens; the workbench opens it again. */
  checkCase(): Promise<string>
  /** Loads the engine's own texts, so that `t` knows reasons and titles. */
  loadTexts(): Promise<void>
}

/** One command = one file `<id>.command.ts` with this as default export, found by registry.ts. */
export interface Command {
  readonly id: string
  /** Position in the help. */
  readonly order: number
  /** Arguments as the help shows them, for instance `CASE PATH...`. */
  readonly usage: string
  readonly arguments: { readonly min: number; readonly max: number }
  /** Its last argument is a query, which may begin with a dash. */
  readonly takesQuery?: boolean
  readonly options: Readonly<Record<string, OptionSpec>>
  /** `summary`, `option.<name>` for every option, and the command's own words; prefix `cli.<id>`. */
  readonly texts: Texts
  run(invocation: Invocation): Promise<ExitCode>
}

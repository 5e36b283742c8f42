import { columns, safeJson, visible } from './terminal.ts'

/** Version of every JSON document (CLI.md). Fields may be added, never renamed or dropped. */
const SCHEMA = 1

/** Standard output and error of one command. stdout is either one JSON document (or JSON lines), or words. */
export class Output {
  readonly json: boolean
  readonly #quiet: boolean
  #progressShown = false

  constructor(json: boolean, quiet = false) {
    this.json = json
    this.#quiet = quiet
  }

  /** The command's one JSON document; `schema` comes first. */
  document(fields: Readonly<Record<string, unknown>>): void {
    process.stdout.write(`${safeJson({ schema: SCHEMA, ...fields }, 2)}\n`)
  }

  /** One row of `--all`: JSON lines. */
  row(fields: unknown): void {
    process.stdout.write(`${safeJson(fields)}\n`)
  }

  line(text = ''): void {
    process.stdout.write(`${visible(text)}\n`)
  }

  table(rows: readonly (readonly string[])[]): void {
    for (const line of columns(rows)) process.stdout.write(`${line}\n`)
  }

  /** Words for the user that are not the result: stderr. */
  note(text: string): void {
    this.endProgress()
    process.stderr.write(`${visible(text)}\n`)
  }

  /** Progress of a job: one line that rewrites itself on a terminal; silent elsewhere. */
  progress(text: string): void {
    if (this.#quiet || !process.stderr.isTTY) return
    const room = Math.max(20, (process.stderr.columns || 80) - 1)
    process.stderr.write(`\r\x1b[2K${visible(text).slice(0, room)}`)
    this.#progressShown = true
  }

  endProgress(): void {
    if (this.#progressShown) process.stderr.write('\r\x1b[2K')
    this.#progressShown = false
  }
}

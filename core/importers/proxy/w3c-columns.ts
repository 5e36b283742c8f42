import { present } from '../../normalise/placeholder.ts'

/** Values of one line by field name. */
export type W3cRow = (...names: readonly string[]) => string | undefined

/** A line cannot have more columns than any product defines (ProxySG knows some hundreds). */
const MAX_COLUMNS = 2_000

/**
 * The columns that a `#Fields:` line names. A tab in that line makes tabs the separator (TMG, ISA); otherwise values are
 * separated by blanks and may stand in quotation marks, doubled inside.
 */
export class W3cColumns {
  readonly names: readonly string[]
  readonly #places = new Map<string, number>()
  readonly #isTabbed: boolean

  constructor(fields: string) {
    const body = fields.replace(/^#Fields:\s*/i, '').trimEnd()
    this.#isTabbed = body.includes('\t')
    this.names = body
      .split(this.#isTabbed ? '\t' : /\s+/, MAX_COLUMNS)
      .map((name) => name.trim().toLowerCase())
    this.names.forEach((name, place) => {
      if (!this.#places.has(name)) this.#places.set(name, place)
    })
  }

  has(...names: readonly string[]): boolean {
    return names.every((name) => this.#places.has(name))
  }

  split(line: string): string[] {
    if (this.#isTabbed) return line.split('\t', MAX_COLUMNS + 1)
    if (!line.includes('"')) return line.trim().split(/ +|\t+/, MAX_COLUMNS + 1)
    const cells: string[] = []
    for (const [, quoted, plain] of line.matchAll(/"((?:[^"]|"")*)"(?=\s|$)|(\S+)/g)) {
      if (cells.length > MAX_COLUMNS) break
      cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    }
    return cells
  }

  /** The first of these fields that has a value; stand-ins such as `-` are none. */
  row(cells: readonly string[]): W3cRow {
    return (...names) => {
      for (const name of names) {
        const place = this.#places.get(name)
        const value = place === undefined ? undefined : present(cells[place])
        if (value !== undefined) return value
      }
      return undefined
    }
  }
}

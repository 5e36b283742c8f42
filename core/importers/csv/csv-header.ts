/** Column names of a table. Lookup ignores case, surrounding blanks and quotation marks; a name that occurs again is `name_2`. */
export class CsvHeader {
  readonly names: readonly string[]
  /** Names that stood there more than once, as written. */
  readonly repeated: readonly string[]
  readonly #places = new Map<string, number>()

  constructor(cells: readonly string[]) {
    const repeated = new Set<string>()
    this.names = cells.map((cell, place) => {
      const written = clean(cell)
      let name = written
      for (let count = 2; name !== '' && this.#places.has(name.toLowerCase()); count += 1) {
        repeated.add(written)
        name = `${written}_${count}`
      }
      if (name !== '') this.#places.set(name.toLowerCase(), place)
      return name
    })
    this.repeated = [...repeated]
  }

  /** Column of that name, -1 when the table has none. */
  index(name: string): number {
    return this.#places.get(name.toLowerCase()) ?? -1
  }

  /** Column of the first of these names that the table has, -1 when it has none of them. */
  first(...names: readonly string[]): number {
    for (const name of names) {
      const place = this.index(name)
      if (place !== -1) return place
    }
    return -1
  }

  /** Whether every one of these columns is there. */
  has(...names: readonly string[]): boolean {
    return names.every((name) => this.index(name) !== -1)
  }
}

function clean(cell: string): string {
  return cell
    .replace(/^\ufeff/, '')
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim()
}

/** One row of a table: its cells by column number, as `CsvHeader.index` gives it. */
export class CsvRow {
  readonly cells: readonly string[]
  constructor(cells: readonly string[]) {
    this.cells = cells
  }
  /** Text of a column; undefined when the table has no such column (-1), the row is short, or the cell is empty. */
  text(column: number): string | undefined {
    const cell = this.cells[column]
    return cell === undefined || cell === '' ? undefined : cell
  }
}

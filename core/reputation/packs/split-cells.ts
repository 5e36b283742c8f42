/** `"a","b ""c""",d` -> cells; undefined when a quote is left open (a cell of this feed never spans lines). */
export function splitCells(line: string): string[] | undefined {
  const cells: string[] = []
  let at = 0
  while (at <= line.length) {
    if (line[at] === '"') {
      let cell = ''
      let end = line.indexOf('"', at + 1)
      while (end >= 0 && line[end + 1] === '"') {
        cell += line.slice(at + 1, end + 1)
        at = end + 1
        end = line.indexOf('"', at + 1)
      }
      if (end < 0) return undefined
      cells.push(cell + line.slice(at + 1, end))
      const comma = line.indexOf(',', end)
      if (comma < 0) return cells
      at = comma + 1
    } else {
      const comma = line.indexOf(',', at)
      cells.push(line.slice(at, comma < 0 ? undefined : comma).trim())
      if (comma < 0) return cells
      at = comma + 1
    }
  }
  return cells
}

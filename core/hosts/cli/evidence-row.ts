import type { EvidenceRow } from '../../contract/nouns/evidence.ts'

/** Evidence as the documents `import` and `evidence` show it (CLI.md), first the fields named there. */
export function evidenceDocument(row: EvidenceRow): Record<string, unknown> {
  const { importedAt, firstAt, lastAt, stale, error, path, endpoint, directory, ...named } = row
  const said = { ...(endpoint !== undefined && { endpoint }), ...(directory && { directory }) }
  return { ...named, error, importedAt, firstAt, lastAt, stale, path, ...said }
}

/** One line of the evidence table. */
export function evidenceCells(row: EvidenceRow): readonly string[] {
  return [
    row.id,
    row.name,
    row.format,
    `${row.read} = ${row.stored} + ${row.duplicate} + ${row.rejected}`,
    row.status,
    row.sha256,
    row.path,
  ]
}

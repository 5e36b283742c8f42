import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CSV_COLUMNS } from './csv-input.ts'

/** Indexes over the columns that our event indexes cover: time, kind, machine, account, program. */
const INDEXES = [
  '("Timestamp")',
  '("ActionType", "Timestamp")',
  '("DeviceName", "Timestamp")',
  '("AccountName", "Timestamp")',
  '("FolderPath", "Timestamp")',
  '("ReportId")',
]

/** Writes the script by which the sqlite3 command line imports the table and builds the same indexes. */
export function sqliteScript(folder: string, csv: string): string {
  const script = join(folder, 'import.sql')
  const columns = CSV_COLUMNS.map((name) => `"${name}" TEXT`).join(', ')
  writeFileSync(
    script,
    [
      'PRAGMA journal_mode = WAL;',
      'PRAGMA synchronous = FULL;',
      'PRAGMA cache_size = -65536;',
      `CREATE TABLE t (${columns});`,
      '.mode csv',
      `.import --skip 1 ${csv} t`,
      ...INDEXES.map((index, number) => `CREATE INDEX t_${number} ON t ${index};`),
    ].join('\n'),
  )
  return script
}

import type { AuditRow } from '../../contract/nouns/evidence.ts'
import type { ReportContext } from '../context.ts'

const PAGE = 1000

/**
 * The audit log up to the last change of the case. Entries after it that only say a report was written are left out:
 * otherwise writing a report would change the next one (same case + same settings = same bytes).
 */
export async function listCustody(context: ReportContext): Promise<readonly AuditRow[]> {
  const rows: AuditRow[] = []
  let cursor: string | null = null
  do {
    const page: { rows: AuditRow[]; next: string | null } = await context.ask('audit.list', {
      limit: PAGE,
      cursor,
    })
    rows.push(...page.rows)
    cursor = page.next
  } while (cursor !== null)
  return rows.slice(0, rows.findLastIndex((row) => row.action !== 'report.written') + 1)
}

import type { IssueRow } from '../contract/nouns/evidence.ts'
import type { Page } from '../contract/shapes.ts'
import { isDamage, ISSUE_WEIGHTS, issueWeight } from '../model/issue-weight.ts'
import { readIdCursor, readTimeCursor } from './cursor.ts'
import type { ReadStore } from './store.ts'
import { escapeLike } from './strings.ts'

const issueMatch = `(@evidence IS NULL OR i.evidence_id = @evidence) AND (@code IS NULL OR i.code = @code)
  AND (@lost IS NULL OR (i.records > 0) = @lost)
  AND (@text IS NULL OR i.locator LIKE @text ESCAPE '\\' OR i.excerpt LIKE @text ESCAPE '\\')`
const issuePage = `SELECT i.*, e.name AS evidence_name FROM issue i JOIN evidence e ON e.id = i.evidence_id
  WHERE i.id > @after AND ${issueMatch} ORDER BY i.id LIMIT @limit`
const weighs = `(i.records > 0) = (@weight = 0) AND (i.records > 0 OR (i.code IN (SELECT value FROM json_each(@damage))) = (@weight = 1))`
const issuesOfWeight = `SELECT i.*, e.name AS evidence_name FROM issue i JOIN evidence e ON e.id = i.evidence_id
  WHERE i.id > @after AND ${weighs} AND ${issueMatch} ORDER BY i.id LIMIT @limit`
const issueCodes = 'SELECT DISTINCT code FROM issue'
const issueTotal = `SELECT count(*) FROM issue i WHERE ${issueMatch}`

interface StoredIssue {
  readonly id: number
  readonly evidence_id: number
  readonly evidence_name: string
  readonly locator: string
  readonly code: string
  readonly excerpt: string
  readonly records: number
  readonly record: number | null
}

/** Issues in the order they were met, or what weighs most first. */
export function listIssues(
  db: ReadStore,
  filter: {
    evidenceId?: string | null | undefined
    code?: string | null | undefined
    lost?: boolean | null | undefined
    text?: string | null | undefined
    order: 'file' | 'weight'
    cursor?: string | null | undefined
    limit: number
  },
): Page<IssueRow> {
  const match = {
    evidence: filter.evidenceId == null ? null : Number(filter.evidenceId),
    code: filter.code ?? null,
    lost: filter.lost == null ? null : filter.lost ? 1 : 0,
    text: filter.text == null || filter.text === '' ? null : `%${escapeLike(filter.text)}%`,
  }
  const found =
    filter.order === 'weight'
      ? heaviestIssues(db, match, filter.cursor, filter.limit + 1)
      : (db
          .prepare(issuePage)
          .all({ ...match, after: readIdCursor(filter.cursor), limit: filter.limit + 1 }) as StoredIssue[])
  const shown = found.slice(0, filter.limit)
  const end = shown.at(-1)
  return {
    rows: shown.map((row) => ({
      id: String(row.id),
      evidenceId: String(row.evidence_id),
      evidenceName: row.evidence_name,
      locator: row.locator,
      code: row.code,
      excerpt: row.excerpt,
      records: row.records,
      weight: issueWeight(row.code, row.records),
      record: row.record,
    })),
    next:
      found.length > filter.limit && end
        ? filter.order === 'weight'
          ? weightCursor(end)
          : String(end.id)
        : null,
    total: db.prepare(issueTotal).pluck().get(match) as number,
  }
}

const rankOf = (row: StoredIssue): number => ISSUE_WEIGHTS.indexOf(issueWeight(row.code, row.records))
const weightCursor = (row: StoredIssue): string => `${rankOf(row)}:${row.id}`

/** One weight after the other, so that a page ends as soon as it is full. */
function heaviestIssues(
  db: ReadStore,
  match: Readonly<Record<string, string | number | null>>,
  cursor: string | null | undefined,
  limit: number,
): StoredIssue[] {
  const after = readTimeCursor(cursor)
  const damage = JSON.stringify((db.prepare(issueCodes).pluck().all() as string[]).filter(isDamage))
  const page = db.prepare(issuesOfWeight)
  const found: StoredIssue[] = []
  for (let weight = after?.at ?? 0; weight < ISSUE_WEIGHTS.length && found.length < limit; weight += 1) {
    const asked = { ...match, damage, weight, after: weight === after?.at ? after.id : 0 }
    found.push(...(page.all({ ...asked, limit: limit - found.length }) as StoredIssue[]))
  }
  return found
}

import type { AuditRow, EvidenceRow, IssueRow } from '../../../contract/nouns/evidence.ts'
import type { ReportContext } from '../../context.ts'
import type { Line } from '../../document.ts'

/** Names of what was not taken that are printed; the others are counted. */
const MOST_NAMES = 60

/** Why a file was not taken, in few words; what is not here stands in the chain of custody. */
const WHY: Readonly<Record<string, string>> = {
  'evidence.unrecognised': 'unknown',
  'evidence.ambiguous': 'question',
  'evidence.needs_mapping': 'question',
  'evidence.date_order': 'question',
  'evidence.archive_locked': 'question',
  'evidence.encrypted': 'question',
  'evidence.unreadable': 'unreadable',
  'evidence.file_name': 'unreadable',
  'evidence.archive_unsupported': 'unreadable',
  'evidence.workbook': 'unreadable',
  'evidence.archive_broken': 'broken',
  'evidence.empty': 'empty',
  'evidence.link': 'link',
  'evidence.not_a_file': 'link',
  'evidence.too_deep': 'deep',
}

/**
 * Files that were handed over and are not in the case. Hosts have files of one name: what was handed over is known by its path; one that
 * was taken from the same path later is left out.
 */
export function notTaken(
  { words }: ReportContext,
  custody: readonly AuditRow[],
  evidence: readonly EvidenceRow[],
): Line[] {
  const taken = new Set(evidence.map(({ path }) => path))
  const why = new Map<string, { readonly name: string; readonly reason: string }>()
  let more = 0
  for (const { action, details } of custody) {
    if (action !== 'evidence.refuse') continue
    const { name, path, code, count } = details
    if (typeof count === 'number') more += count
    else if (typeof name === 'string' && typeof path === 'string' && !taken.has(path))
      why.set(path, { name, reason: WHY[String(code)] ?? 'other' })
  }
  const many = new Set(
    [...Map.groupBy(why.values(), ({ name }) => name)].flatMap(([name, all]) =>
      all.length > 1 ? [name] : [],
    ),
  )
  const lines = [...why].map(([path, { name, reason }]): Line => {
    // Its folder tells which of several it is; where it is the only one of its name that says no more than needed.
    const told = many.has(name) ? path.split(/[\\/]/).slice(-3).join('/') : name
    return [words('notTaken', { name: told }), words(`why.${reason}`)]
  })
  more += Math.max(0, lines.length - MOST_NAMES)
  return [...lines.slice(0, MOST_NAMES), ...(more > 0 ? [[words('notTakenMore', { count: more })]] : [])]
}

/** Issues that say that a member of an archive, which something was to be read of, is not in the case. */
const LEFT_OUT = [
  'archive.unrecognised_member',
  'archive.ambiguous_member',
  'archive.needs_mapping',
  'archive.date_order',
  'archive.encrypted_member',
  'archive.sealed_member',
  'archive.unknown_compression',
  'archive.too_deep',
] as const
const PAGE = 1_000

/** Evidence id -> how many members of it nobody read. Members that cost records are counted with those. */
export async function unreadMembers({ ask }: ReportContext): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const code of LEFT_OUT) {
    let cursor: string | null = null
    do {
      const page: { rows: IssueRow[]; next: string | null } = await ask('evidence.issues', {
        code,
        limit: PAGE,
        cursor,
      })
      for (const { evidenceId } of page.rows) counts.set(evidenceId, (counts.get(evidenceId) ?? 0) + 1)
      cursor = page.next
    } while (cursor !== null)
  }
  return counts
}

/** How much an issue costs, gravest first. `damaged`: nothing counted is lost, but something of the source is cut, locked or not whole. */
export const ISSUE_WEIGHTS = ['lost', 'damaged', 'remark'] as const
export type IssueWeight = (typeof ISSUE_WEIGHTS)[number]

/** Words by which importers name what was cut off or could not be opened (`<importer>.<what>`). */
const DAMAGE =
  /(?:[._])(?:truncated|cut|damaged|missing|lost|limit|locked|protected|unreadable|exhausted|budget|checksum|expansion|deep|nesting|many|large|long|count|not_closed|encoding)(?:_|$)/

/** Whether an issue of this code says that the source is not whole, where it costs no record. */
export const isDamage = (code: string): boolean => DAMAGE.test(code)

/** @param records lost by it */
export const issueWeight = (code: string, records: number): IssueWeight =>
  records > 0 ? 'lost' : isDamage(code) ? 'damaged' : 'remark'

/**
 * Errors are codes with parameters; the words are `errors.<code>` in the locale files (STYLE.md section 4).
 * Bad evidence is not an error: importers yield issues for it.
 */
export const ERROR_CODES = [
  'request.unknown_method',
  'request.invalid',
  'request.unknown_field',
  'request.unknown_kind',
  'request.not_permitted',
  'request.not_found',
  'request.ambiguous',
  'request.usage',
  'request.too_large',
  'case.none_open',
  'case.exists',
  'case.missing',
  'file.missing',
  'file.is_folder',
  'file.no_access',
  'file.unreadable',
  'evidence.unreadable',
  'evidence.file_name',
  'evidence.not_a_file',
  'evidence.link',
  'evidence.too_deep',
  'evidence.changed',
  'evidence.replaced',
  'evidence.gone',
  'evidence.duplicate',
  'evidence.duplicate_machine',
  'evidence.unrecognised',
  'evidence.ambiguous',
  'evidence.nothing_read',
  'evidence.empty',
  'evidence.too_large',
  'evidence.encrypted',
  'evidence.archive_broken',
  'evidence.archive_unsupported',
  'evidence.archive_locked',
  'evidence.workbook',
  'evidence.date_order',
  'evidence.needs_mapping',
  'mapping.no_table',
  'mapping.invalid',
  'limit.memory',
  'limit.record_size',
  'limit.expansion',
  'limit.rows',
  'event.too_many_to_sort',
  'store.not_a_case',
  'store.foreign_schema',
  'store.locked',
  'store.corrupt',
  'store.from_future',
  'store.disk_full',
  'store.read_only',
  'store.unwritable',
  'output.case',
  'output.evidence',
  'output.not_empty',
  'output.input',
  'identity.kind',
  'identity.kinds_differ',
  'identity.same',
  'identity.not_a_name',
  'identity.whole',
  'rule.failed',
  'policy.invalid',
  'policy.service_mismatch',
  'judge.invalid_message',
  'judge.invalid_url',
  'retro.disabled',
  'retro.no_packs',
  'pack.unrecognised',
  'pack.damaged',
  'pack.not_json',
  'pack.field',
  'pack.too_large',
  'pack.several_members',
  'pack.no_manifest',
  'pack.no_patterns',
  'pack.unmarked',
  'pack.version_taken',
  'pack.duplicate',
  'pack.feed_alone',
  'sweep.invalid',
  'sweep.unrecognised',
  'sweep.too_many',
  'merge.itself',
  'merge.broken_log',
  'merge.too_large',
  'merge.conflicts',
  'merge.changed',
  'key.invalid',
  'key.not_public',
  'key.private',
  'key.exists',
  'report.no_browser',
  'report.failed',
  'report.unjoined',
  'host.port_in_use',
  'host.port_not_permitted',
  'host.gone',
  'host.token',
  'job.cancelled',
  'job.busy',
  'internal',
  'internal.unlogged',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]
export type ErrorParams = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

/** The one error class of the product. `cause` keeps the original for the local log; it never crosses a transport. */
export class WorkbenchError extends Error {
  readonly code: ErrorCode
  readonly params: ErrorParams
  constructor(code: ErrorCode, params: ErrorParams = {}, options?: { cause?: unknown }) {
    super(code, options)
    this.name = 'WorkbenchError'
    this.code = code
    this.params = params
  }
}

/** An error as it crosses a transport: plain JSON. */
export interface PlainError {
  readonly code: ErrorCode
  readonly params: ErrorParams
}

/** Whose words are said: a defect that stands in no log must not send anybody to look there. */
export const wordsOf = ({ code, params }: PlainError): ErrorCode =>
  code === 'internal' && !('log' in params) ? 'internal.unlogged' : code

/** Turns anything thrown into the plain form; what is not a {@link WorkbenchError} becomes `internal`. */
export function toPlainError(thrown: unknown): PlainError {
  if (thrown instanceof WorkbenchError) return { code: thrown.code, params: thrown.params }
  return { code: 'internal', params: { name: thrown instanceof Error ? thrown.name : 'unknown' } }
}

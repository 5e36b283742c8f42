import type { JobRow } from '../contract/nouns/overview.ts'
import type { EngineEvent } from '../contract/types.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'

/** Jobs listed: the newest of this case. */
const LISTED = 50

interface LogRow {
  id: number
  method: string
  status: JobRow['status']
  started_at: number | null
  ended_at: number | null
  error: string | null
  result: string | null
}

const toRow = (row: LogRow): JobRow => ({
  id: String(row.id),
  method: row.method,
  status: row.status,
  startedAt: toIsoOrNull(row.started_at),
  endedAt: toIsoOrNull(row.ended_at),
  progress: row.status === 'done' ? 1 : null,
  eta: null,
  step: null,
  counters: {},
  error: row.error === null ? null : (JSON.parse(row.error) as JobRow['error']),
})

/** What the engine knows of jobs: the live ones from their events, the ended ones from the case's job log. */
export class JobBook {
  readonly #live = new Map<string, JobRow>()
  #past: JobRow[] = []
  /** Results of jobs that left none in the log (read-only case). */
  readonly #kept = new Map<string, unknown>()
  #nextId = 1

  /** A case was opened: number on from its log. */
  reset(db: ReadStore): void {
    this.#live.clear()
    this.#kept.clear()
    this.#past = (db.prepare('SELECT * FROM job_log ORDER BY id DESC LIMIT ?').all(LISTED) as LogRow[]).map(
      toRow,
    )
    this.#nextId = (db.prepare('SELECT coalesce(max(id), 0) + 1 FROM job_log').pluck().get() as number) || 1
  }

  /** Registers a queued job and gives its id. */
  start(method: string): string {
    const id = String(this.#nextId++)
    this.#live.set(id, {
      id,
      method,
      status: 'queued',
      startedAt: toIso(Date.now() * 1000),
      endedAt: null,
      progress: null,
      eta: null,
      step: null,
      counters: {},
      error: null,
    })
    return id
  }

  note(event: EngineEvent): void {
    if (event.type !== 'job.progress' && event.type !== 'job.ended') return
    const row = this.#live.get(event.jobId)
    if (!row) return
    if (event.type === 'job.progress') {
      this.#live.set(event.jobId, {
        ...row,
        status: 'running',
        progress: event.progress,
        eta: event.eta,
        step: event.step,
        counters: event.counters,
      })
    } else {
      this.#live.set(event.jobId, {
        ...row,
        status: event.status,
        endedAt: toIso(Date.now() * 1000),
        progress: event.status === 'done' ? 1 : row.progress,
        eta: null,
        error: event.error,
      })
    }
  }

  keep(id: string, result: unknown): void {
    this.#kept.set(id, result)
  }

  /** Newest first. */
  list(): JobRow[] {
    return [...this.#live.values()].reverse().concat(this.#past).slice(0, LISTED)
  }

  /** State and result of one job; `request.not_found`. */
  get(db: ReadStore, id: string): { job: JobRow; result: unknown } {
    const row = db.prepare('SELECT * FROM job_log WHERE id = ?').get(Number(id)) as LogRow | undefined
    const job = this.#live.get(id) ?? (row ? toRow(row) : undefined)
    if (!job) throw new WorkbenchError('request.not_found', { what: `job ${id}` })
    if (this.#kept.has(id)) return { job, result: this.#kept.get(id) }
    return { job, result: row?.result == null ? null : (JSON.parse(row.result) as unknown) }
  }
}

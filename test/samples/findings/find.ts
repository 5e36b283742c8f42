import Database from 'better-sqlite3'
import { join } from 'node:path'
import { Workbench } from '../../support/workbench.ts'
import { samplesFolder } from '../samples.ts'

export interface FoundRelation {
  readonly kind: string
  readonly from: string
  readonly to: string
  readonly rule: string
  readonly count: number
}
export interface FoundDetection {
  readonly rule: string
  readonly what: string
  readonly level: string
  readonly subject: string
}
/** What a case made of some samples holds. */
export interface Finds {
  readonly records: number
  readonly rejected: number
  readonly relations: readonly FoundRelation[]
  readonly detections: readonly FoundDetection[]
  /** Titles' codes of the stories, best first, with how many endpoints and users they affect. */
  readonly stories: readonly { readonly endpoints: number; readonly users: number }[]
}

const relations = `SELECT r.kind, f.name AS "from", t.name AS "to", r.rule, r.count FROM relation r
  JOIN entity f ON f.id = r.from_id JOIN entity t ON t.id = r.to_id WHERE r.observed = 1 ORDER BY r.id`
const detections = `SELECT d.rule, d.what, d.level, e.name AS subject FROM detection d JOIN entity e ON e.id = d.subject_id
  ORDER BY d.first_at IS NULL, d.first_at, d.id`

/** Imports the samples into a case of their own, correlates, and reads what came of it. */
export async function findIn(paths: readonly string[]): Promise<Finds> {
  const bench = await Workbench.open()
  try {
    const imported = await bench.import(...paths.map((path) => join(samplesFolder, path)))
    const run = await bench.client.run('correlation.run', {})
    const failed = run.rules.filter((rule) => rule.error !== null)
    if (failed.length > 0) throw new Error(failed.map((rule) => `${rule.id}: ${rule.error}`).join('; '))
    const stories = await bench.client.call('story.list', { limit: 5 })
    using db = new Reader(bench.casePath)
    return {
      records: imported.totals.stored,
      rejected: imported.totals.rejected,
      relations: db.all<FoundRelation>(relations),
      detections: db.all<FoundDetection>(detections),
      stories: stories.rows.map((story) => ({
        endpoints: story.endpointTotal,
        users: story.userTotal,
      })),
    }
  } finally {
    await bench.close()
  }
}

class Reader {
  readonly #db
  constructor(path: string) {
    this.#db = new Database(path, { readonly: true })
  }
  all<T>(sql: string): T[] {
    return this.#db.prepare(sql).all() as T[]
  }
  [Symbol.dispose](): void {
    this.#db.close()
  }
}

import type { RetroRun } from '../contract/nouns/reputation.ts'
import type { CommandContext } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { listShelfPacks } from './packs-stored.ts'
import { getPolicy } from './policy-stored.ts'
import { toRetroDocument } from './retro-document.ts'
import { scanRetro } from './retro-scan.ts'

/** `counts` alone, without reading documents of a hundred thousand rows into memory. */
const list = `SELECT id, at, policy, json_extract(document, '$.counts') AS counts FROM retro_run ORDER BY id DESC`
const get = 'SELECT id, document FROM retro_run WHERE id = ?'
const nextId = 'SELECT coalesce(max(id), 0) + 1 FROM retro_run'
const insert = 'INSERT INTO retro_run (id, at, policy, document) VALUES (?, ?, ?, ?)'
const countMessages = 'SELECT count(DISTINCT entity_id) FROM message'

/** Id of a dry run: it is not stored. */
const NOT_STORED = '0'

/**
 * Judges stored mail again with newer packs (JUDGE.md, "Retro scan") and keeps the result.
 * @param pack id of the newest pack that counts as "now"; null: all packs
 * @throws WorkbenchError `retro.disabled` (policy has it off; `dryRun` shows what it would say, and stores nothing),
 *   `retro.no_packs`, `request.not_found` (no such pack)
 */
export function runRetro(context: CommandContext, pack: number | null, dryRun: boolean): RetroRun {
  const { db, signal, progress } = context
  const { policy } = getPolicy(db)
  if (!policy.retroScan.enabled && !dryRun)
    throw new WorkbenchError('retro.disabled', { policy: policy.name })
  const packs = listShelfPacks(db)
  if (packs.length === 0) throw new WorkbenchError('retro.no_packs')
  if (pack !== null && !packs.some((known) => known.id === pack)) {
    throw new WorkbenchError('request.not_found', { what: `pack ${pack}` })
  }
  const at = context.now()
  const total = db.prepare(countMessages).pluck().get() as number
  const findings = scanRetro(db, {
    policy,
    at,
    pack,
    onMessages(messages) {
      signal.throwIfAborted()
      progress({ done: total === 0 ? null : Math.min(1, messages / total), counters: { messages } })
    },
  })
  signal.throwIfAborted()
  if (dryRun) return toRetroDocument(db, findings, { id: NOT_STORED, at, policy: policy.name })
  return db.transaction(() => {
    const id = db.prepare(nextId).pluck().get() as number
    const document = toRetroDocument(db, findings, { id: String(id), at, policy: policy.name })
    db.prepare(insert).run(id, at, policy.name, JSON.stringify(document))
    const { packsThen, packsNow } = document.run
    appendAudit(db, {
      at,
      action: 'retro.run',
      details: { id, policy: policy.name, packsThen, packsNow, ...document.counts },
    })
    return document
  })()
}

/** All stored runs, newest first. */
export function listRetroRuns(
  db: ReadStore,
): { id: string; at: string; policy: string; counts: RetroRun['counts'] }[] {
  const rows = db.prepare(list).all() as { id: number; at: number; policy: string; counts: string }[]
  return rows.map(({ id, at, policy, counts }) => ({
    id: String(id),
    at: toIso(at),
    policy,
    counts: JSON.parse(counts) as RetroRun['counts'],
  }))
}

/** One stored run as it was. @throws WorkbenchError `request.not_found` */
export function getRetroRun(db: ReadStore, id: number): RetroRun {
  const row = db.prepare(get).get(id) as { document: string } | undefined
  if (row === undefined) throw new WorkbenchError('request.not_found', { what: `retro scan ${id}` })
  return JSON.parse(row.document) as RetroRun
}

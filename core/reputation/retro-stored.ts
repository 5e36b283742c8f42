import type { Exposed, RetroRun } from '../contract/nouns/reputation.ts'
import type { CommandContext } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { Judge } from './judge.ts'
import { getJudgingPolicy } from './policy-stored.ts'
import { RetroBase } from './retro-base.ts'
import { ChangedHosts, describeInputs, whyWhole } from './retro-delta.ts'
import { toRetroDocument } from './retro-document.ts'
import { scanRetro } from './retro-scan.ts'
import { loadShelf } from './shelf-load.ts'
import { packPatterns } from './shelf/packed-patterns.ts'
import { packUrls } from './shelf/packed-urls.ts'

/** `counts` alone, without reading documents of a hundred thousand rows into memory. */
const list = `SELECT id, at, policy, json_extract(document, '$.counts') AS counts FROM retro_run ORDER BY id DESC`
const get = 'SELECT id, document FROM retro_run WHERE id = ?'
const nextId = 'SELECT coalesce(max(id), 0) + 1 FROM retro_run'
const insert = 'INSERT INTO retro_run (id, at, policy, document) VALUES (?, ?, ?, ?)'
const countMessages = 'SELECT count(DISTINCT entity_id) FROM message'

/** Id of a dry run: it is not stored. */
const NOT_STORED = '0'

/** What a run is asked for. `pack`: id of the newest pack that counts as "now"; null: all packs. */
export interface RetroRequest {
  readonly pack?: number | null
  readonly dryRun?: boolean
  /** Id of an earlier run to build on. */
  readonly base?: number | null
}

/**
 * Judges stored mail again with newer packs (JUDGE.md, "Retro scan") and keeps the result.
 * @throws WorkbenchError `retro.disabled` (policy has it off; `dryRun` shows what it would say, and stores nothing),
 *   `retro.no_packs`, `request.not_found` (no such pack or run)
 */
export function runRetro(context: CommandContext, request: RetroRequest = {}): RetroRun {
  const { db, signal, progress } = context
  const { pack = null, dryRun = false } = request
  const policy = getJudgingPolicy(db, context.now())
  if (!policy.retroScan.enabled && !dryRun)
    throw new WorkbenchError('retro.disabled', { policy: policy.name })
  // Without hosts it holds no entry: only which packs count is asked here.
  const shelf = loadShelf(db, [])
  const { packs } = shelf
  if (packs.length === 0) throw new WorkbenchError('retro.no_packs')
  if (pack !== null && !packs.some((known) => known.id === pack)) {
    throw new WorkbenchError('request.not_found', { what: `pack ${pack}` })
  }
  // A dry run writes nothing, and goes through the rows where nothing is packed.
  if (!dryRun)
    db.transaction(() => {
      packPatterns(db)
      packUrls(db)
    })()
  const at = context.now()
  const inputs = describeInputs(db, policy, at, packs, shelf.inForceNow(pack ?? undefined), pack)
  const earlier = request.base == null ? null : getRetroRun(db, request.base)
  const whole = earlier === null ? null : whyWhole(db, earlier, inputs, packs, at)
  const base =
    earlier === null || whole !== null
      ? undefined
      : new RetroBase(
          db,
          earlier,
          inputs,
          packs,
          new ChangedHosts(db, earlier, inputs, packs, at),
          new Judge(policy),
        )
  const total = db.prepare(countMessages).pluck().get() as number
  const findings = scanRetro(db, {
    policy,
    at,
    pack,
    base,
    onMessages(messages) {
      signal.throwIfAborted()
      progress({ done: total === 0 ? null : Math.min(1, messages / total), counters: { messages } })
    },
  })
  signal.throwIfAborted()
  const facts = { at, policy: policy.name, base: base && earlier ? earlier.run.id : null, whole, inputs }
  if (dryRun) return toRetroDocument(db, findings, { id: NOT_STORED, ...facts })
  return db.transaction(() => {
    const id = db.prepare(nextId).pluck().get() as number
    const document = toRetroDocument(db, findings, { id: String(id), ...facts })
    db.prepare(insert).run(id, at, policy.name, JSON.stringify(document))
    const { packsThen, packsNow, base: from } = document.run
    appendAudit(db, {
      at,
      action: 'retro.run',
      details: { id, policy: policy.name, packsThen, packsNow, base: from, ...document.counts },
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
    counts: { ...NO_COUNTS, ...(JSON.parse(counts) as RetroRun['counts']) },
  }))
}

/** One stored run as it was. @throws WorkbenchError `request.not_found` */
export function getRetroRun(db: ReadStore, id: number): RetroRun {
  const row = db.prepare(get).get(id) as { document: string } | undefined
  if (row === undefined) throw new WorkbenchError('request.not_found', { what: `retro scan ${id}` })
  return readDocument(row.document)
}

const NO_COUNTS: RetroRun['counts'] = {
  messages: 0,
  urls: 0,
  judged: 0,
  notJudged: 0,
  links: 0,
  linksJudged: 0,
  turned: 0,
  excluded: 0,
}
/** Inputs of a run of a time when they were not kept: nothing is built on it. */
const NO_INPUTS: RetroRun['run']['inputs'] = {
  rules: 0,
  policySha256: '',
  isEffective: false,
  packsNow: [],
  upTo: null,
  lastPack: 0,
  lastMessage: 0,
  mailSha256: '',
}
const NOT_PLACED = { turnedAt: null, matchedThen: false, state: 'unknown' as const }
const NOT_EXPOSED: Pick<RetroRun['exposure'][number], keyof typeof Exposed> = {
  isRecipient: true,
  perhaps: [],
  turnedAt: null,
  openedAt: null,
  blockedAt: null,
  clickedBefore: null,
  removedAt: null,
  dwellSeconds: null,
  dwellUntil: null,
  dwellEnd: null,
  passedOn: [],
  relations: [],
  events: [],
}

/** Reads a stored run; one of an earlier version of Redthread lacks what was added since. */
function readDocument(text: string): RetroRun {
  const stored = JSON.parse(text) as RetroRun
  return {
    ...stored,
    run: { ...{ base: null, whole: null, rated: 0, inputs: NO_INPUTS }, ...stored.run },
    counts: { ...NO_COUNTS, ...stored.counts },
    notJudged: (stored.notJudged ?? []).map((row) => ({ ...{ links: row.urls }, ...row })),
    turned: stored.turned.map((row) => ({ ...{ decides: 'now' as const }, ...row })),
    newlyMatching: stored.newlyMatching.map((row) => ({ ...NOT_PLACED, ...row })),
    noLongerMatching: stored.noLongerMatching.map((row) => ({
      ...{ basis: row.restored ? 'unknown-filter' : 'other-action', cause: null },
      ...row,
    })),
    exposure: stored.exposure.map((row) => ({ ...NOT_EXPOSED, ...row })),
  }
}

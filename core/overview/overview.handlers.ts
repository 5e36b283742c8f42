import { basename } from 'node:path'
import { defineHandlers } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import { readCaseInfo, writeInfo } from '../store/case-info.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'
import { readiness } from './readiness.ts'

/** Programs that fetch mail, by image name; `olk.exe` is the new Outlook (S15). */
const MAIL_CLIENTS: ReadonlyMap<string, { name: string; isOutlook: boolean }> = new Map([
  ['outlook.exe', { name: 'Outlook', isOutlook: true }],
  ['olk.exe', { name: 'Outlook (new)', isOutlook: true }],
  ['thunderbird.exe', { name: 'Thunderbird', isOutlook: false }],
  ['hxoutlook.exe', { name: 'Windows Mail', isOutlook: false }],
  ['em client.exe', { name: 'eM Client', isOutlook: false }],
  ['notes2.exe', { name: 'HCL Notes', isOutlook: false }],
])

const clients = `SELECT DISTINCT s.v AS path, e.endpoint_id AS endpoint FROM event e JOIN str s ON s.id = e.process_path
  WHERE e.process_path IN (SELECT id FROM str WHERE v LIKE '%outlook.exe' OR v LIKE '%olk.exe' OR v LIKE '%thunderbird.exe' OR v LIKE '%em client.exe' OR v LIKE '%notes2.exe')`

interface ClientUse {
  readonly name: string
  readonly isOutlook: boolean
  /** Endpoints it ran on; empty before the first correlation. */
  readonly endpoints: Set<number>
}

function mailClients(db: ReadStore): ClientUse[] {
  const byName = new Map<string, ClientUse>()
  for (const { path, endpoint } of db.prepare(clients).iterate() as IterableIterator<{
    path: string
    endpoint: number | null
  }>) {
    const client = MAIL_CLIENTS.get((path.split(/[\\/]/).at(-1) ?? '').toLowerCase())
    if (!client) continue
    const use = byName.get(client.name) ?? { ...client, endpoints: new Set() }
    byName.set(client.name, use)
    if (endpoint !== null) use.endpoints.add(endpoint)
  }
  return [...byName.values()].sort(
    (a, b) => b.endpoints.size - a.endpoints.size || (a.name < b.name ? -1 : 1),
  )
}

/** Endpoints with any of the clients; one that has two counts once. */
const endpointsWith = (uses: readonly ClientUse[]): number =>
  new Set(uses.flatMap((use) => [...use.endpoints])).size

const coverage = `SELECT e.id, e.name, e.format, count(v.id) AS events, min(v.at) AS first, max(v.at) AS last FROM evidence e LEFT JOIN event v ON v.evidence_id = e.id GROUP BY e.id ORDER BY e.id`
const withSensor = `SELECT count(*) FROM entity WHERE kind = 'endpoint' AND json_extract(attributes, '$.hasSensor') = 1`
const withoutSensor = `SELECT id, name FROM entity WHERE kind = 'endpoint' AND json_extract(attributes, '$.hasSensor') IS NULL ORDER BY name, id LIMIT 500`
const kinds = 'SELECT kind, count(*) AS count FROM entity GROUP BY kind'
const lastRun = 'SELECT at, document FROM retro_run ORDER BY id DESC LIMIT 1'

export default defineHandlers({
  /** Asked from jobs (the report); the engine itself answers when no case is open or it is read-only. */
  'case.info': ({ db, casePath }) => readCaseInfo(db, basename(casePath), false),
  'overview.get': ({ db, casePath }) => {
    const mail = mailClients(db)
    const outlook = endpointsWith(mail.filter((client) => client.isOutlook))
    const other = endpointsWith(mail.filter((client) => !client.isOutlook))
    const byKind = Object.fromEntries(
      (db.prepare(kinds).all() as { kind: string; count: number }[]).map((row) => [row.kind, row.count]),
    )
    const retro = db.prepare(lastRun).get() as { at: number; document: string } | undefined
    const run = retro && (JSON.parse(retro.document) as { turned: unknown[]; exposure: unknown[] })
    return {
      counts: { ...readCaseInfo(db, basename(casePath), false).counts, ...byKind },
      readiness: readiness(db, { outlook, other }),
      coverage: (
        db.prepare(coverage).all() as {
          id: number
          name: string
          format: string
          events: number
          first: number | null
          last: number | null
        }[]
      ).map((row) => ({
        evidenceId: String(row.id),
        name: row.name,
        format: row.format,
        firstAt: toIsoOrNull(row.first),
        lastAt: toIsoOrNull(row.last),
        events: row.events,
      })),
      endpointsWithSensor: db.prepare(withSensor).pluck().get() as number,
      endpointsWithoutSensor: (db.prepare(withoutSensor).all() as { id: number; name: string }[]).map(
        (row) => ({ id: String(row.id), kind: 'endpoint' as const, name: row.name }),
      ),
      mailClients: mail.map((use) => ({ ...use, endpoints: use.endpoints.size })),
      retro:
        retro && run
          ? { lastRunAt: toIso(retro.at), turned: run.turned.length, exposed: run.exposure.length }
          : null,
    }
  },
  'case.setZone': (context, { zone }) => {
    if (!Intl.supportedValuesOf('timeZone').includes(zone) && zone !== 'UTC')
      throw new WorkbenchError('request.invalid', { field: 'zone', problem: zone })
    const { db } = context
    db.transaction(() => {
      writeInfo(db, 'zone', zone)
      appendAudit(db, { at: context.now(), action: 'case.zone', details: { zone } })
    })()
    context.changed('case', 'audit')
    return readCaseInfo(db, basename(context.casePath), false)
  },
})

import { basename } from 'node:path'
import { defineHandlers } from '../jobs/handlers.ts'
import { Turn } from '../jobs/turn.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import { readCaseInfo, writeInfo } from '../store/case-info.ts'
import { toIso } from '../store/time.ts'
import { coverageOf } from './coverage.ts'
import { findMailClients, type ClientUse } from './mail-clients.ts'
import { readiness } from './readiness.ts'

/** Endpoints with any of the clients; one that has two counts once. */
const endpointsWith = (uses: readonly ClientUse[]): number =>
  new Set(uses.flatMap((use) => [...use.endpoints])).size

const withSensor = `SELECT count(*) FROM entity WHERE kind = 'endpoint' AND json_extract(attributes, '$.hasSensor') = 1`
const withoutSensor = `SELECT id, name FROM entity WHERE kind = 'endpoint' AND json_extract(attributes, '$.hasSensor') IS NULL ORDER BY name, id LIMIT 500`
const kinds = 'SELECT kind, count(*) AS count FROM entity GROUP BY kind'
const lastRun = 'SELECT at, document FROM retro_run ORDER BY id DESC LIMIT 1'

/** Of a stored run, what is counted; runs of before say nothing of who was no recipient. */
interface StoredRun {
  readonly turned: readonly unknown[]
  readonly exposure: readonly { readonly isRecipient?: boolean }[]
}

export default defineHandlers({
  /** Asked from jobs (the report); the engine itself answers when no case is open or it is read-only. */
  'case.info': ({ db, casePath }) => readCaseInfo(db, basename(casePath), false),
  'overview.get': async ({ db, ask, casePath }) => {
    const mail = await findMailClients(db, ask)
    const outlook = endpointsWith(mail.filter((client) => client.isOutlook))
    const other = endpointsWith(mail.filter((client) => !client.isOutlook))
    const ready = await readiness(db, { outlook, other })
    const coverage = await coverageOf(db)
    const turn = new Turn()
    const { counts } = readCaseInfo(db, basename(casePath), false)
    await turn.end()
    const byKind = db.prepare(kinds).all() as { kind: string; count: number }[]
    await turn.end()
    const retro = db.prepare(lastRun).get() as { at: number; document: string } | undefined
    const run = retro && (JSON.parse(retro.document) as StoredRun)
    await turn.end()
    const without = db.prepare(withoutSensor).all() as { id: number; name: string }[]
    return {
      counts: { ...counts, ...Object.fromEntries(byKind.map(({ kind, count }) => [kind, count])) },
      readiness: ready,
      coverage,
      endpointsWithSensor: db.prepare(withSensor).pluck().get() as number,
      endpointsWithoutSensor: without.map((row) => ({
        id: String(row.id),
        kind: 'endpoint' as const,
        name: row.name,
      })),
      mailClients: mail.map((use) => ({ ...use, endpoints: use.endpoints.size })),
      retro:
        retro && run
          ? {
              lastRunAt: toIso(retro.at),
              turned: run.turned.length,
              exposed: run.exposure.filter((row) => row.isRecipient !== false).length,
            }
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

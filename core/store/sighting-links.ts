import type { EventKind } from '../model/event.ts'
import { kindNumber } from './event-columns.ts'
import type { WriteStore } from './store.ts'

/** A message stands for itself while its event names nobody. */
const MAIL: readonly EventKind[] = ['mail-delivered', 'mail-sent']
const byEvent = `UPDATE sweep_sighting SET entity_id = now.entity, user_id = now.user
  FROM (SELECT s.id, e.user_id AS user,
      iif(e.kind IN (${MAIL.map(kindNumber).join(', ')}) AND e.endpoint_id IS NULL AND e.user_id IS NULL, s.entity_id, e.endpoint_id) AS entity
    FROM sweep_sighting s JOIN event e ON e.id = s.event_id) AS now
  WHERE sweep_sighting.id = now.id AND (sweep_sighting.entity_id IS NOT now.entity OR sweep_sighting.user_id IS NOT now.user)`
/** Kinds of names that a sweep looks through (core/sweep/scan-names.ts). */
const NAMES = `'fqdn', 'netbios', 'ip', 'smtp', 'upn', 'account'`
const bearer = `SELECT a.entity_id FROM alias a WHERE a.kind IN (${NAMES}) AND a.value = s.value AND a.evidence_id = s.evidence_id AND a.record = s.record`
const byName = `UPDATE sweep_sighting AS s SET entity_id = (${bearer} LIMIT 1)
  WHERE event_id IS NULL AND entity_id IS NOT NULL AND entity_id NOT IN (${bearer}) AND EXISTS (${bearer})`

/**
 * Sightings of stored sweeps name entities by row ids; a merge, a split or its undoing gives their records to others. Called after
 * identity, so that an old sweep shows whom its records mean now, and never somebody who got a free id.
 */
export function relinkSightings(db: WriteStore): void {
  db.prepare(byEvent).run()
  db.prepare(byName).run()
}

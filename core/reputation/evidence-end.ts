import type { ReadStore } from '../store/store.ts'

/** Both walk an index from its end. */
const lastEvent = 'SELECT max(at) FROM event WHERE at <= ?'
const lastMail = `SELECT max(t) FROM (SELECT max(delivered_at) AS t FROM message WHERE delivered_at <= @now
  UNION ALL SELECT max(sent_at) FROM message WHERE sent_at <= @now)`

/**
 * The last time that evidence of the case speaks of: events and mail. What is dated later than `now` is a wrong clock and does not
 * count.
 * @param now microseconds
 * @returns microseconds; null when nothing in the case has a time
 */
export function lastEvidenceTime(db: ReadStore, now: number): number | null {
  const event = db.prepare(lastEvent).pluck().get(now) as number | null
  const mail = db.prepare(lastMail).pluck().get({ now }) as number | null
  return event === null ? mail : mail === null ? event : Math.max(event, mail)
}

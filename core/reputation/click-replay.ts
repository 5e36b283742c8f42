import type { ClickReplay } from '../contract/nouns/policy.ts'
import type { EntityRef } from '../contract/shapes.ts'
import type { ParsedInputOf, ResultOf } from '../contract/types.ts'
import { parseUrl } from '../normalise/url.ts'
import { unwrapUrl } from '../normalise/url-unwrap.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { ClickedMessages } from './clicked-message.ts'
import { citePack } from './packs-stored.ts'
import { pageAfter, parseCursor } from './paging.ts'
import { PolicyJudges } from './policy-judges.ts'
import { listStoredPolicies } from './policy-stored.ts'
import { loadShelf } from './shelf-load.ts'
import type { Rating } from './shelf.ts'
import { decideClick } from './time-of-click.ts'

/** Clicks without a time cannot be replayed: nobody knows what was in force. */
const clicks = `SELECT e.id, e.at, u.v AS url, o.v AS outcome, a.v AS action, n.v AS network,
    p.id AS user_id, p.kind AS user_kind, p.name AS user_name, h.id AS host_id, h.kind AS host_kind, h.name AS host_name
  FROM event e JOIN str u ON u.id = e.url
  LEFT JOIN str o ON o.id = e.outcome LEFT JOIN str a ON a.id = e.action LEFT JOIN str n ON n.id = e.network_message_id
  LEFT JOIN entity p ON p.id = e.user_id LEFT JOIN entity h ON h.id = e.endpoint_id
  WHERE e.kind = ? AND e.at IS NOT NULL ORDER BY e.at, e.id`

interface Row {
  id: number
  at: number
  url: string
  outcome: string | null
  action: string | null
  network: string | null
  user_id: number | null
  user_kind: EntityRef['kind']
  user_name: string
  host_id: number | null
  host_kind: EntityRef['kind']
  host_name: string
}

const UNRATED: Rating = { level: 'untested', entry: null }

/** Replays the recorded clicks of a case: what the policy and the packs of that moment would have done (W33-W36). */
export function replayClicks(db: ReadStore, input: ParsedInputOf<'click.replay'>): ResultOf<'click.replay'> {
  const rows = db.prepare(clicks).all(kindNumber('url-click')) as Row[]
  const replay = new Replay(db, rows)
  const counts = { clicks: rows.length, block: 0, warn: 0, allow: 0, notCovered: 0 }
  const replayed: { row: Row; click: ClickReplay }[] = []
  for (const row of rows) {
    const click = replay.replay(row)
    counts[click.outcome === 'not-covered' ? 'notCovered' : click.outcome] += 1
    if (input.outcome == null || input.outcome === click.outcome) replayed.push({ row, click })
  }
  const after = parseCursor(input.cursor, 2)
  const page = pageAfter(replayed, ({ row }) => [row.at, row.id], after, input.limit)
  return { rows: page.rows.map(({ click }) => click), next: page.next, total: replayed.length, counts }
}

class Replay {
  readonly #judges
  readonly #shelf
  readonly #messages

  constructor(db: ReadStore, rows: readonly Row[]) {
    this.#judges = new PolicyJudges(listStoredPolicies(db))
    this.#shelf = loadShelf(
      db,
      rows.flatMap((row) => parseUrl(reachedBy(row))?.host ?? []),
    )
    this.#messages = new ClickedMessages(db)
  }

  replay(row: Row): ClickReplay {
    const text = reachedBy(row)
    const url = parseUrl(text)
    // Exchange Online alone has time of click (W33); without such a policy the one for mail says so.
    const judge = this.#judges.judgeAt(row.at, 'exchange-online')
    const message = this.#messages.find(
      text,
      row.at,
      row.network,
      (facts) => judge.directionOf(facts) === 'incoming',
    )
    const rate = (at: number): Rating =>
      url === undefined ? UNRATED : this.#shelf.rate(url, this.#shelf.inForceAt(at), at)
    const rating = rate(row.at)
    const decision = decideClick(judge, {
      url,
      message: message?.facts ?? null,
      levelThen: message?.at == null ? null : rate(message.at).level,
      level: rating.level,
      at: row.at,
    })
    const pack = rating.entry === null ? undefined : this.#shelf.packs[rating.entry.pack]
    return {
      event: String(row.id),
      at: toIso(row.at),
      user: toRef(row.user_id, row.user_kind, row.user_name),
      endpoint: toRef(row.host_id, row.host_kind, row.host_name),
      url: url?.text ?? text,
      message: message?.ref ?? null,
      policy: judge.policy.name,
      ...decision,
      level: rating.level,
      pack: pack === undefined ? null : citePack(pack),
      entry: rating.entry?.text ?? null,
      scope: rating.entry?.scope ?? null,
      recorded: row.action ?? row.outcome,
    }
  }
}

/** Click logs name the link as it was rewritten in the mail. */
const reachedBy = (row: Row): string => unwrapUrl(row.url) ?? row.url

const toRef = (id: number | null, kind: EntityRef['kind'], name: string): EntityRef | null =>
  id === null ? null : { id: String(id), kind, name }

import type { EntityRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'
import { urlKey } from '../store/url-key.ts'
import type { MessageFacts } from './judge.ts'

/** The message that brought a clicked link. */
export interface ClickedMessage {
  readonly ref: EntityRef
  readonly at: number | null
  readonly facts: MessageFacts
}

/** A link in a footer can stand in every message of the company: the last ones before the click are what matters. */
const MAX_CANDIDATES = 50

const find = `SELECT m.id, m.entity_id, e.name, m.from_address, m.headers, coalesce(m.delivered_at, m.sent_at) AS at
  FROM url u JOIN message_url l ON l.url_id = u.id JOIN message m ON m.id = l.message JOIN entity e ON e.id = m.entity_id
  WHERE u.key = @key AND (at IS NULL OR at <= @click)
  ORDER BY coalesce(m.unique_id = @network, 0) DESC, at IS NULL, at DESC, m.id LIMIT @limit`
const recipients = 'SELECT DISTINCT address FROM message_recipient WHERE message = ? ORDER BY address'

interface Row {
  id: number
  entity_id: number
  name: string
  from_address: string | null
  headers: string
  at: number | null
}

/** Finds the messages behind clicks; its statements are prepared once for many. */
export class ClickedMessages {
  readonly #find
  readonly #recipients
  constructor(db: ReadStore) {
    this.#find = db.prepare(find)
    this.#recipients = db.prepare(recipients)
  }

  /**
   * The message that brought the link last before the click: the one the log names, else the last that `isWanted`, else the last.
   * @param at the click, microseconds UTC
   * @param network id of the message of the mail system, when the log has it
   */
  find(
    url: string,
    at: number,
    network: string | null,
    isWanted: (facts: MessageFacts) => boolean,
  ): ClickedMessage | null {
    const question = { key: urlKey(url).key, click: at, network, limit: MAX_CANDIDATES }
    let last: ClickedMessage | null = null
    for (const row of this.#find.all(question) as Row[]) {
      const message = this.#read(row)
      if (isWanted(message.facts)) return message
      last ??= message
    }
    return last
  }

  #read(row: Row): ClickedMessage {
    return {
      ref: { id: String(row.entity_id), kind: 'message', name: row.name },
      at: row.at,
      facts: {
        from: row.from_address,
        to: this.#recipients.pluck().all(row.id) as string[],
        headers: JSON.parse(row.headers) as { name: string; value: string }[],
      },
    }
  }
}

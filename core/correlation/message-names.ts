import type { CorrelationView } from './view.ts'

/** What records name a message by: its Message-ID, and the id of the mail system. */
export interface NamesMessage {
  readonly messageId?: string | undefined
  readonly networkMessageId?: string | undefined
}

const byId = 'SELECT DISTINCT entity_id FROM message WHERE message_id = ? AND entity_id IS NOT NULL LIMIT 2'
const networkIds =
  'SELECT DISTINCT unique_id, entity_id FROM message WHERE unique_id IS NOT NULL AND entity_id IS NOT NULL'

/** Finds the messages that records name; only the names that are asked for are held. */
export class MessageNames {
  readonly #byId = new Map<string, number[]>()
  readonly #byNetworkId = new Map<string, number[]>()

  constructor(view: CorrelationView, wanted: readonly NamesMessage[]) {
    for (const { messageId, networkMessageId } of wanted) {
      if (messageId !== undefined) this.#byId.set(messageId, [])
      if (networkMessageId !== undefined) this.#byNetworkId.set(networkMessageId.toLowerCase(), [])
    }
    const named = view.mailTables.prepare(byId).pluck()
    for (const [id, found] of this.#byId) found.push(...(named.all(id) as number[]))
    if (this.#byNetworkId.size === 0) return
    for (const row of view.mailTables.prepare(networkIds).iterate() as IterableIterator<{
      unique_id: string
      entity_id: number
    }>)
      this.#byNetworkId.get(row.unique_id.toLowerCase())?.push(row.entity_id)
  }

  /** The message a record names; none where several carry the name (a sender may use a Message-ID twice). */
  of({ messageId, networkMessageId }: NamesMessage): readonly number[] {
    const byNetwork = this.#byNetworkId.get(networkMessageId?.toLowerCase() ?? '') ?? []
    const found = byNetwork.length === 1 ? byNetwork : (this.#byId.get(messageId ?? '') ?? [])
    return found.length === 1 ? found : []
  }
}

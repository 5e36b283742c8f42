import type { ReadStore } from '../store/store.ts'

/** More senders than this at one domain: a provider or a company, not one sender's infrastructure. */
const MAX_SENDERS = 3

const senders = `SELECT DISTINCT lower(from_address) AS address FROM message WHERE from_address LIKE '%@%'`
/** Mailboxes that hold copies, and names accounts log on with: addresses of outside senders are neither. */
const own = `SELECT DISTINCT lower(mailbox) AS address FROM message WHERE mailbox LIKE '%@%'
  UNION SELECT DISTINCT lower(value) FROM alias WHERE kind = 'upn'`
const ofMessage =
  'SELECT lower(from_address) FROM message WHERE entity_id = ? AND from_address IS NOT NULL ORDER BY id LIMIT 1'

const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).replace(/[>\s.]+$/, '')

/**
 * The sender domain of a message (entity id) where it stands for one sender: outside the organisation and with few senders. Undefined
 * where it says nothing.
 */
export function senderDomains(db: ReadStore): (message: number) => string | undefined {
  const inside = new Set((db.prepare(own).pluck().all() as string[]).map(domainOf))
  const counts = new Map<string, number>()
  for (const address of db.prepare(senders).pluck().iterate() as IterableIterator<string>) {
    const domain = domainOf(address)
    counts.set(domain, (counts.get(domain) ?? 0) + 1)
  }
  const one = db.prepare(ofMessage).pluck()
  return (message) => {
    const address = one.get(message) as string | undefined
    if (address === undefined) return undefined
    const domain = domainOf(address)
    return inside.has(domain) || (counts.get(domain) ?? 0) > MAX_SENDERS ? undefined : domain
  }
}

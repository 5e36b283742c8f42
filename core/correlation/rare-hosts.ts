import { getDomain } from 'tldts'
import type { MessageCopy } from './message-copy.ts'
import { SumNumbers, sumOf, SumValues } from './text-sums.ts'

/** Domains whose pages everybody links to: sharing them joins nothing. Services where anybody hosts pages are not among them. */
const EVERYBODYS =
  /^(?:google|microsoft|apple|facebook|instagram|linkedin|twitter|x|youtube|amazon|ebay|paypal|adobe|w3|whatsapp|wikipedia|office|live|outlook|zoom|tiktok|pinterest|fedex|dhl|ups|doubleclick|googleapis|gstatic|akamaihd|mozilla|github|sourceforge|yahoo|msn|hotmail|gmail|aka|bit)\.(?:com|org|net|ms|ly|co\.uk|co\.jp|de|fr|tw|jp)$/
/** A host that senders of this many domains link to is popular. */
const POPULAR_SENDERS = 8

/** The domain a name is registered under; the name itself for addresses and unknown endings. */
export const registeredDomain = (host: string): string => getDomain(host) ?? host

/** The domain of a mail address, as registered. */
export const senderDomain = (copy: MessageCopy): string =>
  registeredDomain(copy.from?.name.split('@').at(-1)?.toLowerCase() ?? '')

/** Hosts that many senders link to: contact with them, or a link to them, tells nothing about a message. */
export class PopularHosts {
  /** Host and sender. */
  readonly #pairs = new SumNumbers()
  /** How many senders link to a host. */
  readonly #counts = new SumValues()

  constructor(copies: readonly MessageCopy[]) {
    for (const copy of copies) {
      if (copy.urls.length === 0) continue
      const sender = senderDomain(copy)
      for (const { host } of copy.urls) {
        const sum = sumOf(host)
        const count = this.#counts.get(sum) ?? 0
        if (count <= POPULAR_SENDERS && this.#isNew(sum, sender)) this.#counts.set(sum, count + 1)
      }
    }
  }

  #isNew(host: number, sender: string): boolean {
    const known = this.#pairs.size
    this.#pairs.number(sumOf(`${host}|${sender}`))
    return this.#pairs.size > known
  }

  has(host: string): boolean {
    if (EVERYBODYS.test(registeredDomain(host))) return true
    return (this.#counts.get(sumOf(host)) ?? 0) > POPULAR_SENDERS
  }
}

import { getDomain } from 'tldts'
import { Column } from './columns.ts'
import type { MessageCopy } from './mail-index.ts'
import { SumNumbers, sumOf } from './text-sums.ts'

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
  readonly #hosts = new SumNumbers()
  readonly #senders = new SumNumbers()
  /** Host and sender. */
  readonly #pairs = new SumNumbers()
  /** How many senders link to a host. */
  readonly #counts = new Column('id')

  constructor(copies: readonly MessageCopy[]) {
    for (const copy of copies) {
      if (copy.urls.length === 0) continue
      const sender = this.#senders.number(sumOf(senderDomain(copy)))
      for (const { host } of copy.urls) {
        const number = this.#hosts.number(sumOf(host))
        if (number === this.#counts.length) this.#counts.push(0)
        const count = this.#counts.at(number)
        if (count > POPULAR_SENDERS || !this.#isNew(number, sender)) continue
        this.#counts.set(number, count + 1)
      }
    }
  }

  #isNew(host: number, sender: number): boolean {
    const known = this.#pairs.size
    // Both are numbers below the number of links: their pair is one below 2^52.
    this.#pairs.number(host * 2 ** 26 + sender + 1)
    return this.#pairs.size > known
  }

  has(host: string): boolean {
    if (EVERYBODYS.test(registeredDomain(host))) return true
    const number = this.#hosts.find(sumOf(host))
    return number !== undefined && this.#counts.at(number) > POPULAR_SENDERS
  }
}

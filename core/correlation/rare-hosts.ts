import { getDomain } from 'tldts'
import type { MessageCopy } from './mail-index.ts'

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
  readonly #senders = new Map<string, Set<string>>()

  constructor(copies: readonly MessageCopy[]) {
    for (const copy of copies) {
      const sender = senderDomain(copy)
      for (const { host } of copy.urls) {
        let senders = this.#senders.get(host)
        if (!senders) this.#senders.set(host, (senders = new Set<string>()))
        if (senders.size <= POPULAR_SENDERS) senders.add(sender)
      }
    }
  }

  has(host: string): boolean {
    return EVERYBODYS.test(registeredDomain(host)) || (this.#senders.get(host)?.size ?? 0) > POPULAR_SENDERS
  }
}

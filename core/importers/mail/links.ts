import type { MailUrl } from '../../model/message.ts'
import { MAX_URL_LENGTH, toReachedUrl } from '../../normalise/url.ts'
import { unwrapUrl } from '../../normalise/url-unwrap.ts'
import { MAX_LINK_TEXT, type HtmlContent } from './html.ts'

/** URLs kept of one message: newsletters have some hundreds, a crafted mail could have millions. */
export const MAX_MESSAGE_URLS = 2_000

/** Starts of web addresses in running text; the end is where no URL character follows. */
const IN_TEXT =
  /(?:(?:https?|ftp):\/\/|\bwww\.(?=[a-z0-9]))[^\s<>"'`\\^{|}\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\u200b]+/gi

/** Web addresses in plain text, closing punctuation cut off as mail clients do. */
export function findUrlsInText(text: string): string[] {
  const found: string[] = []
  for (const match of text.matchAll(IN_TEXT)) {
    if (found.length >= MAX_MESSAGE_URLS * 2) break
    if (match[0].length <= MAX_URL_LENGTH) found.push(trimEnd(match[0]))
  }
  return found
}

/** Drops closing punctuation, and closing brackets that nothing inside the URL opens. */
function trimEnd(url: string): string {
  const surplus = new Map([
    [')', count(url, ')') - count(url, '(')],
    [']', count(url, ']') - count(url, '[')],
  ])
  let end = url.length
  for (; end > 0; end--) {
    const last = url.charAt(end - 1)
    const closers = surplus.get(last)
    if (closers === undefined ? !'.,;:!?*…'.includes(last) : closers <= 0) break
    if (closers !== undefined) surplus.set(last, closers - 1)
  }
  return url.slice(0, end)
}

const count = (text: string, character: string): number => text.split(character).length - 1

/** Gathers the URLs of one message: rewriting undone, each once per place. */
export class UrlCollector {
  readonly #urls = new Map<string, MailUrl>()
  /** More URLs than {@link MAX_MESSAGE_URLS} were offered. */
  isFull = false

  /**
   * @param written the URL as it stands in the mail
   * @param attachment index of the attachment it stands in; undefined for the body
   */
  add(written: string, text?: string, attachment?: number): void {
    const reached = toReachedUrl(written)
    if (reached === undefined) return
    const key = `${attachment ?? 'body'} ${reached}`
    const known = this.#urls.get(key)
    if (known !== undefined && (known.text !== undefined || text === undefined)) return
    if (known === undefined && this.#urls.size >= MAX_MESSAGE_URLS) {
      this.isFull = true
      return
    }
    const inner = unwrapUrl(reached)
    this.#urls.set(key, {
      url: inner ?? reached,
      ...(inner === undefined ? {} : { rewritten: reached }),
      where: attachment === undefined ? 'body' : 'attachment',
      ...(text === undefined ? {} : { text: text.slice(0, MAX_LINK_TEXT) }),
      ...(attachment === undefined ? {} : { attachment }),
    })
  }

  addText(text: string, attachment?: number): void {
    for (const url of findUrlsInText(text)) this.add(url, undefined, attachment)
  }

  addHtml(html: HtmlContent, attachment?: number): void {
    for (const link of html.links) if (isWebTarget(link.target)) this.add(link.target, link.text, attachment)
    this.addText(html.unlinkedText, attachment)
  }

  list(): MailUrl[] {
    return [...this.#urls.values()]
  }
}

/** In attributes only absolute and protocol-relative targets are web addresses: `logo.png` is a file, not a host. */
export const isWebTarget = (target: string): boolean =>
  /^\s*(?:(?:https?|ftp):|\/\/|\\\\|www\.)/i.test(target)

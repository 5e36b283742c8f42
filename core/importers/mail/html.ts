import { decodeEntities } from './entities.ts'
import { readAttributes, readTag, skipRawText, skipTag } from './html-tags.ts'

/** Links kept of one HTML part; a crafted page can hold one in every few bytes. */
export const MAX_HTML_LINKS = 5_000
/** Visible text kept of one link. */
export const MAX_LINK_TEXT = 300
/** List of pictures for several screens; real ones name some. */
const MAX_SRCSET = 8_192

export interface HtmlLink {
  /** Attribute value as written, references decoded. */
  readonly target: string
  /** Visible text inside the element, for links a reader clicks. */
  readonly text?: string
}

export interface HtmlContent {
  /** What a reader sees, as plain text. */
  readonly text: string
  /** The part of the visible text that is not inside a link; clients make its URLs clickable. */
  readonly unlinkedText: string
  readonly links: readonly HtmlLink[]
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** Attributes that make a client or browser go somewhere. */
const LINK_ATTRIBUTES = words(
  // the last two: where Outlook and Gmail keep the target before they rewrote it
  'href src action formaction background data poster xlink:href originalsrc data-saferedirecturl',
)
const INVISIBLE = words('script style title template noscript textarea xmp noembed')
/** Their content is no markup: only the end tag ends it. */
const RAW_TEXT = words('script style title textarea xmp noembed')
const BREAKS = words(
  'br p div tr li table ul ol h1 h2 h3 h4 h5 h6 hr blockquote pre form center section article header footer',
)

/**
 * Reads links and visible text out of HTML in one pass, without building or running anything. Tolerant like a browser;
 * every byte is looked at a bounded number of times.
 */
export function readHtml(html: string): HtmlContent {
  const text: string[] = []
  const unlinked: string[] = []
  const links: { target: string; words: string[] }[] = []
  let open: { words: string[] } | undefined
  let base: string | undefined
  const add = (target: string, words: string[] = []): void => {
    if (links.length < MAX_HTML_LINKS) links.push({ target: resolve(target, base), words })
  }
  const say = (written: string): void => {
    if (written === '') return
    const words = decodeEntities(written).replace(/[\s\u200b\u00ad]+/g, ' ')
    text.push(words)
    if (open === undefined) unlinked.push(words)
    else open.words.push(words)
  }
  let at = 0
  let noMoreComments = false
  while (at < html.length) {
    const less = html.indexOf('<', at)
    if (less === -1) {
      say(html.slice(at))
      break
    }
    say(html.slice(at, less))
    if (html.startsWith('<!--', less)) {
      const end = noMoreComments ? -1 : html.indexOf('-->', less + 4)
      if (end === -1) noMoreComments = true
      // `<!-->` is a whole comment: what follows `<!--[if !mso]><!-->` is shown by everybody but Outlook
      const empty = /^<!--(?:-?>)/.exec(html.slice(less, less + 6))
      if (empty !== null) {
        at = less + empty[0].length
        continue
      }
      const conditional = html.startsWith('<!--[if', less)
      // Outlook shows what stands in its conditional comments, so links in there count
      at = conditional || end === -1 ? skipTag(html, less) : end + 3
      continue
    }
    const tag = readTag(html, less)
    if (tag === undefined) {
      say('<')
      at = less + 1
      continue
    }
    at = tag.end
    if (BREAKS.has(tag.name)) {
      text.push('\n')
      unlinked.push('\n')
      if (open !== undefined) open.words.push(' ')
    } else if (tag.name === 'td' || tag.name === 'th') say(' ')
    if (tag.isClosing) {
      if (tag.name === 'a') open = undefined
      continue
    }
    const attributes = readAttributes(tag.attributes)
    if (tag.name === 'base') base ??= attributes.get('href')
    if (tag.name === 'a') open = undefined
    for (const [name, value] of attributes) {
      if (name === 'srcset')
        for (const picture of value.slice(0, MAX_SRCSET).split(/,\s+/))
          add(picture.trim().split(/\s/, 1)[0] ?? '')
      if (!LINK_ATTRIBUTES.has(name) || tag.name === 'base') continue
      if (tag.name === 'a' || tag.name === 'area') {
        open = tag.name === 'a' ? { words: [] } : undefined
        add(value, open?.words)
      } else add(value)
    }
    // the tooltip keeps the target that a webmail or gateway took out or rewrote, or shows a bait: both matter
    const tooltip = attributes.get('title') ?? ''
    if (tag.name === 'a' && /^https?:\/\//i.test(tooltip)) add(tooltip)
    for (const target of styleTargets(attributes.get('style') ?? '')) add(target)
    const refresh =
      tag.name === 'meta' && /refresh/i.test(attributes.get('http-equiv') ?? '')
        ? attributes.get('content')
        : undefined
    const goal = refresh === undefined ? null : /url\s*=\s*['"]?([^'"]+)/i.exec(refresh)
    if (goal?.[1] !== undefined) add(goal[1])
    if (INVISIBLE.has(tag.name)) {
      if (tag.name === 'style')
        for (const target of styleTargets(html.slice(at, skipRawText(html, at, 'style')))) add(target)
      if (tag.name === 'script') for (const target of scriptTargets(html, at)) add(target)
      if (RAW_TEXT.has(tag.name)) at = skipRawText(html, at, tag.name)
    }
  }
  return {
    text: tidy(text.join('')),
    unlinkedText: unlinked.join(''),
    links: links.map(({ target, words }) => {
      const visible = tidy(words.join('')).replace(/\s+/g, ' ').slice(0, MAX_LINK_TEXT)
      return visible === '' ? { target } : { target, text: visible }
    }),
  }
}

// spaces first: after that no pattern meets a run of them, and none can go back over it
const tidy = (text: string): string =>
  text
    .replace(/ {2,}/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

/** Relative targets count only below a `<base>`; mail itself has no address they could be relative to. */
function resolve(target: string, base: string | undefined): string {
  if (base === undefined || /^\s*[a-z][a-z0-9+.-]*:/i.test(target)) return target
  return URL.parse(target, base)?.href ?? target
}

/** Addresses that a style sheet loads: background images and imports. */
function styleTargets(css: string): string[] {
  if (!/url\(|@import/i.test(css)) return []
  const targets = css.matchAll(/(?:url\(|@import)\s*["']?\s*((?:https?:)?\/\/[^\s"'()<>]{1,4000})/gi)
  return [...targets].map((match) => match[1] ?? '')
}

/** Script text looked at for targets; attachments that redirect do it in their first lines. */
const MAX_SCRIPT = 262_144

/** Absolute URLs in the strings of a script: HTML attachments redirect from there. */
function scriptTargets(html: string, from: number): string[] {
  const script = html.slice(from, Math.min(skipRawText(html, from, 'script'), from + MAX_SCRIPT))
  return script.match(/https?:\/\/[^\s"'`<>\\)]{4,2000}/gi) ?? []
}

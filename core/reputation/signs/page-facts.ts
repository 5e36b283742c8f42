import { decodeAttribute } from './html-attribute.ts'

/** A page can be megabytes of padding; kits show themselves early. */
const MAX_HTML = 512 * 1024
const MAX_ITEMS = 200

/** A picture of a page: where it comes from and what the page calls it. */
export interface PageImage {
  readonly src: string
  readonly label: string
}

/** A page of evidence (mail text, saved page) taken apart for the signs: by pattern, never run, never drawn. */
export interface PageFacts {
  /** The text of a mail, not a page of the site: a mail that asks for passwords does so for somebody else. */
  readonly isMail: boolean
  readonly title: string
  /** Beginning of the text without markup, lower case. */
  readonly text: string
  readonly hasPasswordField: boolean
  /** Targets of forms as written. */
  readonly formTargets: readonly string[]
  readonly scripts: string
  /** Pictures, icons and named drawings. */
  readonly images: readonly PageImage[]
}

const strip = (html: string): string =>
  decodeAttribute(
    html
      .replace(/<(script|style)\b[^>]{0,2000}>[^]*?<\/\1\s*>/gi, ' ')
      .replace(/<[^>]{0,4000}>/g, ' ')
      .replace(/\s+/g, ' '),
  )

function attributesOf(html: string, pattern: RegExp): string[] {
  const found: string[] = []
  for (const match of html.matchAll(pattern)) {
    if (found.length >= MAX_ITEMS) break
    found.push(decodeAttribute(match[1] ?? match[2] ?? match[3] ?? '').trim())
  }
  return found
}

/** One attribute of a tag, decoded; a source that is the picture itself is cut: its bytes are not looked at. */
function attributeOf(tag: string, name: string): string {
  const match = new RegExp(
    `\\b${name}\\s*=\\s*(?:"([^"]{0,4000})|'([^']{0,4000})|([^\\s"'>]{1,4000}))`,
    'i',
  ).exec(tag)
  return decodeAttribute(match?.[1] ?? match?.[2] ?? match?.[3] ?? '').trim()
}

/** `<img>`, icons of `<link>`, and drawings (`<svg>`) that say what they are. */
function imagesOf(html: string): PageImage[] {
  const found: PageImage[] = []
  for (const [tag] of html.matchAll(/<(?:img|link|svg)\b[^>]{0,8000}>/gi)) {
    if (found.length >= MAX_ITEMS) break
    const isLink = /^<link/i.test(tag)
    if (isLink && !/\brel\s*=\s*["']?[^"'>]{0,100}icon/i.test(tag)) continue
    const src = attributeOf(tag, isLink ? 'href' : 'src')
    const label = ['alt', 'title', 'aria-label', 'id', 'class']
      .map((name) => attributeOf(tag, name))
      .join(' ')
      .trim()
    if (src !== '' || label !== '') found.push({ src: src.slice(0, 2_000), label: label.slice(0, 300) })
  }
  return found
}

/** @param whole HTML as written */
export function toPageFacts(whole: string, isMail: boolean): PageFacts {
  const html = whole.slice(0, MAX_HTML)
  const scripts = [...html.matchAll(/<script\b[^>]{0,2000}>([^]*?)(?:<\/script|$)/gi)]
    .slice(0, MAX_ITEMS)
    .map((match) => match[1] ?? '')
  return {
    isMail,
    title: strip(/<title[^>]{0,200}>([^<]{0,500})/i.exec(html)?.[1] ?? '').trim(),
    text: strip(html).trim().slice(0, 20_000).toLowerCase(),
    hasPasswordField: /<input\b[^>]{0,2000}\btype\s*=\s*["']?password\b/i.test(html),
    formTargets: attributesOf(
      html,
      /<form\b[^>]{0,2000}?\baction\s*=\s*(?:"([^"]{0,4000})"|'([^']{0,4000})'|([^\s"'>]{1,4000}))/gi,
    ),
    scripts: scripts.join('\n'),
    images: imagesOf(html),
  }
}

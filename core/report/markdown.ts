import { join, outside, type Block, type Inline, type Line } from './document.ts'

/** A block of text is the analyst's; its length is limited by the contract, its depth by not nesting at all. */
const HEADING = /^#{1,4}\s+(.*)$/
const BULLET = /^\s*[-*+]\s+(.*)$/
const NUMBERED = /^\s*\d{1,3}[.)]\s+(.*)$/
const QUOTE = /^\s*>\s?(.*)$/
const FENCE = /^\s*```/
const INLINE = /\*\*([^*\n]+)\*\*|__([^_\n]+)__|\*([^*\n]+)\*|`([^`\n]+)`|\b(E\d{1,9}(?::\d{1,12})?)\b/g

/** How a citation inside the analyst's text becomes one; undefined: the text stands as it is. */
export type CiteText = (ref: string) => Inline | undefined

/**
 * A subset of Markdown as blocks: headings, paragraphs, lists, quotes, fenced lines, strong, emphasis, code, citations. Everything is text
 * from outside: markup, links and pictures are printed as they were typed.
 */
export function markdownBlocks(text: string, cite: CiteText): readonly Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  let at = 0
  const run = (pattern: RegExp): string[] => {
    const found: string[] = []
    for (let match = pattern.exec(lines[at] ?? ''); match !== null; match = pattern.exec(lines[at] ?? '')) {
      found.push(match[1] ?? '')
      at += 1
      if (at >= lines.length) break
    }
    return found
  }
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const heading = HEADING.exec(line)
    if (line.trim() === '') at += 1
    else if (heading !== null) {
      blocks.push({ block: 'heading', text: inlines(heading[1] ?? '', cite) })
      at += 1
    } else if (FENCE.test(line)) {
      const from = at + 1
      const end = lines.findIndex((one, index) => index >= from && FENCE.test(one))
      const to = end === -1 ? lines.length : end
      blocks.push({ block: 'paragraph', text: [outside(lines.slice(from, to).join('\n'), 'mono')] })
      at = to + 1
    } else if (BULLET.test(line)) blocks.push(list(run(BULLET), false, cite))
    else if (NUMBERED.test(line)) blocks.push(list(run(NUMBERED), true, cite))
    else if (QUOTE.test(line))
      blocks.push({ block: 'paragraph', look: 'quote', text: inlines(run(QUOTE).join(' '), cite) })
    else {
      const from = at
      while (at < lines.length && isPlain(lines[at] ?? '')) at += 1
      blocks.push({ block: 'paragraph', text: inlines(lines.slice(from, at).join('\n'), cite) })
    }
  }
  return blocks
}

const isPlain = (line: string): boolean =>
  line.trim() !== '' && ![HEADING, BULLET, NUMBERED, QUOTE, FENCE].some((pattern) => pattern.test(line))

const list = (items: readonly string[], ordered: boolean, cite: CiteText): Block => ({
  block: 'list',
  ordered,
  items: items.map((item) => inlines(item, cite)),
})

function inlines(text: string, cite: CiteText): Line {
  const line: Inline[] = []
  const push = (inline: Inline): void => void line.push(...(line.length === 0 ? [] : [join]), inline)
  const plain = (piece: string): void => {
    if (piece !== '') push(outside(piece))
  }
  let from = 0
  for (const match of text.matchAll(INLINE)) {
    const [whole, strong, alsoStrong, emphasis, code, ref] = match
    const inline: Inline | undefined =
      (strong ?? alsoStrong) !== undefined
        ? outside(strong ?? alsoStrong ?? '', 'strong')
        : emphasis !== undefined
          ? outside(emphasis, 'emphasis')
          : code !== undefined
            ? outside(code, 'mono')
            : cite(ref ?? '')
    if (inline === undefined) continue
    plain(text.slice(from, match.index))
    push(inline)
    from = match.index + whole.length
  }
  plain(text.slice(from))
  return line
}

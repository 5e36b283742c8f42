import { defangText } from './defang.ts'
import { toVisible } from './visible.ts'

/** A stretch of a note under one mark-up. */
export interface Run {
  readonly tag: 'span' | 'strong' | 'em' | 'code'
  readonly text: string
}
export type Block =
  | { readonly kind: 'paragraph'; readonly runs: readonly Run[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Run[])[] }
  | { readonly kind: 'code'; readonly text: string }

const INLINE = /`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\n]+)\*/gu
const ITEM = /^\s*[-*]\s+/u

/** Addresses in notes are broken like everywhere else, control characters named. */
const safe = (text: string): string => defangText(toVisible(text))

function runsOf(text: string): Run[] {
  const runs: Run[] = []
  let at = 0
  for (const match of text.matchAll(INLINE)) {
    if (match.index > at) runs.push({ tag: 'span', text: safe(text.slice(at, match.index)) })
    const [whole, code, strong, em] = match
    if (code !== undefined) runs.push({ tag: 'code', text: safe(code) })
    else if (strong !== undefined) runs.push({ tag: 'strong', text: safe(strong) })
    else runs.push({ tag: 'em', text: safe(em ?? '') })
    at = match.index + whole.length
  }
  if (at < text.length) runs.push({ tag: 'span', text: safe(text.slice(at)) })
  return runs
}

/** A subset of markdown: paragraphs, lists with `-` or `*`, fenced code, `**bold**`, `*italics*`, `` `code` ``. */
export function parseNote(text: string): Block[] {
  const blocks: Block[] = []
  let paragraph: string[] = []
  let items: Run[][] = []
  let code: string[] | undefined
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', runs: runsOf(paragraph.join('\n')) })
    if (items.length > 0) blocks.push({ kind: 'list', items })
    paragraph = []
    items = []
  }
  for (const line of text.split(/\r\n|\r|\n/u)) {
    if (code !== undefined) {
      if (line.trim() === '```') {
        blocks.push({ kind: 'code', text: safe(code.join('\n')) })
        code = undefined
      } else code.push(line)
    } else if (line.trim().startsWith('```')) {
      flush()
      code = []
    } else if (ITEM.test(line)) {
      if (paragraph.length > 0) flush()
      items.push(runsOf(line.replace(ITEM, '')))
    } else if (line.trim() === '') flush()
    else {
      if (items.length > 0) flush()
      paragraph.push(line)
    }
  }
  if (code !== undefined) blocks.push({ kind: 'code', text: safe(code.join('\n')) })
  flush()
  return blocks
}

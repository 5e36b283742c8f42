import type { PdfFile } from './file.ts'
import { headingLevel } from './tags.ts'
import { detached, PdfRef, pdfText, type PdfValue } from './value.ts'
import type { PdfWriter } from './writer.ts'

interface Mark {
  readonly level: number
  readonly title: string
  readonly dest: string
  readonly element: PdfValue | null
  readonly kids: Mark[]
}

/** Bookmarks inside each other and after each other in one part; a file whose list bites its own tail would not end. */
const MAX_MARKS = 200_000
/** Levels that are open when the file is opened: the title and its sections. */
const OPEN_LEVELS = 1

/** The bookmarks of all parts in one tree, built anew by the level of each heading. */
export class Outline {
  readonly #top: Mark = { level: 0, title: '', dest: '', element: null, kids: [] }
  /** The last mark of each level still open. */
  #path: Mark[] = [this.#top]

  add(file: PdfFile, root: PdfValue | undefined, mapped: (value: PdfValue) => PdfValue): void {
    let left = MAX_MARKS
    const walk = (first: PdfValue | undefined): void => {
      for (let at = first; at instanceof PdfRef && (left -= 1) > 0;) {
        const item = file.dict(at)
        const element = item.get('SE')
        this.#put({
          level: headingLevel(file.dict(element)),
          title: detached(pdfText(item.get('Title') ?? '()')),
          dest: detached(pdfText(mapped(item.get('Dest') ?? 'null'))),
          element: element === undefined ? null : mapped(element),
          kids: [],
        })
        walk(item.get('First'))
        at = item.get('Next')
      }
    }
    walk(file.dict(root).get('First'))
  }

  #put(mark: Mark): void {
    while ((this.#path.at(-1)?.level ?? 0) >= mark.level && this.#path.length > 1) this.#path.pop()
    this.#path.at(-1)?.kids.push(mark)
    this.#path.push(mark)
  }

  /** @returns the root; null when there are no bookmarks */
  write(writer: PdfWriter): PdfRef | null {
    if (this.#top.kids.length === 0) return null
    const root = writer.reserve()
    const { first, last, shown } = writeKids(writer, this.#top, root, 0)
    writer.add(
      new Map<string, PdfValue>([
        ['Type', '/Outlines'],
        ['First', first],
        ['Last', last],
        ['Count', String(shown)],
      ]),
      root,
    )
    return root
  }
}

/** @returns first and last of the children, and how many marks are shown when the parent is open */
function writeKids(
  writer: PdfWriter,
  parent: Mark,
  ref: PdfRef,
  depth: number,
): { first: PdfRef; last: PdfRef; shown: number } {
  const refs = parent.kids.map(() => writer.reserve())
  let shown = parent.kids.length
  for (const [index, mark] of parent.kids.entries()) {
    const self = refs[index]
    if (self === undefined) continue
    const item = new Map<string, PdfValue>([
      ['Title', mark.title],
      ['Parent', ref],
      ['Dest', mark.dest],
    ])
    if (mark.element !== null) item.set('SE', mark.element)
    const [before, after] = [refs[index - 1], refs[index + 1]]
    if (before !== undefined) item.set('Prev', before)
    if (after !== undefined) item.set('Next', after)
    if (mark.kids.length > 0) {
      const below = writeKids(writer, mark, self, depth + 1)
      const isOpen = depth < OPEN_LEVELS
      if (isOpen) shown += below.shown
      item.set('First', below.first).set('Last', below.last)
      item.set('Count', String(isOpen ? below.shown : -below.shown))
    }
    writer.add(item, self)
  }
  const none = new PdfRef(0)
  return { first: refs[0] ?? none, last: refs.at(-1) ?? none, shown }
}

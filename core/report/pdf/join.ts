import { PdfFile } from './file.ts'
import { Outline } from './outline.ts'
import { PageTree } from './page-tree.ts'
import { badPdf } from './parse.ts'
import { attributesOfPart, idOfPart, TagTree } from './tags.ts'
import { detached, dictOf, listOf, PdfRef, pdfString, pdfText, type PdfDict, type PdfValue } from './value.ts'
import { PdfWriter } from './writer.ts'

/** Links of this scheme lead to a place in another part; they become places of the one file. */
export const PART_SCHEME = 'redthread:'

export interface JoinedInfo {
  readonly title: string
  /** SHA-256 in hexadecimal of what the report says: the file's identifier. */
  readonly fingerprint: string
}

/**
 * Joins PDFs of one report into one, part by part: pages in order, tags, bookmarks, links between the parts, and a footer on every page.
 * What was read of a part is written before the next one is asked for, so memory does not grow with the report.
 * @param parts as Chromium prints them; asked for one after another
 * @param footers prints sheets as large as a page, one for each page, that hold its number and nothing else; null: the pages have theirs
 * @returns how many pages it has
 * @throws WorkbenchError `report.unjoined` when a part is not what Chromium prints
 */
export async function* joinPdfs(
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  footers: ((pages: number) => AsyncIterable<Uint8Array>) | null,
  info: JoinedInfo,
): AsyncGenerator<Buffer, number> {
  const joiner = new Joiner(footers !== null)
  for await (const part of parts) {
    joiner.add(new PdfFile(part))
    yield joiner.writer.take()
  }
  if (footers !== null)
    for await (const sheets of footers(joiner.pages)) {
      joiner.addFooters(new PdfFile(sheets))
      yield joiner.writer.take()
    }
  joiner.finish(info)
  yield joiner.writer.take()
  return joiner.pages
}

class Joiner {
  readonly writer = new PdfWriter()
  readonly #isNumbered: boolean
  readonly #tags = new TagTree(this.writer)
  readonly #outline = new Outline()
  readonly #pages: PageTree
  readonly #dests = new Map<string, string>()
  #parts = 0
  #numbered = 0
  #lang: string | undefined
  #made: PdfDict | undefined

  /** @param isNumbered whether each page gets a footer */
  constructor(isNumbered: boolean) {
    this.#isNumbered = isNumbered
    this.#pages = new PageTree(this.writer, isNumbered)
  }

  get pages(): number {
    return this.#pages.count
  }

  add(file: PdfFile): void {
    this.#parts += 1
    const catalog = file.dict(file.trailer.get('Root'))
    this.#lang ??= detached(pdfText(catalog.get('Lang') ?? ''))
    this.#made ??= new Map(
      [...file.dict(file.trailer.get('Info'))].map(([key, value]) => [key, detached(pdfText(value))]),
    )
    const copy = this.#copier(file, skeleton(file, catalog))
    const pages = pagesOf(file, catalog.get('Pages'))
    for (const page of pages) {
      const ref = copy.mapped(page)
      if (!(ref instanceof PdfRef)) continue
      const dict = dictOf(copy.mapped(file.dict(page)))
      dict.set('Resources', copy.mapped(file.resolve(file.dict(page).get('Resources'))))
      const key = dict.get('StructParents')
      if (key !== undefined) dict.set('StructParents', String(Number(key) + this.#tags.nextKey))
      this.#pages.add(ref, dict)
    }
    const apart = new Set(pages.map(({ id }) => id))
    copy.write(
      [...file.ids()].filter((id) => !apart.has(id)),
      (value) => this.#ofPart(value),
    )
    for (const [name, place] of file.dict(catalog.get('Dests')))
      if (!this.#dests.has(name)) this.#dests.set(detached(name), detached(pdfText(copy.mapped(place))))
    const tags = file.dict(catalog.get('StructTreeRoot'))
    this.#outline.add(file, catalog.get('Outlines'), copy.mapped)
    this.#tags.add(file, tags, this.#parts, copy.mapped)
  }

  /** What is said once per part said once per file: keys of tags, names of header cells, links between parts. */
  #ofPart(dict: PdfDict): void {
    const key = dict.get('StructParent')
    if (key !== undefined) dict.set('StructParent', String(Number(key) + this.#tags.nextKey))
    if (dict.get('Type') === '/StructElem') {
      const [id, attributes] = [dict.get('ID'), dict.get('A')]
      if (id !== undefined) dict.set('ID', idOfPart(id, this.#parts))
      if (attributes !== undefined) dict.set('A', attributesOfPart(attributes, this.#parts))
      if (dict.get('S') === '/Document') dict.set('S', '/Part').set('P', this.#tags.document)
    } else if (dict.get('Subtype') === '/Link') {
      const uri = pdfText(dictOf(dict.get('A')).get('URI') ?? '')
      // Nothing in a report leads outside; what looks so is no link.
      dict.delete('A')
      if (uri.startsWith(`(${PART_SCHEME}`)) dict.set('Dest', `/${uri.slice(PART_SCHEME.length + 1, -1)}`)
    }
  }

  /** Sheets in the order of the pages; called until all pages have theirs. */
  addFooters(file: PdfFile): void {
    const catalog = file.dict(file.trailer.get('Root'))
    const copy = this.#copier(file, skeleton(file, catalog))
    const sheets = pagesOf(file, catalog.get('Pages'))
    const resources: PdfValue[] = []
    for (const sheet of sheets) {
      const dict = file.dict(sheet)
      const content = dict.get('Contents')
      const footer = this.#pages.footer(this.#numbered++)
      if (!(content instanceof PdfRef) || footer === undefined) throw badPdf('footers')
      resources.push(file.resolve(dict.get('Resources')))
      const { value, stream } = file.get(content.id)
      const form = new Map<string, PdfValue>([
        ...dictOf(value),
        ['Type', '/XObject'],
        ['Subtype', '/Form'],
        ['BBox', file.resolve(dict.get('MediaBox'))],
        ['Resources', copy.mapped(resources.at(-1) ?? 'null')],
      ])
      this.writer.stream(form, stream ?? Buffer.alloc(0), footer)
    }
    copy.write(reached(file, resources), () => undefined)
  }

  /** New numbers for the objects of a file, but for those that say how the file is put together. */
  #copier(file: PdfFile, left: ReadonlySet<number>) {
    const refs = new Map<number, PdfRef>()
    const mapped = (value: PdfValue): PdfValue => {
      if (typeof value === 'string') return value
      if (value instanceof PdfRef) {
        if (left.has(value.id)) return 'null'
        const known = refs.get(value.id) ?? this.writer.reserve()
        refs.set(value.id, known)
        return known
      }
      if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, mapped(one)]))
      return value.map(mapped)
    }
    const write = (ids: Iterable<number>, change: (dict: PdfDict) => void): void => {
      for (const id of ids) {
        if (left.has(id)) continue
        const { value, stream } = file.get(id)
        const copied = mapped(value)
        if (copied instanceof Map) change(copied)
        const ref = mapped(new PdfRef(id))
        if (!(ref instanceof PdfRef)) continue
        if (stream === null) this.writer.add(copied, ref)
        else this.writer.stream(dictOf(copied), stream, ref)
      }
    }
    return { mapped, write }
  }

  finish({ title, fingerprint }: JoinedInfo): void {
    const { writer } = this
    if (this.#isNumbered && this.#numbered !== this.pages) throw badPdf('footers')
    const root = this.#pages.finish()
    this.#tags.finish()
    const outline = this.#outline.write(writer)
    const catalog = new Map<string, PdfValue>([
      ['Type', '/Catalog'],
      ['Pages', root],
      ['MarkInfo', new Map<string, PdfValue>([['Marked', 'true']])],
      ['StructTreeRoot', this.#tags.root],
      ['ViewerPreferences', new Map<string, PdfValue>([['DisplayDocTitle', 'true']])],
      ['Dests', writer.add(this.#dests)],
    ])
    if (this.#lang !== undefined && this.#lang !== '') catalog.set('Lang', this.#lang)
    if (outline !== null) catalog.set('Outlines', outline).set('PageMode', '/UseOutlines')
    const made = this.#made ?? new Map<string, PdfValue>()
    const info = new Map<string, PdfValue>([
      ['Title', pdfString(title)],
      ['Creator', '(Redthread)'],
      ...['Producer', 'CreationDate'].flatMap((key): [string, PdfValue][] => {
        const value = made.get(key)
        return value === undefined ? [] : [[key, value]]
      }),
    ])
    const id = `<${fingerprint.slice(0, 32)}>`
    writer.finish(
      new Map<string, PdfValue>([
        ['Root', writer.add(catalog)],
        ['Info', writer.add(info)],
        ['ID', [id, id]],
      ]),
    )
  }
}

/** Nodes inside each other in a tree of pages, bookmarks or names. */
const MAX_NODES = 100_000

/** Objects that values name, and that those name in turn: the faces of a footer. */
function reached(file: PdfFile, values: readonly PdfValue[]): ReadonlySet<number> {
  const found = new Set<number>()
  const waiting = [...values]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') continue
    if (!(next instanceof PdfRef)) waiting.push(...(next instanceof Map ? next.values() : next))
    else if (!found.has(next.id)) {
      found.add(next.id)
      waiting.push(file.get(next.id).value)
    }
  }
  return found
}

/** The pages in order. */
function pagesOf(file: PdfFile, root: PdfValue | undefined): readonly PdfRef[] {
  const pages: PdfRef[] = []
  const waiting: PdfValue[] = root === undefined ? [] : [root]
  for (let left = MAX_NODES; waiting.length > 0 && left > 0; left -= 1) {
    const next = waiting.pop()
    if (!(next instanceof PdfRef)) continue
    const node = file.dict(next)
    if (node.get('Type') === '/Page') pages.push(next)
    else waiting.push(...[...listOf(node.get('Kids'))].reverse())
  }
  return pages
}

/** Objects that say how a file is put together: catalog, trees of pages, tags and names, bookmarks. They are made anew. */
function skeleton(file: PdfFile, catalog: PdfDict): ReadonlySet<number> {
  const found = new Set<number>()
  const note = (value: PdfValue | undefined, keys: readonly string[]): void => {
    const waiting = value === undefined ? [] : [value]
    for (let left = MAX_NODES; waiting.length > 0 && left > 0; left -= 1) {
      const next = waiting.pop()
      if (!(next instanceof PdfRef) || found.has(next.id)) continue
      const node = file.dict(next)
      if (node.get('Type') === '/Page') continue
      found.add(next.id)
      for (const key of keys) waiting.push(...listOf(node.get(key)))
    }
  }
  note(file.trailer.get('Root'), [])
  note(file.trailer.get('Info'), [])
  note(catalog.get('Pages'), ['Kids'])
  note(catalog.get('Dests'), [])
  note(catalog.get('Outlines'), ['First', 'Next'])
  const tags = file.dict(catalog.get('StructTreeRoot'))
  note(catalog.get('StructTreeRoot'), [])
  note(tags.get('ParentTree'), ['Kids'])
  note(tags.get('IDTree'), ['Kids'])
  return found
}

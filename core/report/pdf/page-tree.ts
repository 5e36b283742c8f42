import { badPdf } from './parse.ts'
import { dictOf, listOf, type PdfDict, type PdfRef, type PdfValue } from './value.ts'
import type { PdfWriter } from './writer.ts'

/** Children of a node of the tree. */
const PAGES_PER_NODE = 64

/** The pages of one file in order (ISO 32000-1, 7.7.3): each is written at once, its footer and the nodes over it when all are there. */
export class PageTree {
  readonly #writer: PdfWriter
  readonly #pages: { readonly ref: PdfRef; readonly footer: PdfRef | null }[] = []
  /** Nodes right over the pages. */
  readonly #nodes: PdfRef[] = []
  /** What is drawn before and after each page's own content; null: nothing. */
  readonly #frame: { readonly before: PdfRef; readonly after: PdfRef } | null

  /** @param hasFooters whether each page gets a footer */
  constructor(writer: PdfWriter, hasFooters: boolean) {
    this.#writer = writer
    this.#frame = hasFooters ? { before: writer.reserve(), after: writer.reserve() } : null
  }

  get count(): number {
    return this.#pages.length
  }

  /** Where the footer of a page is to be written, from 0; undefined: there is no such page, or it has none. */
  footer(page: number): PdfRef | undefined {
    return this.#pages[page]?.footer ?? undefined
  }

  /** Writes a page that draws its footer, if it is to have one, after its own content. */
  add(ref: PdfRef, dict: PdfDict): void {
    if (this.#pages.length % PAGES_PER_NODE === 0) this.#nodes.push(this.#writer.reserve())
    dict.set('Parent', this.#nodes.at(-1) ?? 'null')
    const footer = this.#frame === null ? null : this.#writer.reserve()
    if (this.#frame !== null && footer !== null) {
      const resources = dictOf(dict.get('Resources'))
      const forms = new Map(dictOf(resources.get('XObject'))).set('RedthreadFooter', footer)
      dict.set('Resources', new Map(resources).set('XObject', forms))
      dict.set('Contents', [this.#frame.before, ...listOf(dict.get('Contents')), this.#frame.after])
    }
    this.#writer.add(dict, ref)
    this.#pages.push({ ref, footer })
  }

  /** @returns the root of the tree of pages: nodes of nodes, so that a reader finds page 5,000 at once */
  finish(): PdfRef {
    const writer = this.#writer
    if (this.#frame !== null) {
      const drawn =
        '\nQ\n/Artifact <</Type /Pagination /Subtype /Footer>> BDC\nq /RedthreadFooter Do Q\nEMC\n'
      writer.stream(new Map(), Buffer.from('q\n', 'latin1'), this.#frame.before)
      writer.stream(new Map(), Buffer.from(drawn, 'latin1'), this.#frame.after)
    }
    let level = this.#pages.map(({ ref }) => ({ ref, pages: 1 }))
    let above = this.#nodes
    for (;;) {
      const nodes = above.map((ref, index) => {
        const kids = level.slice(index * PAGES_PER_NODE, (index + 1) * PAGES_PER_NODE)
        const pages = kids.reduce((sum, kid) => sum + kid.pages, 0)
        const dict: PdfDict = new Map<string, PdfValue>([
          ['Type', '/Pages'],
          ['Count', String(pages)],
          ['Kids', kids.map((kid) => kid.ref)],
        ])
        return { ref, pages, dict }
      })
      const [root] = nodes
      if (root === undefined) throw badPdf('no pages')
      above =
        nodes.length === 1
          ? []
          : Array.from({ length: Math.ceil(nodes.length / PAGES_PER_NODE) }, () => writer.reserve())
      for (const [index, { ref, dict }] of nodes.entries()) {
        const parent = above[Math.floor(index / PAGES_PER_NODE)]
        writer.add(parent === undefined ? dict : dict.set('Parent', parent), ref)
      }
      if (above.length === 0) return root.ref
      level = nodes
    }
  }
}

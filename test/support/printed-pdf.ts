import { deflateSync } from 'node:zlib'

/** One page of {@link printedPdf}. */
export interface PrintedPage {
  readonly text: string
  /** A link to a URI; null: none. */
  readonly link?: string
  /** A heading of that level, and a bookmark. */
  readonly heading?: readonly [level: number, title: string]
  /** A named place on this page. */
  readonly place?: string
}

/** A PDF built as Chromium builds one: a plain table of objects, tags, bookmarks, named places. */
export function printedPdf(pages: readonly PrintedPage[], title = 'A (nested) title'): Buffer {
  const objects: string[] = []
  const add = (text: string): number => objects.push(text)
  const [info, tree, tags, document] = [add(''), add(''), add(''), add('')]
  const kids: number[] = []
  const elements: number[] = []
  const nums: string[] = []
  const marks: { level: number; text: string; ref: number }[] = []
  const places: string[] = []
  const ids: string[] = []
  let key = 0
  for (const [index, page] of pages.entries()) {
    const content = deflateSync(Buffer.from(`BT (${page.text}) Tj ET`)).toString('latin1')
    const stream = add(`<</Filter /FlateDecode\n/Length ${content.length}>>\nstream\n${content}\nendstream`)
    const self = objects.length + (page.link === undefined ? 1 : 2)
    const own = key++
    const link =
      page.link === undefined
        ? ''
        : `/Annots [${add(`<</Type /Annot /Subtype /Link /Rect [0 0 9 9] /A <</Type /Action /S /URI /URI (${page.link})>> /StructParent ${key++}>>`)} 0 R]`
    kids.push(
      add(
        `<</Type /Page /Resources <</ProcSet [/PDF]>> /MediaBox [0 0 595 842] /Contents ${stream} 0 R ${link} /StructParents ${own} /Parent ${tree} 0 R>>`,
      ),
    )
    const name = `(node${String(index).padStart(8, '0')})`
    const element = add(
      `<</Type /StructElem /S /${page.heading === undefined ? 'TH' : `H${page.heading[0]}`} /P ${document} 0 R /Pg ${self} 0 R /K 0 /ID ${name} /A [<</O /Table /Headers [${name}]>>]>>`,
    )
    elements.push(element)
    ids.push(`${name} ${element} 0 R`)
    nums.push(`${own} ${add(`[${element} 0 R]`)} 0 R`)
    if (page.link !== undefined) nums.push(`${own + 1} ${element} 0 R`)
    if (page.heading !== undefined)
      marks.push({ level: page.heading[0], text: page.heading[1], ref: element })
    if (page.place !== undefined) places.push(`/${page.place} [${self} 0 R /XYZ 0 842 0]`)
  }
  objects[info - 1] =
    `<</Title (${title.replaceAll(/[()]/g, '\\$&')})\n/Producer (Skia/PDF m1)\n/CreationDate (D:20260310120000+00'00')>>`
  objects[tree - 1] =
    `<</Type /Pages /Count ${kids.length} /Kids [${kids.map((id) => `${id} 0 R`).join(' ')}]>>`
  const parents = add(`<</Type /ParentTree /Nums [${nums.join(' ')}]>>`)
  const idLeaf = add(`<</Limits [(a) (z)] /Names [${ids.join(' ')}]>>`)
  const idTree = add(`<</Kids [${idLeaf} 0 R]>>`)
  objects[tags - 1] =
    `<</Type /StructTreeRoot /K ${document} 0 R /ParentTreeNextKey ${key} /ParentTree ${parents} 0 R /IDTree ${idTree} 0 R>>`
  objects[document - 1] =
    `<</Type /StructElem /S /Document /Lang (en) /P ${tags} 0 R /K [${elements.map((id) => `${id} 0 R`).join(' ')}]>>`
  const first = objects.length + 1
  for (const [index, { text, ref }] of marks.entries()) {
    const beside = `${index > 0 ? `/Prev ${first + index - 1} 0 R` : ''} ${index < marks.length - 1 ? `/Next ${first + index + 1} 0 R` : ''}`
    add(
      `<</Title (${text}) /Dest [${kids[0]} 0 R /XYZ 0 0 0] /Parent ${first + marks.length} 0 R /SE ${ref} 0 R ${beside}>>`,
    )
  }
  const outlines =
    marks.length > 0
      ? add(
          `<</Type /Outlines /First ${first} 0 R /Last ${first + marks.length - 1} 0 R /Count ${marks.length}>>`,
        )
      : null
  const dests = add(`<<${places.join(' ')}>>`)
  const root = add(
    `<</Type /Catalog /Pages ${tree} 0 R /Dests ${dests} 0 R /StructTreeRoot ${tags} 0 R ${outlines === null ? '' : `/Outlines ${outlines} 0 R`} /Lang (en)>>`,
  )
  let file = '%PDF-1.4\n'
  const offsets = objects.map((text, index) => {
    const at = file.length
    file += `${index + 1} 0 obj\n${text}\nendobj\n`
    return at
  })
  const start = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}`
  file += `trailer\n<</Size ${objects.length + 1}\n/Root ${root} 0 R\n/Info ${info} 0 R>>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

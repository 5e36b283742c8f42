import { inflateSync } from 'node:zlib'
import type { PdfFile } from '../../core/report/pdf/file.ts'
import { dictOf, listOf, PdfRef, type PdfDict, type PdfValue } from '../../core/report/pdf/value.ts'
import { JoinedPdf } from './joined-pdf.ts'

type Pdf = PdfFile | JoinedPdf

const bodyOf = (pdf: Pdf, ref: PdfValue): string => {
  if (!(ref instanceof PdfRef)) return ''
  if (pdf instanceof JoinedPdf) return pdf.body(ref)
  const { value, stream } = pdf.get(ref.id)
  const bytes = stream ?? Buffer.alloc(0)
  return (dictOf(value).get('Filter') === '/FlateDecode' ? inflateSync(bytes) : bytes).toString('latin1')
}

function pagesOf(pdf: Pdf, node: PdfValue | undefined): readonly PdfDict[] {
  const dict = pdf.dict(node)
  return dict.get('Type') === '/Page' ? [dict] : listOf(dict.get('Kids')).flatMap((kid) => pagesOf(pdf, kid))
}

/** What the glyphs of a face stand for: its ToUnicode map (ISO 32000-1, 9.10.3), as Skia writes it. */
function glyphsOf(pdf: Pdf, face: PdfValue): ReadonlyMap<number, string> {
  const map = new Map<number, string>()
  const text = (hex: string) => Buffer.from(hex, 'hex').swap16().toString('utf16le')
  const cmap = bodyOf(pdf, pdf.dict(face).get('ToUnicode') ?? 'null')
  for (const [, block = ''] of cmap.matchAll(/beginbfchar(.*?)endbfchar/gs))
    for (const [, glyph = '', said = ''] of block.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g))
      map.set(Number.parseInt(glyph, 16), text(said))
  for (const [, block = ''] of cmap.matchAll(/beginbfrange(.*?)endbfrange/gs))
    for (const [, from = '', to = '', said = ''] of block.matchAll(
      /<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g,
    ))
      for (let glyph = Number.parseInt(from, 16); glyph <= Number.parseInt(to, 16); glyph += 1)
        map.set(
          glyph,
          String.fromCodePoint((text(said).codePointAt(0) ?? 0) + glyph - Number.parseInt(from, 16)),
        )
  return map
}

/** The text of what a stream draws, run after run; runs on the same line follow each other without a gap. */
function drawn(pdf: Pdf, resources: PdfDict, content: string): string {
  const faces = new Map(
    [...pdf.dict(resources.get('Font'))].map(([name, face]) => [name, glyphsOf(pdf, face)]),
  )
  let glyphs: ReadonlyMap<number, string> = new Map()
  let said = ''
  for (const [, face, run, form] of content.matchAll(/\/(\S+) [\d.]+ Tf|<([0-9A-Fa-f]*)> *Tj|\/(\S+) Do/g)) {
    if (face !== undefined) glyphs = faces.get(face) ?? new Map()
    if (run !== undefined)
      said += (run.match(/.{4}/g) ?? [])
        .map((one) => glyphs.get(Number.parseInt(one, 16)) ?? '\ufffd')
        .join('')
    const ref = form === undefined ? undefined : pdf.dict(resources.get('XObject')).get(form)
    if (ref !== undefined) {
      const dict =
        ref instanceof PdfRef
          ? pdf instanceof JoinedPdf
            ? pdf.dict(ref)
            : dictOf(pdf.get(ref.id).value)
          : new Map<string, PdfValue>()
      said += `\n${drawn(pdf, pdf.dict(dict.get('Resources')), bodyOf(pdf, ref))}`
    }
  }
  return said
}

/** The text of every page as a reader would copy it, without spaces between runs; figures among it, for they are drawn. */
export function textOfPdf(pdf: Pdf): readonly string[] {
  const root = pdf.dict(pdf.trailer.get('Root'))
  return pagesOf(pdf, root.get('Pages')).map((page) =>
    drawn(
      pdf,
      pdf.dict(page.get('Resources')),
      listOf(page.get('Contents'))
        .map((ref) => bodyOf(pdf, ref))
        .join('\n'),
    ),
  )
}

/** A string object as text. */
export function stringOf(value: PdfValue): string {
  if (typeof value !== 'string') return ''
  if (value.startsWith('<')) {
    const bytes = Buffer.from(value.slice(1, -1), 'hex')
    return bytes[0] === 0xfe ? bytes.subarray(2).swap16().toString('utf16le') : bytes.toString('latin1')
  }
  const bytes = Buffer.from(
    value
      .slice(1, -1)
      .replaceAll(/\\([()\\])/g, '$1')
      .replaceAll(/\\(\d{3})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 8))),
    'latin1',
  )
  return bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0
    ? Buffer.from(bytes.subarray(2)).swap16().toString('utf16le')
    : bytes.toString('latin1')
}

/** Title, maker, bookmarks, names of places: what a file says beside its pages. */
export function metadataOf(pdf: Pdf): string {
  const root = pdf.dict(pdf.trailer.get('Root'))
  const said = [...pdf.dict(pdf.trailer.get('Info')).values()].map(stringOf)
  const walk = (node: PdfDict): void => {
    for (let at = node.get('First'); at !== undefined; at = pdf.dict(at).get('Next')) {
      const item = pdf.dict(at)
      said.push(stringOf(item.get('Title') ?? '()'))
      walk(item)
    }
  }
  walk(pdf.dict(root.get('Outlines')))
  return [...said, ...pdf.dict(root.get('Dests')).keys()].join('\n')
}

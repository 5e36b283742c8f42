import { deflateSync } from 'node:zlib'

/** A small PDF: an action with an address, a packed page text in pieces, a packed object stream with a second action. */
export function makePdf(action: string, hidden: string, text: readonly string[]): Buffer {
  const stream = (dictionary: string, content: string): Buffer => {
    const packed = deflateSync(Buffer.from(content, 'latin1'))
    return Buffer.concat([
      Buffer.from(`<< ${dictionary} /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`, 'latin1'),
      packed,
      Buffer.from('\nendstream\nendobj\n', 'latin1'),
    ])
  }
  return Buffer.concat([
    Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n', 'latin1'),
    Buffer.from(
      `4 0 obj\n<< /Type /Annot /Subtype /Link /A << /S /URI /URI (${action}) >> >>\nendobj\n`,
      'latin1',
    ),
    Buffer.from('5 0 obj\n', 'latin1'),
    stream('', `BT /F1 12 Tf [${text.map((piece) => `(${piece})`).join(' -12 ')}] TJ ET`),
    Buffer.from('6 0 obj\n', 'latin1'),
    stream('/Type /ObjStm /N 1 /First 4', `7 0 << /S /URI /URI <${Buffer.from(hidden).toString('hex')}> >>`),
    Buffer.from('trailer\n<< /Root 1 0 R >>\n%%EOF\n', 'latin1'),
  ])
}

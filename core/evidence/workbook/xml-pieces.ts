import { SaxesParser } from 'saxes'

/** What a listener makes of the elements of a part; names come without their prefix (`x:row` is `row`). */
export interface XmlListener {
  open(name: string, attributes: Readonly<Record<string, string>>): void
  /** Text between two tags; one text may come in pieces. */
  text(text: string): void
  close(name: string): void
}

/** A cell of a few bytes may stand for a text of many thousand: what is made of a part is taken away after so many bytes of it. */
const PIECE_BYTES = 4_096

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/**
 * Reads one part of a workbook (XML in UTF-8; nothing is resolved that the document declares itself), piece by piece.
 * @throws Error where the XML is damaged or ends too early, after everything before that place
 */
export async function* readXml(
  stream: AsyncIterable<Uint8Array>,
  listener: XmlListener,
): AsyncGenerator<undefined> {
  const parser = new SaxesParser({ xmlns: false, position: false })
  parser.on('opentag', ({ name, attributes }) => listener.open(localName(name), attributes))
  parser.on('closetag', ({ name }) => listener.close(localName(name)))
  parser.on('text', (text) => listener.text(text))
  parser.on('cdata', (text) => listener.text(text))
  const decoder = new TextDecoder()
  for await (const chunk of stream)
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      parser.write(decoder.decode(chunk.subarray(at, at + PIECE_BYTES), { stream: true }))
      yield undefined
    }
  parser.write(decoder.decode())
  parser.close()
}

/** Reads a part of which everything is kept. */
export async function readWholeXml(stream: AsyncIterable<Uint8Array>, listener: XmlListener): Promise<void> {
  for await (const piece of readXml(stream, listener)) void piece
}

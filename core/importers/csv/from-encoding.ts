import iconv from 'iconv-lite'

/** The stream as UTF-8, read in the encoding the analyst named; an unknown name is read as UTF-8. */
export async function* fromEncoding(
  stream: AsyncIterable<Uint8Array>,
  label: string,
): AsyncGenerator<Buffer> {
  const decoder = iconv.getDecoder(iconv.encodingExists(label) ? label : 'utf-8')
  for await (const bytes of stream) {
    const text = decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    if (text !== '') yield Buffer.from(text, 'utf8')
  }
  const rest = decoder.end() ?? ''
  if (rest !== '') yield Buffer.from(rest, 'utf8')
}

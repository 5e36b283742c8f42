import { WorkbenchError } from '../../model/errors.ts'
import { readWholeXml } from './xml-pieces.ts'

/** All texts of a workbook are held at once while its sheets are read. */
const MAX_CHARS = 128 * 1024 * 1024

/** `_x000D_` stands for a character XML cannot hold (ECMA-376 part 1, 22.9.2.19). */
export const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text

/**
 * The texts that cells name by number, from the part `sharedStrings.xml`: formatted runs joined, readings (`rPh`) left out.
 * @throws WorkbenchError `evidence.too_large` beyond 128 million characters
 */
export async function readSharedStrings(
  stream: AsyncIterable<Uint8Array>,
  workbook: string,
): Promise<readonly string[]> {
  const strings: string[] = []
  let chars = 0
  let text = ''
  let isText = false
  let isReading = false
  await readWholeXml(stream, {
    open(name) {
      if (name === 'si') text = ''
      else if (name === 'rPh') isReading = true
      else if (name === 't') isText = !isReading
    },
    text(piece) {
      if (!isText) return
      text += piece
      chars += piece.length
      if (chars > MAX_CHARS)
        throw new WorkbenchError('evidence.too_large', {
          name: workbook,
          limit: `${MAX_CHARS / 1024 / 1024} MiB`,
        })
    },
    close(name) {
      if (name === 't') isText = false
      else if (name === 'rPh') isReading = false
      else if (name === 'si') strings.push(unescaped(text))
    },
  })
  return strings
}

import type { PartSource } from '../importer.ts'
import { toUtf8 } from '../text-encoding.ts'

/** Whether a part begins with a JSON object or array: for tools that write both JSON and tables. */
export async function isJsonPart(part: PartSource): Promise<boolean> {
  for await (const piece of toUtf8(part.open())) {
    const first = /\S/.exec(piece.toString('latin1'))?.[0]
    if (first !== undefined) return first === '{' || first === '['
  }
  return false
}

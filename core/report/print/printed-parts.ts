import type { CommandContext } from '../../jobs/handlers.ts'
import type { MadeReport } from '../build.ts'
import { WorkbenchError } from '../../model/errors.ts'
import { clearHeap } from '../../jobs/clear-heap.ts'
import { joinPdfs } from '../pdf/join.ts'

/** Share of the job that is left for printing. */
const PRINTING = 0.5

/**
 * A report as one PDF: short ones printed in one go, long ones part by part, joined, with the number of each page printed last. What the
 * file says of itself is ours in both. At any time one part is in memory.
 */
export function printedParts(
  context: Pick<CommandContext, 'print' | 'progress' | 'signal'>,
  made: MadeReport,
  paper: 'A4' | 'Letter',
): { pdf: () => AsyncGenerator<Uint8Array>; by: () => string | null; pages: () => number | null } {
  let by: string | null = null
  let pages: number | null = null
  const print = async (html: string): Promise<Uint8Array> => {
    if (made.parts > 1) clearHeap()
    const printed = await context.print(html, paper, context.signal)
    context.signal.throwIfAborted()
    by = printed.by
    return printed.pdf
  }
  async function* parts(): AsyncGenerator<Uint8Array> {
    for (let part = 1; part <= made.parts; part += 1) {
      context.progress({
        done: 1 - PRINTING + ((part - 1) / made.parts) * PRINTING * 0.95,
        step: { key: 'report.step.printing', params: { part, parts: made.parts } },
      })
      yield await print(await made.part(part))
    }
  }
  async function* numbers(count: number): AsyncGenerator<Uint8Array> {
    pages = count
    context.progress({ done: 0.98, step: { key: 'report.step.numbering', params: { pages: count } } })
    for (const html of made.pageNumbers(count)) yield await print(html)
  }
  /** Printed in one go it has its numbers. */
  async function* whole(): AsyncGenerator<Uint8Array> {
    for await (const printed of parts()) {
      const chunks: Uint8Array[] = []
      try {
        const written = joinPdfs([printed], null, made)
        let next = await written.next()
        for (; next.done !== true; next = await written.next()) chunks.push(next.value)
        pages = next.value
      } catch (thrown) {
        if (!(thrown instanceof WorkbenchError)) throw thrown
        // A browser that writes its files in another way: as it is.
        chunks.splice(0, chunks.length, printed)
      }
      yield* chunks
    }
  }
  return {
    pdf: () => (made.parts === 1 ? whole() : joinPdfs(parts(), numbers, made)),
    by: () => by,
    pages: () => pages,
  }
}

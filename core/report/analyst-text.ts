import { WorkbenchError } from '../model/errors.ts'
import type { ReportContext } from './context.ts'
import type { Block, Inline } from './document.ts'
import { markdownBlocks } from './markdown.ts'
import { shared } from './words.ts'

const REF = /E\d{1,9}(?::\d{1,12})?/g

/** The analyst's Markdown as a block of its own, marked as theirs. Records it names are cited when the case has them. */
export async function analystBlocks(context: ReportContext, text: string): Promise<readonly Block[]> {
  const blocks = await plainMarkdown(context, text)
  return blocks.length === 0 ? [] : [{ block: 'analyst', label: shared('analyst'), blocks }]
}

/** The same without the mark, where the place already says whose words they are. */
export async function plainMarkdown(context: ReportContext, text: string): Promise<readonly Block[]> {
  const items = new Set((await context.ask('evidence.list', {})).map(({ id }) => id))
  const known = new Map<string, () => Inline>()
  for (const ref of new Set(text.match(REF) ?? [])) {
    const [evidenceId = '', record] = ref.slice(1).split(':')
    if (!items.has(evidenceId)) continue
    if (record === undefined) known.set(ref, () => ({ kind: 'cite', ref }))
    else if (await hasRecord(context, evidenceId, Number(record)))
      known.set(ref, () => context.cite(evidenceId, Number(record)))
  }
  return markdownBlocks(text, (ref) => known.get(ref)?.())
}

async function hasRecord(context: ReportContext, evidenceId: string, record: number): Promise<boolean> {
  try {
    await context.ask('record.get', { evidenceId, record })
    return true
  } catch (thrown) {
    if (thrown instanceof WorkbenchError && thrown.code === 'request.not_found') return false
    throw thrown
  }
}

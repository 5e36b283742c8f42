import type { MarkTarget } from '../../contract/nouns/work.ts'
import type { ReportContext } from '../context.ts'
import { plainMarkdown } from '../analyst-text.ts'
import { outside, type Block } from '../document.ts'
import { shared } from '../words.ts'

/** What the analyst said of something: verdict with its reason, tags, notes. Nothing when nothing was said. */
export async function analystOpinion(context: ReportContext, target: MarkTarget): Promise<readonly Block[]> {
  const [found] = await context.ask('work.of', { targets: [target] })
  const marks = [...(found?.marks ?? [])].sort((a, b) => Number(a.id) - Number(b.id))
  const blocks: Block[] = []
  for (const { type, value, text } of marks) {
    if (type === 'verdict')
      blocks.push({
        block: 'paragraph',
        text: [
          shared('verdict', { verdict: shared(verdictKey(value)) }),
          ...(text === '' ? [] : [outside(text)]),
        ],
      })
    if (type === 'note') blocks.push(...(await plainMarkdown(context, text)))
  }
  const tags = marks.filter(({ type }) => type === 'tag').map(({ value }) => value)
  if (tags.length > 0) blocks.push({ block: 'paragraph', text: [shared('tags'), outside(tags.join(', '))] })
  return blocks.length === 0 ? [] : [{ block: 'analyst', label: shared('analyst'), blocks }]
}

function verdictKey(
  value: string,
): 'verdict.malicious' | 'verdict.suspicious' | 'verdict.benign' | 'verdict.unknown' {
  switch (value) {
    case 'malicious':
    case 'suspicious':
    case 'benign':
      return `verdict.${value}`
    default:
      return 'verdict.unknown'
  }
}

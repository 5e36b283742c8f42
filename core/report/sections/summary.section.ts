import type { EvidenceRow } from '../../contract/nouns/evidence.ts'
import type { ReportContext } from '../context.ts'
import type { Block, Line, Words } from '../document.ts'
import { citeProof, confidenceOf, listFindings, weightyFindings, type Finding } from '../facts/findings.ts'
import { noPathOfEnds } from '../facts/no-path.ts'
import { findStory } from '../facts/story.ts'
import type { Section } from '../section.ts'
import { confidenceWords, shared } from '../words.ts'
import { summaryBeside } from './summary/beside.ts'
import { entryOf } from './summary/entry.ts'
import { exposureLines } from './summary/exposure-lines.ts'
import { gravestDetections } from './summary/gravest.ts'
import { pathLines } from './summary/path-lines.ts'
import { summaryTexts } from './summary/texts.ts'

export default {
  id: 'summary',
  order: 30,
  options: [
    { id: 'findings', kind: 'number', default: 3, min: 0, max: 20 },
    { id: 'beside', kind: 'flag', default: true },
    { id: 'others', kind: 'flag', default: true },
  ],
  texts: summaryTexts,
  async build(context): Promise<readonly Block[]> {
    const { words, ask, time, flag, case: info } = context
    const evidence = await ask('evidence.list', {})
    if (evidence.length === 0) return [{ block: 'paragraph', text: [words('empty')] }]
    const story = await findStory(context)
    const { evidence: items, events, messages } = info.counts
    const span = spanOf(evidence)
    const rejected = evidence.reduce((sum, item) => sum + item.rejected, 0)
    const scope: Line = [
      words('scope', {
        evidence: words('scope.evidence', { count: items }),
        events: words('scope.events', { count: events }),
        messages: words('scope.messages', { count: messages }),
      }),
      ...(span ? [words('span', { from: time(span[0]), to: time(span[1]), zone: info.zone })] : []),
    ]
    const entry = await entryOf(context, story)
    const facts: Line[] = [
      ...entry.before,
      ...(story
        ? await pathLines(context, story)
        : [[(await noPathOfEnds(context)) ?? words(await noPathKey(context))]]),
      ...entry.after,
      ...(story && flag('beside') ? await summaryBeside(context, story) : []),
      ...(flag('others') ? await exposureLines(context) : []),
      ...(rejected > 0 ? [[words('rejected', { count: rejected }), ...rejectedIn(evidence)]] : []),
    ]
    return [
      { block: 'paragraph', text: scope, look: 'lead' },
      { block: 'list', items: facts },
      ...(await heaviest(context)),
      ...(await gravestDetections(context)),
      { block: 'paragraph', text: [words('candidate')], look: 'note' },
    ]
  },
} satisfies Section

const noPathKey = async (context: ReportContext): Promise<string> =>
  (await weightyFindings(context)).length > 0 ? 'noPathFindings' : 'noPath'

/** The findings in a sentence each, numbered as the section of findings numbers them. */
async function heaviest(context: ReportContext): Promise<readonly Block[]> {
  const { words, ask, count } = context
  const most = count('findings')
  const findings = most === 0 ? [] : await listFindings(context, most)
  if (findings.length === 0) return []
  const items = findings.map(async (finding): Promise<Line> => {
    const sure = confidenceOf(finding)
    const fact = finding.claims.find(({ kind }) => kind === 'fact') ?? finding.claims[0]
    return [
      words(finding.paths.length > 0 ? 'finding.path' : 'finding.claims', {
        title: titled(context, finding),
        confidence:
          sure === null
            ? shared('unknown')
            : shared('confidence.with', { word: confidenceWords(sure), value: sure.toFixed(2) }),
        users: words('finding.users', { count: finding.userTotal }),
        endpoints: words('finding.endpoints', { count: finding.endpointTotal }),
      }),
      ...(fact === undefined ? [] : await citeProof(context, fact.proof)),
    ]
  })
  const { total } = await ask('story.list', { limit: most })
  const left = (total ?? findings.length) - findings.length
  return [
    { block: 'paragraph', text: [words('findings')], look: 'label' },
    { block: 'list', items: await Promise.all(items), ordered: true },
    ...(left > 0
      ? [
          {
            block: 'paragraph' as const,
            text: [words('moreFindings', { count: left })],
            look: 'note' as const,
          },
        ]
      : []),
  ]
}

/** The title of a finding; of a candidate with why it is none but that. */
function titled({ words }: ReportContext, { title, candidate, claims }: Finding): Words {
  const name: Words = { kind: 'words', ...title }
  const why: Words[] = [
    ...(claims.some(({ kind }) => kind === 'fact') ? [] : [words('finding.onlyRead')]),
    ...candidate.map((reason): Words => ({ kind: 'words', ...reason })),
  ]
  const [first, ...rest] = why
  if (first === undefined) return name
  return words('finding.asCandidate', {
    title: name,
    why: rest.reduce((a, b) => words('finding.and', { a, b }), first),
  })
}

const rejectedIn = (evidence: readonly EvidenceRow[]): Line =>
  evidence.filter((item) => item.rejected > 0).map((item) => ({ kind: 'cite', ref: `E${item.id}` }))

function spanOf(evidence: readonly EvidenceRow[]): readonly [string, string] | undefined {
  const first = evidence.flatMap((item) => item.firstAt ?? []).sort()[0]
  const last = evidence
    .flatMap((item) => item.lastAt ?? [])
    .sort()
    .at(-1)
  return first === undefined || last === undefined ? undefined : [first, last]
}

import type { ReportContext } from '../context.ts'
import type { TextRef } from '../../contract/shapes.ts'
import {
  confidence,
  joinLines,
  lineBreak,
  outside,
  type Block,
  type Line,
  type Row,
  type Words,
} from '../document.ts'
import { findTechnique } from '../attack/techniques.ts'
import { citeProof, listFindings, rulesOf, type Finding, confidenceOf } from '../facts/findings.ts'
import { analystOpinion } from '../facts/opinion.ts'
import { techniquesOf } from '../facts/techniques.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'
import { findingTexts } from './findings/texts.ts'
import { detectionTable } from './findings/detections.ts'

/** Alternative explanations printed per finding. */
const MAX_ALTERNATIVES = 12

export default {
  id: 'findings',
  order: 80,
  options: [
    { id: 'count', kind: 'number', default: 10, min: 1, max: 200 },
    { id: 'claims', kind: 'number', default: 40, min: 1, max: 500 },
    { id: 'alternatives', kind: 'flag', default: true },
    { id: 'detections', kind: 'flag', default: true },
  ],
  texts: findingTexts,
  async build(context): Promise<readonly Block[]> {
    const { words, count, flag, ask } = context
    const findings = await listFindings(context, count('count'))
    const { total } = await ask('story.list', { limit: count('count') })
    if (findings.length === 0)
      return [
        { block: 'paragraph', text: [words('empty')] },
        ...(flag('detections') ? await detectionTable(context) : []),
      ]
    const blocks: Block[] = [{ block: 'paragraph', text: [words('intro')], look: 'note' }]
    for (const [index, finding] of findings.entries())
      blocks.push(...(await oneFinding(context, finding, index + 1)))
    const left = (total ?? findings.length) - findings.length
    if (left > 0) blocks.push({ block: 'paragraph', text: [words('left', { count: left })], look: 'note' })
    return flag('detections') ? [...blocks, ...(await detectionTable(context))] : blocks
  },
} satisfies Section

async function oneFinding(
  context: ReportContext,
  finding: Finding,
  place: number,
): Promise<readonly Block[]> {
  const { words } = context
  const facts = finding.claims.filter(({ kind }) => kind === 'fact')
  const read = finding.claims.filter(({ kind }) => kind === 'interpretation')
  return [
    { block: 'heading', text: [words('finding', { n: place, title: { kind: 'words', ...finding.title } })] },
    await standing(context, finding),
    { block: 'paragraph', text: [words('facts')], look: 'label' },
    ...(await statements(context, facts, 'noFacts', false)),
    { block: 'paragraph', text: [words('interpretations')], look: 'label' },
    ...(await statements(context, read, 'noInterpretations', true)),
    ...(context.flag('alternatives') ? await alternatives(context, finding) : []),
    ...(await analystOpinion(context, { kind: 'story', id: finding.id })),
  ]
}

async function standing(context: ReportContext, finding: Finding): Promise<Block> {
  const { words, time, case: info } = context
  const sure = confidenceOf(finding)
  const techniques = (await techniquesOf(context, finding)).map(({ technique }): Line => {
    const known = findTechnique(technique)
    return [outside(known === undefined ? technique : `${technique} ${known.name}`)]
  })
  const span: Line =
    finding.startAt === null
      ? [shared('undated')]
      : [words('spanOf', { from: time(finding.startAt), to: time(finding.endAt), zone: info.zone })]
  return {
    block: 'pairs',
    rows: [
      {
        label: words('standing'),
        value: standingOf(context, finding),
      },
      {
        label: shared('column.confidence'),
        value: [
          ...(sure === null
            ? [shared('unknown')]
            : [confidence(sure), words(finding.paths.length > 0 ? 'sureOfPath' : 'sureOfClaims')]),
          lineBreak,
          words('score', { score: Math.round(finding.score) }),
        ],
      },
      { label: words('span'), value: span },
      {
        label: words('corroboration'),
        value: [
          words('corroborated', {
            count: finding.corroboration.sources,
            items: finding.corroboration.evidence,
            kinds: finding.corroboration.kinds.length,
          }),
        ],
      },
      {
        label: words('affected'),
        value: [words('affectedOf', { users: finding.userTotal, endpoints: finding.endpointTotal })],
      },
      {
        label: words('attack'),
        value:
          techniques.length > 0
            ? joinLines(techniques, lineBreak)
            : [finding.attack.length === 0 ? shared('none') : words('attackUnsaid')],
      },
    ],
  }
}

/** Established, or a candidate and why. What is interpretation alone is never established. */
function standingOf({ words }: ReportContext, { candidate, claims }: Finding): Line {
  const why: Line[] = [
    ...(claims.some(({ kind }) => kind === 'fact') ? [] : [[words('onlyRead')]]),
    ...candidate.map((reason): Line => [{ kind: 'words', ...reason }]),
  ]
  return why.length === 0 ? [words('established')] : joinLines([[words('candidate')], ...why], lineBreak)
}

async function statements(
  context: ReportContext,
  claims: Finding['claims'],
  none: string,
  hasDoubt: boolean,
): Promise<readonly Block[]> {
  const { words, time, case: info } = context
  if (claims.length === 0) return [{ block: 'paragraph', text: [words(none)], look: 'note' }]
  const rows: Row[] = []
  for (const claim of claims.slice(0, context.count('claims')))
    rows.push({
      cells: [
        [claim.at === null ? shared('undated') : outside(time(claim.at))],
        [timed(context, claim.text)],
        ...(hasDoubt ? [[confidence(claim.confidence)]] : []),
        await citeProof(context, claim.proof),
      ],
    })
  const left = claims.length - rows.length
  return [
    {
      block: 'table',
      columns: [
        { header: shared('column.time', { zone: info.zone }), width: 14 },
        { header: words('statement'), width: hasDoubt ? 53 : 66 },
        ...(hasDoubt ? [{ header: shared('column.confidence'), width: 13 }] : []),
        { header: shared('column.evidence'), width: 20 },
      ],
      rows,
      empty: words(none),
    },
    ...(left > 0
      ? [{ block: 'paragraph' as const, text: [words('moreClaims', { count: left })], look: 'note' as const }]
      : []),
  ]
}

/** What speaks for another reading: why it is a candidate, what was looked for in vain, other paths, what rules cannot tell apart. */
async function alternatives(context: ReportContext, finding: Finding): Promise<readonly Block[]> {
  const { words, ask } = context
  const rules = await ask('rule.list', {})
  const behind = await rulesOf(context, finding)
  const doubts: Line[] = [
    ...[...finding.candidate, ...finding.lookedAt].map((reason): Line => [timed(context, reason)]),
    ...(finding.paths.length > 1 ? [[words('otherPaths', { count: finding.paths.length - 1 })]] : []),
  ]
  const rows = rules
    .filter((rule) => behind.has(rule.id))
    .slice(0, MAX_ALTERNATIVES)
    .map((rule): Row => ({
      cells: [[{ kind: 'words', ...rule.title }], [{ kind: 'words', ...rule.falsePositives }]],
    }))
  const nothing: Block = { block: 'paragraph', text: [words('noAlternatives')], look: 'note' }
  return [
    { block: 'paragraph', text: [words('alternatives')], look: 'label' },
    ...(doubts.length === 0
      ? rows.length === 0
        ? [nothing]
        : []
      : [{ block: 'list' as const, items: doubts }]),
    ...(rows.length === 0
      ? []
      : [
          {
            block: 'table' as const,
            columns: [
              { header: words('reading'), width: 28 },
              { header: words('otherwise'), width: 72 },
            ],
            rows,
            empty: words('noAlternatives'),
          },
        ]),
  ]
}

const ISO = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/

/** A text of the engine with its times in the zone of the case. */
function timed({ time }: ReportContext, { key, params }: TextRef): Words {
  const shown = Object.entries(params).map(([name, value]): [string, string | number] => [
    name,
    typeof value === 'string' && ISO.test(value) ? time(value) : value,
  ])
  return { kind: 'words', key, params: Object.fromEntries(shown) }
}

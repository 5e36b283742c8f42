import type { StoryRow } from '../../../contract/nouns/story.ts'
import type { Translator } from '../../../locale/format.ts'
import type { Command, ExitCode, Invocation } from '../command.ts'
import { toHopCells, toPathDocument } from '../hop-row.ts'
import { PAGE_OPTIONS } from '../options.ts'
import { printPages } from '../pages.ts'

/** A story as the document shows it: sentences beside their codes. */
function toDocument(t: Translator, row: StoryRow) {
  return {
    id: row.id,
    rank: row.rank,
    title: t(row.title.key, row.title.params),
    titleCode: row.title,
    score: row.score,
    reasons: row.reasons.map((reason) => ({
      code: reason.code,
      params: reason.params,
      weight: reason.weight,
      text: t(`story.reason.${reason.code}`, reason.params),
    })),
    candidate: row.candidate.map((why) => ({ ...why, text: t(why.key, why.params) })),
    firstObserved: row.firstObserved?.entity ?? null,
    firstObservedAt: row.firstObserved?.at ?? null,
    emailVector: row.emailVector?.message ?? null,
    vector: row.emailVector && {
      subject: row.emailVector.subject,
      from: row.emailVector.from,
      at: row.emailVector.at,
      how: row.emailVector.how,
      confidence: row.emailVector.confidence,
      candidate: row.emailVector.isCandidate,
      relations: row.emailVector.proof.relations,
    },
    lookedAt: row.lookedAt.map((looked) => ({ ...looked, text: t(looked.key, looked.params) })),
    users: row.users,
    userTotal: row.userTotal,
    triedTotal: row.triedTotal,
    endpoints: row.endpoints,
    endpointTotal: row.endpointTotal,
    startAt: row.startAt,
    endAt: row.endAt,
    corroboration: row.corroboration,
    attack: row.attack,
    counts: row.counts,
    relations: row.relations,
  }
}

async function printOne(invocation: Invocation, id: string): Promise<ExitCode> {
  const { output, t } = invocation
  const { client } = await invocation.openCase()
  await invocation.loadTexts()
  const story = await client.call('story.get', { id })
  const evidence = await client.call('story.evidence', { id })
  if (output.json) {
    output.document({
      story: toDocument(t, story),
      claims: story.claims.map((claim) => ({
        at: claim.at,
        clock: claim.clock ?? null,
        kind: claim.kind,
        text: t(claim.text.key, claim.text.params),
        textCode: claim.text,
        confidence: claim.confidence,
        entities: claim.entities,
        proof: claim.proof,
      })),
      paths: story.paths.map(toPathDocument),
      evidence,
    })
    return 0
  }
  output.line(`${t(story.title.key, story.title.params)}  [${story.score}]`)
  for (const reason of story.reasons)
    output.line(`  ${reason.weight}  ${t(`story.reason.${reason.code}`, reason.params)}`)
  for (const why of [...story.candidate, ...story.lookedAt]) output.line(`  ${t(why.key, why.params)}`)
  output.line()
  output.table(
    story.claims.map((claim) => [
      claim.at ?? '-',
      t(`cli.stories.${claim.kind}`),
      t(claim.text.key, claim.text.params),
      claim.proof.events.slice(0, 3).join(' '),
    ]),
  )
  for (const path of story.paths) {
    output.line()
    output.table(toHopCells(path))
  }
  return 0
}

const command: Command = {
  id: 'stories',
  order: 65,
  usage: 'CASE [STORY]',
  arguments: { min: 1, max: 2 },
  options: {
    entity: { type: 'string', value: 'ENTITY' },
    'min-score': { type: 'string', value: 'N' },
    ...PAGE_OPTIONS,
  },
  texts: {
    en: {
      summary: 'connected suspicious activity, best first; with STORY its narrative and paths',
      'option.entity': 'only stories in which this entity has a part: an id or kind:alias',
      'option.min-score': 'leave out stories with a lower score (0 to 100, default 0)',
      below: 'Stories left out because of their score: {count}.',
      none: 'Nothing suspicious hangs together in what is here. What correlation lacks: redthread readiness CASE',
      fact: 'fact',
      interpretation: 'interpretation',
    },
    'zh-TW': {
      summary: '彼此相連的可疑活動，最可能者在前；加上 STORY 則列出其敘述與路徑',
      'option.entity': '只列此實體參與的事件經過：識別碼或 kind:alias',
      'option.min-score': '略過分數較低的事件經過（0 至 100，預設 0）',
      below: '因分數而略過的事件經過：{count}。',
      none: '現有資料中沒有彼此相連的可疑活動。關聯缺少什麼：redthread readiness CASE',
      fact: '事實',
      interpretation: '解讀',
    },
    ja: {
      summary: 'つながりのある不審な活動を確かな順に表示する。STORY を指定するとその経緯と経路を表示する',
      'option.entity': 'このエンティティが関わるものだけ: ID または kind:alias',
      'option.min-score': 'スコアがこれより低いものを除く (0 から 100、既定は 0)',
      below: 'スコアにより除いたもの: {count} 件。',
      none: '手元のデータにはつながりのある不審な活動がありません。相関分析に足りないもの: redthread readiness CASE',
      fact: '事実',
      interpretation: '解釈',
    },
  },
  async run(invocation) {
    const { args, options, t } = invocation
    const [, id] = args
    const entityId = options.entity('entity') ?? null
    const minScore = options.integer('min-score', 0, 100) ?? 0
    if (id !== undefined) return printOne(invocation, id)
    const { client } = await invocation.openCase()
    await invocation.loadTexts()
    let below = 0
    let total: number | null = null
    await printPages(
      invocation,
      'stories',
      async (page) => {
        const found = await client.call('story.list', { ...page, entityId, minScore })
        below = found.below
        total = found.total
        return found
      },
      (row) => toDocument(t, row),
      (row) => [
        row.id,
        String(row.score),
        row.startAt ?? '-',
        row.endAt ?? '-',
        t(row.title.key, row.title.params),
        row.users.map((user) => user.name).join(', '),
        row.endpoints.map((endpoint) => endpoint.name).join(', '),
      ],
    )
    // S3: an empty answer says where to look for what correlation lacks.
    if (total === 0 && below === 0 && !invocation.output.json) invocation.output.note(t('cli.stories.none'))
    if (below > 0 && !invocation.output.json) invocation.output.note(t('cli.stories.below', { count: below }))
    return 0
  },
}

export default command

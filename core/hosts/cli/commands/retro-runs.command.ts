import type { Command } from '../command.ts'
import { defang } from '../defang.ts'
import { usageError } from '../options.ts'
import { verdictWords } from '../verdict-words.ts'

const command: Command = {
  id: 'retro-runs',
  order: 132,
  usage: 'CASE [FROM TO]',
  arguments: { min: 1, max: 3 },
  options: {},
  texts: {
    en: {
      summary: 'list the stored retro scans, or compare two of them',
      only: 'Only in run {id}: turned {turned}, newly matching {matching}, no longer matching {released}, excluded {excluded}, exposed {exposed}',
      same: 'Run {id} would be compared with itself. Name two different runs; one alone is compared with the newest.',
      policies: 'The two runs were made under different policies.',
    },
    'zh-TW': {
      summary: '列出已儲存的回溯掃描，或比較其中兩次',
      only: '僅見於掃描 {id}：判定改變 {turned}、新符合 {matching}、不再符合 {released}、排除 {excluded}、受影響 {exposed}',
      same: '這會將執行 {id} 與自身比較。請指定兩次不同的執行；只指定一次時與最新的比較。',
      policies: '兩次掃描依據的政策不同。',
    },
    ja: {
      summary: '保存済みのレトロスキャンを一覧する、または 2 つを比較する',
      only: '実行 {id} のみ: 判定変化 {turned}、新たに該当 {matching}、該当しなくなった {released}、除外 {excluded}、影響 {exposed}',
      same: '実行 {id} を自分自身と比較することになります。異なる 2 つを指定してください。1 つだけなら最新と比較します。',
      policies: '2 つの実行はポリシーが異なります。',
    },
  },
  async run({ args, output, t, openCase }) {
    const [, from, to] = args
    const { client } = await openCase()
    if (from === undefined) {
      const runs = await client.call('retro.list', {})
      if (output.json) output.document({ runs })
      else
        output.table(
          runs.map(({ id, at, policy, counts }) => [id, at, policy, t('cli.retro-scan.counts', counts)]),
        )
      return 0
    }
    // With one run alone it is held against the newest.
    const other = to ?? (await client.call('retro.list', {}))[0]?.id ?? from
    if (other === from) throw usageError('retro-runs', 'retro-runs.same', { id: from })
    const compared = await client.call('retro.compare', { from, to: other })
    if (output.json) {
      output.document(compared)
      return 0
    }
    const words = verdictWords(t)
    if (!compared.isSamePolicy) output.line(t('cli.retro-runs.policies'))
    for (const [side, id] of [
      ['onlyFrom', from],
      ['onlyTo', other],
    ] as const) {
      output.line(
        t('cli.retro-runs.only', {
          id,
          turned: compared.turned[side].length,
          matching: compared.newlyMatching[side].length,
          released: compared.noLongerMatching[side].length,
          excluded: compared.excluded[side].length,
          exposed: compared.exposure[side].length,
        }),
      )
      output.table(
        compared.turned[side].map((row) => [
          `${words.level(row.from)} -> ${words.level(row.to)}`,
          defang(row.url),
          row.pack ?? '-',
        ]),
      )
    }
    return 0
  },
}

export default command

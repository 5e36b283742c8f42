import type { Command } from '../command.ts'
import { requireZone } from '../zone.ts'

const command: Command = {
  id: 'mapping',
  order: 25,
  usage: 'CASE FILE',
  arguments: { min: 2, max: 2 },
  options: { zone: { type: 'string', value: 'ZONE' } },
  texts: {
    en: {
      summary:
        'propose a mapping for a table that no importer knows, to be edited and given to import --mapping',
      'option.zone': 'IANA time zone of times that carry none',
      kind: 'Each row is read as: {kind}. Save the mapping, correct it, and run: redthread import CASE FILE --mapping MAPPING.json',
    },
    'zh-TW': {
      summary: '為沒有匯入器認得的表格提出欄位對應，修改後交給 import --mapping',
      'option.zone': '未帶時區之時間所屬的 IANA 時區',
      kind: '每一列讀作：{kind}。請儲存並修正對應，再執行：redthread import CASE FILE --mapping MAPPING.json',
    },
    ja: {
      summary: 'どのインポーターも知らない表にマッピングを提案する (編集して import --mapping に渡す)',
      'option.zone': 'タイムゾーンのない時刻に適用する IANA タイムゾーン',
      kind: '各行の読み方: {kind}。マッピングを保存して修正し、redthread import CASE FILE --mapping MAPPING.json を実行してください',
    },
  },
  async run({ args, options, output, path, openCase, t }) {
    const zone = options.text('zone')
    if (zone !== undefined) requireZone('mapping', zone)
    const { client } = await openCase()
    const { mapping, columns, rows, problems } = await client.call('mapping.propose', {
      grant: path(args[1] ?? ''),
      zone: zone ?? null,
    })
    if (output.json) output.document({ mapping, columns, rows, problems })
    else {
      // Line by line: control characters of evidence are escaped within a line, as JSON has them.
      for (const line of JSON.stringify(mapping, null, 2).split('\n')) output.line(line)
      output.note(t('cli.mapping.kind', { kind: mapping.kind }))
    }
    return 0
  },
}

export default command

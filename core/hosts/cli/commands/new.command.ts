import { extname } from 'node:path'
import type { Command } from '../command.ts'
import { requireZone } from '../zone.ts'

const command: Command = {
  id: 'new',
  order: 10,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: { zone: { type: 'string', value: 'ZONE' } },
  texts: {
    en: {
      summary: 'create an empty case (one .redthread file)',
      'option.zone': 'IANA time zone in which the case is shown (default UTC)',
      created: 'Created {path}',
    },
    'zh-TW': {
      summary: '建立空白案件（單一 .redthread 檔案）',
      'option.zone': '案件顯示所用的 IANA 時區（預設 UTC）',
      created: '已建立 {path}',
    },
    ja: {
      summary: '空のケースを作成する (.redthread ファイル一つ)',
      'option.zone': 'ケースの表示に使う IANA タイムゾーン (既定は UTC)',
      created: '{path} を作成しました',
    },
  },
  async run({ args, options, output, t, path, client }) {
    const name = args[0] ?? ''
    const target = path(extname(name) === '' ? `${name}.redthread` : name)
    const zone = requireZone('new', options.text('zone') ?? 'UTC')
    const info = await (await client()).call('case.create', { grant: target, zone })
    const { caseId, createdAt, schemaVersion } = info
    if (output.json) output.document({ case: target, caseId, createdAt, zone: info.zone, schemaVersion })
    else output.line(t('cli.new.created', { path: target }))
    return 0
  },
}

export default command

import { RISK_LEVELS } from '../../../model/verdict.ts'
import type { PackRow } from '../../../contract/nouns/reputation.ts'
import type { Command } from '../command.ts'
import { runJob } from '../job.ts'
import { usageError } from '../options.ts'

const cells = (pack: PackRow): readonly string[] => [
  `#${pack.number}`,
  `${pack.name}@${pack.version}`,
  pack.createdAt,
  pack.format,
  `${pack.entries}`,
  pack.sha256,
]

const command: Command = {
  id: 'patterns',
  order: 110,
  usage: 'CASE add FILE... | list',
  arguments: { min: 2, max: 102 },
  options: {
    name: { type: 'string', value: 'NAME' },
    version: { type: 'string', value: 'VERSION' },
    'created-at': { type: 'string', value: 'TIME' },
    level: { type: 'string', value: 'LEVEL' },
  },
  texts: {
    en: {
      summary: 'add pattern packs (one per file), or list them',
      'option.name': 'name of the pack (default: the file name)',
      'option.version': 'version of the pack',
      'option.created-at': 'when its patterns were made, ISO-8601 (default: what the file says)',
      'option.level':
        'risk level of entries that carry none: dangerous, highly-suspicious, suspicious, untested, safe',
      action: 'Say "add FILE..." or "list".',
    },
    'zh-TW': {
      summary: '加入特徵碼套件（每個檔案一個套件）或列出特徵碼套件',
      'option.name': '特徵碼套件名稱（預設為檔名）',
      'option.version': '特徵碼套件版本',
      'option.created-at': '特徵碼製作時間，ISO-8601（預設以檔案內容為準）',
      'option.level':
        '未註明風險等級之項目所用的等級：dangerous, highly-suspicious, suspicious, untested, safe',
      action: '請用「add 檔案...」或「list」。',
    },
    ja: {
      summary: 'パターンパックを追加する (一ファイル一パック)、または一覧表示する',
      'option.name': 'パックの名前 (既定はファイル名)',
      'option.version': 'パックのバージョン',
      'option.created-at': 'パターンの作成日時、ISO-8601 (既定はファイルの内容による)',
      'option.level':
        'リスクレベルのない項目に使うレベル: dangerous, highly-suspicious, suspicious, untested, safe',
      action: '「add ファイル...」または「list」と指定してください。',
    },
  },
  async run(invocation) {
    const { args, options, output, path, openCase } = invocation
    const [, action, ...files] = args
    if (!(action === 'add' && files.length > 0) && !(action === 'list' && files.length === 0)) {
      throw usageError('patterns', 'patterns.action')
    }
    const level = options.oneOf('level', RISK_LEVELS) ?? null
    const { client } = await openCase()
    const packs =
      action === 'list'
        ? await client.call('pack.list', {})
        : await runJob(invocation, client, 'pack.add', {
            grants: files.map(path),
            name: options.text('name') ?? null,
            version: options.text('version') ?? null,
            createdAt: options.text('created-at') ?? null,
            level,
          })
    if (output.json) output.document({ packs })
    else output.table(packs.map(cells))
    return packs.some((pack) => action === 'add' && pack.rejected > 0) ? 3 : 0
  },
}

export default command

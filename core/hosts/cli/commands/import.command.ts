import type { EvidenceRow, ImportResult } from '../../../contract/nouns/evidence.ts'
import { isEncoding } from '../../../model/encoding.ts'
import type { PlainError } from '../../../model/errors.ts'
import type { Command, Invocation } from '../command.ts'
import { evidenceCells, evidenceDocument } from '../evidence-row.ts'
import { readMapping, readPasswords } from '../import-answers.ts'
import { usageError } from '../options.ts'
import { runJob } from '../job.ts'
import { errorWords } from '../words.ts'
import { requireZone } from '../zone.ts'

const command: Command = {
  id: 'import',
  order: 20,
  usage: 'CASE PATH...',
  arguments: { min: 2, max: 1001 },
  options: {
    format: { type: 'string', value: 'ID' },
    zone: { type: 'string', value: 'ZONE' },
    'date-order': { type: 'string', value: 'ORDER' },
    encoding: { type: 'string', value: 'NAME' },
    endpoint: { type: 'string', value: 'NAME' },
    mapping: { type: 'string', value: 'FILE' },
    'password-file': { type: 'string', value: 'FILE' },
  },
  texts: {
    en: {
      summary: 'import evidence files and folders',
      'option.format': 'take this importer instead of the detected one',
      'option.zone': 'IANA time zone of times that carry none, for instance Europe/Berlin',
      'option.date-order': 'how to read 3/4/2025 where nothing proves it: day-first or month-first',
      'option.encoding':
        'what text is written in that is neither UTF-8 nor UTF-16, for instance big5, shift_jis, gb18030, windows-1251, cp850',
      encoding: 'No encoding is called "{name}".',
      'option.endpoint':
        'endpoint the files were collected from, for those that do not say it (results of KAPE modules, unknown tables)',
      'option.mapping': 'mapping.json that says what the columns of an unknown table mean',
      'option.password-file': 'passwords for locked archives, one a line; they are not stored',
      passwords: '"{name}" holds more than {count} passwords, or one longer than {length} characters.',
      mappingFormat:
        '--mapping says itself how the file is read; --format {format} would read it past the mapping. Give one of the two.',
      resumed: 'Continued an import that had been cut off.',
      refused: 'Not imported: {name}: {reason}',
      totals:
        '{count} file, records: {read} read = {stored} stored + {duplicate} duplicate + {rejected} rejected | {count} files, records: {read} read = {stored} stored + {duplicate} duplicate + {rejected} rejected',
    },
    'zh-TW': {
      summary: '匯入證據檔案與資料夾',
      'option.format': '改用這個匯入器，不採用偵測結果',
      'option.zone': '未帶時區之時間所屬的 IANA 時區，例如 Europe/Berlin',
      'option.date-order': '無法證明時如何解讀 3/4/2025：day-first（日在前）或 month-first（月在前）',
      'option.encoding':
        '非 UTF-8 也非 UTF-16 的文字所用的編碼，例如 big5、shift_jis、gb18030、windows-1251、cp850',
      encoding: '沒有名為「{name}」的編碼。',
      'option.endpoint': '檔案採集自哪個端點，用於未自行載明者（KAPE 模組結果、未知表格）',
      'option.mapping': '說明未知表格各欄意義的 mapping.json',
      'option.password-file': '加密壓縮檔的密碼，每行一個；密碼不會儲存',
      passwords: '「{name}」內的密碼超過 {count} 個，或有密碼超過 {length} 個字元。',
      mappingFormat: '--mapping 已說明檔案如何讀取；--format {format} 會略過對應。請擇一指定。',
      resumed: '已接續先前中斷的匯入。',
      refused: '未匯入：{name}：{reason}',
      totals: '{count} 個檔案：讀取 {read} 筆紀錄 = 儲存 {stored} + 重複 {duplicate} + 拒收 {rejected}',
    },
    ja: {
      summary: '証拠ファイルとフォルダーを取り込む',
      'option.format': '検出結果の代わりにこのインポーターを使う',
      'option.zone': 'タイムゾーンのない時刻に適用する IANA タイムゾーン (例: Europe/Berlin)',
      'option.date-order':
        '3/4/2025 の読み方を判別できないときの順序: day-first (日が先) または month-first (月が先)',
      'option.encoding':
        'UTF-8 でも UTF-16 でもないテキストの文字コード (例: big5、shift_jis、gb18030、windows-1251、cp850)',
      encoding: '「{name}」という文字コードはありません。',
      'option.endpoint':
        'ファイルを収集したエンドポイント。自ら示さないもの (KAPE モジュールの結果、未知の表) に使う',
      'option.mapping': '未知の表の各列の意味を示す mapping.json',
      'option.password-file': '暗号化されたアーカイブのパスワード (1 行に 1 つ、保存されません)',
      passwords: '「{name}」のパスワードが {count} 個を超えているか、{length} 文字を超えるものがあります。',
      mappingFormat:
        'ファイルの読み方は --mapping が決めます。--format {format} ではマッピングが無視されます。どちらか一方を指定してください。',
      resumed: '中断していた取り込みを再開しました。',
      refused: '取り込まれませんでした: {name}: {reason}',
      totals: '{count} ファイル: 読み取り {read} 件 = 保存 {stored} + 重複 {duplicate} + 拒否 {rejected}',
    },
  },
  async run(invocation) {
    const { args, options, output, path, openCase } = invocation
    const grants = args.slice(1).map(path)
    const zone = options.text('zone')
    if (zone !== undefined) requireZone('import', zone)
    const dateOrder = options.oneOf('date-order', ['day-first', 'month-first'] as const)
    const mappingFile = options.text('mapping')
    const mapping = mappingFile === undefined ? null : await readMapping('import', path(mappingFile))
    if (mapping !== null && (options.text('format') ?? 'mapping') !== 'mapping')
      throw usageError('import', 'import.mappingFormat', { format: options.text('format') ?? '' })
    const encoding = options.text('encoding')
    if (encoding !== undefined && !isEncoding(encoding))
      throw usageError('import', 'import.encoding', { name: encoding })
    const passwordFile = options.text('password-file')
    const passwords = passwordFile === undefined ? null : await readPasswords('import', path(passwordFile))
    const opened = await openCase()
    const formats = await opened.client.call('evidence.formats', {})
    const format = options.oneOf(
      'format',
      formats.map(({ id }) => id),
    )
    const resumed = await resumeIfCutOff(invocation, opened.client, passwords)
    const result = await runJob(invocation, opened.client, 'evidence.import', {
      grants,
      format: format ?? null,
      zone: zone ?? null,
      dateOrder: dateOrder ?? null,
      mapping,
      encoding: encoding ?? null,
      endpoint: options.text('endpoint') ?? null,
      passwords,
      correlate: false,
    })
    const merged = merge(resumed, result)
    if (output.json)
      output.document({ ...merged, case: opened.path, evidence: merged.evidence.map(evidenceDocument) })
    else printResult(invocation, merged)
    if (
      merged.evidence.some((row) => row.status === 'failed') &&
      merged.evidence.every((row) => row.stored === 0)
    )
      return 1
    // What the case holds already is no failure: a script may run twice.
    const failed = merged.refused.filter((file) => file.code !== 'evidence.duplicate')
    if (merged.evidence.length === 0 && failed.length > 0) return 1
    return merged.totals.rejected > 0 ||
      failed.length > 0 ||
      merged.evidence.some((row) => row.status !== 'done')
      ? 3
      : 0
  },
}

/** An import that a kill or power cut left behind is finished first; its file is then no duplicate of itself. */
async function resumeIfCutOff(
  invocation: Invocation,
  client: Awaited<ReturnType<Invocation['client']>>,
  passwords: string[] | null,
): Promise<ImportResult | undefined> {
  const rows: EvidenceRow[] = await client.call('evidence.list', {})
  if (!rows.some((row) => row.status === 'importing')) return undefined
  const result = await runJob(invocation, client, 'evidence.resume', { passwords })
  if (result.evidence.length > 0) invocation.output.note(invocation.t('cli.import.resumed'))
  return result
}

function merge(resumed: ImportResult | undefined, result: ImportResult): ImportResult {
  if (!resumed) return result
  const finished = new Set(resumed.evidence.map((row) => row.name))
  const sum = (name: keyof ImportResult['totals']): number => resumed.totals[name] + result.totals[name]
  return {
    case: result.case,
    evidence: [...resumed.evidence, ...result.evidence],
    refused: [
      ...resumed.refused,
      ...result.refused.filter((file) => file.code !== 'evidence.duplicate' || !finished.has(file.name)),
    ],
    totals: {
      files: sum('files'),
      bytes: sum('bytes'),
      read: sum('read'),
      stored: sum('stored'),
      duplicate: sum('duplicate'),
      rejected: sum('rejected'),
    },
  }
}

function printResult({ output, t }: Invocation, result: ImportResult): void {
  output.table(result.evidence.map((row) => evidenceCells(row)))
  for (const { name, path, code, params } of result.refused) {
    const error = { code, params: { name, ...params } } as PlainError
    output.line(t('cli.import.refused', { name: path ?? name, reason: errorWords(error, t, command) }))
  }
  output.line(t('cli.import.totals', { ...result.totals, count: result.totals.files }))
}

export default command

import type { Translator } from '../../locale/format.ts'
import type { PlainError } from '../../model/errors.ts'
import type { TextParams, Texts } from '../../model/text.ts'

/** Which option helps: the errors speak for every host, these words for the command line alone. Prefix `cli.hint`. */
export const hintTexts: Texts = {
  en: {
    'import.evidence.needs_mapping':
      '"redthread mapping CASE FILE" proposes a mapping; give it with --mapping.',
    'import.evidence.date_order': 'Say --date-order day-first or --date-order month-first.',
    'import.evidence.ambiguous': 'Say --format with one of them.',
    'import.evidence.unrecognised': 'Say --format with its id; "redthread import --help" explains it.',
    'import.evidence.encrypted': 'Give its passwords, one a line, with --password-file.',
    'import.job.cancelled': 'Import the same path again to go on where it stopped.',
    'mapping.evidence.encrypted': 'Unpack it first: a mapping is proposed for what it holds.',
    'merge.merge.conflicts':
      'Say --prefer mine or --prefer theirs, or settle each of them: "--dry-run --json" prints a document whose "choices" are filled in and given to --resolve.',
    'report.key.invalid': 'The passphrase of a key is given with --passphrase-file.',
    'manifest.key.invalid': 'The passphrase of a key is given with --passphrase-file.',
    'mapping.unknown_target': '"{field}" is no target of this kind of row (docs/cli.md lists them).',
    'mapping.unknown_column': 'The file has no column "{field}".',
    'mapping.time_format':
      '"{field}" is no time format: iso, epoch-s, epoch-ms, epoch-us, epoch-ns, filetime, or a pattern such as dd/MM/yyyy HH:mm:ss.',
    'mapping.zone': '"{field}" is no IANA time zone, as Europe/Berlin is.',
    'mapping.empty': 'It names no target at all.',
    'mapping.schema': 'The field "{field}" has a form that mapping.json does not have; its schema is 1.',
    allowed: 'It takes one of: {allowed}.',
    file: 'It stands in {file}.',
  },
  'zh-TW': {
    'import.evidence.needs_mapping': '「redthread mapping CASE FILE」會提出欄位對應；請以 --mapping 指定。',
    'import.evidence.date_order': '請指定 --date-order day-first 或 --date-order month-first。',
    'import.evidence.ambiguous': '請以 --format 指定其中之一。',
    'import.evidence.unrecognised': '請以 --format 指定其識別碼；說明請見「redthread import --help」。',
    'import.evidence.encrypted': '請以 --password-file 指定密碼檔，每行一個密碼。',
    'import.job.cancelled': '再次匯入相同路徑，即可從中斷處繼續。',
    'mapping.evidence.encrypted': '請先解開：欄位對應是針對其中的內容提出。',
    'merge.merge.conflicts':
      '請指定 --prefer mine 或 --prefer theirs，或逐一解決：「--dry-run --json」會印出一份文件，填好其中的「choices」後以 --resolve 指定。',
    'report.key.invalid': '金鑰的密語以 --passphrase-file 指定。',
    'manifest.key.invalid': '金鑰的密語以 --passphrase-file 指定。',
    'mapping.unknown_target': '「{field}」不是這種列的目標欄位（清單見 docs/cli.md）。',
    'mapping.unknown_column': '檔案中沒有「{field}」這一欄。',
    'mapping.time_format':
      '「{field}」不是時間格式：可用 iso、epoch-s、epoch-ms、epoch-us、epoch-ns、filetime，或 dd/MM/yyyy HH:mm:ss 之類的格式。',
    'mapping.zone': '「{field}」不是 IANA 時區（例如 Europe/Berlin）。',
    'mapping.empty': '其中沒有任何目標欄位。',
    'mapping.schema': '欄位「{field}」的形式不符合 mapping.json；其 schema 為 1。',
    allowed: '可用的值：{allowed}。',
    file: '位於 {file}。',
  },
  ja: {
    'import.evidence.needs_mapping':
      '「redthread mapping CASE FILE」がマッピングを提案します。--mapping で指定してください。',
    'import.evidence.date_order':
      '--date-order day-first または --date-order month-first を指定してください。',
    'import.evidence.ambiguous': '--format でどれか 1 つを指定してください。',
    'import.evidence.unrecognised':
      '--format で ID を指定してください。「redthread import --help」に説明があります。',
    'import.evidence.encrypted': '--password-file でパスワード (1 行に 1 つ) を指定してください。',
    'import.job.cancelled': '同じパスをもう一度取り込むと、止まったところから続きます。',
    'mapping.evidence.encrypted': '先に展開してください。マッピングは中身に対して提案されます。',
    'merge.merge.conflicts':
      '--prefer mine か --prefer theirs を指定するか、1 件ずつ決めてください。「--dry-run --json」が出力する文書の「choices」を埋め、--resolve で指定します。',
    'report.key.invalid': '鍵のパスフレーズは --passphrase-file で指定します。',
    'manifest.key.invalid': '鍵のパスフレーズは --passphrase-file で指定します。',
    'mapping.unknown_target': '「{field}」はこの種類の行の対応先ではありません (一覧は docs/cli.md)。',
    'mapping.unknown_column': 'ファイルに「{field}」という列はありません。',
    'mapping.time_format':
      '「{field}」は日時の形式ではありません。iso、epoch-s、epoch-ms、epoch-us、epoch-ns、filetime、または dd/MM/yyyy HH:mm:ss のような書式を使います。',
    'mapping.zone': '「{field}」は IANA タイムゾーン (例: Europe/Berlin) ではありません。',
    'mapping.empty': '対応先が 1 つもありません。',
    'mapping.schema': '項目「{field}」の形が mapping.json と合いません。schema は 1 です。',
    allowed: '使える値: {allowed}。',
    file: '場所: {file}。',
  },
}

/** What of an error only the command line can say, as sentences; none is common. */
export function hintsFor(
  { code, params }: PlainError,
  words: TextParams,
  command: string,
  t: Translator,
): string[] {
  const told = (key: string): string[] => {
    const text = t(`cli.hint.${key}`, words)
    return text === `cli.hint.${key}` ? [] : [text]
  }
  const problem = params['problem']
  return [
    ...told(`${command}.${code}`),
    ...(code === 'mapping.invalid' && typeof problem === 'string' ? told(`mapping.${problem}`) : []),
    ...(Array.isArray(params['allowed']) ? told('allowed') : []),
    ...(code === 'policy.invalid' && typeof params['file'] === 'string' ? told('file') : []),
  ]
}

import { extname } from 'node:path'
import type { Client } from '../../../contract/client.ts'
import type { InputOf } from '../../../contract/types.ts'
import type { Command, Invocation } from '../command.ts'
import { tellUnlogged } from '../custody-note.ts'
import { runJob } from '../job.ts'
import { usageError } from '../options.ts'
import { readPassphrase } from '../passphrase.ts'
import { readRedaction, readSectionOptions, readTemplate } from '../report-settings.ts'

const FORMATS = new Map<string, 'html' | 'pdf'>([
  ['.html', 'html'],
  ['.htm', 'html'],
  ['.pdf', 'pdf'],
])
const PAPERS = ['A4', 'Letter'] as const

const command: Command = {
  id: 'report',
  order: 140,
  usage: 'CASE --out FILE.html|FILE.pdf',
  arguments: { min: 1, max: 1 },
  options: {
    out: { type: 'string', value: 'FILE' },
    paper: { type: 'string', value: 'SIZE' },
    title: { type: 'string', value: 'TEXT' },
    client: { type: 'string', value: 'TEXT' },
    authors: { type: 'string', value: 'TEXT' },
    classification: { type: 'string', value: 'TEXT' },
    from: { type: 'string', value: 'ENTITY' },
    to: { type: 'string', value: 'ENTITY' },
    sections: { type: 'string', value: 'IDS' },
    'generated-at': { type: 'string', value: 'TIME' },
    template: { type: 'string', value: 'ID' },
    saved: { type: 'boolean' },
    set: { type: 'string', value: 'SECTION.OPTION=VALUE', multiple: true },
    redact: { type: 'string', value: 'RULES' },
    'redact-term': { type: 'string', value: 'TEXT', multiple: true },
    manifest: { type: 'string', value: 'FILE' },
    key: { type: 'string', value: 'FILE' },
    'passphrase-file': { type: 'string', value: 'FILE' },
  },
  texts: {
    en: {
      summary: 'write the investigation report as HTML or PDF',
      'option.out': 'file to write; its ending decides the format',
      'option.paper': 'A4 or Letter (default A4)',
      'option.title': 'title on the cover',
      'option.client': 'client on the cover',
      'option.authors': 'authors on the cover',
      'option.classification': 'classification on every page (default TLP:AMBER)',
      'option.from': 'where the narrated attack path starts (default: the best suggestion)',
      'option.to': 'where it ends',
      'option.sections': 'section ids in order, separated by commas (default: all)',
      'option.generated-at':
        'printed time, ISO-8601, for byte-identical reports (default: now, or SOURCE_DATE_EPOCH)',
      'option.template': 'sections and options for a purpose: full, executive, mail-incident, retro-scan',
      'option.saved': 'use the settings saved with the case; other options stand above them',
      'option.set': 'option of a section, for instance timeline.rows=all; may be repeated',
      'option.redact':
        'names to replace by pseudonyms: users, endpoints, own-addresses, all-addresses, separated by commas',
      'option.redact-term': 'text to replace wherever it stands; may be repeated',
      'option.manifest': 'also write a manifest of report and case; keep it away from the case',
      'option.key': 'private key (see keygen) that signs the manifest',
      'option.passphrase-file': 'file whose first line unlocks the key',
      written: 'Wrote {path} ({bytes} bytes, SHA-256 {sha256})',
      badSetting: 'No section has the option "{value}". Write it as SECTION.OPTION=VALUE.',
      passwords: 'The first line of "{name}" must hold at least {length} characters.',
    },
    'zh-TW': {
      summary: '以 HTML 或 PDF 輸出調查報告',
      'option.out': '輸出檔案；由副檔名決定格式',
      'option.paper': 'A4 或 Letter（預設 A4）',
      'option.title': '封面標題',
      'option.client': '封面委託單位',
      'option.authors': '封面撰寫人',
      'option.classification': '每頁的機密等級（預設 TLP:AMBER）',
      'option.from': '敘述之攻擊路徑的起點（預設採最佳建議）',
      'option.to': '路徑終點',
      'option.sections': '章節識別碼，依序以逗號分隔（預設全部）',
      'option.generated-at': '印出的時間，ISO-8601，用於逐位元組相同的報告（預設為現在或 SOURCE_DATE_EPOCH）',
      'option.template': '依用途選用章節與選項：full、executive、mail-incident、retro-scan',
      'option.saved': '使用案件中儲存的設定；其他選項優先',
      'option.set': '章節選項，例如 timeline.rows=all；可重複指定',
      'option.redact': '以代號取代的名稱：users、endpoints、own-addresses、all-addresses，以逗號分隔',
      'option.redact-term': '無論出現於何處均取代的文字；可重複指定',
      'option.manifest': '一併寫出報告與案件的資訊清單；請與案件分開保存',
      'option.key': '用於簽署資訊清單的私密金鑰（見 keygen）',
      'option.passphrase-file': '檔案第一行用於解開金鑰',
      written: '已寫出 {path}（{bytes} 位元組，SHA-256 {sha256}）',
      badSetting: '沒有章節具有選項「{value}」。請寫成 SECTION.OPTION=VALUE。',
      passwords: '「{name}」的第一行至少須有 {length} 個字元。',
    },
    ja: {
      summary: '調査レポートを HTML または PDF で書き出す',
      'option.out': '出力ファイル。拡張子で形式が決まる',
      'option.paper': 'A4 または Letter (既定は A4)',
      'option.title': '表紙のタイトル',
      'option.client': '表紙の依頼者名',
      'option.authors': '表紙の作成者',
      'option.classification': '各ページの取扱区分 (既定は TLP:AMBER)',
      'option.from': '説明する攻撃経路の始点 (既定は最良の候補)',
      'option.to': '経路の終点',
      'option.sections': '章の ID を順にコンマ区切りで (既定はすべて)',
      'option.generated-at':
        '印字する日時、ISO-8601。バイト単位で同一のレポート用 (既定は現在または SOURCE_DATE_EPOCH)',
      'option.template': '用途に応じた章と設定: full、executive、mail-incident、retro-scan',
      'option.saved': 'ケースに保存した設定を使う。ほかのオプションが優先',
      'option.set': '章の設定 (例: timeline.rows=all)。複数指定可',
      'option.redact':
        '仮名に置き換える名前: users、endpoints、own-addresses、all-addresses をコンマ区切りで',
      'option.redact-term': 'どこにあっても置き換える文字列。複数指定可',
      'option.manifest': 'レポートとケースのマニフェストも書き出す。ケースとは別に保管すること',
      'option.key': 'マニフェストに署名する秘密鍵 (keygen を参照)',
      'option.passphrase-file': '1 行目で鍵を開くファイル',
      written: '{path} を書き出しました ({bytes} バイト、SHA-256 {sha256})',
      badSetting: '「{value}」という設定を持つ章はありません。SECTION.OPTION=VALUE の形で書いてください。',
      passwords: '「{name}」の 1 行目は {length} 文字以上である必要があります。',
    },
  },
  async run(invocation) {
    const { options, output, t, path, openCase } = invocation
    const out = options.required('out')
    const format = FORMATS.get(extname(out).toLowerCase())
    if (format === undefined)
      throw usageError('report', 'usage.extension', { value: out, allowed: '.html, .pdf' })
    options.needs('key', 'manifest')
    options.needs('passphrase-file', 'key')
    // What is wrong with the command itself is said before the case is opened.
    const said = {
      paper: options.oneOf('paper', PAPERS),
      from: options.entity('from'),
      to: options.entity('to'),
      generatedAt: options.time('generated-at') ?? reproducibleTime(),
    }
    const passphrase = await readPassphrase('report', options, path)
    const { client, info } = await openCase()
    const settings = await settingsOf(invocation, client, said)
    const written = await runJob(invocation, client, 'report.write', {
      ...settings,
      grant: path(out),
      format,
    })
    const manifest = options.text('manifest')
    const key = options.text('key')
    const noted =
      manifest === undefined
        ? null
        : await runJob(invocation, client, 'manifest.write', {
            grant: path(manifest),
            files: [written.path],
            key: key === undefined ? null : path(key),
            passphrase,
          })
    const logged = tellUnlogged(invocation, info)
    if (output.json) output.document({ ...written, manifest: noted, logged })
    else
      for (const file of [written, ...(noted === null ? [] : [noted])])
        output.line(t('cli.report.written', { path: file.path, bytes: file.bytes, sha256: file.sha256 }))
    return 0
  },
}

/** What was saved with the case when that was asked for, then the template, then what the command line says. */
async function settingsOf(
  { options, lang }: Invocation,
  client: Client,
  said: {
    readonly paper: 'A4' | 'Letter' | undefined
    readonly from: string | undefined
    readonly to: string | undefined
    readonly generatedAt: string | null
  },
): Promise<InputOf<'report.preview'>> {
  const saved = options.flag('saved') ? (await client.call('report.settings', {})).settings : null
  const template = await readTemplate(client, options.text('template'))
  const known = await client.call('report.sections', {})
  const sections = options.listOf(
    'sections',
    known.map(({ id }) => id),
  )
  const set = readSectionOptions(options, known)
  const base = { ...saved?.options, ...template.options }
  const merged = Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(set)])].map((id) => [id, { ...base[id], ...set[id] }]),
  )
  const text = (name: 'title' | 'client' | 'authors' | 'classification'): Record<string, string> =>
    options.text(name) === undefined ? {} : { [name]: options.text(name) ?? '' }
  const redacts = options.text('redact') !== undefined || options.list('redact-term').length > 0
  return {
    ...saved,
    lang: options.text('lang') === undefined ? (saved?.lang ?? 'en') : lang,
    paper: said.paper ?? saved?.paper ?? 'A4',
    sections: sections === undefined ? (template.sections ?? saved?.sections ?? null) : [...sections],
    options: merged,
    ...text('title'),
    ...text('client'),
    ...text('authors'),
    ...text('classification'),
    from: said.from ?? saved?.from ?? null,
    to: said.to ?? saved?.to ?? null,
    ...(redacts ? { redaction: readRedaction(options) } : {}),
    generatedAt: said.generatedAt,
  }
}

/**
 * SOURCE_DATE_EPOCH (reproducible-builds.org): seconds since 1970 that stand for "now".
 * @throws WorkbenchError `request.usage`: whoever sets it counts on it
 */
function reproducibleTime(): string | null {
  const epoch = process.env['SOURCE_DATE_EPOCH']
  if (epoch === undefined || epoch === '') return null
  if (!/^\d{1,11}$/.test(epoch)) throw usageError('report', 'usage.epoch', { value: epoch })
  return new Date(Number(epoch) * 1000).toISOString()
}

export default command

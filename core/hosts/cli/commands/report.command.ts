import { extname } from 'node:path'
import type { Command } from '../command.ts'
import { runJob } from '../job.ts'
import { usageError } from '../options.ts'

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
      written: 'Wrote {path} ({bytes} bytes, SHA-256 {sha256})',
    },
    'zh-TW': {
      summary: '以 HTML 或 PDF 輸出調查報告',
      'option.out': '輸出檔案；由副檔名決定格式',
      'option.paper': 'A4 或 Letter（預設 A4）',
      'option.title': '封面標題',
      'option.client': '封面客戶名稱',
      'option.authors': '封面作者',
      'option.classification': '每頁的機密等級（預設 TLP:AMBER）',
      'option.from': '敘述之攻擊路徑的起點（預設採最佳建議）',
      'option.to': '路徑終點',
      'option.sections': '章節識別碼，依序以逗號分隔（預設全部）',
      'option.generated-at': '印出的時間，ISO-8601，用於逐位元組相同的報告（預設為現在或 SOURCE_DATE_EPOCH）',
      written: '已寫出 {path}（{bytes} 位元組，SHA-256 {sha256}）',
    },
    ja: {
      summary: '調査レポートを HTML または PDF で書き出す',
      'option.out': '出力ファイル。拡張子で形式が決まる',
      'option.paper': 'A4 または Letter (既定は A4)',
      'option.title': '表紙の題名',
      'option.client': '表紙の依頼者名',
      'option.authors': '表紙の作成者',
      'option.classification': '各ページの機密区分 (既定は TLP:AMBER)',
      'option.from': '説明する攻撃経路の始点 (既定は最良の候補)',
      'option.to': '経路の終点',
      'option.sections': '章の ID を順にコンマ区切りで (既定はすべて)',
      'option.generated-at':
        '印字する日時、ISO-8601。バイト単位で同一のレポート用 (既定は現在または SOURCE_DATE_EPOCH)',
      written: '{path} を書き出しました ({bytes} バイト、SHA-256 {sha256})',
    },
  },
  async run(invocation) {
    const { options, output, t, lang, path, openCase } = invocation
    const out = options.required('out')
    const format = FORMATS.get(extname(out).toLowerCase())
    if (format === undefined)
      throw usageError('report', 'usage.extension', { value: out, allowed: '.html, .pdf' })
    const paper = options.oneOf('paper', PAPERS) ?? 'A4'
    const from = options.entity('from') ?? null
    const to = options.entity('to') ?? null
    const { client } = await openCase()
    const known = await client.call('report.sections', {})
    const sections = options.listOf(
      'sections',
      known.map(({ id }) => id),
    )
    const written = await runJob(invocation, client, 'report.write', {
      grant: path(out),
      format,
      lang: options.text('lang') === undefined ? 'en' : lang,
      paper,
      sections: sections === undefined ? null : [...sections],
      title: options.text('title') ?? '',
      client: options.text('client') ?? '',
      authors: options.text('authors') ?? '',
      ...(options.text('classification') === undefined
        ? {}
        : { classification: options.required('classification') }),
      from,
      to,
      generatedAt: options.text('generated-at') ?? reproducibleTime(),
    })
    if (output.json) output.document(written)
    else
      output.line(
        t('cli.report.written', { path: written.path, bytes: written.bytes, sha256: written.sha256 }),
      )
    return 0
  },
}

/** SOURCE_DATE_EPOCH (reproducible-builds.org): seconds since 1970 that stand for "now". */
function reproducibleTime(): string | null {
  const epoch = process.env['SOURCE_DATE_EPOCH']
  return epoch !== undefined && /^\d{1,11}$/.test(epoch) ? new Date(Number(epoch) * 1000).toISOString() : null
}

export default command

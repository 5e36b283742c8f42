import { WorkbenchError } from '../../../model/errors.ts'
import type { Command } from '../command.ts'
import { evidenceCells, evidenceDocument } from '../evidence-row.ts'
import { PAGE_OPTIONS } from '../options.ts'
import { printPages } from '../pages.ts'

const command: Command = {
  id: 'evidence',
  order: 30,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: {
    issues: { type: 'boolean' },
    evidence: { type: 'string', value: 'ID' },
    code: { type: 'string', value: 'CODE' },
    lost: { type: 'boolean' },
    text: { type: 'string', value: 'TEXT' },
    ...PAGE_OPTIONS,
  },
  texts: {
    en: {
      summary: 'list the evidence of a case with its conservation figures',
      'option.issues': 'also list what could not be read, record by record',
      'option.evidence': 'with --issues: only those of this evidence',
      'option.code': 'with --issues: only those of this code, for instance evtx.recovered',
      'option.lost': 'with --issues: only those that cost records',
      'option.text': 'with --issues: only those with this text in place or excerpt',
    },
    'zh-TW': {
      summary: '列出案件的證據與筆數守恆數字',
      'option.issues': '另逐筆列出無法讀取的內容',
      'option.evidence': '與 --issues 併用：只列此證據的問題',
      'option.code': '與 --issues 併用：只列此代碼的問題，例如 evtx.recovered',
      'option.lost': '與 --issues 併用：只列造成記錄遺失的問題',
      'option.text': '與 --issues 併用：只列位置或摘錄含此文字的問題',
    },
    ja: {
      summary: 'ケースの証拠とレコード収支を一覧表示する',
      'option.issues': '読み取れなかったものもレコード単位で表示する',
      'option.evidence': '--issues と併用: この証拠の問題だけ',
      'option.code': '--issues と併用: このコードの問題だけ (例: evtx.recovered)',
      'option.lost': '--issues と併用: レコードが失われた問題だけ',
      'option.text': '--issues と併用: 位置または抜粋にこの文字列を含む問題だけ',
    },
  },
  async run(invocation) {
    const { options, output, openCase } = invocation
    for (const name of ['evidence', 'code', 'lost', 'text']) options.needs(name, 'issues')
    const { client, path } = await openCase()
    const rows = await client.call('evidence.list', {})
    if (!options.flag('issues')) {
      if (options.flag('all')) for (const row of rows) output.row(evidenceDocument(row))
      else if (output.json) output.document({ case: path, evidence: rows.map(evidenceDocument) })
      else output.table(rows.map((row) => evidenceCells(row)))
      return 0
    }
    const only = options.text('evidence')
    if (only !== undefined && !rows.some(({ id }) => id === only))
      throw new WorkbenchError('request.not_found', { what: `evidence ${only}` })
    const filter = {
      evidenceId: only ?? null,
      code: options.text('code') ?? null,
      lost: options.flag('lost') ? true : null,
      text: options.text('text') ?? null,
    }
    if (!output.json && !options.flag('all')) output.table(rows.map((row) => evidenceCells(row)))
    await printPages(
      invocation,
      'issues',
      (page) => client.call('evidence.issues', { ...page, ...filter }),
      (issue) => ({
        evidenceId: issue.evidenceId,
        locator: issue.locator,
        code: issue.code,
        excerpt: issue.excerpt,
        records: issue.records,
      }),
      (issue) => [issue.evidenceName, issue.locator, issue.code, issue.excerpt],
      { case: path, evidence: rows.map(evidenceDocument) },
    )
    return 0
  },
}

export default command

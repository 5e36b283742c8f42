import type { Command } from '../command.ts'
import { evidenceCells, evidenceDocument } from '../evidence-row.ts'
import { PAGE_OPTIONS } from '../options.ts'
import { printPages } from '../pages.ts'

const command: Command = {
  id: 'evidence',
  order: 30,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: { issues: { type: 'boolean' }, ...PAGE_OPTIONS },
  texts: {
    en: {
      summary: 'list the evidence of a case with its conservation figures',
      'option.issues': 'also list what could not be read, record by record',
    },
    'zh-TW': {
      summary: '列出案件的證據與筆數守恆數字',
      'option.issues': '另逐筆列出無法讀取的內容',
    },
    ja: {
      summary: 'ケースの証拠とレコード収支を一覧表示する',
      'option.issues': '読み取れなかったものもレコード単位で表示する',
    },
  },
  async run(invocation) {
    const { options, output, openCase } = invocation
    const { client, path } = await openCase()
    const rows = await client.call('evidence.list', {})
    if (!options.flag('issues')) {
      if (options.flag('all')) for (const row of rows) output.row(evidenceDocument(row))
      else if (output.json) output.document({ case: path, evidence: rows.map(evidenceDocument) })
      else output.table(rows.map((row) => evidenceCells(row)))
      return 0
    }
    if (!output.json && !options.flag('all')) output.table(rows.map((row) => evidenceCells(row)))
    await printPages(
      invocation,
      'issues',
      (page) => client.call('evidence.issues', page),
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

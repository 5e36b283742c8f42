import { toLdifItem } from './directory/ldif-item.ts'
import { readLdif, type LdifEntry } from './directory/ldif-entries.ts'
import type { Importer, ParsedUnit, RecordIssue } from './importer.ts'

const ID = 'ldif'
const MAX_EXCERPT = 200

/** Directory exports as LDIF: ldifde, ldapsearch, ldbsearch, directory servers. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      title: 'Directory export (LDIF)',
      description:
        'Users, computers, groups and rights of a directory, as ldifde, ldapsearch or ldbsearch export them.',
      'issue.no_dn': 'This block has no distinguished name (dn), so it is not an entry.',
      'issue.bad_line': 'A line is neither an attribute nor a continuation; it was skipped.',
      'issue.change_record': 'This is a change, not the state of an object; it is kept but not evaluated.',
      'issue.truncated': 'The file ends in the middle of a line; its last entry may be incomplete.',
      'issue.too_large': 'One entry is larger than the limit and was not read.',
    },
    'zh-TW': {
      title: '目錄匯出（LDIF）',
      description: '由 ldifde、ldapsearch 或 ldbsearch 匯出的目錄使用者、電腦、群組與權限。',
      'issue.no_dn': '此區塊沒有辨別名稱（dn），不是目錄項目。',
      'issue.bad_line': '有一行既不是屬性也不是接續行，已略過。',
      'issue.change_record': '這是一筆變更，而不是物件的狀態；已保留但未評估。',
      'issue.truncated': '檔案在一行中間就結束了，最後一個項目可能不完整。',
      'issue.too_large': '有一個項目超過大小上限，未讀取。',
    },
    ja: {
      title: 'ディレクトリのエクスポート（LDIF）',
      description:
        'ldifde、ldapsearch、ldbsearch がエクスポートしたディレクトリのユーザー、コンピューター、グループ、権限。',
      'issue.no_dn': '識別名（dn）がないため、エントリではありません。',
      'issue.bad_line': '属性でも継続行でもない行があるため、読み飛ばしました。',
      'issue.change_record': 'オブジェクトの状態ではなく変更です。保存しますが、評価はしません。',
      'issue.truncated': 'ファイルが行の途中で終わっています。最後のエントリは不完全な可能性があります。',
      'issue.too_large': '1 つのエントリがサイズの上限を超えているため、読み取っていません。',
    },
  },

  detect({ text }) {
    const lines = text.replace(/^\ufeff/, '').split(/\r?\n/, 400)
    const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#') && !line.startsWith(' '))
    if (first === undefined) return 0
    const hasDn = lines.some((line) => /^dn::? *\S/i.test(line))
    const attributes = lines.filter((line) => /^[a-z][a-z0-9-]*(?:;[a-z0-9=*-]+)*::? *\S/i.test(line)).length
    if (/^version: *1$/i.test(first)) return hasDn ? 0.95 : 0.5
    if (!/^dn::? *\S/i.test(first))
      return hasDn && /^# (?:extended LDIF|record \d|LDAPv3)/m.test(text.slice(0, 4_096)) ? 0.9 : 0
    return attributes >= 2 && lines.some((line) => /^(?:objectclass|changetype|objectsid)::? /i.test(line))
      ? 0.9
      : 0.5
  },

  async *parse(part) {
    let number = 0
    for await (const entries of readLdif(part.open()))
      yield entries.map((entry) => readEntry(entry, ++number))
  },
}

function readEntry(entry: LdifEntry, number: number): ParsedUnit {
  const locator = `entry ${number}, lines ${entry.firstLine}-${entry.lastLine}`
  const excerpt = entry.raw.slice(0, MAX_EXCERPT)
  if (entry.isTooLarge) return { kind: 'issue', locator, code: `${ID}.too_large`, excerpt, records: 1 }
  if (entry.dn === undefined) return { kind: 'issue', locator, code: `${ID}.no_dn`, excerpt, records: 1 }
  const issues: RecordIssue[] = []
  const bad = entry.badLines[0]
  if (bad !== undefined) issues.push({ code: `${ID}.bad_line`, excerpt: bad.slice(0, MAX_EXCERPT) })
  if (entry.change !== undefined)
    issues.push({ code: `${ID}.change_record`, excerpt: entry.change.slice(0, MAX_EXCERPT) })
  if (entry.isUnfinished) issues.push({ code: `${ID}.truncated`, excerpt: '' })
  const item = toLdifItem(entry)
  return {
    kind: 'record',
    locator,
    raw: entry.raw,
    items: item === undefined ? [] : [item],
    ...(issues.length === 0 ? {} : { issues }),
  }
}

export default importer

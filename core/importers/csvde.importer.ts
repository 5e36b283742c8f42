import { CSV_ISSUE_TEXTS, type CsvHeader, type CsvRow, readCsvRecords, sniffCsv } from './csv/csv-records.ts'
import { Attributes, type AttributeValue } from './directory/attributes.ts'
import { timeInName } from './directory/collection-time.ts'
import { type DirectoryExport, toDirectoryObject } from './directory/directory-object.ts'
import { DomainSids } from './directory/domain-sids.ts'
import { splitCell } from './directory/table-attributes.ts'
import { UnrelatedRights } from './directory/unrelated-rights.ts'
import { WrittenNames } from './directory/written-names.ts'
import type { Importer } from './importer.ts'

const ID = 'csvde'

/** Beside `DN` at least one of these: names of LDAP attributes that other tables do not have. */
const LDAP_NAMES = [
  'objectClass',
  'objectCategory',
  'objectSid',
  'objectGUID',
  'sAMAccountName',
  'userAccountControl',
  'distinguishedName',
  'memberOf',
  'member',
]
/** How csvde begins, for files of so few rows that a cut one spoils the table. */
const FIRST_LINE = /^\ufeff?"?DN"?,(?:[^\n]*,)?"?objectClass"?\s*(?:,|\n)/i
const MAX_FIRST_LINE = 20_000
const IS_DN = /^\s*(?:CN|OU|DC|UID|O|L|C)\s*=/i

/** Directory exports of csvde: a table with a column for every attribute. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...CSV_ISSUE_TEXTS.en,
      title: 'Directory export (CSVDE)',
      description:
        'Users, computers, groups, policies, rights and delegates of mailboxes of Active Directory as csvde exports them: a table with the column DN and one for every attribute, several values in a cell joined by semicolons, bytes as hexadecimal.',
      limits:
        'csvde writes no time of its own: it is taken from the file name. Without one, the newest time that its objects carry counts. A semicolon inside a value is told from one between values only where it is escaped. Deny entries of access lists are not considered; rights that no relation stands for are counted in an issue.',
      'issue.no_dn': 'This row has no distinguished name and no identifier, so it is not an object.',
      'issue.unrelated_rights':
        'Rights in this file that no kind of relation stands for; they are in the raw records but on no path.',
    },
    'zh-TW': {
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: '目錄匯出（CSVDE）',
      description:
        '由 csvde 匯出的 Active Directory 使用者、電腦、群組、原則、權限與信箱的代理人：含 DN 欄位的表格，每個屬性一欄，同一儲存格的多個值以分號相連，二進位值以十六進位表示。',
      limits:
        'csvde 不記載自己的時間：取自檔名；沒有時，以其物件所載的最新時間為準。值內的分號只有在經過跳脫時才能與分隔用的分號區別。不考慮存取清單中的拒絕項目；沒有對應關聯種類的權限以問題計數。',
      'issue.no_dn': '這一列沒有辨別名稱，也沒有識別碼，不是物件。',
      'issue.unrelated_rights': '此檔案中沒有對應關聯種類的權限；保留於原始紀錄，但不出現在任何路徑上。',
    },
    ja: {
      ...CSV_ISSUE_TEXTS.ja,
      title: 'ディレクトリのエクスポート（CSVDE）',
      description:
        'csvde がエクスポートした Active Directory のユーザー、コンピューター、グループ、ポリシー、権限、メールボックスの代理人。DN 列と属性ごとの列がある表で、1 つのセルの複数の値はセミコロンでつながり、バイナリは 16 進数で書かれています。',
      limits:
        'csvde は自身の日時を書かないため、ファイル名から読み取ります。ない場合は、オブジェクトが持つ最新の日時を使います。値の中のセミコロンは、エスケープされている場合にだけ区切りと区別できます。アクセスリストの拒否エントリは考慮しません。対応する関係の種類がない権限は件数を問題として示します。',
      'issue.no_dn': 'この行には識別名も識別子もないため、オブジェクトではありません。',
      'issue.unrelated_rights':
        'このファイルにある、対応する関係の種類がない権限です。生レコードには残りますが、経路には現れません。',
    },
  },

  readsName: true,
  detect({ text }) {
    const table = sniffCsv(text)
    if (table === undefined) return FIRST_LINE.test(text.slice(0, MAX_FIRST_LINE)) ? 0.8 : 0
    const dn = table.header.index('DN')
    if (dn === -1 || !LDAP_NAMES.some((name) => table.header.has(name))) return 0
    const named = table.rows.filter((cells) => IS_DN.test(cells[dn] ?? '')).length
    if (table.rows.length === 0) return 0.7
    return named === 0 ? 0 : dn === 0 ? 0.92 : 0.85
  },

  async *parse(part, { zone, dateOrder }) {
    const about: DirectoryExport = {
      zone,
      dateOrder,
      collectedAt: timeInName(part.name, zone),
      domainSids: new DomainSids(),
      unrelated: new UnrelatedRights(),
      written: new WrittenNames(),
    }
    yield* readCsvRecords(part.open(), ID, (header) => {
      const read = attributesOf(header)
      const dn = header.first('DN', 'distinguishedName')
      return (row) => {
        const item = toDirectoryObject(row.text(dn), read(row), about)
        return item === undefined
          ? { items: [], issues: [{ code: `${ID}.no_dn`, excerpt: row.cells.join(',').slice(0, 200) }] }
          : { items: [item] }
      }
    })
    if (about.unrelated.isEmpty) return
    const excerpt = about.unrelated.toText()
    yield [{ kind: 'issue', locator: 'whole table', code: `${ID}.unrelated_rights`, excerpt, records: 0 }]
  },
}

/** Attributes of a row under their LDAP names; `member;range=0-1499` is `member`. */
function attributesOf(header: CsvHeader): (row: CsvRow) => Attributes {
  const names = header.names.map((name) => (name.split(';')[0] ?? '').toLowerCase())
  return (row) => {
    const values = new Map<string, AttributeValue[]>()
    for (const [column, name] of names.entries()) {
      const cell = row.text(column)
      if (name === '' || name === 'dn' || cell === undefined) continue
      const known = values.get(name)
      if (known === undefined) values.set(name, splitCell(name, cell))
      else known.push(...splitCell(name, cell))
    }
    return new Attributes(values)
  }
}

export default importer

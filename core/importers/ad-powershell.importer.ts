import { CSV_ISSUE_TEXTS } from './csv/csv-records.ts'
import { timeInName } from './directory/collection-time.ts'
import { type DirectoryExport, toDirectoryObject } from './directory/directory-object.ts'
import { DomainSids } from './directory/domain-sids.ts'
import { LostCollections } from './directory/lost-collections.ts'
import { DATE_COLUMNS, oddDates, powershellAttributes } from './directory/powershell-object.ts'
import { UnrelatedRights } from './directory/unrelated-rights.ts'
import { WrittenNames } from './directory/written-names.ts'
import type { Importer, RecordIssue } from './importer.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { foldName, readNamedRows, sampleNames } from './log/named-row.ts'
import { settleRows } from './log/settle-rows.ts'

const ID = 'ad-powershell'
const ARRAYS: ReadonlySet<string> = new Set()
const MAX_EXCERPT = 200

/** Objects of the ActiveDirectory module of PowerShell, exported as a table or as JSON. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      ...CSV_ISSUE_TEXTS.en,
      title: 'Active Directory export (PowerShell)',
      description:
        'Users, computers and groups as Get-ADUser, Get-ADComputer, Get-ADGroup, Get-ADGroupMember, Get-ADPrincipalGroupMembership, Get-ADServiceAccount and Get-ADObject return them, written by Export-Csv (with and without the #TYPE line, from Windows PowerShell and PowerShell 7) or ConvertTo-Json.',
      limits:
        'Export-Csv writes the name of a type in place of lists (MemberOf, proxyAddresses): such columns are named in an issue, their content is not in the file. The results of Get-ADGroupMember and Get-ADPrincipalGroupMembership do not name the group or the account that was asked for, so no membership follows from them. Delegates of mailboxes are read from publicDelegates, msExchDelegateListLink and their back links. Windows PowerShell replaces characters outside ASCII by question marks unless an encoding was chosen. Columns must have their English property names, as the module writes them.',
      'issue.collection_lost':
        'Export-Csv wrote the name of a type in place of the values of these columns; the values are not in the file.',
      'issue.not_an_object':
        'This row names no object: it has neither SID, GUID, distinguished name nor account name.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: 'Active Directory 匯出（PowerShell）',
      description:
        'Get-ADUser、Get-ADComputer、Get-ADGroup、Get-ADGroupMember、Get-ADPrincipalGroupMembership、Get-ADServiceAccount 與 Get-ADObject 傳回的使用者、電腦與群組，以 Export-Csv（含或不含 #TYPE 行，Windows PowerShell 與 PowerShell 7）或 ConvertTo-Json 寫出。',
      limits:
        'Export-Csv 會以型別名稱取代清單（MemberOf、proxyAddresses）：這類欄位以問題列出，其內容不在檔案中。Get-ADGroupMember 與 Get-ADPrincipalGroupMembership 的結果未載明所查詢的群組或帳號，因此無法得出成員關係。信箱的代理人取自 publicDelegates、msExchDelegateListLink 及其反向連結。未指定編碼時，Windows PowerShell 會以問號取代 ASCII 以外的字元。欄位須為模組所寫的英文屬性名稱。',
      'issue.collection_lost': 'Export-Csv 在這些欄位寫入型別名稱而非其值；這些值不在檔案中。',
      'issue.not_an_object': '這一列未指明物件：沒有 SID、GUID、辨別名稱或帳號名稱。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      ...CSV_ISSUE_TEXTS.ja,
      title: 'Active Directory のエクスポート（PowerShell）',
      description:
        'Get-ADUser、Get-ADComputer、Get-ADGroup、Get-ADGroupMember、Get-ADPrincipalGroupMembership、Get-ADServiceAccount、Get-ADObject が返すユーザー、コンピューター、グループを、Export-Csv（#TYPE 行の有無を問わず、Windows PowerShell と PowerShell 7）または ConvertTo-Json で書き出したもの。',
      limits:
        'Export-Csv はリスト（MemberOf、proxyAddresses）の代わりに型の名前を書きます。そのような列は問題として示し、内容はファイルにありません。Get-ADGroupMember と Get-ADPrincipalGroupMembership の結果には、問い合わせたグループやアカウントが書かれていないため、所属関係は得られません。メールボックスの代理人は publicDelegates、msExchDelegateListLink とそのバックリンクから読み取ります。エンコーディングを指定しない場合、Windows PowerShell は ASCII 以外の文字を疑問符に置き換えます。列名はモジュールが書く英語のプロパティ名である必要があります。',
      'issue.collection_lost':
        'Export-Csv がこれらの列の値の代わりに型の名前を書いています。値はファイルにありません。',
      'issue.not_an_object':
        'この行はオブジェクトを示していません（SID、GUID、識別名、アカウント名のいずれもありません）。',
    },
  },

  readsName: true,
  detect({ text }) {
    if (/^\ufeff?"?#TYPE (?:Selected\.)?Microsoft\.ActiveDirectory\.Management\.AD/i.test(text)) return 0.95
    const { names } = sampleNames(text, ARRAYS)
    const known = names.filter(isObject).length
    return known === 0 ? 0 : 0.6 + 0.3 * (known / names.length)
  },
  settle: (part, context) => settleRows(part, context, DATE_COLUMNS),
  async *parse(part, { zone, dateOrder }) {
    const about: DirectoryExport = {
      zone,
      dateOrder,
      collectedAt: timeInName(part.name, zone),
      domainSids: new DomainSids(),
      unrelated: new UnrelatedRights(),
      written: new WrittenNames(),
    }
    const lost = new LostCollections()
    yield* readNamedRows(part, ID, (row) => {
      const issues: RecordIssue[] = []
      const newlyLost = lost.look(row)
      if (newlyLost.length > 0)
        issues.push({ code: `${ID}.collection_lost`, excerpt: newlyLost.join(', ').slice(0, MAX_EXCERPT) })
      const odd = oddDates(row, about)[0]
      if (odd !== undefined) issues.push({ code: `${ID}.time`, excerpt: odd.slice(0, MAX_EXCERPT) })
      const item = toDirectoryObject(row.text('DistinguishedName'), powershellAttributes(row), about)
      if (item === undefined) issues.push({ code: `${ID}.not_an_object`, excerpt: '' })
      return { items: item === undefined ? [] : [item], issues }
    })
  },
}

const IDENTIFIERS = ['sid', 'objectguid', 'samaccountname', 'objectsid'].map(foldName)

/** The properties every object of the module has; `DN` and columns of other products speak against it. */
function isObject(names: ReadonlySet<string>): boolean {
  if (names.has('dn') || names.has('accountupn') || names.has('timegenerated')) return false
  if (!names.has('distinguishedname')) return false
  return (
    (names.has('objectclass') || names.has('samaccountname')) && IDENTIFIERS.some((name) => names.has(name))
  )
}

export default importer

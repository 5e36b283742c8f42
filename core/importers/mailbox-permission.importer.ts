import type { DirectoryEdge, DirectoryItem } from '../model/directory.ts'
import { CSV_ISSUE_TEXTS } from './csv/csv-records.ts'
import { timeInName } from './directory/collection-time.ts'
import type { Importer, RecordIssue } from './importer.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { type NamedRow, readNamedRows, sampleNames } from './log/named-row.ts'

const ID = 'mailbox-permission'
const ARRAYS: ReadonlySet<string> = new Set()
const MAX_EXCERPT = 200

/** Rights by which somebody else works with the mailbox. */
const DELEGATES = /\b(?:FullAccess|SendAs)\b/i
/** Who is no person: the owner itself, accounts of the system, accounts that are gone. */
const NOBODY = /^(?:NT AUTHORITY\\|BUILTIN\\|S-1-5-(?:10|18)$)/i
/** The name of a type where the rights should be: what Export-Csv makes of a list. */
const LOST = /^(?:System\.(?:Collections|String\[|Object)|Microsoft\.Exchange\.|Deserialized\.)/i

/** Who may open which mailbox, out of the shells of Exchange. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      ...CSV_ISSUE_TEXTS.en,
      title: 'Mailbox permissions (Exchange)',
      description:
        'Who may open a mailbox or send as it: the results of Get-MailboxPermission, Get-EXOMailboxPermission, Get-RecipientPermission and Get-ADPermission of Exchange Server and Exchange Online, written by Export-Csv or ConvertTo-Json. Full access and the right to send as somebody make delegates of a mailbox.',
      limits:
        'Mailboxes and people are found by the names the shell writes (address, DOMAIN\\name, SID, canonical or bare name) among the accounts of a directory export in the case; without one nothing follows. Inherited and denied entries and those of the system are kept as records without effect. Rights on single folders (Get-MailboxFolderPermission) are not read.',
      'issue.no_names': 'This row does not name both a mailbox and who may use it.',
      'issue.rights_lost':
        'Export-Csv wrote the name of a type in place of the rights; they are not in the file.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: '信箱權限（Exchange）',
      description:
        '誰可以開啟信箱或以其名義傳送：Exchange Server 與 Exchange Online 的 Get-MailboxPermission、Get-EXOMailboxPermission、Get-RecipientPermission 與 Get-ADPermission 的結果，以 Export-Csv 或 ConvertTo-Json 寫出。完整存取權與以他人名義傳送的權限即為信箱的代理人。',
      limits:
        '信箱與人員以殼層所寫的名稱（位址、DOMAIN\\名稱、SID、正式名稱或單純名稱）在案件的目錄匯出帳號中尋找；沒有目錄匯出則無法得出結果。繼承、拒絕與系統的項目僅保留為紀錄，不產生效果。不讀取單一資料夾的權限（Get-MailboxFolderPermission）。',
      'issue.no_names': '這一列未同時指明信箱與可使用者。',
      'issue.rights_lost': 'Export-Csv 以型別名稱取代了權限；權限不在檔案中。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      ...CSV_ISSUE_TEXTS.ja,
      title: 'メールボックスのアクセス許可（Exchange）',
      description:
        '誰がメールボックスを開けるか、その名義で送信できるか。Exchange Server と Exchange Online の Get-MailboxPermission、Get-EXOMailboxPermission、Get-RecipientPermission、Get-ADPermission の結果を Export-Csv または ConvertTo-Json で書き出したもの。フルアクセスと名義による送信の権限を、メールボックスの代理人とします。',
      limits:
        'メールボックスと人は、シェルが書く名前（アドレス、DOMAIN\\名前、SID、正規名、単純な名前）で、ケース内のディレクトリのエクスポートのアカウントから探します。エクスポートがなければ何も得られません。継承、拒否、システムのエントリは効果のない記録として残します。個々のフォルダーの権限（Get-MailboxFolderPermission）は読み取りません。',
      'issue.no_names': 'この行は、メールボックスと利用できる者の両方を示していません。',
      'issue.rights_lost': 'Export-Csv が権限の代わりに型の名前を書いています。権限はファイルにありません。',
    },
  },

  readsName: true,
  detect({ text }) {
    if (/^\ufeff?"?#TYPE [^\n]*(?:MailboxAcePresentationObject|RecipientAcePresentationObject)/i.test(text))
      return 0.95
    const { names } = sampleNames(text, ARRAYS)
    const known = names.filter(isPermission).length
    return known === 0 ? 0 : 0.6 + 0.32 * (known / names.length)
  },
  async *parse(part, { zone }) {
    const collectedAt = timeInName(part.name, zone)
    yield* readNamedRows(part, ID, (row) => {
      const mailbox = row.text('Identity')?.trim()
      const user = row.text('User', 'Trustee')?.trim()
      if (mailbox === undefined || user === undefined || mailbox === '' || user === '')
        return {
          items: [],
          issues: [{ code: `${ID}.no_names`, excerpt: (mailbox ?? user ?? '').slice(0, MAX_EXCERPT) }],
        }
      const rights = rightsOf(row)
      const issues: RecordIssue[] = LOST.test(rights)
        ? [{ code: `${ID}.rights_lost`, excerpt: rights.slice(0, MAX_EXCERPT) }]
        : []
      return { items: [toItem(row, mailbox, user, rights, collectedAt)], issues }
    })
  },
}
export default importer

/** Rights as one text; Export-Csv writes `{FullAccess}`, ConvertTo-Json a list. */
const rightsOf = (row: NamedRow): string => {
  const listed = row.list('AccessRights', 'ExtendedRights').filter((one) => typeof one === 'string')
  return listed.length > 0 ? listed.join(', ') : (row.text('AccessRights', 'ExtendedRights') ?? '')
}

function toItem(
  row: NamedRow,
  mailbox: string,
  user: string,
  rights: string,
  collectedAt: number | undefined,
): DirectoryItem {
  const is = (...names: string[]): boolean => /^true$/i.test(row.text(...names) ?? '')
  const isDenied = is('Deny') || /^deny$/i.test(row.text('AccessControlType') ?? '')
  const isInherited = is('IsInherited', 'Inherited')
  const edge: DirectoryEdge = { right: 'shared-with', from: toRef(mailbox), to: toRef(user) }
  return {
    type: 'directory',
    kind: 'other',
    objectId: `mailbox-permission:${mailbox.toLowerCase()}|${user.toLowerCase()}|${rights.toLowerCase()}`,
    name: `${mailbox}: ${user}`,
    collectedAt,
    edges: isDenied || isInherited || NOBODY.test(user) || !DELEGATES.test(rights) ? [] : [edge],
  }
}

/** SIDs in capitals, everything else in lower case, as references of a directory are. */
const toRef = (text: string): string => (/^S-1-/i.test(text) ? text.toUpperCase() : text.toLowerCase())

function isPermission(names: ReadonlySet<string>): boolean {
  if (!names.has('identity') || !(names.has('accessrights') || names.has('extendedrights'))) return false
  return names.has('user') || names.has('trustee')
}

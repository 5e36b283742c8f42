import type { DirectoryItem } from '../model/directory.ts'
import { toDomain } from '../normalise/distinguished-name.ts'
import { parseTime } from '../normalise/time.ts'
import { Attributes } from './directory/attributes.ts'
import { timeInName } from './directory/collection-time.ts'
import { type DirectoryExport, toDirectoryObject } from './directory/directory-object.ts'
import { DomainSids } from './directory/domain-sids.ts'
import { readLdif, type LdifEntry } from './directory/ldif-entries.ts'
import { isSddl } from './directory/sddl.ts'
import { readSidValue } from './directory/sid.ts'
import { UnrelatedRights } from './directory/unrelated-rights.ts'
import { WrittenNames } from './directory/written-names.ts'
import type { Importer, ParsedUnit, PartSource, RecordIssue } from './importer.ts'

const ID = 'ldif'
const MAX_EXCERPT = 200

/** Directory exports as LDIF: ldifde, ldapsearch, ldbsearch, directory servers. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      title: 'Directory export (LDIF)',
      description:
        'Users, computers, groups, policies, trusts and rights of a directory, as ldifde, ldapsearch, ldbsearch (Samba), 389 Directory Server and OpenLDAP export them: access lists in binary form and as SDDL text, constrained and resource-based delegation, group managed service accounts, LAPS, delegates of mailboxes (publicDelegates, msExchDelegateListLink and their back links).',
      limits:
        'Changes (changetype modify, delete, modrdn) are kept but not applied. Deny entries and conditional entries of access lists are not considered. Values that only name a file or address (:<) are never fetched. Rights that no relation stands for are counted in an issue. The members of posixGroup (memberUid) are not read. LDIF says nothing of its own time: it is taken from the file name or from currentTime of the root entry. Without one, the newest time that its objects carry counts.',
      'issue.no_dn': 'This block has no distinguished name (dn), so it is not an entry.',
      'issue.bad_line': 'A line is neither an attribute nor a continuation; it was skipped.',
      'issue.change_record': 'This is a change, not the state of an object; it is kept but not evaluated.',
      'issue.truncated': 'The file ends in the middle of a line; its last entry may be incomplete.',
      'issue.too_large': 'One entry is larger than the limit and was not read.',
      'issue.range':
        'The export holds only the first values of an attribute (a range that does not end in *), for example only some members of a group.',
      'issue.unrelated_rights':
        'Rights in this file that no kind of relation stands for; they are in the raw records but on no path.',
    },
    'zh-TW': {
      title: '目錄匯出（LDIF）',
      description:
        '由 ldifde、ldapsearch、ldbsearch（Samba）、389 Directory Server 與 OpenLDAP 匯出的目錄使用者、電腦、群組、原則、信任與權限：二進位或 SDDL 文字的存取清單、限制委派與資源型委派、群組受控服務帳號、LAPS、信箱的代理人（publicDelegates、msExchDelegateListLink 及其反向連結）。',
      limits:
        '變更記錄（changetype modify、delete、modrdn）會保留但不套用。不考慮存取清單中的拒絕項目與條件式項目。僅指向檔案或位址的值（:<）一律不讀取。沒有對應關聯種類的權限以問題計數。不讀取 posixGroup 的成員（memberUid）。LDIF 不記載自己的時間：取自檔名或根項目的 currentTime；都沒有時，以其物件所載的最新時間為準。',
      'issue.no_dn': '此區塊沒有辨別名稱（dn），不是目錄項目。',
      'issue.bad_line': '有一行既不是屬性也不是接續行，已略過。',
      'issue.change_record': '這是一筆變更，而不是物件的狀態；已保留但未評估。',
      'issue.truncated': '檔案在一行中間就結束了，最後一個項目可能不完整。',
      'issue.too_large': '有一個項目超過大小上限，未讀取。',
      'issue.range': '匯出檔只含屬性的前一部分值（範圍未以 * 結尾），例如只有群組的部分成員。',
      'issue.unrelated_rights': '此檔案中沒有對應關聯種類的權限；保留於原始紀錄，但不出現在任何路徑上。',
    },
    ja: {
      title: 'ディレクトリのエクスポート（LDIF）',
      description:
        'ldifde、ldapsearch、ldbsearch（Samba）、389 Directory Server、OpenLDAP がエクスポートしたディレクトリのユーザー、コンピューター、グループ、ポリシー、信頼関係、権限。アクセスリスト（バイナリと SDDL）、制約付き委任とリソースベースの委任、グループ管理サービスアカウント、LAPS、メールボックスの代理人（publicDelegates、msExchDelegateListLink とそのバックリンク）に対応します。',
      limits:
        '変更（changetype modify、delete、modrdn）は保存しますが適用しません。アクセスリストの拒否エントリと条件付きエントリは考慮しません。ファイルやアドレスを指すだけの値（:<）は決して読み込みません。対応する関係の種類がない権限は件数を問題として示します。posixGroup のメンバー（memberUid）は読み取りません。LDIF 自体に日時はないため、ファイル名かルートエントリの currentTime から読み取ります。いずれもない場合は、オブジェクトが持つ最新の日時を使います。',
      'issue.no_dn': '識別名（dn）がないため、エントリではありません。',
      'issue.bad_line': '属性でも継続行でもない行があるため、読み飛ばしました。',
      'issue.change_record': 'オブジェクトの状態ではなく変更です。保存しますが、評価はしません。',
      'issue.truncated': 'ファイルが行の途中で終わっています。最後のエントリは不完全な可能性があります。',
      'issue.too_large': '1 つのエントリがサイズの上限を超えているため、読み取っていません。',
      'issue.range':
        '属性の値の最初の部分しか含まれていません（範囲が * で終わっていません）。たとえばグループの一部のメンバーだけです。',
      'issue.unrelated_rights':
        'このファイルにある、対応する関係の種類がない権限です。生レコードには残りますが、経路には現れません。',
    },
  },

  readsName: true,
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

  async *parse(part, { zone, dateOrder }) {
    const about: Open = {
      zone,
      dateOrder,
      collectedAt: timeInName(part.name, zone),
      domainSids: await learnDomainSids(part),
      unrelated: new UnrelatedRights(),
      written: new WrittenNames(),
    }
    let number = 0
    for await (const entries of readLdif(part.open()))
      yield entries.map((entry) => readEntry(entry, ++number, about))
    if (about.unrelated.isEmpty) return
    const excerpt = about.unrelated.toText()
    yield [
      { kind: 'issue', locator: `entries 1-${number}`, code: `${ID}.unrelated_rights`, excerpt, records: 0 },
    ]
  },
}

/** What is known of the export; its time may stand in its first entry. */
type Open = { -readonly [Name in keyof DirectoryExport]: DirectoryExport[Name] }

/** So many entries without SDDL text, and the export has none. */
const ENTRIES_WITHOUT = 1_000

/** SIDs of the domains of an export that writes its access lists as text: reads it once before its objects are read. */
async function learnDomainSids(part: PartSource): Promise<DomainSids> {
  const sids = new DomainSids()
  let entriesRead = 0
  let hasText = false
  for await (const entries of readLdif(part.open()))
    for (const entry of entries) {
      entriesRead += 1
      const attributes = new Attributes(entry.attributes)
      hasText ||= isSddl(attributes.text('nTSecurityDescriptor') ?? '')
      if (!hasText && entriesRead > ENTRIES_WITHOUT) return sids
      const sid = readSidValue(attributes.all('objectSid')[0])
      const domain = entry.dn === undefined ? undefined : toDomain(entry.dn)
      if (sid === undefined || domain === undefined) continue
      const classes = attributes.texts('objectClass').map((name) => name.toLowerCase())
      // the SID of a foreign principal is of another domain
      if (!classes.includes('foreignsecurityprincipal'))
        sids.learn(domain, sid, classes.includes('domaindns'))
    }
  return sids
}

/** Entries without `dn` and change records are not objects. */
function toItem(entry: LdifEntry, about: Open): DirectoryItem | undefined {
  if (entry.dn === undefined || entry.change !== undefined) return undefined
  const attributes = new Attributes(entry.attributes)
  if (entry.dn !== '') return toDirectoryObject(entry.dn, attributes, about)
  // the root entry of the server tells its clock
  const now = attributes.text('currentTime')
  about.collectedAt = (now === undefined ? undefined : parseTime(now, 'UTC')?.us) ?? about.collectedAt
  return undefined
}

function readEntry(entry: LdifEntry, number: number, about: Open): ParsedUnit {
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
  if (entry.cutAttributes.length > 0)
    issues.push({ code: `${ID}.range`, excerpt: entry.cutAttributes.join(', ').slice(0, MAX_EXCERPT) })
  const item = toItem(entry, about)
  return {
    kind: 'record',
    locator,
    raw: entry.raw,
    items: item === undefined ? [] : [item],
    ...(issues.length === 0 ? {} : { issues }),
  }
}

export default importer

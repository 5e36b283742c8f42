import { WorkbenchError } from '../model/errors.ts'
import { CSV_ISSUE_TEXTS } from './csv/csv-records.ts'
import { timeInName } from './directory/collection-time.ts'
import { type EntraExport, type EntraKind, entraKind, toEntraObject } from './directory/entra-object.ts'
import { LostCollections } from './directory/lost-collections.ts'
import type { Importer, ImportContext, PartSource, RecordIssue } from './importer.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { foldName, type NamedRow, readHead, readNamedRows, sampleNames } from './log/named-row.ts'
import { settleRows } from './log/settle-rows.ts'

const ID = 'entra-directory'
const ARRAYS: ReadonlySet<string> = new Set(['value'])
const MAX_EXCERPT = 200
const DATES = [
  'createdDateTime',
  'registrationDateTime',
  'registrationTime',
  'approximateLastSignInDateTime',
  'ApproximateLastLogonTimeStamp',
  'lastPasswordChangeDateTime',
]

/** Users, groups and devices of Entra ID. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      ...CSV_ISSUE_TEXTS.en,
      title: 'Entra ID users, groups and devices',
      description:
        'Objects of Entra ID (Azure AD): the bulk downloads of the portal (users, groups, group members, devices; CSV), Get-MgUser, Get-MgGroup, Get-MgDevice and Get-AzureADUser and its sisters by Export-Csv or ConvertTo-Json, and answers of Graph as JSON, with members and owners where they are expanded. Synchronised accounts are joined with their account in AD by its SID.',
      limits:
        'The portal does not name the group in the file of its members, so no membership follows from it. Export-Csv loses lists (ProxyAddresses, AdditionalProperties); such columns are named in an issue. Roles, administrative units, applications and licences are not read. Dates of the portal are read in US order and UTC unless the file proves another order. Portal files with headers in another language than English are read by a mapping.',
      'issue.collection_lost':
        'Export-Csv wrote the name of a type in place of the values of these columns; the values are not in the file.',
      'issue.not_an_object': 'This record has no object id and no user principal name.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: 'Entra ID 使用者、群組與裝置',
      description:
        'Entra ID（Azure AD）的物件：入口網站的大量下載（使用者、群組、群組成員、裝置；CSV）、以 Export-Csv 或 ConvertTo-Json 寫出的 Get-MgUser、Get-MgGroup、Get-MgDevice 與 Get-AzureADUser 等結果，以及 Graph 的 JSON 回應（含展開的成員與擁有者）。同步帳號依其 SID 與 AD 帳號合併。',
      limits:
        '入口網站的成員檔未載明群組，因此無法得出成員關係。Export-Csv 會遺失清單（ProxyAddresses、AdditionalProperties），這類欄位以問題列出。不讀取角色、管理單位、應用程式與授權。入口網站的日期以美式順序與 UTC 讀取，除非檔案證明為其他順序。標題非英文的入口網站檔案以欄位對應讀取。',
      'issue.collection_lost': 'Export-Csv 在這些欄位寫入型別名稱而非其值；這些值不在檔案中。',
      'issue.not_an_object': '這筆紀錄沒有物件識別碼，也沒有使用者主體名稱。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      ...CSV_ISSUE_TEXTS.ja,
      title: 'Entra ID のユーザー、グループ、デバイス',
      description:
        'Entra ID（Azure AD）のオブジェクト。ポータルの一括ダウンロード（ユーザー、グループ、グループメンバー、デバイスの CSV）、Get-MgUser、Get-MgGroup、Get-MgDevice、Get-AzureADUser などを Export-Csv や ConvertTo-Json で書き出したもの、Graph の JSON 応答（展開されたメンバーと所有者を含む）。同期アカウントは SID によって AD のアカウントと結び付けます。',
      limits:
        'ポータルのメンバーのファイルにはグループ名がないため、所属関係は得られません。Export-Csv はリスト（ProxyAddresses、AdditionalProperties）を失うため、そのような列は問題として示します。ロール、管理単位、アプリケーション、ライセンスは読み取りません。ポータルの日付は、ファイルが別の順序を示さない限り、米国式の順序と UTC で読み取ります。見出しが英語以外のポータルのファイルはマッピングで読み取ります。',
      'issue.collection_lost':
        'Export-Csv がこれらの列の値の代わりに型の名前を書いています。値はファイルにありません。',
      'issue.not_an_object': 'このレコードにはオブジェクト ID もユーザープリンシパル名もありません。',
    },
  },

  readsName: true,
  detect({ text }) {
    const { names } = sampleNames(text, ARRAYS)
    const known = names.filter((set) => entraKind(set) !== undefined).length
    return known === 0 ? 0 : 0.6 + 0.3 * (known / names.length)
  },
  settle,
  async *parse(part, { zone, dateOrder }) {
    const isPortal = isFromPortal(await readHead(part))
    const about: EntraExport = {
      zone: isPortal ? 'UTC' : zone,
      dateOrder,
      collectedAt: timeInName(part.name, zone),
    }
    const lost = new LostCollections()
    yield* readNamedRows(
      part,
      ID,
      (row) => {
        const issues: RecordIssue[] = []
        const newlyLost = lost.look(row)
        if (newlyLost.length > 0)
          issues.push({ code: `${ID}.collection_lost`, excerpt: newlyLost.join(', ').slice(0, MAX_EXCERPT) })
        const item = toEntraObject(row, kindOf(row), about)
        if (item === undefined) issues.push({ code: `${ID}.not_an_object`, excerpt: '' })
        return { items: item === undefined ? [] : [item], issues }
      },
      { arrays: ARRAYS },
    )
  },
}

/** The header of the portal: columns in its order, with names that no module writes. */
const isFromPortal = (head: string): boolean =>
  /^[^\n]{0,2000}\b(?:directorySynced|creationType|registeredOwners|membershipType|isGuest)\b/i.test(head) &&
  !/^\s*[[{]/.test(head)

/** The portal writes dates in US order; the others in that of the machine. */
async function settle(part: PartSource, context: ImportContext): Promise<ImportContext> {
  try {
    return await settleRows(part, context, DATES)
  } catch (thrown) {
    const isOpen = thrown instanceof WorkbenchError && thrown.code === 'evidence.date_order'
    if (!isOpen || !isFromPortal(await readHead(part))) throw thrown
    return { ...context, dateOrder: 'month-first' }
  }
}

/** By the stated type, else by what only one kind has. */
function kindOf(row: NamedRow): EntraKind {
  const stated = foldName(row.text('@odata.type', 'objectType', 'Object type') ?? '')
  for (const kind of ['user', 'group', 'device'] as const) if (stated.endsWith(kind)) return kind
  if (/^true$/i.test(row.text('isGroup') ?? '')) return 'group'
  if (row.text('deviceId') !== undefined && row.text('userPrincipalName') === undefined) return 'device'
  if (row.text('userPrincipalName', 'userType', 'givenName') !== undefined) return 'user'
  return row.value('groupTypes', 'groupType', 'securityEnabled', 'mailEnabled', 'membershipType') !==
    undefined
    ? 'group'
    : 'user'
}

export default importer

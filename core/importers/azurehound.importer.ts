import { CSV_ISSUE_TEXTS } from './csv/csv-records.ts'
import { openRecord, toAzureObject } from './directory/azurehound-object.ts'
import { timeInName } from './directory/collection-time.ts'
import type { EntraExport } from './directory/entra-object.ts'
import { UnrelatedRights } from './directory/unrelated-rights.ts'
import type { Importer } from './importer.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { readNamedRows } from './log/named-row.ts'

const ID = 'azurehound'
const ARRAYS: ReadonlySet<string> = new Set(['data'])
/** Elements of the array: `{"kind":"AZUser","data":{`. */
const ELEMENT = /\{\s*"kind"\s*:\s*"AZ[A-Za-z]{2,60}"\s*,\s*"data"\s*:\s*\{/
const META = /"meta"\s*:\s*\{[^{}]{0,500}"type"\s*:\s*"azure"/

/** AzureHound collections of an Entra tenant and its subscriptions. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      ...CSV_ISSUE_TEXTS.en,
      title: 'AzureHound collection',
      description:
        'Users, groups, devices and virtual machines of an Entra tenant as AzureHound collects them, with members and owners of groups, owners of devices and the rights over virtual machines. Synchronised objects are joined with AD by their SID; other objects (tenants, applications, roles, resources) are kept by name.',
      limits:
        'Role assignments, ownership of applications, rights over vaults, web apps and subscriptions are counted in an issue by the kind of their records and stay in the raw records: no relation stands for them. The time of the collection is taken from the file name. Without one, the newest time that its objects carry counts.',
      'issue.not_an_object': 'This element has no kind with data, or names no object.',
      'issue.too_many_edges': 'The record states more relations than the limit; the others were not stored.',
      'issue.unrelated_rights':
        'Relations of this file that no kind of relation stands for; they are in the raw records but on no path.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: 'AzureHound 收集結果',
      description:
        'AzureHound 收集的 Entra 租用戶使用者、群組、裝置與虛擬機器，含群組的成員與擁有者、裝置的擁有者，以及對虛擬機器的權限。同步物件依 SID 與 AD 合併；其他物件（租用戶、應用程式、角色、資源）依名稱保留。',
      limits:
        '角色指派、應用程式的擁有權，以及對金鑰保存庫、Web 應用程式與訂用帳戶的權限，依紀錄種類以問題計數並保留於原始紀錄：沒有對應的關聯種類。收集時間取自檔名；沒有時，以其物件所載的最新時間為準。',
      'issue.not_an_object': '此元素沒有種類與資料，或未指明物件。',
      'issue.too_many_edges': '紀錄載明的關聯數量超過上限，其餘未儲存。',
      'issue.unrelated_rights': '此檔案中沒有對應關聯種類的關係；保留於原始紀錄，但不出現在任何路徑上。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      ...CSV_ISSUE_TEXTS.ja,
      title: 'AzureHound の収集結果',
      description:
        'AzureHound が収集した Entra テナントのユーザー、グループ、デバイス、仮想マシン。グループのメンバーと所有者、デバイスの所有者、仮想マシンに対する権限を含みます。同期オブジェクトは SID によって AD と結び付け、その他のオブジェクト（テナント、アプリケーション、ロール、リソース）は名前で保存します。',
      limits:
        'ロールの割り当て、アプリケーションの所有、キーコンテナー・Web アプリ・サブスクリプションに対する権限は、対応する関係の種類がないため、レコードの種類ごとに件数を問題として示し、生レコードに残します。収集日時はファイル名から読み取ります。ない場合は、オブジェクトが持つ最新の日時を使います。',
      'issue.not_an_object': 'この要素には種類とデータがないか、オブジェクトを示していません。',
      'issue.too_many_edges': 'レコードが示す関係の数が上限を超えているため、残りは保存していません。',
      'issue.unrelated_rights':
        'このファイルにある、対応する種類がない関係です。生レコードには残りますが、経路には現れません。',
    },
  },

  readsName: true,
  detect({ text }) {
    const start = text.replace(/^[\s\ufeff]+/, '')
    if (!start.startsWith('{') && !start.startsWith('[')) return 0
    if (ELEMENT.test(start)) return 0.95
    return META.test(start.slice(0, 4_096)) ? 0.9 : 0
  },
  async *parse(part, { zone, dateOrder }) {
    const about: EntraExport = { zone, dateOrder, collectedAt: timeInName(part.name, zone) }
    const unrelated = new UnrelatedRights()
    yield* readNamedRows(
      part,
      ID,
      (row) => {
        const record = openRecord(row)
        const found =
          record === undefined ? undefined : toAzureObject(record.kind, record.facts, about, unrelated)
        if (found === undefined)
          return { items: [], issues: [{ code: `${ID}.not_an_object`, excerpt: row.text('kind') ?? '' }] }
        const issues = found.hasTooManyEdges ? [{ code: `${ID}.too_many_edges`, excerpt: '' }] : []
        return { items: [found.item], issues }
      },
      { arrays: ARRAYS },
    )
    if (unrelated.isEmpty) return
    const excerpt = unrelated.toText()
    yield [{ kind: 'issue', locator: 'whole file', code: `${ID}.unrelated_rights`, excerpt, records: 0 }]
  },
}

export default importer

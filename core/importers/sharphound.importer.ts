import { parseTime } from '../normalise/time.ts'
import { timeInName } from './directory/collection-time.ts'
import { type Fields, text as textOf, toFields } from './directory/fields.ts'
import { type Collection, toSharpHoundItem } from './directory/sharphound-object.ts'
import { UnrelatedRights } from './directory/unrelated-rights.ts'
import type { Importer, ParsedUnit, PartSource } from './importer.ts'
import { parseJson, splitJson, type JsonUnit } from './json-elements.ts'

const ID = 'sharphound'
const BATCH = 200
const MAX_EXCERPT = 200
/** `data`; version 3 named the array by what is in it. */
const ARRAYS: ReadonlySet<string> = new Set([
  'data',
  'users',
  'computers',
  'groups',
  'domains',
  'gpos',
  'ous',
  'containers',
  'sessions',
])

/** `meta` at the beginning of the document, before any data. */
const META_FIRST = /^[\s\ufeff]*\{\s*"meta"\s*:\s*\{[^{}]*"type"\s*:\s*"(\w+)"[^{}]*\}/
/** The array at the beginning of a document. */
const DATA_FIRST = /^\{\s*"(?:data|users|computers|groups|domains|gpos|ous|containers|sessions)"\s*:\s*\[/

/** SharpHound / BloodHound collections (v3 to v6), one JSON file per type of object; written alike by RustHound and others. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      title: 'SharpHound collection',
      description:
        'Active Directory objects, memberships, rights and sessions as a SharpHound collector wrote them (versions 3 to 6 of its JSON, also inside its ZIP): users, computers, groups, domains, group policies, organisational units, containers and the objects of certificate services. The time of the collection is taken from the file name. Without one, the newest time that its objects carry counts.',
      limits:
        'Rights that no relation stands for (enrolment, service principal names, shadow credentials, DCOM, SID history) are counted in an issue and stay in the raw record; paths over certificate templates (ESC1 to ESC13) are not worked out. Containment of objects is not read. Deny entries are not part of a collection.',
      'issue.count':
        'The file states another number of objects (meta.count) than it holds: it may be cut off, put together or changed.',
      'issue.syntax': 'This part of the file is not valid JSON.',
      'issue.truncated': 'The file ends in the middle of an object.',
      'issue.too_large': 'One object is larger than the limit and was not read.',
      'issue.not_an_object': 'This entry is no directory object: it has no identifier.',
      'issue.too_many_edges': 'The object has more rights than the limit; the others were not stored.',
      'issue.unrelated_rights':
        'Rights and links of this file that no kind of relation stands for; they are in the raw records but on no path.',
    },
    'zh-TW': {
      title: 'SharpHound 收集結果',
      description:
        'SharpHound 收集的 Active Directory 物件、群組成員、權限與工作階段（其 JSON 第 3 至 6 版，也可置於其 ZIP 中）：使用者、電腦、群組、網域、群組原則、組織單位、容器與憑證服務物件。收集時間取自檔名；沒有時，以其物件所載的最新時間為準。',
      limits:
        '沒有對應關聯種類的權限（憑證註冊、服務主體名稱、影子憑證、DCOM、SID 歷程記錄）以問題計數，並保留於原始紀錄；不推算經由憑證範本的路徑（ESC1 至 ESC13）。不讀取物件的上下層包含關係。收集結果不含拒絕項目。',
      'issue.count': '檔案載明的物件數（meta.count）與實際物件數不同：檔案可能遭截斷、拼接或修改。',
      'issue.syntax': '檔案的這個部分不是有效的 JSON。',
      'issue.truncated': '檔案在一個物件中間就結束了。',
      'issue.too_large': '有一個物件超過大小上限，未讀取。',
      'issue.not_an_object': '此項目沒有識別碼，不是目錄物件。',
      'issue.too_many_edges': '物件的權限數量超過上限，其餘未儲存。',
      'issue.unrelated_rights':
        '此檔案中沒有對應關聯種類的權限與連結；保留於原始紀錄，但不出現在任何路徑上。',
    },
    ja: {
      title: 'SharpHound の収集結果',
      description:
        'SharpHound が収集した Active Directory のオブジェクト、グループメンバー、権限、セッション（JSON のバージョン 3～6。ZIP 内のものも可）。ユーザー、コンピューター、グループ、ドメイン、グループポリシー、組織単位、コンテナー、証明書サービスのオブジェクトに対応します。収集日時はファイル名から読み取ります。ない場合は、オブジェクトが持つ最新の日時を使います。',
      limits:
        '対応する関係の種類がない権限（証明書の登録、サービスプリンシパル名、シャドウ資格情報、DCOM、SID 履歴）は件数を問題として示し、生レコードに残します。証明書テンプレートを経由する経路（ESC1～ESC13）は求めません。オブジェクトの包含関係は読み取りません。拒否エントリは収集結果に含まれていません。',
      'issue.count':
        'ファイルに記載されたオブジェクト数（meta.count）と実際の数が異なります。途中で切れた、つなぎ合わされた、または変更された可能性があります。',
      'issue.syntax': 'ファイルのこの部分は有効な JSON ではありません。',
      'issue.truncated': 'ファイルがオブジェクトの途中で終わっています。',
      'issue.too_large': '1 つのオブジェクトがサイズの上限を超えているため、読み取っていません。',
      'issue.not_an_object': '識別子がないため、ディレクトリのオブジェクトではありません。',
      'issue.too_many_edges': 'オブジェクトの権限の数が上限を超えているため、残りは保存していません。',
      'issue.unrelated_rights':
        'このファイルにある、対応する関係の種類がない権限とリンクです。生レコードには残りますが、経路には現れません。',
    },
  },

  readsName: true,
  detect({ text, name }) {
    const start = text.replace(/^[\s\ufeff]+/, '')
    const type = META_FIRST.exec(start)?.[1]
    if (type !== undefined) {
      if (type === 'azure') return 0
      return /"(?:data|users|computers|groups|domains|gpos|ous|containers|sessions)"\s*:\s*\[/.test(start)
        ? 0.95
        : 0.8
    }
    if (!DATA_FIRST.test(start)) return 0
    if (/"ObjectIdentifier"\s*:/.test(start) && /"(?:Properties|Aces|IsDeleted)"\s*:/.test(start)) return 0.95
    if (/"Computer(?:SID|Id)"\s*:/.test(start) && /"User(?:SID|Id)"\s*:/.test(start)) return 0.9
    // a collection of a type of which there was nothing
    if (/^\{\s*"\w+"\s*:\s*\[\s*\]\s*,\s*"meta"\s*:\s*\{[^{}]*"type"\s*:\s*"(?!azure)/.test(start)) return 0.9
    if (!/^\{\s*"data"/.test(start)) return 0
    return /_(?:users|computers|groups|domains|gpos|ous|containers)\.json$/i.test(name) ? 0.4 : 0
  },

  async *parse(part, { zone }) {
    const metas = await readMetas(part)
    const named: Named = {
      type: TYPE_IN_NAME.exec(part.name)?.[1]?.toLowerCase(),
      collectedAt: timeInName(part.name, zone),
    }
    let batch: ParsedUnit[] = []
    let document = 0
    let object = 0
    let before = 0
    let collection = collectionOf(metas[0], named, zone)
    const remark = (): ParsedUnit[] => [
      ...remarkCount(metas[document], before, object),
      ...remarkRights(collection.unrelated, object),
    ]
    for await (const unit of splitJson(part.open(), ARRAYS)) {
      if (unit.kind === 'rest') {
        batch.push(...remark())
        document++
        before = object
        collection = collectionOf(metas[document], named, zone)
        continue
      }
      if (unit.kind === 'element' || unit.isRecord) object++
      batch.push(readUnit(unit, object, collection))
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
    batch.push(...remark())
    if (batch.length > 0) yield batch
  },
}

/** What the file name tells where `meta` is cut off or silent. */
type Named = Pick<Collection, 'type' | 'collectedAt'>
const TYPE_IN_NAME =
  /_(users|computers|groups|domains|gpos|ous|containers|certtemplates|enterprisecas|ntauthstores|aiacas|rootcas|issuancepolicies)\.json$/i

/** Names under which collectors state when they ran. */
const META_TIMES = ['collectedat', 'collectiontime', 'collectiondate', 'timestamp', 'date']

function collectionOf(meta: Fields | undefined, named: Named, zone: string): Collection {
  const type = (meta === undefined ? undefined : textOf(meta, 'type')) ?? named.type
  const stated = [...(meta ?? [])].find(([name]) => META_TIMES.includes(name.toLowerCase().replace(/_/g, '')))
  const time = stated === undefined ? undefined : parseTime(String(stated[1]), zone)?.us
  return { type, collectedAt: time ?? named.collectedAt, unrelated: new UnrelatedRights() }
}

/** Collectors state how many objects a document holds: another number means that it was cut, joined or changed. */
function remarkCount(meta: Fields | undefined, before: number, objects: number): ParsedUnit[] {
  const stated = meta?.get('count')
  const read = objects - before
  if (typeof stated !== 'number' || stated === read) return []
  return [
    {
      kind: 'issue',
      locator: read === 0 ? 'no object' : `objects ${before + 1}-${objects}`,
      code: `${ID}.count`,
      excerpt: `meta.count ${stated}, data ${read}`,
      records: 0,
    },
  ]
}

function remarkRights(unrelated: UnrelatedRights, objects: number): ParsedUnit[] {
  if (unrelated.isEmpty) return []
  return [
    {
      kind: 'issue',
      locator: `objects up to ${objects}`,
      code: `${ID}.unrelated_rights`,
      excerpt: unrelated.toText(),
      records: 0,
    },
  ]
}

/** `meta` of every document. SharpHound writes it last, so this reads the file once before the objects. */
async function readMetas(part: PartSource): Promise<readonly Fields[]> {
  for await (const chunk of part.open()) {
    const first = META_FIRST.exec(Buffer.from(chunk.subarray(0, 4_096)).toString('utf8'))?.[0]
    if (first !== undefined) return [metaOf(`${first}}`)]
    break
  }
  const metas: Fields[] = []
  for await (const unit of splitJson(part.open(), ARRAYS))
    if (unit.kind === 'rest') metas.push(metaOf(unit.text))
  return metas
}

const metaOf = (document: string): Fields =>
  toFields(toFields(parseJson(document.replace(/^\ufeff/, ''))).get('meta'))

function readUnit(
  unit: Exclude<JsonUnit, { kind: 'rest' }>,
  object: number,
  collection: Collection,
): ParsedUnit {
  const bytes = `bytes ${unit.start}-${Math.max(unit.start, unit.end - 1)}`
  if (unit.kind === 'broken') {
    const locator = unit.isRecord ? `object ${object}, ${bytes}` : bytes
    return {
      kind: 'issue',
      locator,
      code: `${ID}.${unit.what}`,
      excerpt: unit.excerpt,
      records: unit.isRecord ? 1 : 0,
    }
  }
  const locator = `object ${object}, ${bytes}`
  const excerpt = unit.text.slice(0, MAX_EXCERPT)
  const value = parseJson(unit.text)
  // version 3 names the array by its type
  const type = unit.array === 'data' || unit.array === '' ? collection.type : unit.array
  if (value === undefined) return { kind: 'issue', locator, code: `${ID}.syntax`, excerpt, records: 1 }
  const found = toSharpHoundItem(toFields(value), { ...collection, type })
  if (found === undefined) return { kind: 'issue', locator, code: `${ID}.not_an_object`, excerpt, records: 1 }
  const issues = found.hasTooManyEdges ? { issues: [{ code: `${ID}.too_many_edges`, excerpt: '' }] } : {}
  return { kind: 'record', locator, raw: unit.text, items: [found.item], ...issues }
}

export default importer

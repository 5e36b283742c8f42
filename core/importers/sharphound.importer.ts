import { toFields, toSharpHoundItem } from './directory/sharphound-object.ts'
import type { Importer, ParsedUnit, PartSource } from './importer.ts'
import { parseJson, splitJson, type JsonUnit } from './json-elements.ts'

const ID = 'sharphound'
const BATCH = 200
const MAX_EXCERPT = 200
const ARRAYS: ReadonlySet<string> = new Set(['data'])

/** `meta` at the beginning of the document, before any data. */
const META_FIRST = /^[\s\ufeff]*\{\s*"meta"\s*:\s*\{[^{}]*"type"\s*:\s*"(\w+)"/

/** SharpHound / BloodHound collections (v3 to v6), one JSON file per type of object. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      title: 'SharpHound collection',
      description:
        'Active Directory objects, memberships, rights and sessions as a SharpHound collector wrote them (JSON, also inside its ZIP).',
      'issue.syntax': 'This part of the file is not valid JSON.',
      'issue.truncated': 'The file ends in the middle of an object.',
      'issue.too_large': 'One object is larger than the limit and was not read.',
      'issue.not_an_object': 'This entry is no directory object: it has no identifier.',
      'issue.too_many_edges': 'The object has more rights than the limit; the others were not stored.',
    },
    'zh-TW': {
      title: 'SharpHound 收集結果',
      description:
        'SharpHound 收集的 Active Directory 物件、群組成員、權限與工作階段（JSON，也可置於其 ZIP 中）。',
      'issue.syntax': '檔案的這個部分不是有效的 JSON。',
      'issue.truncated': '檔案在一個物件中間就結束了。',
      'issue.too_large': '有一個物件超過大小上限，未讀取。',
      'issue.not_an_object': '此項目沒有識別碼，不是目錄物件。',
      'issue.too_many_edges': '物件的權限數量超過上限，其餘未儲存。',
    },
    ja: {
      title: 'SharpHound の収集結果',
      description:
        'SharpHound が収集した Active Directory のオブジェクト、グループメンバー、権限、セッション（JSON。ZIP 内のものも可）。',
      'issue.syntax': 'ファイルのこの部分は有効な JSON ではありません。',
      'issue.truncated': 'ファイルがオブジェクトの途中で終わっています。',
      'issue.too_large': '1 つのオブジェクトがサイズの上限を超えているため、読み取っていません。',
      'issue.not_an_object': '識別子がないため、ディレクトリのオブジェクトではありません。',
      'issue.too_many_edges': 'オブジェクトの権限の数が上限を超えているため、残りは保存していません。',
    },
  },

  detect({ text, name }) {
    const start = text.replace(/^[\s\ufeff]+/, '')
    const type = META_FIRST.exec(start)?.[1]
    if (type !== undefined) return type === 'azure' ? 0 : /"data"\s*:\s*\[/.test(start) ? 0.95 : 0.8
    if (!/^\{\s*"data"\s*:\s*\[/.test(start)) return 0
    if (/"ObjectIdentifier"\s*:/.test(start) && /"(?:Properties|Aces|IsDeleted)"\s*:/.test(start)) return 0.95
    if (/"ComputerSID"\s*:/.test(start) && /"UserSID"\s*:/.test(start)) return 0.9
    // a collection of a type of which there was nothing
    if (/^\{\s*"data"\s*:\s*\[\s*\]\s*,\s*"meta"\s*:\s*\{[^{}]*"type"/.test(start)) return 0.9
    return /_(?:users|computers|groups|domains|gpos|ous|containers)\.json$/i.test(name) ? 0.4 : 0
  },

  async *parse(part) {
    const types = await readTypes(part)
    let batch: ParsedUnit[] = []
    let document = 0
    let object = 0
    for await (const unit of splitJson(part.open(), ARRAYS)) {
      if (unit.kind === 'rest') {
        document++
        continue
      }
      if (unit.kind === 'element' || unit.isRecord) object++
      batch.push(readUnit(unit, object, types[document]))
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
    if (batch.length > 0) yield batch
  },
}

/** `meta.type` of every document. SharpHound writes `meta` last, so this reads the file once before the objects. */
async function readTypes(part: PartSource): Promise<readonly (string | undefined)[]> {
  for await (const chunk of part.open()) {
    const first = META_FIRST.exec(Buffer.from(chunk.subarray(0, 4_096)).toString('utf8'))?.[1]
    if (first !== undefined) return [first]
    break
  }
  const types: (string | undefined)[] = []
  for await (const unit of splitJson(part.open(), ARRAYS)) {
    if (unit.kind !== 'rest') continue
    const type = toFields(toFields(parseJson(unit.text)).get('meta')).get('type')
    types.push(typeof type === 'string' ? type : undefined)
  }
  return types
}

function readUnit(
  unit: Exclude<JsonUnit, { kind: 'rest' }>,
  object: number,
  type: string | undefined,
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
  if (value === undefined) return { kind: 'issue', locator, code: `${ID}.syntax`, excerpt, records: 1 }
  const found = toSharpHoundItem(toFields(value), type)
  if (found === undefined) return { kind: 'issue', locator, code: `${ID}.not_an_object`, excerpt, records: 1 }
  const issues = found.hasTooManyEdges ? { issues: [{ code: `${ID}.too_many_edges`, excerpt: '' }] } : {}
  return { kind: 'record', locator, raw: unit.text, items: [found.item], ...issues }
}

export default importer

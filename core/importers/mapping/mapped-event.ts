import type { EventFieldName, EventItem, EventKind } from '../../model/event.ts'
import type { Mapping } from '../../model/mapping.ts'
import { toAccount } from '../../normalise/account.ts'
import { present } from '../../normalise/placeholder.ts'
import { cut, DETAIL_LIMIT } from '../windows/picks.ts'
import type { TextOf } from './mapped-row.ts'
import { fieldTarget } from './targets.ts'

const KINDS: Readonly<Record<string, EventKind>> = {
  click: 'url-click',
  process: 'process-start',
  network: 'network-connection',
  dns: 'dns-query',
  user: 'inventory',
  endpoint: 'inventory',
}
/** Words for what happened to a file, also in 繁體中文 and 日本語; the first that fits. */
const FILE_KINDS: readonly (readonly [RegExp, EventKind])[] = [
  [/delet|remov|quarantin|刪除|隔離|削除/i, 'file-delete'],
  [/renam|mov|重新命名|更名|移動|名前.?変更/i, 'file-rename'],
  [
    /creat|new|add|download|drop|copied|copy|建立|新增|下載|複製|作成|追加|ダウンロード|コピー/i,
    'file-create',
  ],
  [/modif|chang|writ|wrote|updat|edit|修改|變更|寫入|変更|更新|書き込み|編集/i, 'file-modify'],
  [/read|open|access|view|讀取|開啟|存取|読み取り|読み込み|参照|閲覧|開/i, 'file-read'],
]
/** Names of logon types as products write them (Windows numbers). */
const LOGON_TYPES: readonly (readonly [RegExp, number])[] = [
  [/remote ?interactive|rdp|remote ?desktop/i, 10],
  [/cached ?interactive/i, 11],
  [/interactive|console|local/i, 2],
  [/network ?clear/i, 8],
  [/network/i, 3],
  [/batch/i, 4],
  [/service/i, 5],
  [/unlock/i, 7],
  [/new ?credentials/i, 9],
]
const FAILED = /fail|denied|error|invalid|reject|block|0xc|^false$|^no$|bad|wrong/i

/** The event one row means, by the kind of its rows; the detail holds every target that is no field of its own. */
export function toMappedEvent(
  mapping: Mapping,
  text: TextOf,
  at: number | null,
  zoneAssumed: boolean,
): EventItem {
  const fields: Record<string, string | number> = {}
  const rest: string[] = []
  const put = (field: EventFieldName, value: string | number | undefined): void => {
    if (value !== undefined) fields[field] ??= value
  }
  for (const target of targetsOf(mapping)) {
    const written = present(text(target))
    if (written === undefined) continue
    const known = fieldTarget(target)
    const value = known?.read(written)
    if (known !== undefined && value !== undefined) put(known.field, value)
    else if (!isComposed(target)) rest.push(`${target}: ${written.replace(/\s+/g, ' ')}`)
  }
  put('account', toAccount(text('user.domain'), text('user.name')))
  const type = present(text('logon.type'))
  if (type !== undefined) {
    const number = /^\d{1,3}$/.test(type) ? Number(type) : LOGON_TYPES.find(([name]) => name.test(type))?.[1]
    if (number === undefined) rest.push(`logon.type: ${type}`)
    else put('logonType', number)
  }
  const parentHash = present(text('parent.sha256'))
  if (parentHash !== undefined) rest.push(`parent.sha256: ${parentHash}`)
  const kind = kindOf(mapping, text)
  if (kind === 'logon' || kind === 'logon-failure') put('outcome', kind === 'logon' ? 'success' : 'failure')
  if (mapping.kind === 'endpoint' || mapping.kind === 'user') {
    if (fields['hostIp'] === undefined && typeof fields['sourceIp'] === 'string')
      fields['hostIp'] = fields['sourceIp']
  }
  if (rest.length > 0) {
    const before = fields['detail'] === undefined ? [] : [String(fields['detail'])]
    fields['detail'] = cut([...before, ...rest].join('; '), DETAIL_LIMIT)
  }
  return zoneAssumed
    ? { type: 'event', kind, at, zoneAssumed: true, fields }
    : { type: 'event', kind, at, fields }
}

/** Columns and constants, most telling first: `process.path` wins over `process.name`, as the table of targets orders them not. */
function targetsOf(mapping: Mapping): string[] {
  const all = [...Object.keys(mapping.constants), ...Object.keys(mapping.fields)]
  return all.sort((a, b) => Number(a.endsWith('.name')) - Number(b.endsWith('.name')))
}

const isComposed = (target: string): boolean =>
  ['user.name', 'user.domain', 'logon.type', 'parent.sha256'].includes(target)

function kindOf(mapping: Mapping, text: TextOf): EventKind {
  if (mapping.kind === 'file') {
    // A list of files that says nothing of what happened only says that they are there.
    const action = text('file.action') ?? ''
    return FILE_KINDS.find(([words]) => words.test(action))?.[1] ?? 'inventory'
  }
  if (mapping.kind === 'logon') return FAILED.test(text('logon.result') ?? '') ? 'logon-failure' : 'logon'
  return KINDS[mapping.kind] ?? 'generic'
}

import { SaxesParser } from 'saxes'
import type { CriteriaNode } from '../../contract/nouns/sweep.ts'
import { WorkbenchError } from '../../model/errors.ts'
import type { IndicatorKind, IndicatorOperator } from '../../model/indicator.ts'
import { allOf, anyOf, type IndicatorList } from './indicator-list.ts'
import type { IndicatorReader } from './indicator-reader.ts'

type Plain = Exclude<IndicatorKind, 'sigma'>

/** Terms of OpenIOC that exports hold, in lower case (formats.md D4; threat-investigation.md 3.3 and 3.5). */
const TERMS: Readonly<Record<string, Plain>> = {
  'fileitem/md5sum': 'md5',
  'fileitem/sha1sum': 'sha1',
  'fileitem/sha256sum': 'sha256',
  'fileitem/filename': 'file-name',
  'fileitem/fullpath': 'file-path',
  'fileitem/filepath': 'file-path',
  'fileitem/peinfo/versioninfoitem/originalfilename': 'file-name',
  'driveritem/drivername': 'file-name',
  'driveritem/sha1sum': 'sha1',
  'driveritem/md5sum': 'md5',
  'taskitem/actionlist/action/execprogramsha1sum': 'sha1',
  'taskitem/name': 'task',
  'processitem/name': 'file-name',
  'processitem/path': 'file-path',
  'processitem/arguments': 'command-line',
  'processitem/username': 'account',
  'processitem/handlelist/handle/name': 'pipe',
  'processitem/portlist/portitem/remoteip': 'ip',
  'processitem/portlist/portitem/localip': 'ip',
  'portitem/remoteip': 'ip',
  'portitem/localip': 'ip',
  'arpentryitem/ipv4address': 'ip',
  'routeentryitem/destination': 'ip',
  'routeentryitem/gateway': 'ip',
  'dnsentryitem/recorddata/ipv4address': 'ip',
  'email/receivedfromip': 'ip',
  'dnsentryitem/host': 'domain',
  'dnsentryitem/recordname': 'domain',
  'dnsentryitem/recorddata/host': 'domain',
  'network/dns': 'domain',
  'urlhistoryitem/hostname': 'domain',
  'cookiehistoryitem/hostname': 'domain',
  'formhistoryitem/hostname': 'domain',
  'network/uri': 'url',
  'network/useragent': 'user-agent',
  'urlhistoryitem/url': 'url',
  'filedownloadhistoryitem/sourceurl': 'url',
  'registryitem/path': 'registry',
  'registryitem/keypath': 'registry',
  'registryitem/valuename': 'registry',
  'registryitem/text': 'registry',
  'serviceitem/name': 'service',
  'serviceitem/descriptivename': 'service',
  'serviceitem/path': 'file-path',
  'serviceitem/servicedll': 'file-path',
  'email/from': 'email',
  'email/to': 'email',
  'email/subject': 'subject',
  'email/attachment/name': 'file-name',
  'email/attachment/content/md5sum': 'md5',
  'systeminfoitem/hostname': 'host',
  'useritem/username': 'account',
}
const OPERATORS: Readonly<Record<string, IndicatorOperator>> = {
  is: 'is',
  contains: 'contains',
  matches: 'matches',
  'starts-with': 'starts-with',
  'ends-with': 'ends-with',
}
/** The vendor takes files up to 10 MB; deeper nesting than this is an attack on the reader. */
const MAX_DEPTH = 50

interface Open {
  readonly operator: 'any' | 'all'
  readonly nodes: CriteriaNode[]
}

/** OpenIOC 1.0 and 1.1: the tree of AND and OR is kept; what exports do not hold stays in it as unsupported. */
const openioc: IndicatorReader = {
  id: 'openioc',
  texts: {
    en: {
      title: 'OpenIOC',
      description:
        'OpenIOC 1.0 and 1.1 with their tree of AND and OR. Terms of files, processes, registry, network, DNS, mail, services and users are looked for; others are shown struck through.',
    },
    'zh-TW': {
      title: 'OpenIOC',
      description:
        'OpenIOC 1.0 與 1.1，保留其 AND 與 OR 的樹狀結構。會搜尋檔案、處理程序、登錄、網路、DNS、郵件、服務與使用者的項目；其他項目以刪除線顯示。',
    },
    ja: {
      title: 'OpenIOC',
      description:
        'OpenIOC 1.0・1.1 を AND と OR の木のまま読みます。ファイル、プロセス、レジストリ、ネットワーク、DNS、メール、サービス、ユーザーの項目を探し、ほかは取り消し線で示します。',
    },
  },
  detect: (head) => (/<(?:ioc|OpenIOC)\b/.test(head) ? 0.95 : 0),
  read(text, list) {
    const parser = new SaxesParser({ xmlns: false })
    const open: Open[] = [{ operator: 'any', nodes: [] }]
    let name = ''
    let item: { search: string; condition: string; isNegated: boolean } | undefined
    let content = ''
    let at = ''
    parser.on('error', (error) => {
      throw new WorkbenchError('sweep.invalid', { reason: error.message }, { cause: error })
    })
    parser.on('opentag', ({ name: tag, attributes }) => {
      at = tag
      content = ''
      if (tag === 'Indicator') {
        if (open.length > MAX_DEPTH)
          throw new WorkbenchError('sweep.invalid', { reason: `<Indicator> ×${MAX_DEPTH}` })
        open.push({ operator: /^and$/i.test(attributes['operator'] ?? '') ? 'all' : 'any', nodes: [] })
      } else if (tag === 'IndicatorItem') {
        const condition = (attributes['condition'] ?? '').toLowerCase()
        item = {
          search: '',
          condition: condition.replace(/not$/, ''),
          isNegated: condition.endsWith('not') || attributes['negate'] === 'true',
        }
      } else if (tag === 'Context' && item) item.search = attributes['search'] ?? ''
    })
    parser.on('text', (part) => {
      content += part
    })
    parser.on('cdata', (part) => {
      content += part
    })
    parser.on('closetag', ({ name: tag }) => {
      if (tag === 'short_description' && name === '' && at === tag) name = content.trim()
      if (tag === 'Content' && item) {
        open.at(-1)?.nodes.push(toNode(item, content.trim(), list))
        item = undefined
      } else if (tag === 'Indicator') {
        const done = open.pop()
        if (done && done.nodes.length > 0)
          open.at(-1)?.nodes.push(done.operator === 'all' ? allOf(done.nodes) : anyOf(done.nodes))
      }
    })
    parser.write(text.replace(/^\ufeff/, '')).close()
    return { name: name === '' ? undefined : name, nodes: open[0]?.nodes ?? [] }
  },
}
export default openioc

function toNode(
  item: { readonly search: string; readonly condition: string; readonly isNegated: boolean },
  value: string,
  list: IndicatorList,
): CriteriaNode {
  const kind = TERMS[item.search.toLowerCase()]
  const operator = OPERATORS[item.condition]
  const shown = `${item.search} ${item.condition} ${value}`
  if (item.isNegated) return list.addUnsupported(shown, item.search, 'negated')
  if (kind === undefined) return list.addUnsupported(shown, item.search, 'kind')
  if (operator === undefined) return list.addUnsupported(shown, item.search, 'operator')
  // Part of a path, a key or an address is what "is" means for terms that hold part of it only.
  const isPart = /\/(?:ValueName|Text|KeyPath)$/i.test(item.search) && operator === 'is'
  if (kind === 'url' && operator === 'is' && !/^[a-z]+:\/\//i.test(value))
    return list.add(kind, value, { operator: 'contains', title: item.search })
  if (kind === 'file-path' && operator === 'is' && /\/FilePath$/i.test(item.search))
    return list.add(kind, /[\\/]$/.test(value) ? value : `${value}\\`, { title: item.search })
  return list.add(kind, value, { operator: isPart ? 'contains' : operator, title: item.search })
}

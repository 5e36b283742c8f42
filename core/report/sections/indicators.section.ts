import type { MessageDetail } from '../../contract/nouns/mail.ts'
import type { Source } from '../../contract/shapes.ts'
import { isInsideAddress } from '../../indicators/inside-address.ts'
import { indicatorsOfFinding, type FindingIndicator } from '../../indicators/of-findings.ts'
import { isInstalledProgram } from '../../indicators/program-file.ts'
import type { RiskLevel } from '../../model/verdict.ts'
import type { ReportContext } from '../context.ts'
import { joinLines, lineBreak, outside, risk, type Block, type Line } from '../document.ts'
import { citeSparingly, proofsOfHop } from '../facts/citations.ts'
import { proofsOf, TOLD_FINDINGS, weightyFindings } from '../facts/findings.ts'
import { findLastRetro } from '../facts/retro.ts'
import { entitiesOfKind, findStory, hopsAt } from '../facts/story.ts'
import { defangAddress } from '../render/text.ts'
import { findVector, sourcesOfVector } from '../facts/vector.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'

/** Records named per indicator. */
const MAX_NAMED = 4
/** Findings named per indicator. */
const MAX_FINDINGS = 3

type Role = FindingIndicator['asset']['roles'][number]

type Sort = 'url' | 'host' | 'ip' | 'sender' | 'forward' | 'sha256' | 'sha1' | 'md5' | 'file'
interface Indicator {
  readonly sort: Sort
  readonly value: string
  readonly seen: Set<'path' | 'vector' | 'retro'>
  /** Findings it is a part of: what it has to do with each, by its number. */
  readonly findings: Map<number, ReadonlySet<Role>>
  risk: RiskLevel | null
  /** Each record once. */
  readonly sources: Map<string, Source>
}

export default {
  id: 'indicators',
  order: 140,
  options: [
    { id: 'turned', kind: 'number', default: 100, min: 1, max: 20000 },
    { id: 'findings', kind: 'number', default: TOLD_FINDINGS, min: 0, max: 200 },
  ],
  texts: {
    en: {
      'option.turned': 'Turned URLs at most',
      'option.findings': 'Findings at most',
      title: 'Indicators',
      description:
        'Addresses, senders, programs and file hashes of the path, the findings, the mail vector and the retro scan, defanged.',
      intro:
        'Addresses are written so that they cannot be clicked: hxxp for http and [.] for a dot. An indicator says that something was seen here, not that it is malicious everywhere. Left out are addresses inside, the organisation’s own senders, what packs call safe, and programs of Windows and installed ones.',
      sort: 'Kind',
      seen: 'Seen',
      risk: 'Risk now',
      'seen.path': 'on the path',
      'seen.vector': 'in the mail vector',
      'seen.retro': 'turned by the retro scan',
      'sort.url': 'URL',
      'sort.host': 'host name',
      'sort.ip': 'IP address',
      'sort.sender': 'sender',
      'sort.forward': 'receiver of forwarded mail',
      'seen.finding': 'finding {n}: {how}',
      'how.detected': 'a rule names it',
      'how.contacted': 'a program of it connected to it',
      'how.program': 'a program of it',
      'how.changed': 'used to change mailboxes',
      'how.part': 'a part of it',
      'sort.sha256': 'SHA-256',
      'sort.sha1': 'SHA-1',
      'sort.md5': 'MD5',
      'sort.file': 'file',
      empty: 'No indicator follows from what this report describes.',
    },
    'zh-TW': {
      'option.turned': '判定改變的 URL 最多數',
      'option.findings': '發現的數量上限',
      title: '指標',
      description: '攻擊路徑、發現、郵件攻擊媒介與回溯掃描中的位址、寄件者、程式與檔案雜湊值，均已去活化。',
      intro:
        '位址的寫法使其無法點擊：以 hxxp 表示 http，以 [.] 表示點。指標僅表示曾在此出現，並不代表在任何情況下皆為惡意。未列入：內部位址、組織自己的寄件者、特徵碼套件評為安全者，以及 Windows 與已安裝的程式。',
      sort: '類型',
      seen: '出現處',
      risk: '目前風險',
      'seen.path': '攻擊路徑上',
      'seen.vector': '郵件攻擊媒介中',
      'seen.retro': '經回溯掃描改變',
      'sort.url': 'URL',
      'sort.host': '主機名稱',
      'sort.ip': 'IP 位址',
      'sort.sender': '寄件者',
      'sort.forward': '轉寄郵件的收件者',
      'seen.finding': '發現 {n}：{how}',
      'how.detected': '規則所指名',
      'how.contacted': '其程式曾連線至此',
      'how.program': '其中的程式',
      'how.changed': '用於變更信箱',
      'how.part': '其一部分',
      'sort.sha256': 'SHA-256',
      'sort.sha1': 'SHA-1',
      'sort.md5': 'MD5',
      'sort.file': '檔案',
      empty: '本報告所述內容未衍生任何指標。',
    },
    ja: {
      'option.turned': '判定が変わった URL の最大数',
      'option.findings': '所見の数の上限',
      title: 'インジケーター',
      description:
        '攻撃経路、所見、メールの侵入経路、レトロスキャンに現れたアドレス、差出人、プログラム、ファイルハッシュを無害化して示します。',
      intro:
        'アドレスはクリックできない形で記しています（http は hxxp、点は [.]）。インジケーターは、ここで観測されたことを示すもので、どこでも悪性であるという意味ではありません。内部アドレス、組織自身の差出人、パックが安全とするもの、Windows のプログラムとインストール済みのプログラムは除いています。',
      sort: '種類',
      seen: '出現箇所',
      risk: '現在のリスク',
      'seen.path': '攻撃経路上',
      'seen.vector': 'メールの侵入経路',
      'seen.retro': 'レトロスキャンで判定が変化',
      'sort.url': 'URL',
      'sort.host': 'ホスト名',
      'sort.ip': 'IP アドレス',
      'sort.sender': '差出人',
      'sort.forward': '転送先',
      'seen.finding': '所見 {n}：{how}',
      'how.detected': 'ルールが名指ししたもの',
      'how.contacted': 'そのプログラムの接続先',
      'how.program': 'そのプログラム',
      'how.changed': 'メールボックスの変更に使われたもの',
      'how.part': 'その一部',
      'sort.sha256': 'SHA-256',
      'sort.sha1': 'SHA-1',
      'sort.md5': 'MD5',
      'sort.file': 'ファイル',
      empty: '本報告書の内容から導かれるインジケーターはありません。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { words } = context
    const found = new Map<string, Indicator>()
    await fromVector(context, found)
    await fromPath(context, found)
    await fromFindings(context, found)
    await fromRetro(context, found)
    const rows = [...found.values()].sort(bySort)
    const cite = citeSparingly(context)
    const seenLine = (one: Indicator): Line =>
      joinLines(
        [
          ...[...one.seen].sort().map((where) => words(`seen.${where}`)),
          ...[...one.findings]
            .slice(0, MAX_FINDINGS)
            .map(([n, roles]) => words('seen.finding', { n, how: words(`how.${howOf(one.sort, roles)}`) })),
        ].map((seen): Line => [seen]),
        lineBreak,
      )
    const table: Block = {
      block: 'table',
      columns: [
        { header: words('sort'), width: 11 },
        { header: shared('column.value'), width: 41 },
        { header: words('seen'), width: 22 },
        { header: words('risk'), width: 14 },
        { header: shared('column.evidence'), width: 12 },
      ],
      rows: rows.map((one) => ({
        cells: [
          [words(`sort.${one.sort}`)],
          [
            outside(
              one.sort === 'host' || one.sort === 'ip' || one.sort === 'sender' || one.sort === 'forward'
                ? defangAddress(one.value)
                : one.value,
              'mono',
            ),
          ],
          seenLine(one),
          one.sort === 'url' || one.sort === 'host' ? [risk(one.risk)] : [],
          [...one.sources.values()]
            .slice(0, MAX_NAMED)
            .map((source) => cite(source.evidenceId, source.record)),
        ],
      })),
      empty: words('empty'),
    }
    return rows.length === 0 ? [table] : [{ block: 'paragraph', text: [words('intro')], look: 'note' }, table]
  },
} satisfies Section

/** What an address, a host or a program has to do with a finding, in one word. */
function howOf(
  sort: Sort,
  roles: ReadonlySet<Role>,
): 'detected' | 'contacted' | 'program' | 'changed' | 'part' {
  if (sort === 'file' || sort === 'sha256' || sort === 'sha1' || sort === 'md5') return 'program'
  if (roles.has('detected')) return 'detected'
  if (roles.has('contacted')) return 'contacted'
  return roles.has('changed') && sort === 'ip' ? 'changed' : 'part'
}

const ORDER: readonly Sort[] = ['sender', 'forward', 'url', 'host', 'ip', 'file', 'sha256', 'sha1', 'md5']
const bySort = (a: Indicator, b: Indicator): number =>
  ORDER.indexOf(a.sort) - ORDER.indexOf(b.sort) || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0)

function add(
  found: Map<string, Indicator>,
  sort: Sort,
  value: string | null,
  where: 'path' | 'vector' | 'retro' | FindingIndicator,
  sources: readonly Source[],
  level: RiskLevel | null = null,
): void {
  if (value === null || value === '') return
  const one = found.get(`${sort} ${value}`) ?? {
    sort,
    value,
    seen: new Set(),
    findings: new Map<number, ReadonlySet<Role>>(),
    risk: null,
    sources: new Map(),
  }
  if (typeof where === 'string') one.seen.add(where)
  else
    one.findings.set(
      where.finding,
      new Set([...(one.findings.get(where.finding) ?? []), ...where.asset.roles]),
    )
  one.risk ??= level
  for (const source of sources) one.sources.set(`${source.evidenceId}:${source.record}`, source)
  found.set(`${sort} ${value}`, one)
}

async function fromVector(context: ReportContext, found: Map<string, Indicator>): Promise<void> {
  const message = (await findVector(context))?.message
  if (message === undefined) return
  const sources = (await sourcesOfVector(context, message)).slice(0, 2)
  if (!isOwnSender(message)) add(found, 'sender', message.from, 'vector', sources)
  if (message.sourceIp !== null && !isInsideAddress(message.sourceIp))
    add(found, 'ip', message.sourceIp, 'vector', sources)
  for (const url of message.urlList)
    if (url.risk.now !== 'safe') add(found, 'url', url.url, 'vector', sources, url.risk.now)
  for (const file of message.attachmentList) {
    add(found, 'file', file.name, 'vector', sources)
    add(found, 'sha256', file.sha256, 'vector', sources)
    add(found, 'sha1', file.sha1, 'vector', sources)
  }
}

/** A colleague whose mailbox was taken is a victim, and so is whose address was forged: nobody looks for either. */
function isOwnSender({ from, recipients }: MessageDetail): boolean {
  const domain = domainOf(from)
  return recipients.some(({ address }) => domainOf(address) === domain)
}
const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

async function fromFindings(context: ReportContext, found: Map<string, Indicator>): Promise<void> {
  const most = context.count('findings')
  for (const { number, finding } of await weightyFindings(context, most))
    for (const one of await indicatorsOfFinding(context.ask, finding, number)) {
      const { sources } = await proofsOf(context, one.asset.proof)
      const sort = one.sort === 'domain' ? 'host' : one.sort === 'mailbox' ? 'forward' : one.sort
      add(found, sort, one.value, one, sources.slice(0, MAX_NAMED), one.risk)
    }
}

async function fromPath(context: ReportContext, found: Map<string, Indicator>): Promise<void> {
  const story = await findStory(context)
  if (story === undefined) return
  for (const ref of entitiesOfKind(story.path, 'url', 'domain', 'ip', 'file', 'attachment', 'process')) {
    const [row, proofs] = await Promise.all([
      context.ask('entity.get', { id: ref.id }),
      Promise.all(hopsAt(story.path, ref.id).map((hop) => proofsOfHop(context, hop))),
    ])
    const sources = proofs.flatMap((proof) => proof.sources)
    const path = textOf(row.attributes['path'])
    if (row.risk === 'safe' || isInsideAddress(row.name) || (path !== null && isInstalledProgram(path)))
      continue
    if (ref.kind === 'url') add(found, 'url', row.name, 'path', sources, row.risk)
    else if (ref.kind === 'domain') add(found, 'host', row.name, 'path', sources, row.risk)
    else if (ref.kind === 'ip') add(found, 'ip', row.name, 'path', sources)
    else if (ref.kind === 'file')
      add(found, 'file', textOf(row.attributes['path']) ?? row.name, 'path', sources)
    for (const hash of ['sha256', 'sha1', 'md5'] as const)
      add(found, hash, textOf(row.attributes[hash]), 'path', sources)
  }
}

const textOf = (value: string | number | boolean | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null

async function fromRetro(context: ReportContext, found: Map<string, Indicator>): Promise<void> {
  const run = await findLastRetro(context)
  for (const turned of (run?.turned ?? []).slice(0, context.count('turned'))) {
    if (turned.to === 'safe' || turned.to === 'untested') continue
    const message = run?.newlyMatching.find((row) => row.url === turned.url)?.message
    const sources = message ? (await context.ask('mail.get', { id: message.id })).sources.slice(0, 1) : []
    add(found, 'url', turned.url, 'retro', sources, turned.to)
  }
}

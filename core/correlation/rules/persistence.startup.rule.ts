import type { DetectionLevel } from '../../model/detection.ts'
import { baseName } from '../../normalise/path.ts'
import { fileOn, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { extensionOf, splitStream, useOf } from '../file-names.ts'
import { placeOf } from '../hiding-places.ts'
import { isBrowser } from '../mail-programs.ts'
import { documentProgramOf, isShell } from '../office-programs.ts'
import type { Find, Rule } from '../rule.ts'

/** What lies there starts at the next logon: the record names file and place. */
const WRITTEN = 0.88

type Place = 'startup' | 'office' | 'profile' | 'logon_scripts'
/** Folders whose files Windows, Office or PowerShell run by themselves. */
const PLACES: readonly (readonly [Place, RegExp])[] = [
  ['startup', /\\start menu\\programs\\startup\\[^\\]+$/i],
  [
    'office',
    /\\microsoft\\(?:word\\startup|excel\\xlstart|addins|powerpoint\\addins)\\[^\\]+$|\\office\d*\\(?:startup|xlstart)\\[^\\]+$|\\microsoft\\outlook\\vbaproject\.otm$|\\microsoft\\templates\\normal\.dotm$/i,
  ],
  [
    'profile',
    /\\(?:windowspowershell(?:\\v1\.0)?|powershell(?:\\7)?)\\(?:microsoft\.[a-z]+_)?profile\.ps1$/i,
  ],
  [
    'logon_scripts',
    /\\system32\\grouppolicy\\(?:user|machine)\\scripts\\(?:logon|logoff|startup|shutdown)\\[^\\]+$/i,
  ],
]
/** Shortcuts that well-known programs put into the startup folder of their own accord. */
const KNOWN =
  /^(?:send to onenote|onenote \d{4}.*|send to onenote 2016|slack|microsoft teams.*|zoom|dropbox|skype.*|spotify|telegram|evernote.*|citrix.*|cisco.*|logitech.*|stardock.*|rainmeter|autohotkey.*)\.lnk$/i
/** Installers and Office itself. */
const INSTALLERS =
  /\\(?:msiexec|setup|install\w*|update\w*|onenote|onenotem|explorer|ccmexec|trustedinstaller|tiworker|winword|excel|outlook|powerpnt)\.exe$/i

const rule: Rule = {
  id: 'persistence.startup',
  order: 33,
  relations: [],
  detections: ['startup_file'],
  scope: 'endpoint',
  attack: ['T1547.001', 'T1547.009', 'T1137.001', 'T1137.006', 'T1546.013', 'T1037.001'],
  attackOf: {
    'startup_file/startup': ['T1547.001'],
    'startup_file/profile': ['T1546.013'],
    'startup_file/logon_scripts': ['T1037.001'],
    'startup_file/office': ['T1137.001', 'T1137.006'],
  },
  texts: {
    en: {
      title: 'Files that start by where they lie',
      description:
        'A file was put where Windows, Office or PowerShell runs it by itself: the startup folders, templates and add-ins of Office, profiles of PowerShell, scripts of the group policy.',
      needs: 'File creation records: Sysmon 11, or the export of an endpoint sensor.',
      falsePositives:
        'Chat programs, note takers and drivers put shortcuts of their own into the startup folder; well-known ones are left out, and installers weigh less. Word rewrites its own template.',
      'detection.startup_file': 'A file was put where it starts by itself',
      'reason.startup': '{program} put {file} into a startup folder: it runs at the next logon.',
      'reason.office': '{program} put {file} where Office loads it at its next start.',
      'reason.profile': '{program} wrote {file}: every PowerShell runs it when it starts.',
      'reason.logon_scripts': '{program} put {file} among the scripts of the group policy.',
    },
    'zh-TW': {
      title: '因所在位置而自動啟動的檔案',
      description:
        '檔案被放置在 Windows、Office 或 PowerShell 會自行執行的位置：啟動資料夾、Office 範本與增益集、PowerShell 設定檔、群組原則指令碼。',
      needs: '檔案建立紀錄：Sysmon 11，或端點感測器的匯出資料。',
      falsePositives:
        '通訊軟體、筆記軟體與驅動程式會將自己的捷徑放入啟動資料夾；知名者已略過，安裝程式的嚴重性較低。Word 會改寫自己的範本。',
      'detection.startup_file': '檔案被放置在會自動啟動的位置',
      'reason.startup': '{program} 將 {file} 放入啟動資料夾，下次登入時即會執行。',
      'reason.office': '{program} 將 {file} 放在 Office 下次啟動時會載入的位置。',
      'reason.profile': '{program} 寫入 {file}，每個 PowerShell 啟動時都會執行它。',
      'reason.logon_scripts': '{program} 將 {file} 放入群組原則的指令碼資料夾。',
    },
    ja: {
      title: '置き場所により自動で起動するファイル',
      description:
        'Windows・Office・PowerShell が自動で実行する場所にファイルが置かれました。スタートアップフォルダー、Office のテンプレートやアドイン、PowerShell のプロファイル、グループポリシーのスクリプトが対象です。',
      needs: 'ファイル作成の記録（Sysmon 11、またはエンドポイントセンサーのエクスポート）。',
      falsePositives:
        'チャットやメモのソフト、ドライバーは自身のショートカットをスタートアップに置きます。よく知られたものは除き、インストーラーは軽く見ます。Word は自身のテンプレートを書き換えます。',
      'detection.startup_file': '自動で起動する場所にファイルが置かれた',
      'reason.startup':
        '{program} が {file} をスタートアップフォルダーに置きました。次のログオン時に実行されます。',
      'reason.office': '{program} が、Office の次回起動時に読み込まれる場所に {file} を置きました。',
      'reason.profile': '{program} が {file} を書き込みました。PowerShell の起動のたびに実行されます。',
      'reason.logon_scripts': '{program} が {file} をグループポリシーのスクリプトに置きました。',
    },
  },
  matches: [
    {
      title: 'a shortcut by a script, a template by PowerShell, a profile',
      items: [
        exampleEvent('file-create', 0, {
          processPath: 'C:\\Windows\\System32\\wscript.exe',
          pid: 5,
          target:
            'C:\\Users\\amber\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Startup\\Sync.lnk',
        }),
        exampleEvent('file-create', 1, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 6,
          target: 'C:\\Users\\amber\\AppData\\Roaming\\Microsoft\\Word\\STARTUP\\x.dotm',
        }),
        exampleEvent('file-create', 2, {
          processPath: 'C:\\Users\\amber\\AppData\\Local\\Temp\\a.exe',
          pid: 7,
          target: 'C:\\Users\\amber\\Documents\\WindowsPowerShell\\Microsoft.PowerShell_profile.ps1',
        }),
      ],
      finds: [
        '!startup_file: Sync.lnk',
        '!startup_file: x.dotm',
        '!startup_file: Microsoft.PowerShell_profile.ps1',
      ],
    },
  ],
  ignores: [
    {
      title:
        'the folder’s own settings, the shortcut of a note taker, Word and its template, and a mark on a file',
      items: [
        exampleEvent('file-create', 0, {
          processPath: 'C:\\Windows\\explorer.exe',
          target:
            'C:\\Users\\amber\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Startup\\desktop.ini',
        }),
        exampleEvent('file-create', 1, {
          processPath: 'C:\\Office\\ONENOTE.EXE',
          target:
            'C:\\Users\\amber\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Startup\\Send to OneNote.lnk',
        }),
        exampleEvent('file-create', 2, {
          processPath: 'C:\\Office\\WINWORD.EXE',
          target: 'C:\\Users\\amber\\AppData\\Roaming\\Microsoft\\Templates\\Normal.dotm',
        }),
        exampleEvent('file-create', 3, {
          processPath: 'C:\\Office\\WINWORD.EXE',
          target: 'C:\\Users\\amber\\AppData\\Roaming\\Microsoft\\Templates\\~$Normal.dotm',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const fields = ['processPath', 'pid', 'processGuid', 'target', 'action', 'sha256', 'sha1', 'md5'] as const
    for (const event of view.events(['file-create', 'file-rename', 'file-modify'], fields)) {
      const { target, processPath = '', action } = event.fields
      if (event.endpointId === null || target === undefined || action === 'blocked') continue
      const { path, stream } = splitStream(target)
      const place = PLACES.find(([, pattern]) => pattern.test(path))?.[0]
      const name = baseName(path)
      if (place === undefined || stream !== undefined || KNOWN.test(name) || name.startsWith('~$')) continue
      if (useOf(path) === undefined && !/^(?:otm|xlam|wll|xll)$/.test(extensionOf(path))) continue
      const level = levelOf(place, processPath)
      if (level === undefined) continue
      const process = view.processes.actorOf(event)
      yield {
        detection: 'startup_file',
        level,
        subject: fileOn(view.entity(event.endpointId), path, event.fields),
        involved: [event.endpointId, ...(process ? [process.draft] : [])],
        at: event.at,
        confidence: level === 'low' ? 0.45 : level === 'medium' ? 0.65 : WRITTEN,
        reason: place,
        params: { program: process?.draft.name ?? '?', file: name },
        proof: proofOf(event),
      }
    }
  },
}
export default rule

/** Who writes there decides: shells, browsers, documents and programs out of odd folders have no business in it. */
function levelOf(place: Place, writer: string): DetectionLevel | undefined {
  const isOffice = documentProgramOf(writer) !== undefined
  // Office keeps its own templates and add-ins.
  if (place === 'office' && isOffice) return undefined
  const home = placeOf(writer)
  if (isShell(writer) || isBrowser(writer) || isOffice || home === 'hiding') return 'high'
  if (INSTALLERS.test(writer) || home === 'user-installed') return 'low'
  return home === 'elsewhere' ? 'high' : 'medium'
}

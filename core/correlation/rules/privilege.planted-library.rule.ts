import { baseName } from '../../normalise/path.ts'
import { dayOf } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { DetectionDraft, Rule } from '../rule.ts'

/** In the folder of the program that loads it. */
const IN_PLACE = 0.8
/** Made ready elsewhere, to be moved there by a copy that may. */
const READY = 0.65

/**
 * Libraries that programs which raise their own rights look for and Windows does not ship there: name -> folder below the system folder
 * in which they take effect (a part of it). Bypasses of the user account control put them down.
 */
const WANTED: ReadonlyMap<string, string> = new Map([
  ['osksupport.dll', 'system32\\osksupport.dll'],
  ['wow64log.dll', 'system32\\wow64log.dll'],
  ['cryptbase.dll', 'system32\\sysprep\\'],
  ['shcore.dll', 'system32\\sysprep\\'],
  ['dbgcore.dll', 'system32\\sysprep\\'],
  ['elsext.dll', 'system32\\elsext.dll'],
  ['ntwdblib.dll', 'system32\\ntwdblib.dll'],
  ['wbemcomn.dll', 'system32\\wbem\\'],
  ['srrstr.dll', 'windowsapps\\'],
  ['duser.dll', 'system32\\migwiz\\'],
  ['logprovider.dll', 'system32\\dism\\'],
  ['wlanhlp.dll', 'system32\\wlanhlp.dll'],
])
/** Made ready in the folders of a user or for everybody; elsewhere the same name is that of a program's own library. */
const READY_NAMES = new Set([
  'osksupport.dll',
  'wow64log.dll',
  'elsext.dll',
  'ntwdblib.dll',
  'srrstr.dll',
  'wlanhlp.dll',
])
const USER_FOLDER =
  /\\(?:users\\(?:[^\\]+\\appdata\\(?:local\\temp|roaming)|public)|programdata|windows\\temp)\\/i
const INSTALLERS =
  /(?:^|\\)(?:trustedinstaller|tiworker|poqexec|msiexec|wusa|dismhost|setuphost|svchost|mighost)\.exe$/i

const rule: Rule = {
  id: 'privilege.planted-library',
  order: 39,
  relations: [],
  detections: ['library-hijack'],
  scope: 'endpoint',
  attack: ['T1548.002', 'T1574.001'],
  texts: {
    en: {
      title: 'A library put down for a program that raises its rights',
      description:
        'A library was written that Windows does not ship and that one of its programs which gain administrator rights without asking looks for: it runs with those rights, past the user account control.',
      needs: 'File records (Sysmon 11, Defender DeviceFileEvents).',
      falsePositives:
        'Installers that bring a library of the same name to a temporary folder; names that many programs use are only told in the folder where they take effect.',
      'detection.library-hijack': 'Library for a bypass of the user account control',
      'reason.in_place': '{file} is loaded by a program of Windows that raises its own rights.',
      'reason.ready':
        '{file} has the name of a library that such a program looks for; it was made ready in a folder users can write to.',
    },
    'zh-TW': {
      title: '為自動提升權限的程式放置程式庫',
      description:
        '寫入了 Windows 未隨附、但其某個不經詢問即取得管理員權限的程式會尋找的程式庫：它將以該權限執行，繞過使用者帳戶控制。',
      needs: '檔案紀錄（Sysmon 11、Defender DeviceFileEvents）。',
      falsePositives: '將同名程式庫放入暫存資料夾的安裝程式；許多程式共用的名稱僅在其生效的資料夾中才列出。',
      'detection.library-hijack': '用於繞過使用者帳戶控制的程式庫',
      'reason.in_place': '{file} 會由自動提升權限的 Windows 程式載入。',
      'reason.ready': '{file} 與這類程式尋找的程式庫同名，並準備於使用者可寫入的資料夾。',
    },
    ja: {
      title: '権限を自動昇格するプログラム向けに置かれたライブラリ',
      description:
        'Windows には含まれず、確認なしに管理者権限を得る Windows のプログラムが探すライブラリが書き込まれました。その権限で実行され、ユーザーアカウント制御を回避します。',
      needs: 'ファイルの記録（Sysmon 11、Defender の DeviceFileEvents）。',
      falsePositives:
        '同名のライブラリを一時フォルダーに置くインストーラー。多くのプログラムが使う名前は、効果のあるフォルダーでのみ示します。',
      'detection.library-hijack': 'ユーザーアカウント制御を回避するためのライブラリ',
      'reason.in_place': '{file} は、自ら権限を昇格する Windows のプログラムに読み込まれます。',
      'reason.ready':
        '{file} は、そうしたプログラムが探すライブラリの名前で、ユーザーが書き込めるフォルダーに用意されました。',
    },
  },
  matches: [
    {
      title: 'made ready in the temporary folder, and put beside a program that raises its rights',
      items: [
        exampleEvent('file-create', 0, {
          processPath: 'C:\\Windows\\explorer.exe',
          pid: 5,
          target: 'C:\\Users\\amber\\AppData\\Local\\Temp\\OskSupport.dll',
        }),
        exampleEvent('file-create', 5, {
          processPath: 'C:\\Users\\amber\\tool.exe',
          pid: 6,
          target: 'C:\\Windows\\System32\\sysprep\\cryptbase.dll',
        }),
      ],
      finds: ['!library-hijack: explorer.exe', '!library-hijack: tool.exe'],
    },
  ],
  ignores: [
    {
      title: 'a program with a library of that name, an update of Windows, and the library in its own place',
      items: [
        exampleEvent('file-create', 0, {
          processPath: 'C:\\Users\\amber\\AppData\\Local\\Temp\\setup.exe',
          pid: 5,
          target: 'C:\\Program Files\\Reader\\cryptbase.dll',
        }),
        exampleEvent('file-create', 1, {
          processPath: 'C:\\Windows\\servicing\\TrustedInstaller.exe',
          pid: 6,
          target: 'C:\\Windows\\System32\\Dism\\LogProvider.dll',
        }),
        exampleEvent('file-create', 2, {
          processPath: 'C:\\Users\\amber\\AppData\\Local\\Temp\\setup.exe',
          pid: 5,
          target: 'C:\\Users\\amber\\AppData\\Local\\Temp\\is-1\\duser.dll',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    for (const event of view.events(['file-create'], ['target', 'processPath', 'pid', 'processGuid'])) {
      const { target = '', processPath = '' } = event.fields
      const name = baseName(target).toLowerCase()
      const folder = WANTED.get(name)
      if (folder === undefined || event.endpointId === null || INSTALLERS.test(processPath)) continue
      const isInPlace = target.toLowerCase().includes(folder)
      if (!isInPlace && !(READY_NAMES.has(name) && USER_FOLDER.test(target))) continue
      const subject = view.processes.actorOf(event)?.draft ?? event.endpointId
      yield {
        detection: 'library-hijack',
        level: isInPlace ? 'high' : 'medium',
        subject,
        involved: subject === event.endpointId ? [] : [event.endpointId],
        window: `${dayOf(event.at)}|${name}`,
        at: event.at,
        confidence: isInPlace ? IN_PLACE : READY,
        reason: isInPlace ? 'in_place' : 'ready',
        params: { file: target },
        proof: proofOf(event),
      }
    }
  },
}
export default rule

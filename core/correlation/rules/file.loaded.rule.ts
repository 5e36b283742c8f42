import { fileOn, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import { isFilePath, isInSystemFolder } from '../system-folders.ts'

/** The sensor read the file when it was loaded. */
const LOADED = 0.98
/** Libraries remembered for one endpoint; a program of millions of temporary libraries is an attack on memory. */
const MAX_KNOWN = 200_000

const rule: Rule = {
  id: 'file.loaded',
  order: 23,
  scope: 'endpoint',
  relations: ['located-on'],
  attack: ['T1574'],
  texts: {
    en: {
      title: 'Libraries loaded from outside of installed software',
      description:
        'Libraries and drivers that programs loaded, with their hashes, on the endpoint where they lie: so that a hash finds every endpoint that loaded the file. Left out is what lies in the folders of Windows and of installed programs.',
      needs: 'Records of loaded libraries with hashes (Sysmon 6 and 7, or the export of an endpoint sensor).',
      falsePositives: 'Programs that install themselves for one user load their own libraries from there.',
      'reason.loaded': 'The file was loaded from here by {program}.',
    },
    'zh-TW': {
      title: '自已安裝軟體之外載入的程式庫',
      description:
        '程式所載入的程式庫與驅動程式及其雜湊值，連至其所在端點：以雜湊值即可找出載入該檔案的所有端點。位於 Windows 與已安裝程式資料夾者略過。',
      needs: '含雜湊值的程式庫載入紀錄（Sysmon 6 與 7，或端點感測器的匯出）。',
      falsePositives: '僅為單一使用者安裝的程式，會自該處載入自己的程式庫。',
      'reason.loaded': '{program} 自此處載入了該檔案。',
    },
    ja: {
      title: 'インストール済みソフトウェアの外から読み込まれたライブラリ',
      description:
        'プログラムが読み込んだライブラリとドライバーを、ハッシュとともに、その置かれたエンドポイントに結び付けます。ハッシュから、そのファイルを読み込んだすべてのエンドポイントが分かります。Windows とインストール済みプログラムのフォルダーにあるものは除きます。',
      needs: 'ハッシュを含むライブラリ読み込みの記録（Sysmon 6・7、またはエンドポイントセンサーの出力）。',
      falsePositives:
        'ユーザー単位でインストールされるプログラムは、自分のライブラリをそこから読み込みます。',
      'reason.loaded': '{program} がここからこのファイルを読み込みました。',
    },
  },
  matches: [
    {
      title: 'a library in a folder of data',
      items: [
        exampleEvent('image-load', 0, {
          processPath: 'C:\\Windows\\System32\\rundll32.exe',
          target: 'C:\\ProgramData\\Acme\\stage.dll',
          sha256: 'ee'.repeat(32),
        }),
      ],
      finds: ['located-on: stage.dll -> WS-01'],
    },
  ],
  ignores: [
    {
      title: 'a library of Windows, and one without a hash',
      items: [
        exampleEvent('image-load', 0, {
          processPath: 'C:\\Windows\\System32\\rundll32.exe',
          target: 'C:\\Windows\\System32\\shell32.dll',
          sha256: 'aa'.repeat(32),
        }),
        exampleEvent('image-load', 1, {
          processPath: 'C:\\Windows\\System32\\rundll32.exe',
          target: 'C:\\ProgramData\\Acme\\other.dll',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    const known = new Set<string>()
    for (const event of view.events(
      ['image-load', 'driver-load'],
      ['processPath', 'target', 'sha256', 'sha1', 'md5'],
    )) {
      const { target, sha256, sha1, md5, processPath } = event.fields
      const hash = sha256 ?? sha1 ?? md5
      if (event.endpointId === null || target === undefined || hash === undefined) continue
      if (!isFilePath(target) || isInSystemFolder(target)) continue
      // The first time tells where it lies; what a program loads all day says no more.
      const key = `${event.endpointId}|${target.toLowerCase()}|${hash}`
      if (known.has(key) || known.size >= MAX_KNOWN) continue
      known.add(key)
      yield {
        kind: 'located-on',
        from: fileOn(view.entity(event.endpointId), target, event.fields),
        to: event.endpointId,
        at: event.at,
        confidence: LOADED,
        reason: 'loaded',
        params: { program: (processPath ?? '?').split(/[\\/]/).at(-1) ?? '?' },
        proof: proofOf(event),
      }
    }
  },
}
export default rule

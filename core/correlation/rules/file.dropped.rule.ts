import { fileOn, proofOf } from '../drafts.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import { splitStream } from '../file-names.ts'
import { isFileNoise } from '../file-noise.ts'
import type { Rule } from '../rule.ts'

/** The record of a written file names the writer. */
const WROTE = 0.97
/** A stream on a file (a download mark) is set by who wrote the file, or by who forwards the mark. */
const MARKED = 0.8

const rule: Rule = {
  id: 'file.dropped',
  order: 22,
  scope: 'endpoint',
  relations: ['dropped', 'located-on'],
  attack: ['T1105'],
  texts: {
    en: {
      title: 'Files written by processes',
      description:
        'Every file that a process created, on the endpoint where it did. Left out are prefetch traces, caches of browsers and the shell, system logs and Windows updates, unless the file is of a kind that can be run or opened.',
      needs: 'File creation records: Sysmon 11, 15 and 29, or the export of an endpoint sensor.',
      falsePositives:
        'Installers, updaters, archivers and synchronisation programs write many files of every kind.',
      'reason.created': 'The process created this file.',
      'reason.stream': 'The process wrote the mark {stream} onto this file.',
      'reason.host': 'The file was created on this endpoint.',
    },
    'zh-TW': {
      title: '處理程序寫入的檔案',
      description:
        '處理程序在端點上建立的每個檔案。略過預先擷取檔、瀏覽器與殼層快取、系統記錄與 Windows 更新，但可執行或可開啟類型的檔案除外。',
      needs: '檔案建立紀錄：Sysmon 11、15 與 29，或端點感測器的匯出資料。',
      falsePositives: '安裝程式、更新程式、壓縮軟體與同步程式會寫入大量各類檔案。',
      'reason.created': '處理程序建立了此檔案。',
      'reason.stream': '處理程序在此檔案寫入了 {stream} 標記。',
      'reason.host': '檔案在此端點上建立。',
    },
    ja: {
      title: 'プロセスが書き込んだファイル',
      description:
        'プロセスがエンドポイント上に作成したすべてのファイル。プリフェッチ、ブラウザーやシェルのキャッシュ、システムログ、Windows の更新は除きますが、実行や閲覧ができる種類のファイルは残します。',
      needs: 'ファイル作成の記録（Sysmon 11、15、29、またはエンドポイントセンサーのエクスポート）。',
      falsePositives:
        'インストーラー、アップデーター、圧縮ソフト、同期ソフトは、あらゆる種類のファイルを大量に書き込みます。',
      'reason.created': 'プロセスがこのファイルを作成しました。',
      'reason.stream': 'プロセスがこのファイルに {stream} の印を書き込みました。',
      'reason.host': 'このファイルはこのエンドポイントで作成されました。',
    },
  },
  matches: [
    {
      title: 'a script host writes a program, a browser marks its download',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\wscript.exe',
          processGuid: exampleGuid(1),
        }),
        exampleEvent('file-create', 2, { processGuid: exampleGuid(1), target: 'C:\\ProgramData\\x\\a.exe' }),
        exampleEvent('file-stream', 3, {
          processPath: 'C:\\Program Files\\Edge\\msedge.exe',
          pid: 9,
          target: 'C:\\Users\\amber\\Downloads\\b.zip:Zone.Identifier',
        }),
      ],
      finds: ['dropped: wscript.exe -> a.exe', 'located-on: a.exe -> WS-01', 'dropped: msedge.exe -> b.zip'],
    },
  ],
  ignores: [
    {
      title: 'prefetch traces, browser cache, and a creation that was blocked',
      items: [
        exampleEvent('file-create', 0, {
          processPath: 'C:\\Windows\\System32\\svchost.exe',
          pid: 4,
          target: 'C:\\Windows\\Prefetch\\CMD.EXE-1.pf',
        }),
        exampleEvent('file-create', 1, {
          processPath: 'C:\\Program Files\\Edge\\msedge.exe',
          pid: 9,
          target:
            'C:\\Users\\amber\\AppData\\Local\\Microsoft\\Edge\\User Data\\Default\\Cache\\Cache_Data\\f_00001a',
        }),
        exampleEvent('file-create', 2, {
          processPath: 'C:\\Users\\amber\\a.exe',
          pid: 9,
          target: 'C:\\Users\\amber\\b.exe',
          action: 'blocked',
        }),
      ],
      finds: [],
    },
  ],

  *run(view) {
    const fields = ['processPath', 'pid', 'processGuid', 'target', 'action', 'sha256', 'sha1', 'md5'] as const
    for (const event of view.events(['file-create', 'file-stream'], fields)) {
      const { target, action, processPath } = event.fields
      if (event.endpointId === null || target === undefined || action === 'blocked') continue
      const { path, stream } = splitStream(target)
      if (isFileNoise(path, processPath)) continue
      // The hash of a stream is not the hash of the file.
      const file = fileOn(view.entity(event.endpointId), path, stream === undefined ? event.fields : {})
      const base = { at: event.at, proof: proofOf(event) }
      const process = view.processes.actorOf(event)
      if (process) {
        if (stream === undefined)
          yield {
            ...base,
            kind: 'dropped',
            from: process.draft,
            to: file,
            confidence: WROTE,
            reason: 'created',
          }
        else
          yield {
            ...base,
            kind: 'dropped',
            from: process.draft,
            to: file,
            confidence: MARKED,
            reason: 'stream',
            params: { stream },
          }
      }
      yield {
        ...base,
        kind: 'located-on',
        from: file,
        to: event.endpointId,
        confidence: 0.99,
        reason: 'host',
      }
    }
  },
}
export default rule

import { baseName } from '../../normalise/path.ts'
import { fileOn, proofOf } from '../drafts.ts'
import { addedExtension, isRansomNote } from '../encrypted-files.ts'
import { exampleEvent } from '../example.ts'
import { folderOf, nameOf, type Writing, writerOf } from '../file-writers.ts'
import type { Find, Rule } from '../rule.ts'
import { isInSystemFolder } from '../system-folders.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** So many files with one new extension within so long: by hand nobody does that. */
const FILES = 20
const MINUTE_US = 60_000_000
/** What an endpoint had long before is the extension of some program there. */
const NEW_US = 86_400_000_000
/** Folders in which one note makes a finding without any extension. */
const NOTE_FOLDERS = 10
const WITH_NOTE = 0.95
const WITHOUT_NOTE = 0.8
const NOTE_ONLY = 0.75
/** Kinds of files under one added extension. A document store has one. */
const KINDS = 3
/** Writers and extensions held at a time. Attack: a new process or extension for every file. */
const MAX_HELD = 20_000
const MAX_CITED = 20

const rule: Rule = {
  id: 'impact.encryption',
  order: 54,
  relations: [],
  detections: ['mass-encryption', 'ransom-note'],
  attack: ['T1486'],
  texts: {
    en: {
      title: 'Files encrypted in masses',
      description:
        'One process gave many files the same additional extension within a minute, one that the endpoint had not before and that programs are not known to add; or it left notes of the same telling name in many folders. Critical where the same extension appears on several endpoints.',
      needs:
        'File records with their process: Sysmon 11, DeviceFileEvents, another sensor, or object access auditing (4663).',
      falsePositives:
        'A program that stores every file under an extension of its own, when it is used for the first time.',
      'detection.mass-encryption': 'Files were encrypted in masses',
      'detection.ransom-note': 'Notes of an extortionist in many folders',
      'reason.noted':
        '{process} wrote {count} files with the additional extension .{extension}, {files} of them within a minute, and the note {note}.',
      'reason.spread':
        '{process} wrote {count} files with the additional extension .{extension}, {files} of them within a minute; {endpoints} endpoints have such files.',
      'reason.written':
        '{process} wrote {count} files with the additional extension .{extension}, {files} of them within a minute.',
      'reason.notes': '{process} wrote a file {note} into {folders} folders.',
    },
    'zh-TW': {
      title: '大量檔案遭加密',
      description:
        '同一處理程序在一分鐘內為大量檔案加上相同的附加副檔名，該端點先前未曾出現，且非一般程式所加；或在許多資料夾留下相同且意圖明顯的說明檔。相同副檔名出現於多個端點時為嚴重。',
      needs: '含處理程序的檔案紀錄：Sysmon 11、DeviceFileEvents、其他感測器，或物件存取稽核（4663）。',
      falsePositives: '以自有副檔名儲存所有檔案的程式首次使用時。',
      'detection.mass-encryption': '檔案遭大量加密',
      'detection.ransom-note': '許多資料夾中出現勒索說明檔',
      'reason.noted':
        '{process} 寫入 {count} 個附加副檔名為 .{extension} 的檔案，其中 {files} 個在一分鐘內，並留下說明檔 {note}。',
      'reason.spread':
        '{process} 寫入 {count} 個附加副檔名為 .{extension} 的檔案，其中 {files} 個在一分鐘內；共 {endpoints} 個端點有此類檔案。',
      'reason.written':
        '{process} 寫入 {count} 個附加副檔名為 .{extension} 的檔案，其中 {files} 個在一分鐘內。',
      'reason.notes': '{process} 將檔案 {note} 寫入 {folders} 個資料夾。',
    },
    ja: {
      title: 'ファイルの大量暗号化',
      description:
        '1 つのプロセスが 1 分以内に多数のファイルへ同じ追加の拡張子を付けました。そのエンドポイントには以前なく、プログラムが付けるものとしても知られていない拡張子です。または、同じ名前の脅迫文とみられるファイルを多数のフォルダーに残しました。同じ拡張子が複数のエンドポイントにある場合は緊急です。',
      needs:
        'プロセス付きのファイルの記録（Sysmon 11、DeviceFileEvents、他のセンサー、またはオブジェクトアクセス監査 4663）。',
      falsePositives: 'すべてのファイルを独自の拡張子で保存するプログラムが初めて使われたとき。',
      'detection.mass-encryption': 'ファイルが大量に暗号化された',
      'detection.ransom-note': '多数のフォルダーに脅迫文が置かれた',
      'reason.noted':
        '{process} が追加の拡張子 .{extension} を持つファイルを {count} 個（うち 1 分以内に {files} 個）書き込み、脅迫文 {note} を残しました。',
      'reason.spread':
        '{process} が追加の拡張子 .{extension} を持つファイルを {count} 個（うち 1 分以内に {files} 個）書き込みました。{endpoints} 台のエンドポイントに同様のファイルがあります。',
      'reason.written':
        '{process} が追加の拡張子 .{extension} を持つファイルを {count} 個（うち 1 分以内に {files} 個）書き込みました。',
      'reason.notes': '{process} がファイル {note} を {folders} 個のフォルダーに書き込みました。',
    },
  },
  matches: [
    {
      title: 'a process that adds an extension to files and leaves its note',
      items: [
        ...Array.from({ length: 25 }, (_, place) => written(place / 5, 7, `D:\\Shares\\f${place}.xlsx.hldn`)),
        written(9, 7, 'D:\\Shares\\README_RESTORE.txt'),
      ],
      finds: ['!mass-encryption: svcmon.exe'],
    },
    {
      title: 'a note in many folders',
      items: Array.from({ length: 12 }, (_, place) =>
        written(place, 8, `D:\\Shares\\${place}\\HOW_TO_DECRYPT.txt`),
      ),
      finds: ['!ransom-note: svcmon.exe'],
    },
  ],
  ignores: [
    {
      title: 'compressed and unfinished copies, versions, a package with its README, and a few odd files',
      items: [
        ...Array.from({ length: 30 }, (_, place) => [
          written(place / 10, 7, `E:\\Backup\\f${place}.xlsx.gz`),
          written(place / 10, 7, `E:\\Backup\\f${place}.docx.v${place}`),
          written(place / 10, 7, `E:\\Sync\\f${place}.pdf.partial`),
          written(place / 10, 7, `C:\\src\\p${place}\\README.txt`),
          written(place * 60, 7, `C:\\Store\\f${place}.pdf.dms`),
        ]).flat(),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const masses = new Masses(view)
    const fields = ['processPath', 'pid', 'processGuid', 'target', 'status'] as const
    for (const event of view.events(['file-create', 'file-rename', 'file-modify', 'object-access'], fields))
      masses.note(event)
    yield* masses.finds()
  },
}
export default rule

/** Write data or append, or delete, which a rename asks for ([MS-DTYP] 2.4.3). */
const WRITES = 0x1_0006

class Masses {
  readonly #view: CorrelationView
  /** Endpoint, process and extension -> what was written of it. */
  readonly #writings = new Map<string, Writing>()
  readonly #notes = new Map<string, Writing>()
  /** Endpoint and extension -> when it was first seen. */
  readonly #firstSeen = new Map<string, number>()
  readonly #found: Writing[] = []

  constructor(view: CorrelationView) {
    this.#view = view
  }

  note(event: ViewEvent): void {
    const { target, status } = event.fields
    if (event.endpointId === null || event.at === null || target === undefined) return
    if (event.kind === 'object-access' && (Number(status ?? 0) & WRITES) === 0) return
    const extension = addedExtension(target)
    if (extension) this.#add(event, event.at, target, extension.added, extension.inner)
    else if (isRansomNote(target)) this.#addNote(event, event.at, target)
  }

  #add(event: ViewEvent, at: number, target: string, added: string, inner: string): void {
    const place = `${event.endpointId}|${added}`
    const seen = this.#firstSeen.get(place)
    if (seen === undefined && this.#firstSeen.size < MAX_HELD) this.#firstSeen.set(place, at)
    if (seen !== undefined && at - seen > NEW_US) return
    const writing = this.#writingOf(this.#writings, `${writerOf(event)}|${added}`, event, at, added)
    if (!writing) return
    writing.count += 1
    writing.until = at
    writing.kinds.add(inner)
    if (writing.folders.size < MAX_HELD) writing.folders.add(folderOf(target))
    if (writing.isMass) return
    writing.times.push(at)
    if (writing.cited.length < MAX_CITED) writing.cited.push(event)
    while (at - (writing.times[0] ?? at) > MINUTE_US) writing.times.shift()
    if (writing.times.length < FILES) return
    writing.isMass = true
    this.#found.push(writing)
  }

  #addNote(event: ViewEvent, at: number, target: string): void {
    const key = `${writerOf(event)}|${baseName(target).toLowerCase()}`
    const writing = this.#writingOf(this.#notes, key, event, at, baseName(target))
    if (!writing) return
    writing.until = at
    writing.count += 1
    if (writing.folders.size < MAX_HELD) writing.folders.add(folderOf(target))
    if (writing.cited.length < MAX_CITED) writing.cited.push(event)
  }

  #writingOf(
    held: Map<string, Writing>,
    key: string,
    event: ViewEvent,
    at: number,
    extension: string,
  ): Writing | undefined {
    const known = held.get(key)
    if (known || held.size >= MAX_HELD) return known
    const process = this.#view.processes.actorOf(event)
    const writing: Writing = {
      first: event,
      extension,
      handle: process?.draft ?? event.endpointId ?? 0,
      path: event.fields.processPath ?? process?.path ?? '',
      times: [],
      kinds: new Set(),
      folders: new Set(),
      cited: [],
      count: 0,
      until: at,
      isMass: false,
      note: undefined,
    }
    held.set(key, writing)
    return writing
  }

  *finds(): Generator<Find> {
    const told = new Set<string>()
    const endpoints = new Map<string, Set<number>>()
    for (const writing of this.#found) {
      const places = endpoints.get(writing.extension) ?? new Set()
      endpoints.set(writing.extension, places.add(writing.first.endpointId ?? 0))
      for (const note of this.#notes.values())
        if (writerOf(note.first) === writerOf(writing.first)) {
          writing.note ??= note.first
          told.add(writerOf(note.first))
        }
    }
    for (const writing of this.#found) {
      const spread = endpoints.get(writing.extension)?.size ?? 1
      const isTelling =
        writing.note !== undefined ||
        spread > 1 ||
        writing.kinds.size >= KINDS ||
        (writing.path !== '' && !isInSystemFolder(writing.path))
      if (isTelling) yield this.#mass(writing, spread)
    }
    for (const note of this.#notes.values())
      if (note.folders.size >= NOTE_FOLDERS && !told.has(writerOf(note.first))) yield this.#noted(note)
  }

  #mass(writing: Writing, endpoints: number): Find {
    const { first, note, count, extension } = writing
    const endpoint = first.endpointId ?? 0
    const noteFile = note && fileOn(this.#view.entity(endpoint), note.fields.target ?? '')
    return {
      detection: 'mass-encryption',
      level: endpoints > 1 ? 'critical' : 'high',
      subject: writing.handle,
      involved: [endpoint, ...(noteFile ? [noteFile] : [])],
      window: extension,
      at: first.at,
      until: writing.until,
      confidence: note || endpoints > 1 ? WITH_NOTE : WITHOUT_NOTE,
      reason: note ? 'noted' : endpoints > 1 ? 'spread' : 'written',
      params: {
        process: nameOf(writing),
        count,
        extension,
        files: writing.times.length,
        endpoints,
        note: noteFile?.name ?? '',
      },
      proof: [...writing.cited, ...(note ? [note] : [])].flatMap(proofOf),
    }
  }

  #noted(note: Writing): Find {
    return {
      detection: 'ransom-note',
      level: 'high',
      subject: note.handle,
      involved: [note.first.endpointId ?? 0],
      window: note.extension,
      at: note.first.at,
      until: note.until,
      confidence: NOTE_ONLY,
      reason: 'notes',
      params: { process: nameOf(note), note: note.extension, folders: note.folders.size },
      proof: note.cited.flatMap(proofOf),
    }
  }
}

/** A written file of an example. */
function written(seconds: number, pid: number, target: string) {
  return exampleEvent('file-create', seconds, { processPath: 'C:\\Windows\\svcmon.exe', pid, target })
}

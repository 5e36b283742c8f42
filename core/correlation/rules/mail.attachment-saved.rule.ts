import { DownloadMarks } from '../download-marks.ts'
import { fileOn, proofOf } from '../drafts.ts'
import { exampleMessage, exampleUser } from '../example-mail.ts'
import { exampleEvent } from '../example.ts'
import { isAttachmentFolder, isMailClient, isOutlook, isOutlookCache } from '../mail-programs.ts'
import type { MessageCopy } from '../message-copy.ts'
import { openedFiles } from '../opened-files.ts'
import type { Recipients } from '../recipients.ts'
import { SentFiles, wasDelivered, WrittenBytes } from '../sent-files.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The bytes are the same, and a user of the endpoint had received them. */
const BY_HASH = 0.97
/** The bytes are the same; that somebody of this endpoint had received them is not known. */
const BY_HASH_ALONE = 0.88
/** Outlook wrote a file of this name into its cache on a recipient's endpoint after delivery (S15). */
const BY_OUTLOOK = 0.9
/** Another mail client did. */
const BY_CLIENT = 0.75
/** A file of this name appeared where downloads go, written by something else. */
const BY_FOLDER = 0.5
/** Copies cited for one saved file. Attack: the same attachment sent ten thousand times. */
const MAX_COPIES = 8

const rule: Rule = {
  id: 'mail.attachment-saved',
  order: 40,
  relations: ['saved-as', 'located-on'],
  attack: ['T1566.001'],
  texts: {
    en: {
      title: 'Attachment on an endpoint',
      description:
        'A file on an endpoint is an attachment of a message: same hash, or same name written by the mail client on a recipient’s endpoint after delivery.',
      needs:
        'Mail metadata with attachments; file events with hashes, or the mail client as writing process; users tied to mailboxes and endpoints.',
      falsePositives:
        'Common names such as invoice.pdf can belong to another message, or to a download without a mark that says where it came from. Identical files reach an endpoint by other ways than mail.',
      'reason.hash':
        'Attachment {name}, delivered to a user of this endpoint before, and the file have the same hash.',
      'reason.hash_alone':
        'Attachment {name} and the file have the same hash; nobody known to use this endpoint had received it.',
      'reason.outlook': 'Outlook wrote a file named {name} on an endpoint of a recipient after delivery.',
      'reason.client': '{client} wrote a file named {name} on an endpoint of a recipient after delivery.',
      'reason.folder': 'A file named {name} appeared in a download folder of a recipient after delivery.',
      'reason.host': 'The file was recorded on this endpoint.',
    },
    'zh-TW': {
      title: '端點上的附件',
      description:
        '端點上的檔案就是郵件的附件：雜湊值相同，或送達後由郵件用戶端在收件者的端點上寫入同名檔案。',
      needs: '含附件的郵件中繼資料；含雜湊值或由郵件用戶端寫入的檔案事件；使用者與信箱、端點的對應。',
      falsePositives:
        'invoice.pdf 之類的常見檔名可能屬於其他郵件，或屬於沒有標記來源的下載檔案。相同的檔案也可能由郵件以外的途徑抵達端點。',
      'reason.hash': '附件 {name} 先前已送達此端點的使用者，且與該檔案的雜湊值相同。',
      'reason.hash_alone': '附件 {name} 與該檔案的雜湊值相同，但未發現此端點的使用者曾收到該附件。',
      'reason.outlook': '送達後，Outlook 在收件者的端點上寫入名為 {name} 的檔案。',
      'reason.client': '送達後，{client} 在收件者的端點上寫入名為 {name} 的檔案。',
      'reason.folder': '送達後，收件者的下載資料夾中出現名為 {name} 的檔案。',
      'reason.host': '此檔案記錄於該端點。',
    },
    ja: {
      title: 'エンドポイント上の添付ファイル',
      description:
        'エンドポイント上のファイルがメールの添付ファイルです。ハッシュが一致するか、配信後に受信者のエンドポイントでメールクライアントが同名のファイルを書き込んでいます。',
      needs:
        '添付ファイルを含むメールのメタデータ、ハッシュ付きまたはメールクライアントによるファイルイベント、ユーザーとメールボックス・エンドポイントの対応。',
      falsePositives:
        'invoice.pdf のような一般的な名前は、別のメールのものか、取得元の印のないダウンロードのものかもしれません。同じファイルがメール以外の経路で届くこともあります。',
      'reason.hash':
        'このエンドポイントのユーザーに事前に配信された添付ファイル {name} と、ファイルのハッシュが一致します。',
      'reason.hash_alone':
        '添付ファイル {name} とファイルのハッシュは一致しますが、このエンドポイントの利用者が受信した記録はありません。',
      'reason.outlook':
        '配信後、受信者のエンドポイントで Outlook が {name} という名前のファイルを書き込みました。',
      'reason.client':
        '配信後、受信者のエンドポイントで {client} が {name} という名前のファイルを書き込みました。',
      'reason.folder': '配信後、受信者のダウンロードフォルダーに {name} という名前のファイルが現れました。',
      'reason.host': 'このファイルはこのエンドポイントで記録されました。',
    },
  },
  matches: [
    {
      title: 'only the start of Word shows the attachment, on a clock seven minutes slow',
      items: [
        exampleUser('amber', 1105),
        exampleMessage(600, {
          mailbox: 'amber@corp.example',
          attachments: [{ name: 'invoice.docm', sha256: 'ab'.repeat(32) }],
        }),
        exampleEvent('process-start', 240, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          processPath: 'C:\\Office\\WINWORD.EXE',
          pid: 5,
          commandLine:
            'WINWORD.EXE /n "C:\\Users\\amber\\AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook\\A1\\invoice.docm"',
        }),
      ],
      finds: ['saved-as: invoice.docm -> invoice.docm'],
    },
    {
      title: 'only what the document started is recorded, and names it as its parent’s',
      items: [
        exampleUser('amber', 1105),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          attachments: [{ name: 'invoice.docm', sha256: 'ab'.repeat(32) }],
        }),
        exampleEvent('process-start', 660, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          pid: 7,
          commandLine: 'cmd.exe /c whoami',
          parentPath: 'C:\\Office\\WINWORD.EXE',
          parentPid: 5,
          parentCommandLine:
            'WINWORD.EXE /n "C:\\Users\\amber\\AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook\\A1\\invoice.docm"',
        }),
      ],
      finds: ['saved-as: invoice.docm -> invoice.docm'],
    },
    {
      title: 'Outlook writes the attachment into its cache',
      items: [
        exampleUser('amber', 1105),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          attachments: [{ name: 'invoice.docm', sha256: 'ab'.repeat(32) }],
        }),
        exampleEvent('logon', 10, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          logonType: 2,
        }),
        exampleEvent('file-create', 60, {
          processPath: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE',
          target:
            'C:\\Users\\amber\\AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook\\A1\\invoice.docm',
        }),
      ],
      finds: ['saved-as: invoice.docm -> invoice.docm', 'located-on: invoice.docm -> WS-01'],
    },
    {
      title: 'the same hash under another name',
      items: [
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          attachments: [{ name: 'invoice.docm', sha256: 'ab'.repeat(32) }],
        }),
        exampleEvent('file-stream', 60, {
          processPath: 'C:\\Windows\\explorer.exe',
          target: 'C:\\Temp\\x.bin',
          sha256: 'ab'.repeat(32),
        }),
      ],
      finds: ['saved-as: invoice.docm -> x.bin'],
    },
    {
      title: 'saved from the mail that was read in the browser: the mark names the webmail',
      items: [
        exampleUser('amber', 1105),
        exampleEvent('logon', 0, { account: 'CORP\\amber', accountSid: 'S-1-5-21-1-2-3-1105', logonType: 2 }),
        exampleMessage(10, { mailbox: 'amber@corp.example', attachments: [{ name: 'invoice.docm' }] }),
        exampleEvent('file-create', 60, {
          processPath: 'C:\\x\\msedge.exe',
          target: 'C:\\Users\\amber\\Downloads\\invoice.docm',
        }),
        exampleEvent('file-stream', 61, {
          processPath: 'C:\\x\\msedge.exe',
          target: 'C:\\Users\\amber\\Downloads\\invoice.docm:Zone.Identifier',
          url: 'https://mail.corp.example/owa/service.svc/s/GetFileAttachment?id=AAMk',
        }),
      ],
      finds: ['saved-as: invoice.docm -> invoice.docm'],
    },
  ],
  ignores: [
    {
      title: 'a download of the same name: its mark names the page it came from',
      items: [
        exampleUser('amber', 1105),
        exampleEvent('logon', 0, { account: 'CORP\\amber', accountSid: 'S-1-5-21-1-2-3-1105', logonType: 2 }),
        exampleMessage(10, { mailbox: 'amber@corp.example', attachments: [{ name: 'invoice.docm' }] }),
        exampleEvent('file-create', 60, {
          processPath: 'C:\\x\\msedge.exe',
          target: 'C:\\Users\\amber\\Downloads\\invoice.docm',
        }),
        exampleEvent('file-stream', 61, {
          processPath: 'C:\\x\\msedge.exe',
          target: 'C:\\Users\\amber\\Downloads\\invoice.docm:Zone.Identifier',
          url: 'http://driveby.example/invoice.docm',
        }),
        exampleEvent('file-modify', 660, {
          processPath: 'C:\\Office\\WINWORD.EXE',
          target: 'C:\\Users\\amber\\Downloads\\invoice.docm',
        }),
      ],
      finds: [],
    },
    {
      title: 'a terminal server: one person’s file of the name of another person’s attachment',
      items: [
        exampleUser('amber', 1105),
        exampleUser('bruno', 1106),
        exampleEvent('logon', -60, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          logonType: 10,
        }),
        exampleEvent('logon', -50, {
          account: 'CORP\\bruno',
          accountSid: 'S-1-5-21-1-2-3-1106',
          logonType: 10,
        }),
        exampleMessage(0, { mailbox: 'amber@corp.example', attachments: [{ name: 'invoice.docm' }] }),
        exampleMessage(1, {
          messageId: 'm2@out.example',
          mailbox: 'bruno@corp.example',
          attachments: [{ name: 'plan.docx' }],
        }),
        exampleEvent('file-create', 60, {
          processPath: 'C:\\x\\msedge.exe',
          target: 'C:\\Users\\bruno\\Downloads\\invoice.docm',
        }),
      ],
      finds: [],
    },
    {
      title: 'the same bytes, there before the message came',
      items: [
        exampleEvent('file-create', 60, {
          processPath: 'C:\\Windows\\explorer.exe',
          target: 'C:\\Temp\\x.bin',
          sha256: 'ab'.repeat(32),
        }),
        exampleMessage(3600, {
          mailbox: 'amber@corp.example',
          attachments: [{ name: 'invoice.docm', sha256: 'ab'.repeat(32) }],
        }),
      ],
      finds: [],
    },
    {
      title: 'another file of that name, saved by the browser: its mark has other bytes',
      items: [
        exampleUser('amber', 1105),
        exampleEvent('logon', 0, { account: 'CORP\\amber', accountSid: 'S-1-5-21-1-2-3-1105', logonType: 2 }),
        exampleMessage(10, {
          mailbox: 'amber@corp.example',
          attachments: [{ name: 'invoice.docm', sha256: 'ab'.repeat(32) }],
        }),
        exampleEvent('file-create', 60, {
          processPath: 'C:\\x\\msedge.exe',
          target: 'C:\\Users\\amber\\Downloads\\invoice.docm',
        }),
        exampleEvent('file-stream', 61, {
          processPath: 'C:\\x\\msedge.exe',
          target: 'C:\\Users\\amber\\Downloads\\invoice.docm',
          sha256: 'cd'.repeat(32),
        }),
      ],
      finds: [],
    },
    {
      title: 'a file of that name before the message came',
      items: [
        exampleUser('amber', 1105),
        exampleEvent('logon', 0, { account: 'CORP\\amber', accountSid: 'S-1-5-21-1-2-3-1105', logonType: 2 }),
        exampleEvent('file-create', 60, {
          processPath: 'C:\\x\\OUTLOOK.EXE',
          target: 'C:\\Users\\amber\\Downloads\\invoice.docm',
        }),
        exampleMessage(3600, {
          mailbox: 'amber@corp.example',
          attachments: [{ name: 'invoice.docm', sha256: 'ab'.repeat(32) }],
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    const { recipients } = view
    const sent = new SentFiles(view)
    if (sent.isEmpty) return
    const named: { event: ViewEvent; path: string }[] = []
    const bytes = new WrittenBytes()
    const marks = new DownloadMarks()
    for (const event of view.events(
      ['file-create', 'file-stream', 'file-rename', 'file-modify', 'process-start', 'malware-detected'],
      [
        'processPath',
        'commandLine',
        'parentPath',
        'parentCommandLine',
        'target',
        'sha256',
        'sha1',
        'md5',
        'action',
        'url',
      ],
    )) {
      if (event.endpointId === null || event.fields.action === 'blocked') continue
      const marked = DownloadMarks.markedBy(event)
      if (marked !== undefined && sent.hasName(plainName(marked))) marks.note(event, marked)
      const isStart = event.kind === 'process-start'
      const path = isStart ? event.fields.processPath : event.fields.target
      if (path === undefined) continue
      yield* byHashOf(view, event, path, sent, recipients)
      const paths = isStart ? openedAttachments(event) : [path]
      for (const one of paths) {
        if (!sent.hasName(plainName(one))) continue
        if (!isStart) bytes.note(event, one)
        if (mayBeOf(event, one, sent, recipients)) named.push({ event, path: one })
      }
    }
    for (const { event, path } of named)
      // Where its writing is on record, the opening says nothing new.
      if (event.kind !== 'process-start' || !bytes.wasWritten(event, path))
        yield* byNameOf(view, event, path, sent, recipients, { bytes, marks })
  },
}
export default rule

const baseName = (path: string) => (path.split(/[\\/]/).at(-1) ?? '').toLowerCase()
/** `invoice (002).docm` and `invoice (2).docm` are what Outlook and browsers make of a second copy. */
const plainName = (path: string) => baseName(path).replace(/ \(\d{1,3}\)(?=\.[^.]+$)/, '')

/** Whether somebody who may have written it got a file of that name: a company saves many of a name that nobody there was sent. */
const mayBeOf = (event: ViewEvent, path: string, sent: SentFiles, recipients: Recipients): boolean =>
  event.endpointId !== null &&
  recipients
    .actorsOn(event.endpointId, event.userId, path)
    .some((user) => sent.hasNamed(user, plainName(path)))

/**
 * What a program, or the one that started it, was told to open in the folders of incoming files: a log of starts alone shows
 * attachments this way, and one that was cut at an alert shows what the macro started alone.
 */
function openedAttachments({ fields }: ViewEvent): string[] {
  const { processPath, commandLine, parentPath, parentCommandLine } = fields
  return [...attachmentsIn(processPath, commandLine), ...attachmentsIn(parentPath, parentCommandLine)]
}
function attachmentsIn(program = '', commandLine = ''): string[] {
  if (!isAttachmentFolder(commandLine)) return []
  return openedFiles(program, commandLine)
    .map((file) => file.path)
    .filter(isOutlookCache)
}

/** Among all copies with these bytes: those delivered before to somebody of this endpoint, else the first delivered. */
function* byHashOf(
  view: CorrelationView,
  event: ViewEvent,
  path: string,
  sent: SentFiles,
  recipients: Recipients,
): Generator<RelationDraft> {
  const { sha256, sha1, md5 } = event.fields
  const hash = [sha256, sha1, md5].find((one) => one !== undefined && sent.hasHash(one))
  if (hash === undefined || event.endpointId === null) return
  let found = 0
  for (const user of recipients.actorsOn(event.endpointId, event.userId, path)) {
    for (const { copy, attachment } of sent.before(user, hash, event.at)) {
      found += 1
      if (found > MAX_COPIES) return
      yield* saved(view, event, path, attachment.entity.id, BY_HASH, 'hash', { name: attachment.name }, copy)
    }
  }
  const first = found === 0 ? sent.firstOf(hash) : undefined
  if (first && wasDelivered(first.at, event.at))
    yield* saved(
      view,
      event,
      path,
      first.attachment.entity.id,
      BY_HASH_ALONE,
      'hash_alone',
      { name: first.attachment.name },
      first.copy,
    )
}

/** What speaks against that a file is an attachment though it has the same name. */
interface Doubts {
  readonly bytes: WrittenBytes
  readonly marks: DownloadMarks
}

/**
 * The latest attachment of that name the user had got, and further copies of the same one. Where no mail client wrote the file and its
 * own mark says from which page it came, the name alone is a coincidence.
 */
function* byNameOf(
  view: CorrelationView,
  event: ViewEvent,
  path: string,
  sent: SentFiles,
  recipients: Recipients,
  { bytes, marks }: Doubts,
): Generator<RelationDraft> {
  const { processPath } = event.fields
  const isClient = isMailClient(processPath)
  if ((!isClient && !isAttachmentFolder(path)) || event.endpointId === null || event.at === null) return
  const key = `name ${plainName(path)}`
  const [confidence, reason] =
    isOutlook(processPath) || isOutlookCache(path)
      ? ([BY_OUTLOOK, 'outlook'] as const)
      : isClient
        ? ([BY_CLIENT, 'client'] as const)
        : ([BY_FOLDER, 'folder'] as const)
  if (reason === 'folder' && marks.isFromElsewhere(event, path)) return
  const client = processPath?.split(/[\\/]/).at(-1) ?? ''
  for (const user of recipients.actorsOn(event.endpointId, event.userId, path)) {
    let chosen: number | undefined
    let cited = 0
    for (const { copy, attachment, at } of sent.before(user, key, event.at)) {
      if (at === null || bytes.areOthers(event, path, attachment)) continue
      chosen ??= attachment.entity.id
      cited += 1
      if (cited > MAX_COPIES || attachment.entity.id !== chosen) break
      yield* saved(
        view,
        event,
        path,
        attachment.entity.id,
        confidence,
        reason,
        { name: attachment.name, client },
        copy,
      )
    }
  }
}

function* saved(
  view: CorrelationView,
  event: ViewEvent,
  path: string,
  attachmentId: number,
  confidence: number,
  reason: string,
  params: Record<string, string>,
  copy: MessageCopy,
): Generator<RelationDraft> {
  const endpoint = view.entity(event.endpointId as number)
  const { sha256, sha1, md5, processPath } = event.fields
  // The hash of a start is that of its program, not of what it opens; that of a stream is Sysmon's hash of the file.
  const isOwn = event.kind !== 'process-start' || path === processPath
  const file = fileOn(endpoint, path, isOwn ? { sha256, sha1, md5 } : {})
  const proof = [
    ...proofOf(event),
    { eventId: copy.eventId, evidenceId: copy.evidenceId, record: copy.record },
  ]
  yield { kind: 'saved-as', from: attachmentId, to: file, at: event.at, confidence, reason, params, proof }
  yield {
    kind: 'located-on',
    from: file,
    to: endpoint.id,
    at: event.at,
    confidence: 0.98,
    reason: 'host',
    proof: proofOf(event),
  }
}

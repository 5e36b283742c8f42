import { open } from 'node:fs/promises'
import type { JudgeDocument } from '../../../contract/nouns/policy.ts'
import type { InputOf } from '../../../contract/types.ts'
import type { Command, Invocation } from '../command.ts'
import { defang } from '../defang.ts'
import { ofPolicyFile } from '../policy-file.ts'
import { readJsonFile } from '../json-file.ts'
import { usageError } from '../options.ts'
import { verdictWords } from '../verdict-words.ts'

/** Addresses come defanged out of tickets: `hxxps://`, `hxxps[:]//`. */
const URL_ARGUMENT = /^(?:https?|h(?:xx|\*\*)ps?|ftp|fxp)(?::|\[:\])\/\/|^h(?:tt|xx)ps?\[:\/\/\]/i

const command: Command = {
  id: 'judge',
  order: 125,
  usage: 'MESSAGE.eml | MESSAGE.json | URL --policy FILE',
  arguments: { min: 1, max: 1 },
  options: {
    policy: { type: 'string', multiple: true, value: 'FILE' },
    pack: { type: 'string', multiple: true, value: 'FILE' },
  },
  texts: {
    en: {
      summary: 'judge one message or URL by a policy, without any case',
      'option.policy': 'policy.json; of several the one of the message’s service that goes first at its time',
      'option.pack': 'pattern pack; may be given several times',
      excluded: 'Policy "{policy}": not judged ({reason}, {clause}).',
      action: 'Policy "{policy}": {action}',
      none: 'no action',
      file: 'file {name}: {action}',
      'by.approved-header': 'approved header field',
      'by.approved-sender': 'approved sender',
      'by.approved-url': 'approved URL',
      'by.internal-domain': 'internal domain',
      'by.blocked-url': 'blocked URL',
      'by.level': 'security level',
      'by.untested-action': 'action on untested URLs',
      'by.dynamic-scan': 'dynamic scan',
      'by.out-of-scope': 'out of scope',
      'by.disabled': 'policy off or not effective',
      'by.none': 'no rule applies',
      body: 'body',
      administrators: 'administrators',
      users: 'users',
      'mode.period': 'in one mail per period',
      'mode.count': 'in one mail per number of actions',
      'mode.individual': 'a mail of its own',
      'note.refanged': '{field}: "{text}" was read as the address it stands for.',
      'note.no-web-address': '"{text}" is no web address: neither lists nor packs say anything of it.',
      'note.no-urls': 'The message names no URL.',
    },
    'zh-TW': {
      summary: '不需案件，依政策判定一封郵件或一個 URL',
      'option.policy': 'policy.json；有多個時，採用該郵件的服務在當時最優先的那一個',
      'option.pack': '特徵碼套件；可指定多次',
      excluded: '政策「{policy}」：未判定（{reason}，{clause}）。',
      action: '政策「{policy}」：{action}',
      none: '沒有處置',
      file: '檔案 {name}：{action}',
      'by.approved-header': '核可的標頭欄位',
      'by.approved-sender': '核可的寄件者',
      'by.approved-url': '核可的 URL',
      'by.internal-domain': '內部網域',
      'by.blocked-url': '封鎖的 URL',
      'by.level': '安全等級',
      'by.untested-action': '未經檢測的 URL 的處置',
      'by.dynamic-scan': '動態掃描',
      'by.out-of-scope': '不在範圍內',
      'by.disabled': '政策已停用或未生效',
      'by.none': '沒有適用的規則',
      body: '內文',
      administrators: '管理員',
      users: '使用者',
      'mode.period': '每個期間合併為一封',
      'mode.count': '每達次數合併為一封',
      'mode.individual': '單獨一封',
      'note.refanged': '{field}：「{text}」已還原為其所代表的位址。',
      'note.no-web-address': '「{text}」不是網址，清單與特徵碼套件都無從判定。',
      'note.no-urls': '郵件中沒有任何 URL。',
    },
    ja: {
      summary: 'ケースなしで、一通のメールまたは URL をポリシーで判定する',
      'option.policy': 'policy.json。複数ある場合は、メールのサービスのうちその時点で最優先のものを使う',
      'option.pack': 'パターンパック。複数指定できる',
      excluded: 'ポリシー「{policy}」: 判定対象外 ({reason}、{clause})。',
      action: 'ポリシー「{policy}」: {action}',
      none: '処置なし',
      file: 'ファイル {name}: {action}',
      'by.approved-header': '承認済みヘッダーフィールド',
      'by.approved-sender': '承認済み送信者',
      'by.approved-url': '承認済み URL',
      'by.internal-domain': '内部ドメイン',
      'by.blocked-url': 'ブロック対象 URL',
      'by.level': 'セキュリティレベル',
      'by.untested-action': '未評価 URL への処置',
      'by.dynamic-scan': '動的スキャン',
      'by.out-of-scope': '適用範囲外',
      'by.disabled': 'ポリシーが無効または期間外',
      'by.none': '該当するルールなし',
      body: '本文',
      administrators: '管理者',
      users: 'ユーザー',
      'mode.period': '期間ごとに一通にまとめる',
      'mode.count': '件数ごとに一通にまとめる',
      'mode.individual': '個別のメール',
      'note.refanged': '{field}: 「{text}」を元のアドレスとして読み取りました。',
      'note.no-web-address': '「{text}」は Web アドレスではないため、リストにもパックにも該当しません。',
      'note.no-urls': 'メールに URL がありません。',
    },
  },
  async run(invocation) {
    const { args, options, output, lang, path } = invocation
    const files = options.list('policy')
    if (files.length === 0) throw usageError('judge', 'usage.required', { option: '--policy' })
    const policies = await Promise.all(files.map((file) => readJsonFile(path(file), 'judge')))
    const message = await toMessage(args[0] ?? '', path)
    const client = await invocation.client()
    const judged = await client
      .call('judge.message', { policies, packs: options.list('pack').map(path), message, lang })
      .catch((thrown: unknown) => {
        throw ofPolicyFile(thrown, files)
      })
    if (output.json) output.document(judged)
    else print(judged, invocation)
    return 0
  },
}

async function toMessage(
  argument: string,
  path: Invocation['path'],
): Promise<InputOf<'judge.message'>['message']> {
  if (URL_ARGUMENT.test(argument)) return { url: argument }
  const file = path(argument)
  if (/\.json$/i.test(argument) || (await beginsAsJson(file)))
    return { document: await readJsonFile(file, 'judge') }
  return { grant: file }
}

/** A message as JSON under any name; no mail begins with a brace. */
async function beginsAsJson(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => undefined)
  if (handle === undefined) return false
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0)
    return /^\ufeff?\s*\{/.test(buffer.toString('utf8', 0, bytesRead))
  } catch (thrown) {
    // A folder opens and does not read: the engine says what it is.
    if (thrown instanceof Error && 'code' in thrown) return false
    throw thrown
  } finally {
    await handle.close()
  }
}

function print(judged: JudgeDocument, { output, t }: Invocation): void {
  const { policy, excluded } = judged
  const words = verdictWords(t)
  const done = (action: string | null): string =>
    action === null ? t('cli.judge.none') : words.action(action)
  if (excluded !== null)
    output.line(
      t('cli.judge.excluded', {
        policy,
        clause: excluded.clause,
        reason: t(`cli.judge.by.${excluded.reason}`),
      }),
    )
  else output.line(t('cli.judge.action', { policy, action: done(judged.action) }))
  output.table(
    judged.urls.map((url) => [
      words.level(url.level),
      words.action(url.action),
      t(`cli.judge.by.${url.decidedBy}`),
      url.clause ?? '-',
      url.pack ?? '-',
      url.entry === null ? '-' : defang(url.entry),
      url.attachment ?? t('cli.judge.body'),
      defang(url.normalized ?? url.url),
    ]),
  )
  for (const { name, action } of judged.files)
    output.line(t('cli.judge.file', { name, action: done(action) }))
  output.table(
    judged.notifications.map(({ audience, mode, recipients, subject }) => [
      t(`cli.judge.${audience}`),
      t(`cli.judge.mode.${mode}`),
      recipients.join(' '),
      subject,
    ]),
  )
  for (const { code, field, text } of judged.notes)
    output.note(t(`cli.judge.note.${code}`, { field, text: defang(text) }))
}

export default command

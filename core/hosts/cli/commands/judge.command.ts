import { open } from 'node:fs/promises'
import type { JudgeDocument } from '../../../contract/nouns/policy.ts'
import type { InputOf } from '../../../contract/types.ts'
import type { Command, Invocation } from '../command.ts'
import { defang } from '../defang.ts'
import { readJsonFile } from '../json-file.ts'
import { usageError } from '../options.ts'

/** Addresses come defanged out of tickets: `hxxps://`, `hxxps[:]//`. */
const URL_ARGUMENT = /^(?:https?|h(?:xx|\*\*)ps?|ftp|fxp)(?::|\[:\])\/\/|^h(?:tt|xx)ps?\[:\/\/\]/i

const command: Command = {
  id: 'judge',
  order: 125,
  usage: 'MESSAGE.eml | MESSAGE.json | URL',
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
    },
    'zh-TW': {
      summary: '不需案件，依政策判定一封郵件或一個 URL',
      'option.policy': 'policy.json；有多個時，採用該郵件的服務在當時最優先的那一個',
      'option.pack': '特徵碼套件；可指定多次',
      excluded: '政策「{policy}」：未判定（{reason}，{clause}）。',
      action: '政策「{policy}」：{action}',
      none: '不採取動作',
      file: '檔案 {name}：{action}',
    },
    ja: {
      summary: 'ケースなしで、一通のメッセージまたは URL をポリシーで判定する',
      'option.policy': 'policy.json。複数ある場合は、メッセージのサービスのうちその時点で最優先のものを使う',
      'option.pack': 'パターンパック。複数指定できる',
      excluded: 'ポリシー「{policy}」: 判定対象外 ({reason}、{clause})。',
      action: 'ポリシー「{policy}」: {action}',
      none: '処理なし',
      file: 'ファイル {name}: {action}',
    },
  },
  async run(invocation) {
    const { args, options, output, lang, path } = invocation
    const files = options.list('policy')
    if (files.length === 0) throw usageError('judge', 'usage.required', { option: '--policy' })
    const policies = await Promise.all(files.map((file) => readJsonFile(path(file), 'judge')))
    const message = await toMessage(args[0] ?? '', path)
    const client = await invocation.client()
    const judged = await client.call('judge.message', {
      policies,
      packs: options.list('pack').map(path),
      message,
      lang,
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
  if (excluded !== null) output.line(t('cli.judge.excluded', { policy, ...excluded }))
  else output.line(t('cli.judge.action', { policy, action: judged.action ?? t('cli.judge.none') }))
  output.table(
    judged.urls.map((url) => [
      url.level,
      url.action ?? '-',
      url.decidedBy,
      url.clause ?? '-',
      url.pack ?? '-',
      url.entry === null ? '-' : defang(url.entry),
      url.attachment ?? url.where,
      defang(url.normalized ?? url.url),
    ]),
  )
  for (const { name, action } of judged.files)
    output.line(t('cli.judge.file', { name, action: action ?? t('cli.judge.none') }))
  output.table(
    judged.notifications.map(({ audience, mode, recipients, subject }) => [
      audience,
      mode,
      recipients.join(' '),
      subject,
    ]),
  )
}

export default command

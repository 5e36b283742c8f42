import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { WorkbenchError } from '../../../model/errors.ts'
import type { Command } from '../command.ts'
import { usageError } from '../options.ts'

/** A policy is a page of settings; a larger file is not one. */
const MAX_POLICY_BYTES = 1024 * 1024

const command: Command = {
  id: 'policy',
  order: 120,
  usage: 'CASE show | set FILE',
  arguments: { min: 2, max: 3 },
  options: {},
  texts: {
    en: {
      summary: 'show the policy as JSON, or set it from a file',
      action: 'Say "show" or "set FILE".',
      set: 'The policy "{name}" is in force.',
    },
    'zh-TW': {
      summary: '以 JSON 顯示原則，或從檔案設定原則',
      action: '請用「show」或「set 檔案」。',
      set: '原則「{name}」已生效。',
    },
    ja: {
      summary: 'ポリシーを JSON で表示する、またはファイルから設定する',
      action: '「show」または「set ファイル」と指定してください。',
      set: 'ポリシー「{name}」が有効になりました。',
    },
  },
  async run({ args, output, t, path, openCase }) {
    const [, action, file] = args
    if (action === 'set' && file !== undefined) {
      const document = await readPolicy(path(file))
      const { client } = await openCase()
      const { policy } = await client.call('policy.set', { policy: document })
      if (output.json) output.document({ policy, isDefault: false })
      else
        output.line(t('cli.policy.set', { name: typeof policy['name'] === 'string' ? policy['name'] : '' }))
      return 0
    }
    if (action !== 'show' || file !== undefined) throw usageError('policy', 'policy.action')
    const { client } = await openCase()
    const { policy, isDefault } = await client.call('policy.get', {})
    if (output.json) output.document({ policy, isDefault })
    // The document itself, so that it can be edited and set again.
    else output.document(policy)
    return 0
  },
}

async function readPolicy(path: string): Promise<Record<string, unknown>> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    throw new WorkbenchError('evidence.unreadable', { name: basename(path), reason }, { cause })
  })
  try {
    if (bytes.length > MAX_POLICY_BYTES) throw new SyntaxError('too large')
    const value: unknown = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''))
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new SyntaxError('no object')
    return Object.fromEntries(Object.entries(value))
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    throw usageError('policy', 'usage.json_file', { value: basename(path) })
  }
}

export default command

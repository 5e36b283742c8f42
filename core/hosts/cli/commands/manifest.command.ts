import type { Command } from '../command.ts'
import { tellUnlogged } from '../custody-note.ts'
import { runJob } from '../job.ts'
import { readPassphrase } from '../passphrase.ts'

const command: Command = {
  id: 'manifest',
  order: 143,
  usage: 'CASE [FILE...] --out FILE',
  arguments: { min: 1, max: 200 },
  options: {
    out: { type: 'string', value: 'FILE' },
    key: { type: 'string', value: 'FILE' },
    'passphrase-file': { type: 'string', value: 'FILE' },
  },
  texts: {
    en: {
      summary:
        'write a manifest of the case and of the files made of it, signed with a key when one is given',
      'option.out': 'manifest to write; keep it away from the case',
      'option.key': 'private key (see keygen) that signs it',
      'option.passphrase-file': 'file whose first line unlocks the key',
      written: 'Wrote {path} (files: {files}, SHA-256 {sha256})',
      signed: 'Signed with the key {signer}',
      passwords: 'The first line of "{name}" must hold at least {length} characters.',
    },
    'zh-TW': {
      summary: '寫出案件及其產出檔案的資訊清單；若指定金鑰則加以簽署',
      'option.out': '要寫出的資訊清單；請與案件分開保存',
      'option.key': '用於簽署的私密金鑰（見 keygen）',
      'option.passphrase-file': '檔案第一行用於解開金鑰',
      written: '已寫出 {path}（{files} 個檔案，SHA-256 {sha256}）',
      signed: '以金鑰 {signer} 簽署',
      passwords: '「{name}」的第一行至少須有 {length} 個字元。',
    },
    ja: {
      summary: 'ケースとそこから作ったファイルのマニフェストを書き出す。鍵を指定すると署名する',
      'option.out': '書き出すマニフェスト。ケースとは別に保管すること',
      'option.key': '署名に使う秘密鍵 (keygen を参照)',
      'option.passphrase-file': '1 行目で鍵を開くファイル',
      written: '{path} を書き出しました ({files} ファイル、SHA-256 {sha256})',
      signed: '鍵 {signer} で署名しました',
      passwords: '「{name}」の 1 行目は {length} 文字以上である必要があります。',
    },
  },
  async run(invocation) {
    const { args, options, output, t, path, openCase } = invocation
    const out = path(options.required('out'))
    options.needs('passphrase-file', 'key')
    const key = options.text('key')
    const passphrase = await readPassphrase('manifest', options, path)
    const { client, info } = await openCase()
    const written = await runJob(invocation, client, 'manifest.write', {
      grant: out,
      files: args.slice(1).map(path),
      key: key === undefined ? null : path(key),
      passphrase,
    })
    const logged = tellUnlogged(invocation, info)
    if (output.json) output.document({ ...written, logged })
    else {
      output.line(
        t('cli.manifest.written', { path: written.path, files: written.files, sha256: written.sha256 }),
      )
      if (written.signer !== null) output.line(t('cli.manifest.signed', { signer: written.signer }))
    }
    return 0
  },
}

export default command

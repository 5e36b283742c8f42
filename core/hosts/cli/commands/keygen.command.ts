import type { Command } from '../command.ts'
import { readPassphrase } from '../passphrase.ts'

const command: Command = {
  id: 'keygen',
  order: 145,
  usage: 'FILE',
  arguments: { min: 1, max: 1 },
  options: { 'passphrase-file': { type: 'string', value: 'FILE' } },
  texts: {
    en: {
      summary: 'make a key that signs manifests: the private key in FILE, the public one in FILE.pub',
      'option.passphrase-file': 'file whose first line locks the private key (8 characters or more)',
      made: 'Private key {path}: keep it to yourself, never beside a case.',
      public: 'Public key {publicPath}: give it to those who check your manifests.',
      fingerprint: 'Fingerprint {fingerprint}',
      passwords: 'The first line of "{name}" must hold at least {length} characters.',
    },
    'zh-TW': {
      summary: '產生簽署資訊清單用的金鑰：私密金鑰寫入 FILE，公開金鑰寫入 FILE.pub',
      'option.passphrase-file': '檔案第一行用於鎖住私密金鑰（至少 8 個字元）',
      made: '私密金鑰 {path}：請自行保管，切勿與案件放在一起。',
      public: '公開金鑰 {publicPath}：請交給核對資訊清單的人。',
      fingerprint: '指紋 {fingerprint}',
      passwords: '「{name}」的第一行至少須有 {length} 個字元。',
    },
    ja: {
      summary: 'マニフェストに署名する鍵を作る。秘密鍵は FILE、公開鍵は FILE.pub に書く',
      'option.passphrase-file': '1 行目で秘密鍵を保護するファイル (8 文字以上)',
      made: '秘密鍵 {path}: 自分だけで保管し、ケースのそばに置かないでください。',
      public: '公開鍵 {publicPath}: マニフェストを検証する人に渡してください。',
      fingerprint: 'フィンガープリント {fingerprint}',
      passwords: '「{name}」の 1 行目は {length} 文字以上である必要があります。',
    },
  },
  async run(invocation) {
    const { args, options, output, t, path } = invocation
    const passphrase = await readPassphrase('keygen', options, path)
    const client = await invocation.client()
    const made = await client.call('manifest.key', { grant: path(args[0] ?? ''), passphrase })
    if (output.json) output.document(made)
    else
      for (const line of ['made', 'public', 'fingerprint'] as const)
        output.line(t(`cli.keygen.${line}`, { ...made }))
    return 0
  },
}

export default command

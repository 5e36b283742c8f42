import type { Command } from '../command.ts'
import { tellUnlogged } from '../custody-note.ts'
import { runJob } from '../job.ts'
import { readPassphrase } from '../passphrase.ts'

const command: Command = {
  id: 'archive',
  order: 146,
  usage: 'CASE --out FILE.rtz',
  arguments: { min: 1, max: 1 },
  options: {
    out: { type: 'string', value: 'FILE' },
    evidence: { type: 'string', value: 'FOLDER', multiple: true },
    'passphrase-file': { type: 'string', value: 'FILE' },
  },
  texts: {
    en: {
      summary: 'put the case, originals and a manifest into one file, locked if you like',
      'option.out': 'file to write; a ZIP, or with a passphrase an age file around one',
      'option.evidence': 'folder with originals, found by their hash; may be repeated',
      'option.passphrase-file':
        'file whose first line locks the archive; it is stored nowhere, and nobody can open it without',
      passwords: '"{name}" must hold a passphrase of at least {length} characters in its first line.',
      written: 'Wrote {path} ({bytes} bytes, SHA-256 {sha256})',
      packed: 'With the case and {count} original | With the case and {count} originals',
      missing: 'Not in it, no folder held this original: {name}',
      locked: 'Locked with your passphrase. Without it nobody opens the archive, not even you.',
    },
    'zh-TW': {
      summary: '將案件、原始檔案與資訊清單合為一個檔案，可選擇上鎖',
      'option.out': '輸出檔案；為 ZIP，若有密語則以 age 加密',
      'option.evidence': '存放原始檔案的資料夾，以雜湊值尋找；可重複指定',
      'option.passphrase-file': '以檔案第一行作為封存檔的密語；不會儲存於任何地方，沒有它便無法開啟',
      passwords: '「{name}」的第一行必須是至少 {length} 個字元的密語。',
      written: '已寫出 {path}（{bytes} 位元組，SHA-256 {sha256}）',
      packed: '內含案件與 {count} 個原始檔案',
      missing: '未包含，資料夾中沒有此原始檔案：{name}',
      locked: '已用您的密語上鎖。沒有密語任何人都無法開啟，包括您自己。',
    },
    ja: {
      summary: 'ケース、原本、マニフェストを 1 つのファイルにまとめる。鍵をかけることもできる',
      'option.out': '書き出すファイル。ZIP、パスフレーズがあれば age で暗号化した ZIP',
      'option.evidence': '原本のあるフォルダー。ハッシュで探す。複数指定可',
      'option.passphrase-file':
        '1 行目をアーカイブのパスフレーズにするファイル。どこにも保存されず、なければ誰も開けない',
      passwords: '「{name}」の 1 行目には {length} 文字以上のパスフレーズが必要です。',
      written: '{path} を書き出しました ({bytes} バイト、SHA-256 {sha256})',
      packed: 'ケースと原本 {count} 件を含みます',
      missing: '含まれていません。この原本はどのフォルダーにもありませんでした: {name}',
      locked: 'パスフレーズで鍵をかけました。これがなければ、あなた自身も含め誰も開けません。',
    },
  },
  async run(invocation) {
    const { options, output, t, path, openCase } = invocation
    const out = path(options.required('out'))
    const passphrase = await readPassphrase('archive', options, path)
    const { client, info } = await openCase()
    const written = await runJob(invocation, client, 'archive.write', {
      grant: out,
      evidence: options.list('evidence').map(path),
      passphrase,
    })
    const logged = tellUnlogged(invocation, info)
    if (output.json) output.document({ ...written, logged })
    else {
      const { bytes, sha256, encrypted, evidence, missing } = written
      output.line(t('cli.archive.written', { path: written.path, bytes, sha256 }))
      output.line(t('cli.archive.packed', { count: evidence.length }))
      for (const { name } of missing) output.line(t('cli.archive.missing', { name }))
      if (encrypted) output.line(t('cli.archive.locked'))
    }
    return 0
  },
}

export default command

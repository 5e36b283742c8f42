import type { Command } from '../command.ts'
import { attended } from '../job.ts'
import { readPassphrase } from '../passphrase.ts'

const command: Command = {
  id: 'restore',
  order: 148,
  usage: 'FILE.rtz --out FOLDER',
  arguments: { min: 1, max: 1 },
  options: {
    out: { type: 'string', value: 'FOLDER' },
    'passphrase-file': { type: 'string', value: 'FILE' },
  },
  texts: {
    en: {
      summary: 'unpack a case archive into a new folder and compare every file with its manifest',
      'option.out': 'new or empty folder',
      'option.passphrase-file': 'file whose first line is the passphrase of the archive',
      passwords:
        '"{name}" must hold the passphrase of the archive, at least {length} characters, in its first line.',
      file: '{name} ({bytes} bytes, SHA-256 {sha256})',
      ok: 'Everything is as it was packed. See also: redthread verify --manifest',
      bad: 'Something is wrong with the archive.',
      unlock: 'The passphrase is the first line of the file given with --passphrase-file.',
    },
    'zh-TW': {
      summary: '將案件封存檔解開至新資料夾，並將每個檔案與其資訊清單比對',
      'option.out': '新的或空的資料夾',
      'option.passphrase-file': '第一行為封存檔密語的檔案',
      passwords: '「{name}」的第一行必須是封存檔的密語，至少 {length} 個字元。',
      file: '{name}（{bytes} 位元組，SHA-256 {sha256}）',
      ok: '一切與封裝時相同。另請參閱：redthread verify --manifest',
      bad: '封存檔有問題。',
      unlock: '密語是以 --passphrase-file 指定之檔案的第一行。',
    },
    ja: {
      summary: 'ケースのアーカイブを新しいフォルダーに展開し、全ファイルをマニフェストと照合する',
      'option.out': '新しい、または空のフォルダー',
      'option.passphrase-file': '1 行目がアーカイブのパスフレーズであるファイル',
      passwords: '「{name}」の 1 行目にはアーカイブのパスフレーズ ({length} 文字以上) が必要です。',
      file: '{name} ({bytes} バイト、SHA-256 {sha256})',
      ok: 'すべて梱包した時のままです。redthread verify --manifest も参照してください',
      bad: 'アーカイブに問題があります。',
      unlock: 'パスフレーズは --passphrase-file で指定したファイルの 1 行目です。',
    },
  },
  async run(invocation) {
    const { args, options, output, t, path } = invocation
    const folder = path(options.required('out'))
    const passphrase = await readPassphrase('restore', options, path)
    const client = await invocation.client()
    await invocation.loadTexts()
    const { ok, findings, files } = await attended(invocation, client, () =>
      client.call('archive.restore', {
        grant: path(args[0] ?? ''),
        folder,
        passphrase,
      }),
    )
    const told = findings.map(({ code, level, what, where }) => ({
      code,
      level,
      what: t(what.key, what.params),
      where,
    }))
    if (output.json) output.document({ ok, findings: told, folder, files })
    else {
      for (const { name, bytes, sha256 } of files) output.line(t('cli.restore.file', { name, bytes, sha256 }))
      output.table(told.map(({ where, what }) => [where, what]))
      output.line(t(ok ? 'cli.restore.ok' : 'cli.restore.bad'))
      if (told.some(({ code }) => code === 'archive.locked' || code === 'archive.passphrase'))
        output.note(t('cli.restore.unlock'))
    }
    return ok ? 0 : 1
  },
}

export default command

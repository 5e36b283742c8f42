import type { Command } from '../command.ts'
import { attended } from '../job.ts'
import { casePath } from '../invocation-path.ts'
import { PARTS, partsOf } from '../verify-parts.ts'

const command: Command = {
  id: 'verify',
  order: 144,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: {
    evidence: { type: 'string', value: 'FOLDER', multiple: true },
    report: { type: 'string', value: 'FILE' },
    manifest: { type: 'string', value: 'FILE' },
    key: { type: 'string', value: 'FILE' },
    'save-manifest': { type: 'string', value: 'FILE' },
  },
  texts: {
    en: {
      summary: 'check the case, its originals, a report and a manifest; nothing is written to the case',
      'option.evidence': 'folder with originals, found by their hash; may be repeated',
      'option.report': 'report that was written from this case',
      'option.manifest': 'manifest kept elsewhere: what the case was then',
      'option.key': 'public key (PEM) that the manifest must be signed with',
      'option.save-manifest': 'writes such a manifest when nothing is wrong; keep it away from the case',
      'part.case': 'Case',
      'part.evidence': 'Originals of the evidence',
      'part.report': 'Report and exports',
      'part.manifest': 'Manifest',
      'state.holds': 'holds',
      'state.broken': 'DOES NOT HOLD',
      'state.unchecked': 'not checked',
      ok: 'Nothing is wrong with what was checked.',
      bad: 'Something does not hold.',
      problem: 'PROBLEM',
      note: 'NOTE',
      holds: 'holds',
      digest: 'Content {digest}',
      head: 'Audit head {head}',
      saved: 'Wrote the manifest {path} (SHA-256 {sha256})',
      bare: 'Without a manifest from outside, changes that were made good inside the case cannot be seen.',
    },
    'zh-TW': {
      summary: '檢查案件、原始檔案、報告與資訊清單；不會寫入案件',
      'option.evidence': '存放原始檔案的資料夾，以雜湊值尋找；可重複指定',
      'option.report': '由此案件產生的報告',
      'option.manifest': '另存於他處的資訊清單：案件當時的狀態',
      'option.key': '資訊清單必須以此公開金鑰（PEM）所對應的金鑰簽署',
      'option.save-manifest': '若無問題則寫出此種資訊清單；請與案件分開保存',
      'part.case': '案件',
      'part.evidence': '證據原始檔案',
      'part.report': '報告與匯出檔',
      'part.manifest': '資訊清單',
      'state.holds': '成立',
      'state.broken': '不成立',
      'state.unchecked': '未檢查',
      ok: '所檢查的項目均無問題。',
      bad: '有項目不成立。',
      problem: '問題',
      note: '注意',
      holds: '成立',
      digest: '內容 {digest}',
      head: '稽核鏈末端 {head}',
      saved: '已寫出資訊清單 {path}（SHA-256 {sha256}）',
      bare: '若沒有外部保存的資訊清單，無法察覺在案件內部修補過的變更。',
    },
    ja: {
      summary: 'ケース、原本、レポート、マニフェストを検査する。ケースには書き込まない',
      'option.evidence': '原本のあるフォルダー。ハッシュで探す。複数指定可',
      'option.report': 'このケースから書き出したレポート',
      'option.manifest': '別の場所に保管したマニフェスト (その時点のケースの状態)',
      'option.key': 'マニフェストの署名に使われているべき公開鍵 (PEM)',
      'option.save-manifest': '問題がなければマニフェストを書き出す。ケースとは別に保管すること',
      'part.case': 'ケース',
      'part.evidence': '証拠の原本',
      'part.report': 'レポートとエクスポート',
      'part.manifest': 'マニフェスト',
      'state.holds': '問題なし',
      'state.broken': '問題あり',
      'state.unchecked': '未検査',
      ok: '検査した範囲に問題はありません。',
      bad: '成り立たないものがあります。',
      problem: '問題',
      note: '注意',
      holds: '確認',
      digest: '内容 {digest}',
      head: '監査チェーンの末尾 {head}',
      saved: 'マニフェスト {path} を書き出しました (SHA-256 {sha256})',
      bare: '外に保管したマニフェストがなければ、ケースの内部でつじつまを合わせた変更は分かりません。',
    },
  },
  async run(invocation) {
    const { args, options, output, t, path } = invocation
    const place = (name: string): string | null => {
      const text = options.text(name)
      return text === undefined ? null : path(text)
    }
    options.needs('key', 'manifest')
    const client = await invocation.client()
    await invocation.loadTexts()
    const manifest = place('manifest')
    const result = await attended(invocation, client, () =>
      client.call('verify.file', {
        grant: casePath(path(args[0] ?? '')),
        evidence: options.list('evidence').map(path),
        report: place('report'),
        manifest,
        key: place('key'),
        save: place('save-manifest'),
      }),
    )
    const { ok, findings, holds, digest, auditHead, saved } = result
    const parts = partsOf(result)
    const worded = (one: (typeof holds)[number]) => t(one.what.key, one.what.params)
    if (output.json)
      output.document({
        ok,
        findings: findings.map((one) => ({
          code: one.code,
          level: one.level,
          what: worded(one),
          where: one.where,
        })),
        holds: holds.map((one) => ({ code: one.code, what: worded(one), where: one.where })),
        parts,
        digest,
        auditHead,
        saved,
      })
    else {
      output.table([
        ...findings.map((one) => [t(`cli.verify.${one.level}`), one.where, worded(one)]),
        ...holds.map((one) => [t('cli.verify.holds'), one.where, worded(one)]),
      ])
      if (digest !== null) output.line(t('cli.verify.digest', { digest }))
      if (auditHead !== null) output.line(t('cli.verify.head', { head: auditHead }))
      if (saved !== null) output.line(t('cli.verify.saved', { ...saved }))
      output.table(PARTS.map((part) => [t(`cli.verify.part.${part}`), t(`cli.verify.state.${parts[part]}`)]))
      output.line(t(ok ? 'cli.verify.ok' : 'cli.verify.bad'))
      if (ok && manifest === null) output.line(t('cli.verify.bare'))
    }
    return ok ? 0 : 1
  },
}

export default command

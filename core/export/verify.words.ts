import type { Words } from '../model/words.ts'

/** Findings of `verify` and `restore`, in plain words: what is so, and what to do. */
const words: Words = {
  prefix: 'verify',
  texts: {
    en: {
      'step.bytes': 'Hashing the file',
      'step.decrypting': 'Opening the lock of the archive',
      'step.unpacking': 'Unpacking and comparing',
      'step.structure': 'Checking the structure of the case',
      'step.records': 'Reading every raw record back',
      'step.content': 'Hashing the content',
      'step.evidence': 'Looking for the originals',
      'case.unreadable':
        'This part of the case cannot be read ({reason}). Work on a copy, and go back to a backup.',
      'case.integrity': 'SQLite finds damage: {detail}. Work on a copy, and go back to a backup.',
      'case.references':
        '{count} row refers to something that is not there. | {count} rows refer to something that is not there.',
      'case.header':
        'The header of the file does not agree with itself: it was not closed properly, or a byte of it changed.',
      'case.in_use':
        'A journal lies beside the file: the case is open in a program, or was not closed. Its bytes were not compared.',
      'case.changed':
        'The content differs from the manifest, and the log of the case does not say why. Tables: {tables}.',
      'case.continued':
        'Work went on after the manifest ({actions}), so the content differs in: {tables}. What came from evidence was compared all the same.',
      'case.migrated':
        'The case has been brought from schema {from} to {to} since; its content cannot be compared with the manifest.',
      'case.opened': 'The case has been opened since; nothing in it was written.',
      'case.bytes_changed':
        'Bytes of the file are others than in the manifest, though the log says that nothing was done since.',
      'case.bytes_moved':
        'The file was written to since the manifest; its bytes cannot be compared, its content was.',
      'audit.broken': 'The audit log is broken at entry {entry}: it was changed, removed or put in.',
      'audit.cut':
        'Entry {entry} of the audit log is not the one that the manifest names: the log was cut or replaced.',
      'conservation.records':
        '"{name}": the records read ({read}) are not those stored ({stored}), duplicate ({duplicate}) and rejected ({rejected}) together.',
      'conservation.bytes': '"{name}": {read} of {bytes} bytes were read.',
      'conservation.kept': '"{name}": {kept} raw records are kept, not {expected}.',
      'records.unreadable': 'These raw records cannot be read back: their block is damaged.',
      'evidence.unfinished': '"{name}" was not imported to its end ({status}).',
      'evidence.changed':
        'A file called "{name}" is there, but it is not the one that was imported (SHA-256 {sha256}).',
      'evidence.missing': 'No file there has the SHA-256 {sha256} of "{name}".',
      'evidence.unlisted':
        '"{name}" (SHA-256 {sha256}) stands in the manifest and is not in the case; the log does not say that it was removed.',
      'manifest.unsigned': 'The manifest carries no signature, though a key was named.',
      'manifest.signature':
        'The signature of the manifest does not hold: the manifest or the signature was changed.',
      'manifest.other_key':
        'The manifest is signed with the key {fingerprint}, not with the one that was named ({wanted}).',
      'file.changed': 'The file beside the manifest is not the one it lists (SHA-256 {sha256}).',
      'holds.signed':
        'The manifest is signed with the key {fingerprint}. Whose it is only its owner can say: compare it, or name the public key.',
      'holds.signed_by': 'The manifest is signed with the key that was named ({fingerprint}).',
      'holds.files':
        '{count} file beside the manifest is as it lists it. | {count} files beside the manifest are as it lists them.',
      'manifest.unreadable':
        'This is no manifest of Redthread, or it is damaged so that it cannot be read. Nothing was compared with it. Take another copy of it.',
      'manifest.changed':
        'The manifest was changed after it was written, be it by one byte: its own checksum does not fit it. Nothing was compared with it, so it speaks neither for nor against case, evidence and report. Take another copy of it.',
      'manifest.other_case':
        'The manifest belongs to another case, "{name}", or the id of this case was changed. Nothing was compared with it.',
      'report.changed':
        'The report is none of those in the manifest: it was changed, or made at another time (SHA-256 {sha256}).',
      'report.unknown':
        'Neither the manifest nor the log of the case knows a report with the SHA-256 {sha256}. Either it is another one, or it was written while the case was open elsewhere or read-only: such a report leaves no entry in the log.',
      'archive.manifest_changed':
        'The manifest inside the archive was changed after it was written: its own checksum does not fit it. The files were compared with it all the same; what differs may be its fault, and what agrees agrees with a changed list. Take another copy of the archive.',
      'archive.passphrase': 'The passphrase does not open the archive.',
      'archive.locked': 'The archive is locked. Give its passphrase.',
      'archive.unreadable': 'This is no archive of Redthread, or it is cut off or damaged.',
      'archive.changed': 'The file does not have the SHA-256 that the manifest in the archive names.',
      'archive.foreign': 'The archive holds a file that its manifest does not name. It was not unpacked.',
      'archive.missing': 'The manifest names this file, and the archive does not hold it.',
      'merged.broken':
        'The log of {by}, kept since the merge, is broken at entry {entry}: it was changed, removed or put in.',
      'merged.replaced': 'The log of {by} is not the one that our own log says was merged.',
      'merged.missing': 'The audit log names a merge that the case does not hold any more.',
      'holds.merged':
        'Logs of merged cases: {count}. Their entries ({entries}) are in unbroken chains, and our own log names them.',
      more: 'There are more findings of this kind ({code}).',
      'holds.schema': 'The case holds exactly the tables and triggers of Redthread.',
      'holds.integrity': 'SQLite finds its pages, indexes and references whole.',
      'holds.audit': 'The entries of the audit log ({entries}) are an unbroken chain; its head is {head}.',
      'holds.conservation':
        'For {count} evidence file every record read is stored, a known duplicate, or rejected. | For {count} evidence files every record read is stored, a known duplicate, or rejected.',
      'holds.records': 'Every raw record can be read back (records: {records}, blocks: {blocks}).',
      'holds.evidence':
        '{count} original is there, byte for byte. | {count} originals are there, byte for byte.',
      'holds.manifest': 'The manifest of {at} is as it was written.',
      'holds.anchor': 'The audit log still holds entry {entry}, which the manifest names.',
      'holds.digest': 'The content is that of the manifest ({digest}).',
      'holds.bytes': 'The file is that of the manifest, byte for byte (SHA-256 {sha256}).',
      'holds.report': 'The report is the one in the manifest (SHA-256 {sha256}).',
      'holds.report_logged': 'The log of the case says that this report was written (SHA-256 {sha256}).',
    },
    'zh-TW': {
      'step.bytes': '正在計算檔案雜湊值',
      'step.decrypting': '正在解開封存檔的鎖',
      'step.unpacking': '正在解開並比對',
      'step.structure': '正在檢查案件結構',
      'step.records': '正在逐筆讀回原始紀錄',
      'step.content': '正在計算內容雜湊值',
      'step.evidence': '正在尋找原始檔案',
      'case.unreadable': '案件的這個部分無法讀取（{reason}）。請以副本作業，並改用備份。',
      'case.integrity': 'SQLite 發現損壞：{detail}。請以副本作業，並改用備份。',
      'case.references': '有 {count} 列指向不存在的內容。',
      'case.header': '檔案標頭前後不一致：未正常關閉，或其中有位元組遭到變更。',
      'case.in_use': '檔案旁有日誌檔：案件正由某程式開啟，或未正常關閉。未比對其位元組。',
      'case.changed': '內容與資訊清單不符，而案件記錄未說明原因。資料表：{tables}。',
      'case.continued':
        '資訊清單建立後仍有作業（{actions}），因此下列內容不同：{tables}。來自證據的內容仍已比對。',
      'case.migrated': '案件之後已由結構 {from} 升級至 {to}，其內容無法與資訊清單比對。',
      'case.opened': '案件之後曾被開啟，但未寫入任何內容。',
      'case.bytes_changed': '檔案的位元組與資訊清單不同，但記錄顯示之後未有任何作業。',
      'case.bytes_moved': '資訊清單建立後檔案曾被寫入；無法比對位元組，但已比對內容。',
      'audit.broken': '稽核記錄在第 {entry} 筆斷裂：遭到變更、移除或插入。',
      'audit.cut': '稽核記錄第 {entry} 筆並非資訊清單所指的那一筆：記錄遭截斷或替換。',
      'conservation.records':
        '「{name}」：讀取的 {read} 筆紀錄，不等於儲存 {stored}、重複 {duplicate} 與拒收 {rejected} 的總和。',
      'conservation.bytes': '「{name}」：{bytes} 位元組中只讀取了 {read}。',
      'conservation.kept': '「{name}」：保留了 {kept} 筆原始紀錄，而非 {expected} 筆。',
      'records.unreadable': '這些原始紀錄無法讀回：所在區塊已損壞。',
      'evidence.unfinished': '「{name}」未匯入完成（{status}）。',
      'evidence.changed': '有名為「{name}」的檔案，但不是當時匯入的檔案（SHA-256 {sha256}）。',
      'evidence.missing': '該處沒有檔案符合「{name}」的 SHA-256 {sha256}。',
      'evidence.unlisted': '「{name}」（SHA-256 {sha256}）列於資訊清單卻不在案件中；記錄未顯示曾將其移除。',
      'manifest.unsigned': '已指定金鑰，但資訊清單沒有簽章。',
      'manifest.signature': '資訊清單的簽章不成立：資訊清單或簽章遭到變更。',
      'manifest.other_key': '資訊清單由金鑰 {fingerprint} 簽署，並非所指定的金鑰（{wanted}）。',
      'file.changed': '資訊清單旁的檔案並非其所列者（SHA-256 {sha256}）。',
      'holds.signed':
        '資訊清單由金鑰 {fingerprint} 簽署。金鑰屬於何人須由其持有者確認：請比對，或指定公開金鑰。',
      'holds.signed_by': '資訊清單由所指定的金鑰簽署（{fingerprint}）。',
      'holds.files': '資訊清單旁的 {count} 個檔案均與所列相符。',
      'manifest.unreadable':
        '這不是 Redthread 的資訊清單，或已損壞而無法讀取。未與其比對任何內容。請改用另一份副本。',
      'manifest.changed':
        '資訊清單寫出後遭到變更（即使只有一個位元組）：其自身的核對值不符。未與其比對任何內容，因此它對案件、證據與報告是否完好均無從佐證。請改用另一份副本。',
      'manifest.other_case':
        '資訊清單屬於另一個案件「{name}」，或此案件的識別碼遭到變更。未與其比對任何內容。',
      'report.changed': '此報告不是資訊清單中的任何一份：遭到變更，或於其他時間製作（SHA-256 {sha256}）。',
      'report.unknown':
        '資訊清單與案件記錄都沒有 SHA-256 為 {sha256} 的報告。它可能是另一份報告，也可能是在案件正由他處開啟或為唯讀時寫出：這樣的報告不會在記錄中留下項目。',
      'archive.manifest_changed':
        '封存檔內的資訊清單寫出後遭到變更：其自身的核對值不符。檔案仍與其比對：不符之處可能是資訊清單有誤，相符之處也只是與遭變更的資訊清單相符。請改用另一份封存檔。',
      'archive.passphrase': '此密語無法開啟封存檔。',
      'archive.locked': '封存檔已上鎖。請提供密語。',
      'archive.unreadable': '這不是 Redthread 的封存檔，或不完整、已損壞。',
      'archive.changed': '檔案的 SHA-256 與封存檔資訊清單所載不符。',
      'archive.foreign': '封存檔含有資訊清單未列的檔案，未予解開。',
      'archive.missing': '資訊清單列有此檔案，但封存檔中沒有。',
      'merged.broken': '合併時保存的 {by} 的記錄在第 {entry} 筆斷裂：遭到變更、移除或插入。',
      'merged.replaced': '{by} 的記錄並非案件自身記錄所載的那一份。',
      'merged.missing': '稽核記錄所載的某次合併已不在案件中。',
      'holds.merged': '{count} 次合併的記錄共 {entries} 筆，均構成完整的鏈，並見於案件自身的記錄。',
      more: '還有更多同類結果（{code}）。',
      'holds.schema': '案件僅含 Redthread 的資料表與觸發程序。',
      'holds.integrity': 'SQLite 確認頁面、索引與參照完整。',
      'holds.audit': '稽核記錄全部 {entries} 筆構成完整的鏈；其末端雜湊值為 {head}。',
      'holds.conservation': '{count} 個證據檔案讀取的每筆紀錄均已儲存、為已知重複或遭拒收。',
      'holds.records': '全部 {records} 筆原始紀錄均可自 {blocks} 個區塊讀回。',
      'holds.evidence': '{count} 個原始檔案逐位元組相符。',
      'holds.manifest': '{at} 的資訊清單與寫出時相同。',
      'holds.anchor': '稽核記錄仍有資訊清單所指的第 {entry} 筆。',
      'holds.digest': '內容與資訊清單相同（{digest}）。',
      'holds.bytes': '檔案與資訊清單逐位元組相同（SHA-256 {sha256}）。',
      'holds.report': '報告即為資訊清單所列（SHA-256 {sha256}）。',
      'holds.report_logged': '案件記錄顯示曾寫出此報告（SHA-256 {sha256}）。',
    },
    ja: {
      'step.bytes': 'ファイルのハッシュを計算しています',
      'step.decrypting': 'アーカイブの鍵を開けています',
      'step.unpacking': '展開して照合しています',
      'step.structure': 'ケースの構造を検査しています',
      'step.records': '生レコードをすべて読み戻しています',
      'step.content': '内容のハッシュを計算しています',
      'step.evidence': '原本を探しています',
      'case.unreadable':
        'ケースのこの部分を読み取れません（{reason}）。コピーで作業し、バックアップに戻ってください。',
      'case.integrity':
        'SQLite が破損を検出しました：{detail}。コピーで作業し、バックアップに戻ってください。',
      'case.references': '{count} 行が存在しないものを参照しています。',
      'case.header': 'ファイルのヘッダーに矛盾があります。正しく閉じられなかったか、バイトが変わっています。',
      'case.in_use':
        'ファイルの横にジャーナルがあります。ケースが開かれているか、正しく閉じられていません。バイトは比較していません。',
      'case.changed': '内容がマニフェストと異なり、ケースのログに理由がありません。表：{tables}。',
      'case.continued':
        'マニフェストの後も作業が続いたため（{actions}）、次の内容が異なります：{tables}。証拠から得たものは比較済みです。',
      'case.migrated':
        'その後ケースはスキーマ {from} から {to} に更新されたため、内容をマニフェストと比較できません。',
      'case.opened': 'その後ケースが開かれましたが、何も書き込まれていません。',
      'case.bytes_changed':
        'ログではその後何も行われていないのに、ファイルのバイトがマニフェストと異なります。',
      'case.bytes_moved':
        'マニフェストの後にファイルへ書き込みがあり、バイトは比較できません。内容は比較しました。',
      'audit.broken': '監査ログは {entry} 番目の項目で途切れています。変更、削除、または挿入されています。',
      'audit.cut':
        '監査ログの {entry} 番目の項目はマニフェストが示すものではありません。ログが切られたか、差し替えられています。',
      'conservation.records':
        '「{name}」：読み取った {read} 件が、保存 {stored}、重複 {duplicate}、拒否 {rejected} の合計と一致しません。',
      'conservation.bytes': '「{name}」：{bytes} バイト中 {read} バイトしか読み取られていません。',
      'conservation.kept': '「{name}」：保持している生レコードは {kept} 件で、{expected} 件ではありません。',
      'records.unreadable': 'これらの生レコードは読み戻せません。ブロックが破損しています。',
      'evidence.unfinished': '「{name}」は最後まで取り込まれていません（{status}）。',
      'evidence.changed':
        '「{name}」という名前のファイルはありますが、取り込んだものではありません（SHA-256 {sha256}）。',
      'evidence.missing': '「{name}」の SHA-256 {sha256} を持つファイルがそこにありません。',
      'evidence.unlisted':
        '「{name}」（SHA-256 {sha256}）はマニフェストにありますがケースにありません。ログに取り除いた記録はありません。',
      'manifest.unsigned': '鍵が指定されましたが、マニフェストに署名がありません。',
      'manifest.signature': 'マニフェストの署名が成り立ちません。マニフェストか署名が変更されています。',
      'manifest.other_key':
        'マニフェストは鍵 {fingerprint} で署名されており、指定された鍵（{wanted}）ではありません。',
      'file.changed': 'マニフェストの隣のファイルは記載されたものではありません（SHA-256 {sha256}）。',
      'holds.signed':
        'マニフェストは鍵 {fingerprint} で署名されています。誰の鍵かは持ち主にしか分かりません。照合するか、公開鍵を指定してください。',
      'holds.signed_by': 'マニフェストは指定された鍵（{fingerprint}）で署名されています。',
      'holds.files': 'マニフェストの隣のファイル {count} 件は記載どおりです。',
      'manifest.unreadable':
        'Redthread のマニフェストではないか、読み取れないほど破損しています。何も照合していません。別のコピーを使ってください。',
      'manifest.changed':
        'マニフェストが書き出し後に変更されています（1 バイトでも同じ）。自身の検査値と一致しません。何も照合していないため、ケース・証拠・レポートの正誤いずれも裏付けません。別のコピーを使ってください。',
      'manifest.other_case':
        'マニフェストは別のケース「{name}」のものか、このケースの ID が変更されています。何も照合していません。',
      'report.changed':
        'このレポートはマニフェストにあるどれとも異なります。変更されたか、別の時に作られたものです（SHA-256 {sha256}）。',
      'report.unknown':
        'マニフェストにもケースのログにも SHA-256 が {sha256} のレポートはありません。別のレポートであるか、ケースが別の場所で開かれている間または読み取り専用のときに書き出されたものです。後者の場合、ログに項目は残りません。',
      'archive.manifest_changed':
        'アーカイブ内のマニフェストが書き出し後に変更されています。自身の検査値と一致しません。ファイルはそれでも照合しました。相違はマニフェスト側の誤りかもしれず、一致も変更されたマニフェストとの一致です。別のコピーを使ってください。',
      'archive.passphrase': 'このパスフレーズではアーカイブを開けません。',
      'archive.locked': 'アーカイブは鍵がかかっています。パスフレーズを指定してください。',
      'archive.unreadable': 'Redthread のアーカイブではないか、途切れているか、破損しています。',
      'archive.changed': 'ファイルの SHA-256 がアーカイブ内のマニフェストと異なります。',
      'archive.foreign': 'アーカイブにマニフェストにないファイルがあります。展開していません。',
      'archive.missing': 'マニフェストにあるこのファイルがアーカイブにありません。',
      'merged.broken':
        '統合時に保存した {by} のログは {entry} 番目の項目で途切れています。変更、削除、または挿入されています。',
      'merged.replaced': '{by} のログは、このケースのログが統合したと記すものではありません。',
      'merged.missing': '監査ログにある統合がケースに残っていません。',
      'holds.merged':
        '{count} 回の統合のログ {entries} 件は途切れのない連鎖で、このケースのログにも記されています。',
      more: '同種の結果がほかにもあります（{code}）。',
      'holds.schema': 'ケースには Redthread の表とトリガーだけがあります。',
      'holds.integrity': 'SQLite のページ、索引、参照はすべて正常です。',
      'holds.audit': '監査ログの {entries} 件すべてが途切れのない連鎖です。末尾のハッシュ値は {head} です。',
      'holds.conservation':
        '{count} 件の証拠で、読み取ったレコードはすべて保存、既知の重複、拒否のいずれかです。',
      'holds.records': '{records} 件の生レコードすべてを {blocks} 個のブロックから読み戻せます。',
      'holds.evidence': '{count} 件の原本がバイト単位で一致しました。',
      'holds.manifest': '{at} のマニフェストは書き出した時のままです。',
      'holds.anchor': '監査ログにはマニフェストが示す {entry} 番目の項目が今もあります。',
      'holds.digest': '内容はマニフェストと同じです（{digest}）。',
      'holds.bytes': 'ファイルはマニフェストとバイト単位で同じです（SHA-256 {sha256}）。',
      'holds.report': 'レポートはマニフェストにあるものです（SHA-256 {sha256}）。',
      'holds.report_logged': 'ケースのログに、このレポートを書き出した記録があります（SHA-256 {sha256}）。',
    },
  },
}
export default words

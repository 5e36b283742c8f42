import type { Words } from '../model/words.ts'

/** Issues of archives, beside those each importer names itself. */
const words: Words = {
  prefix: 'importer.archive.issue',
  texts: {
    en: {
      too_many_members: 'The archive holds more members than are opened; the rest was left out',
      encrypted_member: 'A member is encrypted and no password given opens it; it was left out',
      sealed_member:
        'A member is encrypted in an archive whose encryption Redthread does not open (7z, RAR, a ZIP without its directory); it was left out. Unpack it with 7-Zip and import what comes out',
      unrecognised_member: 'No importer recognises this member; it was left out',
      ambiguous_member:
        'Several formats fit this member; it was left out. Import it on its own and choose the format',
      needs_mapping:
        'This member is a table that no importer knows; it was left out. Import it on its own with a mapping, or the archive again with one',
      date_order:
        'The dates of this member do not tell which number is the day; it was left out. Remove this evidence and import it again with the order',
      unread_kind: 'Members of a kind that is not read were left out; kind, number, size and first names',
      broken_member: 'A member could not be read to its end; what was read is kept',
      broken_archive: 'An archive inside is damaged and could not be opened; it was left out',
      broken_header: 'The archive is damaged here; what stood before is kept, what follows was not read',
      no_directory:
        'The archive has no directory at its end (it may have been cut off); its members were told by the header before each',
      cut_off: 'The archive ends too early; what stood before the cut is kept',
      expansion: 'It unpacks to far more than any honest archive holds; the rest was left unread',
      too_large: 'An archive inside is larger than is opened; unpack it and import its contents',
      too_deep: 'Archives are packed inside each other too deep; this one was left shut',
      overlapping_member: 'A member claims bytes that belong to another one; it was left out',
      contradiction:
        'The header before a member says otherwise than the directory of the archive; the directory was followed',
      unknown_compression: 'A member is compressed in a way that is not read; it was left out',
      sparse_member: 'A member is a sparse file, which is not read; it was left out',
      link_member: 'A member is a link or a device and holds nothing; it was not followed',
      header_too_long: 'A header of the archive is longer than any name; it was skipped',
      trailing_bytes: 'Bytes stand behind the end of the archive; they were not read',
      stored_twice:
        'The evidence named here brought these bytes too while this import was cut off: records without an identity of their own stand twice. Remove one of the two and import it again',
      repeated_bytes:
        'The case has these bytes already, from the evidence named here: records without an identity of their own were stored once, with both sources. A zone behind the name: its times without a zone were read in that one, which stands',
      more: 'More of the same were counted but not listed one by one',
    },
    'zh-TW': {
      too_many_members: '壓縮檔成員數超過上限，其餘未開啟',
      encrypted_member: '成員已加密，所提供的密碼皆無法開啟，未匯入',
      sealed_member:
        '成員已加密，而 Redthread 無法開啟這種壓縮檔的加密（7z、RAR、缺少目錄的 ZIP），未匯入。請以 7-Zip 解壓縮後匯入其內容',
      unrecognised_member: '沒有匯入器可辨識此成員，未匯入',
      ambiguous_member: '此成員符合多種格式，未匯入。請單獨匯入並指定格式',
      needs_mapping:
        '此成員是沒有匯入器認得的表格，未匯入。請搭配欄位對應單獨匯入，或搭配欄位對應重新匯入整個壓縮檔',
      date_order: '此成員的日期無法判斷哪個數字是日，未匯入。請移除此證據，指定日月順序後重新匯入',
      unread_kind: '不支援讀取的成員種類，未匯入；列出種類、數量、大小與前幾個名稱',
      broken_member: '成員無法讀取至結尾，已讀取的部分已保留',
      broken_archive: '內含的壓縮檔已損毀，無法開啟，未匯入',
      broken_header: '壓縮檔在此處損毀；之前的內容已保留，之後的內容未讀取',
      no_directory: '壓縮檔結尾沒有目錄（可能遭截斷）；改以各成員前方的標頭辨識成員',
      cut_off: '壓縮檔提早結束；截斷處之前的內容已保留',
      expansion: '解壓縮後的大小遠超過正常壓縮檔，其餘未讀取',
      too_large: '內含的壓縮檔超過可開啟的大小；請先解壓縮，再匯入其內容',
      too_deep: '壓縮檔層層包裝過深，此檔未開啟',
      overlapping_member: '成員所占的位元組屬於另一個成員，未匯入',
      contradiction: '成員前方的標頭與壓縮檔目錄不一致；以目錄為準',
      unknown_compression: '成員採用不支援的壓縮方式，未匯入',
      sparse_member: '成員為稀疏檔案，不支援讀取，未匯入',
      link_member: '成員為連結或裝置，本身沒有內容，未跟隨',
      header_too_long: '壓縮檔的標頭比任何名稱都長，已略過',
      trailing_bytes: '壓縮檔結尾之後還有其他位元組，未讀取',
      stored_twice:
        '本次匯入中斷期間，此處列出的證據也帶入了相同的位元組：沒有自身識別碼的紀錄會出現兩次。請移除其中一項後重新匯入',
      repeated_bytes:
        '案件中已有相同的位元組，來自此處列出的證據；沒有自身識別碼的紀錄只存一次，並保留兩個來源。名稱後若有時區，表示該證據中沒有時區的時間是以該時區讀取，並以其為準',
      more: '其餘相同的問題只計數，未逐一列出',
    },
    ja: {
      too_many_members: 'アーカイブのメンバー数が上限を超えたため、残りは開いていません',
      encrypted_member: 'メンバーは暗号化されており、指定されたパスワードでは開けないため取り込んでいません',
      sealed_member:
        'メンバーは Redthread が開けない方式のアーカイブ（7z、RAR、目録のない ZIP）で暗号化されているため取り込んでいません。7-Zip で展開してから中身を取り込んでください',
      unrecognised_member: 'このメンバーを認識できるインポーターがないため取り込んでいません',
      ambiguous_member:
        'このメンバーは複数の形式に当てはまるため取り込んでいません。単独で取り込み、形式を選んでください',
      needs_mapping:
        'このメンバーはどのインポーターも知らない表のため取り込んでいません。マッピングを付けて単独で、またはアーカイブごと取り込み直してください',
      date_order:
        'このメンバーの日付は日と月の順序を判別できないため取り込んでいません。この証拠を削除し、順序を指定して取り込み直してください',
      unread_kind:
        '読み取りの対象外の種類のメンバーは取り込んでいません。種類、件数、サイズ、先頭の名前を示します',
      broken_member: 'メンバーを最後まで読み取れませんでした。読み取れた部分は保持しています',
      broken_archive: '内側のアーカイブが壊れていて開けないため取り込んでいません',
      broken_header: 'アーカイブがここで壊れています。手前の内容は保持し、以降は読み取っていません',
      no_directory:
        'アーカイブの末尾に目録がありません（途中で切れている可能性があります）。各メンバー直前のヘッダーからメンバーを判別しました',
      cut_off: 'アーカイブが途中で終わっています。切れ目より前の内容は保持しています',
      expansion: '展開後のサイズが通常のアーカイブを大きく超えるため、残りは読み取っていません',
      too_large: '内側のアーカイブが開けるサイズを超えています。展開してから中身を取り込んでください',
      too_deep: 'アーカイブの入れ子が深すぎるため、これは開いていません',
      overlapping_member: 'メンバーが別のメンバーのバイトを使っているため取り込んでいません',
      contradiction: 'メンバー直前のヘッダーがアーカイブの目録と食い違います。目録に従いました',
      unknown_compression: 'メンバーの圧縮方式に対応していないため取り込んでいません',
      sparse_member: 'メンバーはスパースファイルで、対応していないため取り込んでいません',
      link_member: 'メンバーはリンクまたはデバイスで中身がありません。リンク先はたどっていません',
      header_too_long: 'アーカイブのヘッダーがどの名前よりも長いため読み飛ばしました',
      trailing_bytes: 'アーカイブの終わりより後ろにバイトがあります。読み取っていません',
      stored_twice:
        'この取り込みが中断していた間に、ここに示す証拠からも同じバイト列が取り込まれました。固有の識別子を持たないレコードが二重になっています。どちらかを削除し、もう一度取り込んでください',
      repeated_bytes:
        '同じバイト列が、ここに示す証拠から既にケースに取り込まれています。固有の識別子を持たないレコードは一度だけ保存し、両方の出所を残しました。名前の後にタイムゾーンがある場合、タイムゾーンのない時刻はそのタイムゾーンで読まれており、それが有効です',
      more: '同じ問題がほかにもあり、件数だけを数えています',
    },
  },
}
export default words

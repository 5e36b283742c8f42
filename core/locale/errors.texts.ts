import type { ErrorCode } from '../model/errors.ts'
import type { Texts } from '../model/text.ts'

/** What happened, what was kept, what to do: one text per error code, under the prefix `errors` (STYLE.md section 4). */
export const errorTexts: Texts<ErrorCode> = {
  en: {
    'request.unknown_method':
      'This version of Redthread does not know the request "{method}". Nothing was changed. Use the same version on both sides.',
    'request.invalid':
      'The value of "{field}" cannot be used. Nothing was changed. Correct it and try again.',
    'request.unknown_field':
      'There is no search field "{field}". Some that exist: {known}; every field name shown with an event works too. To find these words as text, put them in quotation marks.',
    'request.unknown_kind':
      'There is no kind of event "{kind}". Those there are, the nearest first: {known}.',
    'request.not_permitted':
      'This request is not permitted here. Nothing was changed. Choose the file again with the file picker, or reopen the workbench.',
    'request.not_found': 'Nothing was found for "{what}". Nothing was changed. Check the id or the name.',
    'request.ambiguous':
      '"{what}" fits several things: {candidates}. Nothing was changed. Name one of them by its id.',
    'request.usage': '{reason} See "redthread {help}".',
    'request.too_large':
      'This is too large to be handed over at once: {size} MiB, and {limit} MiB is the most. Nothing was changed. Give it in several parts, each on its own.',
    'case.none_open': 'No case is open. Open or create a case first.',
    'case.missing':
      'There is no case file "{file}" at that path. Nothing was changed. Check the path, or create the case first (redthread new).',
    'file.missing': 'There is no file "{file}" at that path. Nothing was changed. Check the path.',
    'file.is_folder': '"{file}" is a folder, and a file is needed. Nothing was changed. Name a file in it.',
    'file.no_access':
      '"{file}" may not be read by this account. Nothing was changed. Change its permissions, or copy it to a place you can read.',
    'file.unreadable':
      '"{file}" cannot be read ({reason}). Nothing was changed. Check the path and the medium it is on.',
    'case.exists': '"{file}" already exists and was left as it is. Open it, or choose another name.',
    'evidence.unreadable':
      '"{name}" cannot be read ({reason}). Nothing of it was taken. Check the path and your permissions.',
    'evidence.file_name':
      '"{name}" cannot be opened: its name is no valid UTF-8 (U+FFFD stands for what cannot be read). Nothing of it was imported. Rename it and import it again.',
    'evidence.not_a_file':
      '"{name}" is no file but a folder, pipe, socket or device. Nothing of it was taken. Name a file; what a pipe or device delivers must be written to one first.',
    'evidence.link':
      '"{name}" is a symbolic link inside a folder and was not followed: what it names may lie anywhere. Import its target itself.',
    'evidence.too_deep':
      '"{name}" lies below more than 128 folders. Nothing of it was imported. Import this folder itself.',
    'evidence.changed':
      '"{name}" changed while it was being read: its hash differs. Nothing of it was kept. Copy the file to a place where nothing writes to it and import it again.',
    'evidence.replaced':
      'The import of "{name}" (item {id}) did not finish, and the file holds other bytes now. Nothing was read this time; what was read before stays in the case, marked as unfinished. Put the file back as it was and import it again, or remove item {id} and import the file as it is now.',
    'evidence.gone':
      'The import of "{name}" (item {id}) did not finish, and the file cannot be read now ({reason}). What was read before stays in the case, marked as unfinished. Bring the file back and import it again from any place, or remove item {id}.',
    'evidence.duplicate_machine':
      '"{name}" of {machine} has the same bytes as "{as}" (evidence {id}), which is of another machine. Nothing of it was imported. Import the collections of both as ZIP files.',
    'evidence.duplicate': '"{name}" is already in this case (same SHA-256). Nothing was imported twice.',
    'evidence.unrecognised':
      'No importer recognises "{name}". Nothing of it was imported. If you know its format, choose it yourself.',
    'evidence.ambiguous':
      'Several formats fit "{name}": {formats}. Nothing of it was imported. Choose the format yourself.',
    'evidence.nothing_read':
      '"{name}" was read as {format}, and nothing in it is of that format. Nothing of it was kept. Import it again with another format, or without naming one.',
    'evidence.empty': '"{name}" is empty. Nothing of it was taken. Check the export at its source.',
    'evidence.too_large':
      '"{name}" is larger than the limit of {limit}. Nothing of it was taken. Split the file.',
    'evidence.encrypted':
      '"{name}" is locked with a password; neither "infected" nor a password given so far opens it. Nothing was read from it this time. Give its password, or unpack it and import the contents.',
    'evidence.archive_broken':
      'The archive "{name}" is cut off or damaged: its table of contents cannot be read. Nothing of it was imported. Get a whole copy, or repair it with an archive tool and import what comes out.',
    'evidence.archive_unsupported':
      '"{name}" is packed in a way Redthread does not open. Nothing of it was imported. Unpack it with another tool and import the contents.',
    'evidence.workbook':
      '"{name}" is a workbook in a form that is not read: of before 2007 (.xls), binary (.xlsb), or under a password. Nothing of it was imported. Open it in a spreadsheet program, save it as .xlsx without a password or as CSV and import that; keep the original.',
    'evidence.archive_locked':
      '"{name}" is locked, and Redthread opens no locked archive of this kind (7z, RAR), whatever the password. Nothing of it was imported. Unpack it with 7-Zip and its password into a folder, and import that folder.',
    'evidence.date_order':
      'Dates such as "{example}" in "{name}" do not tell which number is the day. Nothing of it was imported. Say whether the day or the month comes first.',
    'evidence.needs_mapping':
      '"{name}" is a table that no importer knows. Nothing of it was imported. Say what its columns mean: open it with a mapping, which is proposed from its header and first rows.',
    'mapping.no_table':
      '"{name}" does not begin as a table or as JSON records, and only those take a mapping. Nothing was changed. Import it as it is, or say what it is written in.',
    'mapping.invalid':
      'The mapping "{name}" cannot be used: "{field}" is no target, column, time format or zone that is known. Nothing was imported. Correct it and try again.',
    'limit.memory':
      'Reading "{name}" takes more memory than an import may have. What was read until then is in the case. Split the file and import the rest.',
    'limit.record_size': 'A record is larger than Redthread takes. It was left out; the others were kept.',
    'limit.expansion':
      '"{name}" unpacks to more than {limit} times its size. It was left unread, as such archives are made to fill disks.',
    'event.too_many_to_sort':
      'The search finds more than {limit} events. They stay in the order they are in. Narrow the search to sort by this, or sort by one of: time, kind, endpoint, user, source, process.',
    'limit.rows': 'The request would return more than {limit} rows. Narrow it, or fetch it page by page.',
    'store.not_a_case':
      '"{file}" is not a Redthread case. It was not touched. Choose a file that ends in .redthread.',
    'store.foreign_schema':
      '"{file}" holds database objects that Redthread did not make ({objects}). It was not opened, because such objects can run code. Ask where the file comes from.',
    'store.locked':
      '"{file}" is in use by another program. Nothing was changed. Close it there, or wait for its job to end.',
    'store.corrupt':
      '"{file}" is damaged. It was closed to keep what is there. Work on a copy, and restore the case from a backup if you have one.',
    'store.from_future':
      'This case was written by a newer version of Redthread (schema {version}; this one reads up to {known}). It was not touched. Update Redthread.',
    'store.disk_full':
      'The disk is full. Everything up to the last finished batch is safe in the case. Free some space and continue the import.',
    'store.read_only':
      'This case lies where nothing can be written, or is protected against it. Nothing was changed. Copy it to a place you can write to.',
    'store.unwritable':
      'Cannot write to "{file}". Nothing was written. Choose a folder that exists and that you may write to.',
    'output.case':
      '"{file}" in {folder} is a Redthread case, or a file that belongs to one. It was left as it is and nothing was written there. Choose another name for what is to be written.',
    'output.evidence':
      '"{file}" in {folder} is an original of this case (evidence {id}, "{name}"). It was left as it is and nothing was written there. Choose another place.',
    'output.not_empty':
      '"{file}" in {folder} is not empty. What is in it was left as it is and nothing was written there. Name a folder that is new or empty.',
    'output.input':
      '"{file}" in {folder} is read by the same command. It was left as it is and nothing was written there. Choose another name for what is to be written.',
    'identity.kind':
      'A {kind} cannot be joined or taken apart. Nothing was changed. Users, endpoints, mailboxes and groups can.',
    'identity.kinds_differ':
      'These are of different kinds ({kinds}) and cannot be one. Nothing was changed. Name two of one kind.',
    'identity.same': 'All of these are "{name}" already. Nothing was changed. Name another one.',
    'identity.not_a_name':
      '"{alias}" is not among the names of "{name}" that can be set apart. Nothing was changed. See its names, written as kind:value.',
    'identity.whole':
      'These are all the names of "{name}": nothing would be left of it. Nothing was changed. Leave out at least one.',
    'rule.failed':
      'The rule "{rule}" failed when relations were last computed: what it finds is missing. The results of the other rules were kept. Correlate again; should it fail once more, please report it as a defect of Redthread.',
    'policy.invalid':
      'The policy is not valid: {field} ({rule}). It was not taken, nothing was changed. Correct the field and try again.',
    'policy.service_mismatch':
      'The message belongs to the service {service}, the policy to {policy}. Nothing was judged. Give a policy of that service.',
    'judge.invalid_message': '"{name}" is no message that can be judged: {field}. Nothing was judged.',
    'judge.invalid_url':
      '"{url}" is no web address. Nothing was judged. Give a host name, or an http or https address.',
    'retro.disabled':
      'Retro scan is switched off in the policy. Nothing was judged. Switch on retroScan and try again.',
    'retro.no_packs': 'There is no pattern pack to judge with. Nothing was judged. Add a pattern pack first.',
    'pack.unrecognised':
      '"{file}" is in none of the formats of pattern packs. Nothing of it was added. Choose a list of URLs or hosts, a CSV file, a MISP event or feed, or a pack of Redthread.',
    'pack.damaged':
      '"{file}" is packed and cannot be unpacked: it is damaged or locked. Nothing of it was added. Get the file again, or unpack it and add what it holds.',
    'pack.not_json':
      '"{file}" begins like JSON and is not valid JSON; it may be cut off. Nothing of it was added. Get the file again.',
    'pack.field':
      '"{file}" is not a valid pattern pack: {field} is missing or has the wrong form. Nothing of it was added. Correct it and add the file again.',
    'pack.too_large':
      '"{file}" is larger than {limit} MiB when read whole. Nothing of it was added. Add it in parts, or as a list or CSV file: those have no such limit.',
    'pack.several_members':
      '"{file}" holds several files. Nothing of it was added. Unpack it and add the files one by one; only a MISP feed may stay together.',
    'pack.no_manifest':
      'The folder "{file}" is no MISP feed: it has no manifest.json that can be read. Nothing of it was added. Choose the files in it, or the folder that holds the manifest.',
    'pack.no_patterns':
      '"{file}" holds no pattern. Nothing of it was added. Check that it is the right file.',
    'pack.unmarked':
      'None of the {unmarked} indicators of "{file}" is marked for detection. Nothing of it was added. Add it again with what MISP does not mark for detection (on the command line: --unmarked).',
    'pack.version_taken':
      'The version {pack} is already in this case, with other contents. Nothing of "{file}" was added. Name another version.',
    'pack.duplicate': '"{file}" is already in this case (same contents). Nothing was added twice.',
    'pack.feed_alone':
      '"{file}" is the manifest of a MISP feed; its {events} events are files beside it. Nothing was added. Choose the manifest together with its events, or the folder of the feed.',
    'sweep.invalid':
      'The indicators could not be read: {reason}. Nothing was searched. Check the file, or choose its format.',
    'sweep.unrecognised':
      'The format of "{name}" is not one of indicators, or nothing in it is one. Nothing was searched. Choose the format, or give one indicator per line.',
    'sweep.too_many':
      'The files hold more than {limit} indicators. Nothing was searched. Give fewer at a time; a list of URLs that large is a pattern pack (Reputation).',
    'merge.itself': '"{file}" is the case that is open. Nothing was merged. Name the case of your colleague.',
    'merge.broken_log':
      'The audit log of "{file}" is broken at entry {entry}: it was changed after it was written. Nothing was merged. Ask for the case again, and check it with verify.',
    'merge.too_large':
      'The other case holds more than {limit} entries of one kind ({what}); no analyst makes so many. Nothing was merged. Ask where the file comes from.',
    'merge.conflicts':
      'Conflicts that are not settled: {count}. Nothing was merged. Settle each of them, or prefer one side for all.',
    'merge.changed':
      '"{file}" or this case changed since the comparison was shown. Nothing was merged. Compare again.',
    'key.invalid':
      '"{file}" holds no Ed25519 key that can be read: another kind of key, a damaged file or a wrong passphrase.',
    'key.not_public':
      '"{file}" holds no public Ed25519 key. Nothing was checked. Give the public key, which stands beside the private one and ends in .pub.',
    'key.private':
      '"{file}" is a private key. It does not belong here: checking needs only the public key, and a private one should stay with whoever signs. Nothing was checked. Give the public key, which stands beside it and ends in .pub; if this private key came to you with the case, its owner must replace it.',
    'key.exists': '"{file}" is there already. A key is never written over: choose another name.',
    'report.no_browser':
      'A PDF needs Chromium, Chrome or Edge on this machine, and none was found. Nothing was written. Install one, set CHROMIUM to its path, or write the report as HTML.',
    'report.failed':
      'The report could not be written ({reason}). The case is unchanged. Try HTML, or another folder.',
    'report.unjoined':
      'The browser printed this long report in a form that cannot be joined into one PDF ({reason}). Nothing was written. Print fewer rows, use another browser, or write it as HTML and print that.',
    'host.port_in_use': 'Port {port} is in use; choose another or leave it out.',
    'host.port_not_permitted':
      'Port {port} is not open to this account; choose one above 1023 or leave it out.',
    'host.gone':
      'Redthread is not running any more. What was finished is in the case. Start it again and open the case; in a browser, open the address that it prints.',
    'host.token':
      'This page belongs to an earlier start of Redthread, and the one that runs now does not know it. Nothing was changed. Open the address that the running one printed.',
    'job.cancelled': 'Cancelled. What was finished before is kept, and the case is whole.',
    'job.busy': 'Another job is running in this case. Nothing was started. Wait for it to end, or cancel it.',
    internal:
      'Something went wrong inside Redthread ({name}). The case keeps all that was finished. Try again; if it happens again, report it with entry {log} of the log (redthread.log).',
    'internal.unlogged':
      'Something went wrong inside Redthread ({name}). The case keeps all that was finished. Try again; if it happens again, load the page anew or start Redthread again, and report what you did.',
  },
  'zh-TW': {
    'request.unknown_method':
      '這個版本的 Redthread 不認得「{method}」這項要求。未做任何變更。請讓兩端使用相同版本。',
    'request.invalid': '「{field}」的值無法使用。未做任何變更。請修正後再試一次。',
    'request.unknown_field':
      '沒有「{field}」這個搜尋欄位。可用的例如：{known}；事件所顯示的欄位名稱也都可以使用。若要當作文字搜尋，請加上引號。',
    'request.unknown_kind': '沒有「{kind}」這種事件種類。可用的種類如下，最接近的在前：{known}。',
    'request.not_permitted':
      '這裡不允許這項要求。未做任何變更。請用檔案選擇器重新選擇檔案，或重新開啟工作台。',
    'request.not_found': '找不到「{what}」。未做任何變更。請檢查識別碼或名稱。',
    'request.ambiguous': '「{what}」符合多個項目：{candidates}。未做任何變更。請用識別碼指定其中一個。',
    'request.usage': '{reason}請參閱「redthread {help}」。',
    'request.too_large':
      '內容過大，無法一次送出：{size} MiB，上限為 {limit} MiB。未做任何變更。請分成數份，逐一提供。',
    'case.none_open': '尚未開啟案件。請先開啟或建立案件。',
    'case.missing': '該路徑沒有案件檔「{file}」。未做任何變更。請檢查路徑，或先建立案件（redthread new）。',
    'file.missing': '該路徑沒有檔案「{file}」。未做任何變更。請檢查路徑。',
    'file.is_folder': '「{file}」是資料夾，此處需要檔案。未做任何變更。請指定其中的檔案。',
    'file.no_access': '此帳號無權讀取「{file}」。未做任何變更。請變更其權限，或複製到可讀取的位置。',
    'file.unreadable': '無法讀取「{file}」（{reason}）。未做任何變更。請檢查路徑與所在媒體。',
    'case.exists': '「{file}」已經存在，內容維持原狀。請開啟它，或改用其他名稱。',
    'evidence.unreadable': '無法讀取「{name}」（{reason}）。未採用其中任何內容。請檢查路徑與權限。',
    'evidence.file_name':
      '無法開啟「{name}」：名稱不是有效的 UTF-8（無法讀取之處以 U+FFFD 表示）。沒有匯入其中任何內容。請重新命名後再匯入。',
    'evidence.not_a_file':
      '「{name}」不是檔案，而是資料夾、管道、通訊端或裝置。未採用其中任何內容。請指定檔案；管道或裝置的輸出須先存成檔案。',
    'evidence.link': '「{name}」是資料夾中的符號連結，未予跟隨：其指向可能在任何位置。請直接匯入其目標。',
    'evidence.too_deep': '「{name}」位於超過 128 層資料夾之下。沒有匯入其中任何內容。請直接匯入此資料夾。',
    'evidence.changed':
      '「{name}」在讀取期間被更動：雜湊值不同。沒有保留其中任何內容。請把檔案複製到不會被寫入的位置再匯入。',
    'evidence.replaced':
      '「{name}」（項目 {id}）的匯入曾中斷，而檔案現在的內容已不同。這次沒有讀取任何內容；先前讀取的部分仍在案件中，標示為未完成。請還原檔案後再匯入，或移除項目 {id} 後匯入檔案目前的內容。',
    'evidence.gone':
      '「{name}」（項目 {id}）的匯入曾中斷，而檔案現在無法讀取（{reason}）。先前讀取的部分仍在案件中，標示為未完成。請取回檔案（任何位置皆可）後再匯入，或移除項目 {id}。',
    'evidence.duplicate_machine':
      '{machine} 的「{name}」與「{as}」（證據 {id}）位元組相同，而後者屬於另一部機器。未匯入任何內容。請以 ZIP 檔分別匯入兩者的採集。',
    'evidence.duplicate': '「{name}」已在此案件中（SHA-256 相同）。沒有重複匯入。',
    'evidence.unrecognised': '沒有匯入器認得「{name}」。沒有匯入其中任何內容。若您知道格式，請自行指定。',
    'evidence.ambiguous': '「{name}」符合多種格式：{formats}。沒有匯入其中任何內容。請自行指定格式。',
    'evidence.nothing_read':
      '已將「{name}」以 {format} 格式讀取，但其中沒有任何內容屬於該格式。未保留其中任何內容。請改用其他格式重新匯入，或不指定格式。',
    'evidence.empty': '「{name}」是空檔案。未採用任何內容。請檢查來源端的匯出結果。',
    'evidence.too_large': '「{name}」超過 {limit} 的上限。未採用其中任何內容。請分割檔案。',
    'evidence.encrypted':
      '「{name}」以密碼鎖定，「infected」與目前提供的密碼都無法開啟。這次沒有讀取任何內容。請提供密碼，或先解開再匯入其內容。',
    'evidence.archive_broken':
      '壓縮檔「{name}」不完整或已損壞，無法讀取其目錄。沒有匯入其中任何內容。請取得完整的副本，或以壓縮工具修復後匯入其內容。',
    'evidence.archive_unsupported':
      '「{name}」的壓縮方式 Redthread 無法開啟。未匯入任何內容。請以其他工具解壓縮後匯入其內容。',
    'evidence.workbook':
      '「{name}」是不支援的活頁簿形式：2007 年以前的格式（.xls）、二進位格式（.xlsb），或設有密碼。未匯入任何內容。請以試算表程式開啟，另存為不含密碼的 .xlsx 或 CSV後匯入，並保留原檔。',
    'evidence.archive_locked':
      '「{name}」已加密，而 Redthread 無論用什麼密碼都無法開啟這種加密壓縮檔（7z、RAR）。未匯入任何內容。請以 7-Zip 與其密碼解壓縮至資料夾，再匯入該資料夾。',
    'evidence.date_order':
      '「{name}」中「{example}」這類日期無法判斷哪個數字是日。未匯入任何內容。請指定日在前或月在前。',
    'evidence.needs_mapping':
      '「{name}」是沒有匯入器認得的表格。未匯入任何內容。請說明各欄位的意義：以欄位對應開啟，系統會依標題列與前幾列提出建議。',
    'mapping.no_table':
      '「{name}」的開頭不是表格，也不是 JSON 紀錄；只有這兩種可以使用欄位對應。未做任何變更。請直接匯入，或指定其編碼。',
    'mapping.invalid':
      '欄位對應「{name}」無法使用：「{field}」不是已知的對應項目、欄位、時間格式或時區。未匯入任何內容。請修正後再試一次。',
    'limit.memory':
      '讀取「{name}」所需的記憶體超過匯入的上限。在此之前讀取的內容已存入案件。請分割檔案後匯入其餘部分。',
    'limit.record_size': '有一筆紀錄超過 Redthread 可處理的大小。該筆已略過，其餘皆已保留。',
    'limit.expansion': '「{name}」解壓縮後超過其大小的 {limit} 倍。這類壓縮檔常用來塞滿磁碟，因此未讀取。',
    'event.too_many_to_sort':
      '搜尋結果超過 {limit} 筆事件，目前的排序維持不變。請縮小範圍後再依此排序，或改依時間、類型、端點、使用者、來源、處理程序排序。',
    'limit.rows': '這項要求會傳回超過 {limit} 列。請縮小範圍，或分頁取得。',
    'store.not_a_case': '「{file}」不是 Redthread 案件檔，未被更動。請選擇副檔名為 .redthread 的檔案。',
    'store.foreign_schema':
      '「{file}」含有並非由 Redthread 建立的資料庫物件（{objects}）。這類物件可能執行程式碼，因此沒有開啟。請查明檔案來源。',
    'store.locked': '「{file}」正由其他程式使用中。未做任何變更。請在該處關閉，或等候其作業結束。',
    'store.corrupt': '「{file}」已損壞。為保留現有內容，已將它關閉。請用副本作業，若有備份請還原。',
    'store.from_future':
      '此案件由較新版本的 Redthread 寫入（結構版本 {version}，本版最高可讀 {known}）。檔案未被更動。請更新 Redthread。',
    'store.disk_full':
      '磁碟已滿。到最後一個完成的批次為止，全部資料都安全存放在案件中。請釋出空間後繼續匯入。',
    'store.read_only': '此案件所在位置無法寫入，或檔案受到防寫保護。未做任何變更。請複製到可寫入的位置。',
    'store.unwritable': '無法寫入「{file}」。沒有寫入任何內容。請選擇已存在且您有寫入權限的資料夾。',
    'output.case':
      '{folder} 中的「{file}」是 Redthread 案件，或屬於某個案件的檔案。它維持原狀，未寫入任何內容。請為輸出檔案選擇其他名稱。',
    'output.evidence':
      '{folder} 中的「{file}」是本案件的證據原始檔案（證據 {id}，「{name}」）。它維持原狀，未寫入任何內容。請選擇其他位置。',
    'output.not_empty':
      '{folder} 中的「{file}」並非空資料夾。其中內容維持原狀，未寫入任何內容。請指定新的或空的資料夾。',
    'output.input':
      '{folder} 中的「{file}」正由同一指令讀取。它維持原狀，未寫入任何內容。請為輸出檔案選擇其他名稱。',
    'identity.kind': '{kind} 無法合併或拆分，未做任何變更。可合併或拆分的是使用者、端點、信箱與群組。',
    'identity.kinds_differ':
      '這些屬於不同種類（{kinds}），不可能是同一個。未做任何變更。請指定同一種類的項目。',
    'identity.same': '這些已經都是「{name}」。未做任何變更。請指定另一個項目。',
    'identity.not_a_name':
      '「{alias}」不是「{name}」可分出的名稱。未做任何變更。請查看其名稱，格式為 種類:值。',
    'identity.whole': '這些是「{name}」的所有名稱，分出後將一無所剩。未做任何變更。請至少保留一個。',
    'rule.failed':
      '上次計算關聯時規則「{rule}」執行失敗，該規則所能發現的內容因此缺少。其他規則的結果皆已保留。請再次關聯；若仍失敗，請將其回報為 Redthread 的缺陷。',
    'policy.invalid': '政策無效：{field}（{rule}）。未採用此政策，沒有任何變更。請修正該欄位後再試一次。',
    'policy.service_mismatch':
      '此郵件屬於服務 {service}，政策卻屬於 {policy}。沒有進行判定。請提供該服務的政策。',
    'judge.invalid_message': '「{name}」不是可以判定的郵件：{field}。沒有進行判定。',
    'judge.invalid_url': '「{url}」不是網址。沒有進行判定。請輸入主機名稱，或 http、https 位址。',
    'retro.disabled': '政策中已關閉回溯掃描。沒有進行判定。請啟用 retroScan 後再試一次。',
    'retro.no_packs': '沒有可用來判定的特徵碼套件。沒有進行判定。請先加入特徵碼套件。',
    'pack.unrecognised':
      '「{file}」不屬於任何特徵碼套件格式。沒有加入其中任何內容。請選擇 URL 或主機清單、CSV 檔、MISP 事件或 feed，或 Redthread 的套件。',
    'pack.damaged':
      '「{file}」經過壓縮而無法解開：檔案損毀或已加密。沒有加入其中任何內容。請重新取得檔案，或解壓縮後加入其中的檔案。',
    'pack.not_json':
      '「{file}」開頭為 JSON，但不是有效的 JSON，可能不完整。沒有加入其中任何內容。請重新取得檔案。',
    'pack.field':
      '「{file}」不是有效的特徵碼套件：{field} 缺少或格式錯誤。沒有加入其中任何內容。請修正後再加入。',
    'pack.too_large':
      '「{file}」整份讀取時超過 {limit} MiB。沒有加入其中任何內容。請分次加入，或改用沒有此限制的清單或 CSV 檔。',
    'pack.several_members':
      '「{file}」內含多個檔案。沒有加入其中任何內容。請解壓縮後逐一加入；只有 MISP feed 可以整份加入。',
    'pack.no_manifest':
      '資料夾「{file}」不是 MISP feed：沒有可讀取的 manifest.json。沒有加入其中任何內容。請選擇其中的檔案，或含有該資訊清單檔的資料夾。',
    'pack.no_patterns': '「{file}」不含任何特徵碼。沒有加入其中任何內容。請確認檔案是否正確。',
    'pack.unmarked':
      '「{file}」的 {unmarked} 個指標都未標示為可供偵測。沒有加入其中任何內容。請再次加入，並包含 MISP 未標示為可供偵測的項目（命令列：--unmarked）。',
    'pack.version_taken':
      '版本 {pack} 已在此案件中，而內容不同。沒有加入「{file}」的任何內容。請指定其他版本。',
    'pack.duplicate': '「{file}」已在此案件中（內容相同）。沒有重複加入。',
    'pack.feed_alone':
      '「{file}」是 MISP feed 的資訊清單，其 {events} 個事件是旁邊的個別檔案。沒有加入任何內容。請同時選擇資訊清單與事件檔案，或選擇整個資料夾。',
    'sweep.invalid': '無法讀取指標：{reason}。沒有進行搜尋。請檢查檔案，或指定其格式。',
    'sweep.unrecognised':
      '「{name}」不是指標的格式，或其中沒有任何指標。沒有進行搜尋。請指定格式，或改為每行一個指標。',
    'sweep.too_many':
      '檔案中的指標超過 {limit} 個。沒有進行搜尋。請分批提供；這麼大的 URL 清單應作為特徵碼套件（信譽）。',
    'merge.itself': '「{file}」就是目前開啟的案件。沒有合併任何內容。請指定同事的案件。',
    'merge.broken_log':
      '「{file}」的稽核記錄在第 {entry} 筆斷裂：寫入後遭到變更。沒有合併任何內容。請重新索取該案件，並以 verify 檢查。',
    'merge.too_large':
      '另一個案件的同類項目（{what}）超過 {limit} 筆，並非分析師所能產生。沒有合併任何內容。請確認檔案來源。',
    'merge.conflicts': '還有 {count} 項衝突尚未解決。沒有合併任何內容。請逐一決定，或一律採用其中一方。',
    'merge.changed': '比對後「{file}」或此案件又有變更。沒有合併任何內容。請重新比對。',
    'key.invalid': '「{file}」中沒有可讀取的 Ed25519 金鑰：可能是其他種類的金鑰、檔案損壞或密語錯誤。',
    'key.not_public':
      '「{file}」不含 Ed25519 公開金鑰。未檢查任何內容。請指定公開金鑰：它與私密金鑰放在一起，檔名以 .pub 結尾。',
    'key.private':
      '「{file}」是私密金鑰，不應用於此處：查驗只需要公開金鑰，私密金鑰應只由簽署者保管。未進行任何查驗。請提供與它放在一起、以 .pub 結尾的公開金鑰；若此私密金鑰是隨案件一併送來的，其持有人必須更換金鑰。',
    'key.exists': '「{file}」已存在。金鑰不會被覆寫：請使用其他名稱。',
    'report.no_browser':
      '產生 PDF 需要本機的 Chromium、Chrome 或 Edge，但都找不到。沒有寫入任何檔案。請安裝其中之一、以 CHROMIUM 指定其路徑，或改輸出 HTML 報告。',
    'report.failed': '無法寫出報告（{reason}）。案件內容不變。請改用 HTML 或其他資料夾。',
    'report.unjoined':
      '瀏覽器列印這份長報告的形式無法合併成單一 PDF（{reason}）。未寫出任何檔案。請減少列數、使用其他瀏覽器，或改存為 HTML 再列印。',
    'host.port_in_use': '連接埠 {port} 已被使用；請改用其他連接埠，或不要指定。',
    'host.port_not_permitted': '此帳號無法使用連接埠 {port}；請改用大於 1023 的連接埠，或不要指定。',
    'host.gone':
      'Redthread 已不在執行。已完成的內容都在案件中。請重新啟動並開啟案件；使用瀏覽器時，請開啟它所列印的網址。',
    'host.token':
      '此頁面屬於先前啟動的 Redthread，目前執行中的程式不認得它。未做任何變更。請開啟執行中的程式所列印的網址。',
    'job.cancelled': '已取消。先前完成的部分皆已保留，案件完整無缺。',
    'job.busy': '此案件中有另一項作業正在執行。沒有啟動新的作業。請等候它結束或將它取消。',
    internal:
      'Redthread 內部發生錯誤（{name}）。案件保留所有已完成的內容。請再試一次；若再次發生，請附上記錄檔（redthread.log）中編號 {log} 的項目回報。',
    'internal.unlogged':
      'Redthread 內部發生錯誤（{name}）。案件保留所有已完成的內容。請再試一次；若再次發生，請重新載入頁面或重新啟動 Redthread，並回報您所做的操作。',
  },
  ja: {
    'request.unknown_method':
      'このバージョンの Redthread は要求「{method}」に対応していません。何も変更されていません。両側で同じバージョンを使ってください。',
    'request.invalid':
      '「{field}」の値は使用できません。何も変更されていません。修正してもう一度お試しください。',
    'request.unknown_field':
      '「{field}」という検索フィールドはありません。使えるものの例：{known}。イベントに表示されるフィールド名も使えます。文字列として検索するには引用符で囲んでください。',
    'request.unknown_kind':
      'イベントの種類「{kind}」はありません。使える種類は次のとおりです（近い順）：{known}。',
    'request.not_permitted':
      'この要求はここでは許可されていません。何も変更されていません。ファイル選択画面で選び直すか、ワークベンチを開き直してください。',
    'request.not_found':
      '「{what}」は見つかりませんでした。何も変更されていません。ID または名前を確認してください。',
    'request.ambiguous':
      '「{what}」に該当するものが複数あります：{candidates}。何も変更されていません。ID で一つを指定してください。',
    'request.usage': '{reason}「redthread {help}」を参照してください。',
    'request.too_large':
      '一度に渡すには大きすぎます：{size} MiB（上限は {limit} MiB）。何も変更されていません。いくつかに分けて、1 つずつ渡してください。',
    'case.none_open': 'ケースが開かれていません。先にケースを開くか、新規作成してください。',
    'case.missing':
      '指定された場所にケースファイル「{file}」がありません。何も変更していません。場所を確かめるか、先にケースを作成してください（redthread new）。',
    'file.missing':
      '指定された場所にファイル「{file}」がありません。何も変更していません。場所を確かめてください。',
    'file.is_folder':
      '「{file}」はフォルダーです。ここではファイルが必要です。何も変更されていません。中のファイルを指定してください。',
    'file.no_access':
      'このアカウントには「{file}」を読み取る権限がありません。何も変更されていません。権限を変えるか、読み取れる場所にコピーしてください。',
    'file.unreadable':
      '「{file}」を読み取れません（{reason}）。何も変更されていません。パスと媒体を確認してください。',
    'case.exists':
      '「{file}」はすでに存在し、そのまま残されています。それを開くか、別の名前を選んでください。',
    'evidence.unreadable':
      '「{name}」を読み取れません（{reason}）。このファイルの内容は何も使われていません。パスと権限を確認してください。',
    'evidence.file_name':
      '「{name}」を開けません。名前が有効な UTF-8 ではありません（読み取れない部分は U+FFFD で示しています）。何も取り込まれていません。名前を変更してから取り込み直してください。',
    'evidence.not_a_file':
      '「{name}」はファイルではなく、フォルダー、パイプ、ソケットまたはデバイスです。内容は何も使われていません。ファイルを指定してください。パイプやデバイスの出力は先にファイルに保存してください。',
    'evidence.link':
      '「{name}」はフォルダー内のシンボリックリンクのため、たどりませんでした。リンク先はどこにあるかわかりません。リンク先を直接取り込んでください。',
    'evidence.too_deep':
      '「{name}」は 128 階層を超えるフォルダーの下にあります。何も取り込まれていません。このフォルダーを直接取り込んでください。',
    'evidence.changed':
      '「{name}」が読み取り中に変更されました（ハッシュが一致しません）。このファイルの内容は保存されていません。書き込みのない場所にコピーして取り込み直してください。',
    'evidence.replaced':
      '「{name}」（項目 {id}）の取り込みは中断されており、ファイルの内容が現在は異なります。今回は何も読み取っていません。以前に読み取った部分は未完了としてケースに残っています。元のファイルに戻して取り込み直すか、項目 {id} を削除して現在のファイルを取り込んでください。',
    'evidence.gone':
      '「{name}」（項目 {id}）の取り込みは中断されており、ファイルを現在読み取れません（{reason}）。以前に読み取った部分は未完了としてケースに残っています。ファイルを（どの場所でも）用意して取り込み直すか、項目 {id} を削除してください。',
    'evidence.duplicate_machine':
      '{machine} の「{name}」は、別のコンピューターの「{as}」（証拠 {id}）とバイト列が同じです。何も取り込んでいません。両方の収集を ZIP ファイルで取り込んでください。',
    'evidence.duplicate':
      '「{name}」はすでにこのケースにあります（SHA-256 が同一）。二重の取り込みは行われていません。',
    'evidence.unrecognised':
      '「{name}」を認識できるインポーターがありません。このファイルからは何も取り込まれていません。形式がわかる場合は自分で指定してください。',
    'evidence.ambiguous':
      '「{name}」には複数の形式が当てはまります：{formats}。このファイルからは何も取り込まれていません。形式を指定してください。',
    'evidence.nothing_read':
      '「{name}」を {format} として読み取りましたが、その形式の内容はありませんでした。何も保存していません。別の形式を指定するか、形式を指定せずに取り込み直してください。',
    'evidence.empty': '「{name}」は空です。内容は何も使われていません。エクスポート元を確認してください。',
    'evidence.too_large':
      '「{name}」は上限 {limit} を超えています。このファイルの内容は何も使われていません。ファイルを分割してください。',
    'evidence.encrypted':
      '「{name}」はパスワードで保護されており、「infected」でも、これまでに入力されたパスワードでも開けません。今回は何も読み取っていません。パスワードを入力するか、展開してから中身を取り込んでください。',
    'evidence.archive_broken':
      'アーカイブ「{name}」は途中で切れているか破損しており、目次を読み取れません。このファイルからは何も取り込まれていません。完全なコピーを入手するか、アーカイブツールで修復した中身を取り込んでください。',
    'evidence.archive_unsupported':
      '「{name}」は Redthread が開けない方式で圧縮されています。何も取り込んでいません。ほかのツールで展開してから中身を取り込んでください。',
    'evidence.workbook':
      '「{name}」は読み取れない形式のブックです。2007 年より前の形式（.xls）、バイナリ形式（.xlsb）、またはパスワード付きのいずれかです。何も取り込んでいません。表計算プログラムで開き、パスワードなしの .xlsx または CSV で保存して、それを取り込んでください。元のファイルは残しておいてください。',
    'evidence.archive_locked':
      '「{name}」は暗号化されており、Redthread はこの種類（7z、RAR）の暗号化アーカイブをどのパスワードでも開けません。何も取り込んでいません。7-Zip とそのパスワードでフォルダーに展開し、そのフォルダーを取り込んでください。',
    'evidence.date_order':
      '「{name}」の「{example}」のような日付では、どの数字が日かを判断できません。何も取り込んでいません。日と月のどちらが先かを指定してください。',
    'evidence.needs_mapping':
      '「{name}」はどのインポーターも知らない表です。何も取り込んでいません。列の意味を指定してください。見出しと最初の行から提案されたマッピングで開けます。',
    'mapping.no_table':
      '「{name}」の先頭は表でも JSON レコードでもありません。マッピングはそのどちらかにしか使えません。何も変更されていません。そのまま取り込むか、文字コードを指定してください。',
    'mapping.invalid':
      'マッピング「{name}」は使用できません。「{field}」は既知の対応先、列、日時の形式、タイムゾーンのいずれでもありません。何も取り込んでいません。修正してやり直してください。',
    'limit.memory':
      '「{name}」の読み取りには、取り込みに許される量を超えるメモリが必要です。そこまでに読み取った内容はケースに保存されています。ファイルを分割し、残りを取り込んでください。',
    'limit.record_size':
      'Redthread が扱える大きさを超えるレコードがあります。そのレコードは除外され、ほかは保存されました。',
    'limit.expansion':
      '「{name}」は展開すると元のサイズの {limit} 倍を超えます。ディスクを埋め尽くすためのアーカイブの可能性があるため、読み取られていません。',
    'event.too_many_to_sort':
      '検索結果が {limit} 件を超えるため、並び順はそのままです。この列で並べ替えるには範囲を絞り込むか、時刻、種類、エンドポイント、ユーザー、ソース、プロセスのいずれかで並べ替えてください。',
    'limit.rows': 'この要求は {limit} 行を超える結果を返します。条件を絞るか、ページごとに取得してください。',
    'store.not_a_case':
      '「{file}」は Redthread のケースではありません。ファイルは変更されていません。拡張子が .redthread のファイルを選んでください。',
    'store.foreign_schema':
      '「{file}」には Redthread が作成していないデータベースオブジェクトがあります（{objects}）。コードを実行するおそれがあるため開いていません。ファイルの出所を確認してください。',
    'store.locked':
      '「{file}」は別のプログラムで使用中です。何も変更されていません。そちらで閉じるか、ジョブの終了を待ってください。',
    'store.corrupt':
      '「{file}」は破損しています。現在の内容を守るために閉じました。コピーで作業し、バックアップがあれば復元してください。',
    'store.from_future':
      'このケースは新しいバージョンの Redthread で書き込まれています（スキーマ {version}、このバージョンは {known} まで対応）。ファイルは変更されていません。Redthread を更新してください。',
    'store.disk_full':
      'ディスクの空き容量がありません。最後に完了したバッチまでのデータはケースに安全に保存されています。空きを作ってから取り込みを続けてください。',
    'store.read_only':
      'このケースは書き込めない場所にあるか、書き込みが禁止されています。何も変更されていません。書き込み可能な場所にコピーしてください。',
    'store.unwritable':
      '「{file}」に書き込めません。何も書き込まれていません。書き込み権限のある既存のフォルダーを選んでください。',
    'output.case':
      '{folder} の「{file}」は Redthread のケース、またはケースに属するファイルです。元のまま残し、何も書き込んでいません。出力ファイルには別の名前を指定してください。',
    'output.evidence':
      '{folder} の「{file}」はこのケースの証拠の原本です（証拠 {id}、「{name}」）。元のまま残し、何も書き込んでいません。別の場所を指定してください。',
    'output.not_empty':
      '{folder} の「{file}」は空ではありません。中身は元のまま残し、何も書き込んでいません。新しいフォルダーか空のフォルダーを指定してください。',
    'output.input':
      '{folder} の「{file}」は同じコマンドが読み取るファイルです。元のまま残し、何も書き込んでいません。出力ファイルには別の名前を指定してください。',
    'identity.kind':
      '{kind} は統合も分離もできません。変更は行われていません。統合や分離ができるのは、ユーザー、エンドポイント、メールボックス、グループです。',
    'identity.kinds_differ':
      '種類が異なるため（{kinds}）、同一にはできません。変更は行われていません。同じ種類のものを指定してください。',
    'identity.same':
      'これらはすでにすべて「{name}」です。変更は行われていません。別のものを指定してください。',
    'identity.not_a_name':
      '「{alias}」は「{name}」から分離できる名前ではありません。変更は行われていません。名前を確認し、種類:値 の形で指定してください。',
    'identity.whole':
      'これは「{name}」のすべての名前で、分離すると何も残りません。変更は行われていません。少なくとも 1 つは残してください。',
    'rule.failed':
      '関係を最後に計算したときルール「{rule}」が失敗し、そのルールが見つける内容は欠けています。ほかのルールの結果は保存されています。もう一度相関分析を実行し、再び失敗する場合は Redthread の不具合として報告してください。',
    'policy.invalid':
      'ポリシーが無効です：{field}（{rule}）。このポリシーは採用されず、何も変更されていません。その項目を修正してもう一度実行してください。',
    'policy.service_mismatch':
      'メールのサービスは {service} ですが、ポリシーは {policy} のものです。判定は行われていません。そのサービスのポリシーを指定してください。',
    'judge.invalid_message': '「{name}」は判定できるメールではありません：{field}。判定は行われていません。',
    'judge.invalid_url':
      '「{url}」は Web アドレスではありません。判定は行われていません。ホスト名か、http または https のアドレスを入力してください。',
    'retro.disabled':
      'ポリシーでレトロスキャンが無効になっています。判定は行われていません。retroScan を有効にしてもう一度お試しください。',
    'retro.no_packs':
      '判定に使えるパターンパックがありません。判定は行われていません。先にパターンパックを追加してください。',
    'pack.unrecognised':
      '「{file}」はパターンパックのどの形式でもありません。何も追加していません。URL またはホストの一覧、CSV、MISP のイベントまたはフィード、Redthread のパックを選んでください。',
    'pack.damaged':
      '「{file}」は圧縮されていますが、展開できません（破損しているか、暗号化されています）。何も追加していません。ファイルを入手し直すか、展開して中のファイルを追加してください。',
    'pack.not_json':
      '「{file}」は JSON として始まりますが、有効な JSON ではありません。途中で切れている可能性があります。何も追加していません。ファイルを入手し直してください。',
    'pack.field':
      '「{file}」は有効なパターンパックではありません：{field} がないか、形式が正しくありません。何も追加していません。修正してからもう一度追加してください。',
    'pack.too_large':
      '「{file}」は全体を読み込むと {limit} MiB を超えます。何も追加していません。分割して追加するか、この制限のない一覧または CSV で追加してください。',
    'pack.several_members':
      '「{file}」には複数のファイルが含まれています。何も追加していません。展開して 1 つずつ追加してください。まとめて追加できるのは MISP フィードだけです。',
    'pack.no_manifest':
      'フォルダー「{file}」は MISP フィードではありません：読み取れる manifest.json がありません。何も追加していません。中のファイルか、マニフェストのあるフォルダーを選んでください。',
    'pack.no_patterns':
      '「{file}」にはパターンが 1 つもありません。何も追加していません。ファイルが正しいか確認してください。',
    'pack.unmarked':
      '「{file}」のインジケーター {unmarked} 件は、いずれも検出用として印が付いていません。何も追加していません。MISP が検出用としていないものも含めて追加し直してください（コマンドラインでは --unmarked）。',
    'pack.version_taken':
      'バージョン {pack} は、別の内容ですでにこのケースにあります。「{file}」は何も追加していません。別のバージョンを指定してください。',
    'pack.duplicate': '「{file}」はすでにこのケースにあります（内容が同一）。二重の追加は行われていません。',
    'pack.feed_alone':
      '「{file}」は MISP フィードのマニフェストで、{events} 件のイベントは隣にある別のファイルです。何も追加されていません。マニフェストとイベントを一緒に選ぶか、フィードのフォルダーを選んでください。',
    'sweep.invalid':
      'インジケーターを読み取れませんでした：{reason}。検索は行っていません。ファイルを確認するか、形式を選んでください。',
    'sweep.unrecognised':
      '「{name}」はインジケーターの形式ではないか、インジケーターが 1 つもありません。検索は行っていません。形式を選ぶか、1 行に 1 つずつ指定してください。',
    'sweep.too_many':
      'ファイルのインジケーターが {limit} 件を超えています。検索は行っていません。分けて指定してください。これほど大きな URL の一覧はパターンパック（レピュテーション）として追加してください。',
    'merge.itself':
      '「{file}」は現在開いているケースです。統合は行われていません。同僚のケースを指定してください。',
    'merge.broken_log':
      '「{file}」の監査ログは {entry} 番目の項目で途切れています。書き込み後に変更されています。統合は行われていません。ケースを入手し直し、verify で検査してください。',
    'merge.too_large':
      'もう一方のケースには同じ種類の項目（{what}）が {limit} 件を超えてあり、分析者の作業とは考えられません。統合は行われていません。ファイルの出所を確認してください。',
    'merge.conflicts':
      '未解決の競合が {count} 件あります。統合は行われていません。1 件ずつ決めるか、すべて一方を優先してください。',
    'merge.changed':
      '比較の後に「{file}」またはこのケースが変更されました。統合は行われていません。もう一度比較してください。',
    'key.invalid':
      '「{file}」から Ed25519 鍵を読み取れません。別の種類の鍵、ファイルの破損、またはパスフレーズの誤りです。',
    'key.not_public':
      '「{file}」に Ed25519 の公開鍵はありません。何も検査していません。秘密鍵の隣にある、.pub で終わる公開鍵を指定してください。',
    'key.private':
      '「{file}」は秘密鍵です。ここでは使いません。検証に必要なのは公開鍵だけで、秘密鍵は署名者の手元に置くものです。検証はしていません。隣にある .pub で終わる公開鍵を指定してください。この秘密鍵がケースと一緒に届いたのであれば、持ち主は鍵を取り替える必要があります。',
    'key.exists': '「{file}」は既にあります。鍵は上書きしません。別の名前を指定してください。',
    'report.no_browser':
      'PDF の作成にはこのマシンの Chromium、Chrome または Edge が必要ですが、見つかりませんでした。何も書き込まれていません。いずれかをインストールするか、CHROMIUM でパスを指定するか、HTML で出力してください。',
    'report.failed':
      'レポートを書き出せませんでした（{reason}）。ケースは変更されていません。HTML か別のフォルダーをお試しください。',
    'report.unjoined':
      'ブラウザーが印刷した形式では、この長いレポートを 1 つの PDF に結合できません（{reason}）。何も書き込まれていません。行数を減らすか、別のブラウザーを使うか、HTML で書き出して印刷してください。',
    'host.port_in_use': 'ポート {port} は使用中です。別のポートを選ぶか、指定を省いてください。',
    'host.port_not_permitted':
      'このアカウントではポート {port} を使えません。1023 より大きいポートを選ぶか、指定を省いてください。',
    'host.gone':
      'Redthread は終了しています。完了した内容はケースに残っています。もう一度起動してケースを開いてください。ブラウザーの場合は、起動時に表示されるアドレスを開いてください。',
    'host.token':
      'このページは以前に起動した Redthread のもので、現在実行中のものとはつながりません。何も変更されていません。実行中の Redthread が表示したアドレスを開いてください。',
    'job.cancelled': 'キャンセルしました。それまでに完了した内容は保存されており、ケースに欠けはありません。',
    'job.busy':
      'このケースでは別のジョブが実行中です。新しいジョブは開始されていません。終了を待つか、キャンセルしてください。',
    internal:
      'Redthread の内部でエラーが発生しました（{name}）。完了した内容はすべてケースに残っています。もう一度お試しください。再発する場合はログ（redthread.log）の項目 {log} を添えて報告してください。',
    'internal.unlogged':
      'Redthread の内部でエラーが発生しました（{name}）。完了した内容はすべてケースに残っています。もう一度お試しください。再発する場合は、ページを再読み込みするか Redthread を起動し直し、行った操作を添えて報告してください。',
  },
}

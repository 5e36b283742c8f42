import type { Command } from '../command.ts'
import { PAGE_OPTIONS, usageError } from '../options.ts'
import { PATTERN_ACTIONS } from '../pattern-actions.ts'

const command: Command = {
  id: 'patterns',
  order: 110,
  usage:
    'CASE add FILE... | list | formats | entries PACK [TEXT] | compare PACK PACK | off PACK | on PACK | analyse',
  arguments: { min: 2, max: 5002 },
  options: {
    name: { type: 'string', value: 'NAME' },
    version: { type: 'string', value: 'VERSION' },
    'created-at': { type: 'string', value: 'TIME' },
    level: { type: 'string', value: 'LEVEL' },
    levels: { type: 'string', value: 'WORD=LEVEL', multiple: true },
    unmarked: { type: 'boolean' },
    kind: { type: 'string', value: 'KIND' },
    stored: { type: 'boolean' },
    ...PAGE_OPTIONS,
  },
  texts: {
    en: {
      summary:
        'add pattern packs, look into them, compare them, switch them off and on; analyse untested URLs',
      'option.name': 'name of the pack (default: the file name)',
      'option.version': 'version of the pack',
      'option.created-at': 'when its patterns were made, ISO-8601 (default: what the file says)',
      'option.level':
        'add: one risk level for all entries; entries: only this level. dangerous, highly-suspicious, suspicious, untested, safe',
      'option.levels':
        'what a word of the feed means, instead of the table of "formats"; can be repeated, * is any other word',
      'option.unmarked': 'also take what a MISP event does not mark for detection',
      'option.kind': 'compare: only added, removed or changed',
      'option.stored': 'compare: only entries that touch URLs of the case',
      action:
        'Say "add FILE...", "list", "formats", "entries PACK [TEXT]", "compare PACK PACK", "off PACK", "on PACK" or "analyse".',
      pack: 'There is no pack "{value}". Give its number as "list" shows it, or {example}.',
      levels:
        '"{value}" is not WORD=LEVEL with one of: dangerous, highly-suspicious, suspicious, untested, safe.',
      present: 'Already in this case: {file} ({pack})',
      refused: 'Not added: {file}: {reason}',
      oneVersion: '--version names one pack. Give one file with it.',
      counts: 'same {same}, added {added}, removed {removed}, changed {changed}',
      analysed: 'signs {version}: {urls} untested URLs, {analysed} analysed now, {found} with a level',
    },
    'zh-TW': {
      summary: '加入、檢視、比較特徵碼套件，停用或啟用套件；分析未經檢測的 URL',
      'option.name': '特徵碼套件名稱（預設為檔名）',
      'option.version': '特徵碼套件版本',
      'option.created-at': '特徵碼製作時間，ISO-8601（預設以檔案內容為準）',
      'option.level':
        'add：所有項目採用同一風險等級；entries：只列出此等級。dangerous, highly-suspicious, suspicious, untested, safe',
      'option.levels': '來源字詞所代表的等級，取代「formats」列出的對照表；可重複指定，* 代表其他字詞',
      'option.unmarked': '一併採用 MISP 事件中未標記供偵測使用的屬性',
      'option.kind': 'compare：只列 added、removed 或 changed',
      'option.stored': 'compare：只列涉及案件內 URL 的項目',
      action:
        '請用「add 檔案...」、「list」、「formats」、「entries 套件 [文字]」、「compare 套件 套件」、「off 套件」、「on 套件」或「analyse」。',
      pack: '沒有特徵碼套件「{value}」。請輸入「list」所列編號，或 {example}。',
      levels:
        '「{value}」不是「字詞=等級」，等級須為：dangerous, highly-suspicious, suspicious, untested, safe。',
      present: '已在本案件中：{file}（{pack}）',
      refused: '未加入：{file}：{reason}',
      oneVersion: '--version 只指一個套件。請只指定一個檔案。',
      counts: '相同 {same}，新增 {added}，移除 {removed}，變更 {changed}',
      analysed:
        '特徵集 {version}：未經檢測的 URL {urls} 個，本次分析 {analysed} 個，其中 {found} 個達到風險等級',
    },
    ja: {
      summary: 'パターンパックを追加、表示、比較し、無効・有効を切り替える。未評価の URL を分析する',
      'option.name': 'パックの名前 (既定はファイル名)',
      'option.version': 'パックのバージョン',
      'option.created-at': 'パターンの作成日時、ISO-8601 (既定はファイルの内容による)',
      'option.level':
        'add: 全項目に使うレベル。entries: このレベルだけ。dangerous, highly-suspicious, suspicious, untested, safe',
      'option.levels': 'フィードの語が表すレベル。「formats」の表の代わりに使う。複数指定可、* はその他の語',
      'option.unmarked': 'MISP イベントで検知対象とされていない属性も取り込む',
      'option.kind': 'compare: added、removed、changed のいずれかだけ',
      'option.stored': 'compare: ケース内の URL に関わるものだけ',
      action:
        '「add ファイル...」「list」「formats」「entries パック [文字列]」「compare パック パック」「off パック」「on パック」「analyse」のいずれかを指定してください。',
      pack: 'パック「{value}」はありません。「list」の番号か {example} を指定してください。',
      levels:
        '「{value}」は「語=レベル」の形ではありません。レベルは dangerous, highly-suspicious, suspicious, untested, safe のいずれかです。',
      present: 'すでにこのケースにあります: {file} ({pack})',
      refused: '追加されませんでした: {file}: {reason}',
      oneVersion: '--version は 1 つのパックの版です。ファイルを 1 つだけ指定してください。',
      counts: '同一 {same}、追加 {added}、削除 {removed}、変更 {changed}',
      analysed:
        'サインのセット {version}: 未評価の URL {urls} 件、今回の分析 {analysed} 件、うちレベルあり {found} 件',
    },
  },
  async run(invocation) {
    const [, name = '', ...rest] = invocation.args
    const action = PATTERN_ACTIONS.get(name)
    if (action === undefined || rest.length < action.min || rest.length > action.max)
      throw usageError('patterns', 'patterns.action')
    return action.run(invocation, rest)
  },
}

export default command

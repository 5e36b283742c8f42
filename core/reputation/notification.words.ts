import type { Words } from '../model/words.ts'

/** What a notification says when the policy leaves it open (W67, W75): templates with token variables. */
const words: Words = {
  prefix: 'notification',
  texts: {
    en: {
      risk: 'Unsafe URL',
      'administrators.subject': '%Product_Name%: %action% (%policy_name%)',
      'administrators.body':
        'A security risk was detected and an action was taken on a message, attachment or file.\n\nRisk: %Security_risk_name% (%risk_level%)\nURL: %suspicious_url%\nAction: %action%\nPolicy: %policy_name%\nSender: %sender%\nRecipient: %recipient%\nSubject: %subject%\nAttachments: %attachments%\nFile: %filename%\nFound in: %foundin%\nTime: %date% %time%',
      'users.subject': '%Product_Name%: an unsafe link was found in "%subject%"',
      'users.body':
        'A security risk was found and this action was taken on a message, attachment or file: %action%.\n\nSubject: %subject%\nFrom: %sender%\nFile: %filename%\nURL (do not open): %suspicious_url%\nTime: %date% %time%',
      'action.delete': 'deleted',
      'action.quarantine': 'quarantined',
      'action.block': 'blocked',
      'action.move-to-junk': 'moved to Junk Email',
      'action.move-to-spam': 'moved to Spam',
      'action.label': 'labelled',
      'action.tag-subject': 'subject tagged',
      'action.tag-file-name': 'file name tagged',
      'action.pass': 'passed',
      'action.pass-silently': 'passed without logging',
      'level.dangerous': 'Dangerous',
      'level.highly-suspicious': 'Highly suspicious',
      'level.suspicious': 'Suspicious',
      'level.untested': 'Untested',
      'level.safe': 'Safe',
    },
    'zh-TW': {
      risk: '不安全的 URL',
      'administrators.subject': '%Product_Name%：%action%（%policy_name%）',
      'administrators.body':
        '偵測到安全風險，並已對郵件、附件或檔案採取處置。\n\n風險：%Security_risk_name%（%risk_level%）\nURL：%suspicious_url%\n處置：%action%\n政策：%policy_name%\n寄件者：%sender%\n收件者：%recipient%\n主旨：%subject%\n附件：%attachments%\n檔案：%filename%\n發現位置：%foundin%\n時間：%date% %time%',
      'users.subject': '%Product_Name%：在「%subject%」中發現不安全的連結',
      'users.body':
        '發現安全風險，已對郵件、附件或檔案採取此處置：%action%。\n\n主旨：%subject%\n寄件者：%sender%\n檔案：%filename%\nURL（請勿開啟）：%suspicious_url%\n時間：%date% %time%',
      'action.delete': '已刪除',
      'action.quarantine': '已隔離',
      'action.block': '已封鎖',
      'action.move-to-junk': '已移至垃圾郵件',
      'action.move-to-spam': '已移至垃圾信件匣',
      'action.label': '已加上標籤',
      'action.tag-subject': '已標記主旨',
      'action.tag-file-name': '已標記檔名',
      'action.pass': '已放行',
      'action.pass-silently': '已放行且不記錄',
      'level.dangerous': '危險',
      'level.highly-suspicious': '高度可疑',
      'level.suspicious': '可疑',
      'level.untested': '未經檢測',
      'level.safe': '安全',
    },
    ja: {
      risk: '安全でない URL',
      'administrators.subject': '%Product_Name%：%action%（%policy_name%）',
      'administrators.body':
        'セキュリティリスクが検出され、メール、添付ファイルまたはファイルに処置が行われました。\n\nリスク：%Security_risk_name%（%risk_level%）\nURL：%suspicious_url%\n処置：%action%\nポリシー：%policy_name%\n送信者：%sender%\n受信者：%recipient%\n件名：%subject%\n添付ファイル：%attachments%\nファイル：%filename%\n検出場所：%foundin%\n日時：%date% %time%',
      'users.subject': '%Product_Name%：「%subject%」に安全でないリンクが見つかりました',
      'users.body':
        'セキュリティリスクが見つかり、メール、添付ファイルまたはファイルに次の処置が行われました：%action%。\n\n件名：%subject%\n送信者：%sender%\nファイル：%filename%\nURL（開かないでください）：%suspicious_url%\n日時：%date% %time%',
      'action.delete': '削除',
      'action.quarantine': '隔離',
      'action.block': 'ブロック',
      'action.move-to-junk': '迷惑メールへ移動',
      'action.move-to-spam': '迷惑メールフォルダーへ移動',
      'action.label': 'ラベル付け',
      'action.tag-subject': '件名にタグ付け',
      'action.tag-file-name': 'ファイル名にタグ付け',
      'action.pass': '通過',
      'action.pass-silently': '記録せずに通過',
      'level.dangerous': '危険',
      'level.highly-suspicious': '非常に疑わしい',
      'level.suspicious': '疑わしい',
      'level.untested': '未評価',
      'level.safe': '安全',
    },
  },
}

export default words

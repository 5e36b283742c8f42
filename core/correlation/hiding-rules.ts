import { readDetail } from './accounts.ts'

/** Where rules put mail that the owner shall not see. */
const HIDDEN_FOLDER =
  /\b(?:rss[ -]?(?:feeds|subscriptions)?|conversation history|archive|junk[ -]?e?-?mail|notes|deleted items|sync issues|drafts)\b|垃圾郵件|刪除的郵件|削除済み|迷惑メール/i
/** What rules of fraud look for. */
const FRAUD_WORDS =
  /\b(?:invoice|payment|wire|bank|iban|remittance|payroll|transfer|swift|phish\w*|hack\w*|fraud|scam|spam|suspicious|password|mfa|verification|helpdesk|security alert|docusign)\b|發票|付款|匯款|銀行|請求書|振込|送金|支払/i
/** Names nobody gives a rule to find it again. */
const ODD_NAME = /^[\s.,;:_\-*'"!?a-z0-9]{0,2}$|^(.)\1*$/i

/** How a rule hides mail, in the words of its parameters; undefined for rules that do not. */
export function hides(detail: string): string | undefined {
  if (/deletemessage[:\s]+"?(?:true|\$true)/i.test(detail)) return 'DeleteMessage'
  const folder = readDetail(detail, 'MoveToFolder') ?? /-MoveToFolder\s+"([^"]{1,200})/i.exec(detail)?.[1]
  return folder !== undefined && HIDDEN_FOLDER.test(folder)
    ? `MoveToFolder ${folder.slice(0, 100)}`
    : undefined
}

/** Whether a rule that hides mail has the name or the words that those of fraud have. */
export const looksOfFraud = (name: string, detail: string): boolean =>
  FRAUD_WORDS.test(detail) || ODD_NAME.test(name.trim())

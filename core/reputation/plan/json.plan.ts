import type { PlanItem } from '../../contract/nouns/plan.ts'
import type { PlanExporter } from './exporter.ts'

const MAILS: Readonly<Partial<Record<PlanItem['action'], string>>> = {
  'quarantine-message': 'MAIL_QUARANTINE',
  'delete-message': 'MAIL_DELETE',
}
const ACCOUNTS: Readonly<Partial<Record<PlanItem['action'], string>>> = {
  'reset-account': 'ACCOUNT_RESET_PASSWORD',
  'revoke-sessions': 'ACCOUNT_REVOKE_SIGNIN_SESSIONS',
}
const place = { service: 'exchange', account_provider: 'office365' }

/** The request bodies of the mail scanner's mitigation interface (threat-investigation.md 4.2), by the path each belongs to. */
export default {
  id: 'json',
  extension: 'json',
  texts: {
    en: {
      title: 'Mail scanner (mitigation JSON)',
      description:
        'Request bodies for the mitigation interface of the mail scanner: messages, accounts, blocked URLs.',
    },
    'zh-TW': {
      title: '郵件掃描器（緩解 JSON）',
      description: '郵件掃描器緩解介面的要求內容：郵件、帳號與封鎖的 URL。',
    },
    ja: {
      title: 'メールスキャナー（緩和 JSON）',
      description:
        'メールスキャナーの緩和インターフェース向けの要求本文です。メール、アカウント、ブロックする URL を含みます。',
    },
  },
  write(items, { at, words }) {
    const mails: object[] = []
    const accounts: object[] = []
    const urls: string[] = []
    const left: { id: string; action: string; why: string }[] = []
    for (const item of items) {
      const { target } = item
      const mail = MAILS[item.action]
      const account = ACCOUNTS[item.action]
      // At least one of both ids is needed.
      if (
        mail !== undefined &&
        (target.messageId !== null || target.uniqueId !== null) &&
        target.mailbox !== null
      ) {
        mails.push({
          action_type: mail,
          ...place,
          mailbox: target.mailbox,
          ...(target.messageId === null ? {} : { mail_message_id: `<${target.messageId}>` }),
          ...(target.uniqueId === null ? {} : { mail_unique_id: target.uniqueId }),
          ...(target.deliveredAt === null ? {} : { mail_message_delivery_time: target.deliveredAt }),
          detection_time: at,
        })
      } else if (account !== undefined && target.account?.includes('@') === true) {
        accounts.push({ action_type: account, ...place, account_user_email: target.account })
      } else if (item.action === 'block-url' && target.url !== null) urls.push(target.url)
      else left.push({ id: item.id, action: item.action, why: words(item) })
    }
    const document = {
      schema: 1,
      generatedAt: at,
      '/v1/mitigation/mails': mails,
      '/v1/mitigation/accounts': accounts,
      '/v1/remediation/mails': urls.length === 0 ? [] : [{ action_type: 'create', rules: { urls } }],
      left,
    }
    return {
      text: `${JSON.stringify(document, null, 2)}\n`,
      items: mails.length + accounts.length + urls.length,
      left: left.length,
      leftIds: left.map(({ id }) => id),
    }
  },
} satisfies PlanExporter

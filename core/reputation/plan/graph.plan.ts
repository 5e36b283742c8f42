import type { PlanItem, PlanTarget } from '../../contract/nouns/plan.ts'
import type { PlanExporter } from './exporter.ts'

const V1 = 'https://graph.microsoft.com/v1.0'
const BETA = 'https://graph.microsoft.com/beta'

interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly body?: unknown
}

/** A text inside an OData filter: its apostrophes doubled, then escaped for the address. */
const literal = (text: string): string => encodeURIComponent(`'${text.replaceAll("'", "''")}'`)
/** Apostrophes are legal in addresses but end a text of OData: escaped, too. */
const segment = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27')
const isGuid = (text: string | null): text is string =>
  text !== null && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

const REMEDIATE: Readonly<Partial<Record<PlanItem['action'], string>>> = {
  'quarantine-message': 'moveToQuarantine',
  'delete-message': 'softDelete',
  'move-to-junk': 'moveToJunk',
}
const FOLDERS: Readonly<Partial<Record<PlanItem['action'], string>>> = {
  'delete-message': 'deleteditems',
  'move-to-junk': 'junkemail',
}

/** Requests that carry a step out, in order; `{id}` stands for the `id` in the answer before. Undefined: Graph has none. */
function requestsFor(item: PlanItem): readonly Request[] | undefined {
  const { target } = item
  const account = target.account === null ? undefined : `${V1}/users/${segment(target.account)}`
  switch (item.action) {
    case 'quarantine-message':
    case 'delete-message':
    case 'move-to-junk':
      return remediate(item, target)
    case 'label-message': {
      const find = findMessage(target)
      return find && target.text !== null
        ? [
            find.request,
            { method: 'PATCH', url: `${find.messages}/{id}`, body: { categories: [target.text] } },
          ]
        : undefined
    }
    case 'reset-account':
      return account === undefined
        ? undefined
        : [
            {
              method: 'PATCH',
              url: account,
              body: { passwordProfile: { forceChangePasswordNextSignIn: true } },
            },
          ]
    case 'revoke-sessions':
      return account === undefined ? undefined : [{ method: 'POST', url: `${account}/revokeSignInSessions` }]
    case 'remove-inbox-rule': {
      if (target.inboxRule === null || target.mailbox === null) return undefined
      const rules = `${V1}/users/${segment(target.mailbox)}/mailFolders/inbox/messageRules`
      const name = literal(target.inboxRule)
      return [
        { method: 'GET', url: `${rules}?$filter=displayName%20eq%20${name}` },
        { method: 'DELETE', url: `${rules}/{id}` },
      ]
    }
    default:
      return undefined
  }
}

function findMessage({ mailbox, messageId }: PlanTarget): { messages: string; request: Request } | undefined {
  if (mailbox === null || messageId === null) return undefined
  const messages = `${V1}/users/${segment(mailbox)}/messages`
  const filter = `$filter=internetMessageId%20eq%20${literal(`<${messageId}>`)}&$select=id`
  return { messages, request: { method: 'GET', url: `${messages}?${filter}` } }
}

/** By the id of the mail system where it is known (quarantine needs it), else by Message-ID into a folder. */
function remediate(item: PlanItem, target: PlanTarget): readonly Request[] | undefined {
  const action = REMEDIATE[item.action]
  if (isGuid(target.uniqueId) && target.mailbox !== null && action !== undefined) {
    return [
      {
        method: 'POST',
        url: `${BETA}/security/collaboration/analyzedEmails/remediate`,
        body: {
          displayName: `Redthread ${item.id}`,
          description: 'Approved step of a remediation plan',
          severity: 'high',
          action,
          remediateSendersCopy: false,
          analyzedEmails: [{ networkMessageId: target.uniqueId, recipientEmailAddress: target.mailbox }],
        },
      },
    ]
  }
  const find = findMessage(target)
  const folder = FOLDERS[item.action]
  if (find === undefined || folder === undefined) return undefined
  return [
    find.request,
    { method: 'POST', url: `${find.messages}/{id}/move`, body: { destinationId: folder } },
  ]
}

export default {
  id: 'graph',
  extension: 'json',
  texts: {
    en: {
      title: 'Microsoft Graph (requests)',
      description:
        'Requests for Microsoft Graph in the order they would be sent. Quarantine needs the network message id of the copy; steps without it are left to be done by hand. Redthread sends none.',
    },
    'zh-TW': {
      title: 'Microsoft Graph（要求）',
      description:
        '依送出順序排列的 Microsoft Graph 要求。隔離需要該副本的網路郵件識別碼；沒有識別碼的步驟須手動處理。Redthread 不會送出任何要求。',
    },
    ja: {
      title: 'Microsoft Graph（要求）',
      description:
        'Microsoft Graph への要求を送る順に並べたものです。隔離にはコピーのネットワークメッセージ ID が必要で、ない手順は手作業として残ります。Redthread は送信しません。',
    },
  },
  write(items, { at, words }) {
    const steps: object[] = []
    const left: { id: string; action: string; why: string }[] = []
    for (const item of items) {
      const requests = requestsFor(item)
      if (requests === undefined) left.push({ id: item.id, action: item.action, why: words(item) })
      else steps.push({ id: item.id, action: item.action, why: words(item), requests })
    }
    const document = { schema: 1, generatedAt: at, steps, left }
    return {
      text: `${JSON.stringify(document, null, 2)}\n`,
      items: steps.length,
      left: left.length,
      leftIds: left.map(({ id }) => id),
    }
  },
} satisfies PlanExporter

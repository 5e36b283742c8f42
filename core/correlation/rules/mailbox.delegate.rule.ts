import type { BookEntity } from '../../identity/entity-book.ts'
import { findByRef } from '../../identity/delegates.ts'
import { GroupMembers } from '../../identity/group-members.ts'
import { familyOf, supersededRecords } from '../../store/snapshots.ts'
import type { DirectoryItem } from '../../model/directory.ts'
import { exampleUser } from '../example-mail.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import type { CorrelationView } from '../view.ts'

/** As the directory stated it when it was exported. */
const STATED = 0.95
/** Through a group, whose members may have been others. */
const BY_GROUP = 0.85

const delegates = `SELECT e.evidence_id, e.record, e.from_ref, e.to_ref,
    (SELECT min(d.collected_at) FROM directory_object d WHERE d.evidence_id = e.evidence_id AND d.record = e.record) AS collected_at
  FROM directory_edge e WHERE e.relation = 'shared-with' ORDER BY e.evidence_id DESC, e.record, e.from_ref, e.to_ref`

/** An account that cannot log on and has the address `info@corp.example`, with delegates. */
const shared = (edges: DirectoryItem['edges']): DirectoryItem => ({
  ...exampleUser('info', 1190),
  enabled: false,
  edges,
})
const INFO = 'S-1-5-21-1-2-3-1190'

const rule: Rule = {
  id: 'mailbox.delegate',
  order: 61,
  relations: ['shared-with'],
  attack: ['T1098.002', 'T1114.002'],
  texts: {
    en: {
      title: 'Delegates of a mailbox',
      description:
        'Ties a mailbox to the users who may open it or send on its behalf, as the directory lists them; groups among them stand for their members as of the export. A possibility, not an observation.',
      needs:
        'A directory export with publicDelegates, msExchDelegateListLink or their back links (LDIF, CSVDE, PowerShell), and the address of the mailbox.',
      falsePositives:
        'The lists are as of the export. Full access that was granted without automatic mapping in Outlook, and permissions that only the mail server keeps (Get-MailboxPermission), are not in the directory.',
      'reason.stated': 'The directory export lists the user as a delegate.',
      'reason.group': 'The directory export lists the group {group} as a delegate; the user is in it.',
    },
    'zh-TW': {
      title: '信箱的代理人',
      description:
        '將信箱與目錄所列可開啟該信箱或代表其寄信的使用者相連；其中的群組以匯出當時的成員代表。這是可能性，並非觀察到的行為。',
      needs:
        '含 publicDelegates、msExchDelegateListLink 或其反向連結的目錄匯出檔（LDIF、CSVDE、PowerShell），以及信箱的地址。',
      falsePositives:
        '清單以匯出當時為準。未啟用 Outlook 自動對應的完整存取權，以及僅存於郵件伺服器的權限（Get-MailboxPermission），不在目錄中。',
      'reason.stated': '目錄匯出檔將該使用者列為代理人。',
      'reason.group': '目錄匯出檔將群組 {group} 列為代理人，該使用者為其成員。',
    },
    ja: {
      title: 'メールボックスの代理人',
      description:
        'ディレクトリの一覧に基づき、メールボックスを開ける、またはその代理で送信できるユーザーに結び付けます。グループはエクスポート時点のメンバーに展開します。可能性であり、観測された事実ではありません。',
      needs:
        'publicDelegates、msExchDelegateListLink、またはそれらのバックリンクを含むディレクトリのエクスポート（LDIF、CSVDE、PowerShell）と、メールボックスのアドレス。',
      falsePositives:
        '一覧はエクスポート時点のものです。Outlook の自動マッピングなしで付与されたフルアクセスや、メールサーバーだけが保持する権限（Get-MailboxPermission）はディレクトリにありません。',
      'reason.stated': 'ディレクトリのエクスポートが、このユーザーを代理人としています。',
      'reason.group':
        'ディレクトリのエクスポートがグループ {group} を代理人としており、このユーザーはそのメンバーです。',
    },
  },
  matches: [
    {
      title: 'a shared mailbox that two users may open',
      items: [
        shared([
          { right: 'shared-with', from: INFO, to: 'S-1-5-21-1-2-3-1105' },
          { right: 'shared-with', from: INFO, to: 'S-1-5-21-1-2-3-1106' },
        ]),
        exampleUser('amber', 1105),
        exampleUser('basil', 1106),
      ],
      finds: ['shared-with: info@corp.example -> amber', 'shared-with: info@corp.example -> basil'],
    },
    {
      title: 'a group that may open a mailbox',
      items: [
        shared([{ right: 'shared-with', from: INFO, to: 'cn=desk,dc=corp,dc=example' }]),
        exampleUser('amber', 1105),
        {
          type: 'directory',
          kind: 'group',
          objectId: 'S-1-5-21-1-2-3-1301',
          sid: 'S-1-5-21-1-2-3-1301',
          dn: 'CN=Desk,DC=corp,DC=example',
          name: 'Desk',
          edges: [{ right: 'member-of', from: 'S-1-5-21-1-2-3-1105', to: 'S-1-5-21-1-2-3-1301' }],
        },
      ],
      finds: ['shared-with: info@corp.example -> amber'],
    },
  ],
  ignores: [
    {
      title: 'an account without an address has no mailbox to share',
      items: [
        {
          ...shared([{ right: 'shared-with', from: INFO, to: 'S-1-5-21-1-2-3-1105' }]),
          mail: undefined,
        },
        exampleUser('amber', 1105),
      ],
      finds: [],
    },
    {
      title: 'a delegate whom the export does not hold',
      items: [shared([{ right: 'shared-with', from: INFO, to: 'cn=gone,dc=corp,dc=example' }])],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    const superseded = supersededRecords(view.directory)
    const members = new GroupMembers(view.directory, view.book)
    const rows = view.directory.prepare(delegates).all() as {
      evidence_id: number
      record: number
      from_ref: string
      to_ref: string
      collected_at: number | null
    }[]
    for (const row of rows) {
      if (superseded.get(row.evidence_id)?.get(row.record)?.has(familyOf('shared-with'))) continue
      const account = findByRef(view.book, 'user', row.from_ref)
      const mailbox = account && mailboxOf(view, account)
      if (!mailbox) continue
      const standing = { kind: 'shared-with', from: mailbox.id, at: null } as const
      const proof = [{ evidenceId: row.evidence_id, record: row.record }]
      const user = findByRef(view.book, 'user', row.to_ref)
      if (user && user !== account)
        yield { ...standing, to: user.id, confidence: STATED, reason: 'stated', proof }
      const group = user ? undefined : findByRef(view.book, 'group', row.to_ref)
      for (const member of group ? members.at(group, row.collected_at) : [])
        if (group && member !== account)
          yield {
            ...standing,
            to: member.id,
            confidence: BY_GROUP,
            reason: 'group',
            params: { group: group.name },
            proof,
          }
    }
  },
}
export default rule

/** The mailbox under one of the addresses of an account, else under its sign-in name. */
function mailboxOf(view: CorrelationView, account: BookEntity): BookEntity | undefined {
  for (const kind of ['smtp', 'upn'] as const)
    for (const alias of account.aliases.values()) {
      const mailbox = alias.kind === kind ? view.mail.mailbox(alias.value) : undefined
      if (mailbox) return mailbox
    }
  return undefined
}

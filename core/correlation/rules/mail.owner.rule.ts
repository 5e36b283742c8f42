import { exampleMessage, exampleUser } from '../example-mail.ts'
import type { RelationDraft, Rule } from '../rule.ts'

const rule: Rule = {
  id: 'mail.owner',
  order: 11,
  relations: ['owned-by'],
  attack: [],
  texts: {
    en: {
      title: 'Mailbox owner',
      description:
        'Ties a mailbox to the user whose mail or proxy address, or user principal name, it carries.',
      needs:
        'Mail metadata and a directory export with addresses, or logons that name the user principal name.',
      falsePositives:
        'Shared and forwarded mailboxes belong to nobody alone: a mailbox with delegates whose account is disabled and was never seen to log on has no owner here. A user principal name need not be a mail address.',
      'reason.smtp': 'The directory lists an address of this mailbox for the user.',
      'reason.upn': 'The address of the mailbox equals the user principal name.',
    },
    'zh-TW': {
      title: '信箱擁有者',
      description:
        '將信箱與使用者相連：該使用者的電子郵件地址、代理地址或使用者主體名稱（UPN）與信箱地址相同。',
      needs: '郵件中繼資料，以及含地址的目錄匯出檔，或載有 UPN 的登入紀錄。',
      falsePositives:
        '共用與轉寄的信箱並非單一人所有：有代理人、帳號已停用且從未見其登入的信箱，在此不列擁有者。UPN 不一定就是電子郵件地址。',
      'reason.smtp': '目錄載明此信箱的地址屬於該使用者。',
      'reason.upn': '信箱地址與該使用者的 UPN 相同。',
    },
    ja: {
      title: 'メールボックスの所有者',
      description:
        'メールアドレス、プロキシアドレス、または UPN が一致するユーザーにメールボックスを結び付けます。',
      needs:
        'メールのメタデータと、アドレスを含むディレクトリのエクスポート、または UPN を含むログオン記録。',
      falsePositives:
        '共有・転送メールボックスは特定の個人のものではありません。代理人がいて、アカウントが無効でログオンの記録もないメールボックスには、所有者を割り当てません。UPN がメールアドレスとは限りません。',
      'reason.smtp': 'ディレクトリが、このメールボックスのアドレスをこのユーザーのものとしています。',
      'reason.upn': 'メールボックスのアドレスがユーザーの UPN と一致します。',
    },
  },
  matches: [
    {
      title: 'the directory knows the address',
      items: [exampleUser('amber', 1105), exampleMessage(0, { mailbox: 'amber@corp.example' })],
      finds: ['owned-by: amber@corp.example -> amber'],
    },
  ],
  ignores: [
    {
      title: 'an outside address has no owner',
      items: [exampleUser('amber', 1105), exampleMessage(0, { mailbox: 'someone@else.example' })],
      finds: [],
    },
    {
      title: 'a shared mailbox: nobody logs on with its account, and others may open it',
      items: [
        {
          ...exampleUser('info', 1190),
          enabled: false,
          edges: [{ right: 'shared-with', from: 'S-1-5-21-1-2-3-1190', to: 'S-1-5-21-1-2-3-1105' }],
        },
        exampleMessage(0, { mailbox: 'info@corp.example' }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    for (const mailbox of view.entities('mailbox')) {
      const owner = view.mail.ownerOf(mailbox)
      const stated =
        owner &&
        [...owner.user.aliases.values()].find(
          (alias) => alias.kind === owner.by && mailbox.aliases.has(`smtp|${alias.value.toLowerCase()}`),
        )
      if (owner && stated?.proof) {
        yield {
          kind: 'owned-by',
          from: mailbox.id,
          to: owner.user.id,
          at: null,
          confidence: owner.confidence,
          reason: owner.by,
          proof: [stated.proof],
        }
      }
    }
  },
}
export default rule

import type { BookEntity } from '../../identity/entity-book.ts'
import { type DirectoryItem, type DirectoryRight, HALF_RIGHTS } from '../../model/directory.ts'
import { POSSIBLE_RELATION_KINDS, type PossibleRelationKind } from '../../model/relation.ts'
import { objectFinder, statedEdges, trustedDomain } from '../directory-edges.ts'
import { listContained, newestName } from '../directory-tree.ts'
import { exampleDomain, exampleUser } from '../example-mail.ts'
import type { RelationDraft, Rule } from '../rule.ts'

/** Rights as the directory stated them when it was exported. */
const STATED = 0.95
/** Where an object stands in the tree is part of its name. */
const PLACED = 0.98
/** What a group is whose own export is missing, the membership still says; of a member its place has to tell what it is. */
const UNSEEN = { group: 0.9, other: 0.8 }
/** Inherited rights depend on objects that the export may not hold. */
const INHERITED = 0.9

/** Delegates of mailboxes are found by mailbox.delegate; half of a right is none (directory.replication). */
const isRight = (relation: DirectoryRight): relation is PossibleRelationKind =>
  relation !== 'shared-with' && !(HALF_RIGHTS as readonly string[]).includes(relation)

/** Of the examples: who holds what over whom. */
const [AMBER, SERVICE, STAFF, HOST] = [1105, 1107, 1201, 2001].map((rid) => `S-1-5-21-1-2-3-${rid}`) as [
  string,
  string,
  string,
  string,
]
const ON_ENDPOINTS = [
  'admin-to',
  'can-rdp',
  'can-psremote',
  'sql-admin',
  'allowed-to-act',
  'add-allowed-to-act',
  'read-laps',
  'all-extended-rights',
] as const
const ON_GROUPS = ['member-of', 'add-member', 'write-dacl', 'write-owner', 'owns'] as const
const ON_ACCOUNTS = ['generic-all', 'add-key-credential', 'write-spn', 'read-gmsa'] as const

const rule: Rule = {
  id: 'directory.rights',
  order: 60,
  relations: POSSIBLE_RELATION_KINDS.filter((kind) => kind !== 'shared-with'),
  attack: ['T1078.002', 'T1098'],
  texts: {
    en: {
      title: 'Rights in the directory',
      description:
        'What the directory allows: memberships, local administration, remote access and control over other objects, over domains, organisational units and group policies, and what units contain and policies apply to. A possibility, not an observation.',
      needs:
        'A directory export (SharpHound, LDIF, CSVDE, PowerShell, AzureHound). Of several exports of one directory the newest counts; rights that only an older one states are left out. A group or member that no export holds is kept by the distinguished name its membership tells.',
      falsePositives:
        'Rights are as of the export. A right that exists need not be usable: firewalls, deny entries and disabled accounts are not considered. A policy need not reach everything below its unit: blocked inheritance and security filters are not considered.',
      'reason.contains': 'The distinguished name of the object puts it there.',
      'reason.held': 'The directory export lists the object below it.',
      'reason.elsewhere':
        'The directory export states the trust; of {domain} itself there is no export, so what it allows there is unknown.',
      'reason.unseen_group':
        'The directory export states it; the group {object} itself is in no export of the case, so what it may do and who else is in it are unknown.',
      'reason.unseen':
        'The directory export states it; {object} itself is in no export of the case, and what kind of object it is was told from its place in the directory.',
      'reason.stated': 'The directory export states it.',
      'reason.inherited': 'The directory export states it as inherited.',
    },
    'zh-TW': {
      title: '目錄中的權限',
      description:
        '目錄所允許的事：群組成員資格、本機管理權、遠端存取，對其他物件、網域、組織單位與群組原則的控制權，以及組織單位包含哪些物件、群組原則套用於何處。這是可能性，並非觀察到的行為。',
      needs:
        '目錄匯出檔（SharpHound、LDIF、CSVDE、PowerShell、AzureHound）。同一目錄有多份匯出時以最新者為準；僅見於較舊匯出的權限不列入。任何匯出都不含的群組或成員，以成員資格所載的辨別名稱保留。',
      falsePositives:
        '權限以匯出當時為準。權限存在不代表可用：未考慮防火牆、拒絕項目與停用的帳號。群組原則不一定套用到組織單位下的每個物件：未考慮封鎖繼承與安全性篩選。',
      'reason.contains': '物件的辨別名稱顯示其位於此處。',
      'reason.held': '目錄匯出檔將此物件列於其下。',
      'reason.elsewhere': '目錄匯出檔載明此信任；{domain} 本身沒有匯出檔，因此其中允許什麼無從得知。',
      'reason.unseen_group':
        '目錄匯出檔載明此事；群組 {object} 本身不在案件的任何匯出檔中，因此它的權限與其他成員無從得知。',
      'reason.unseen':
        '目錄匯出檔載明此事；{object} 本身不在案件的任何匯出檔中，其物件種類由它在目錄中的位置得知。',
      'reason.stated': '目錄匯出檔載明此權限。',
      'reason.inherited': '目錄匯出檔載明此權限為繼承而來。',
    },
    ja: {
      title: 'ディレクトリの権限',
      description:
        'ディレクトリが許可していること（グループ所属、ローカル管理、リモートアクセス、他のオブジェクト・ドメイン・組織単位・グループポリシーの制御、組織単位に含まれるもの、ポリシーの適用先）。可能性であり、観測された事実ではありません。',
      needs:
        'ディレクトリのエクスポート（SharpHound、LDIF、CSVDE、PowerShell、AzureHound）。同じディレクトリのエクスポートが複数ある場合は最新のものを採用し、古いものにしかない権限は含みません。どのエクスポートにもないグループやメンバーは、所属に書かれた識別名で残します。',
      falsePositives:
        '権限はエクスポート時点のものです。権限があっても使えるとは限りません（ファイアウォール、拒否エントリ、無効なアカウントは考慮していません）。ポリシーが組織単位の配下すべてに及ぶとは限りません（継承のブロックやセキュリティフィルターは考慮していません）。',
      'reason.contains': 'オブジェクトの識別名が、ここに属することを示しています。',
      'reason.held': 'ディレクトリのエクスポートが、このオブジェクトをその配下に挙げています。',
      'reason.elsewhere':
        'ディレクトリのエクスポートに信頼関係が記載されています。{domain} 自体のエクスポートはなく、そこで何が許可されているかは分かりません。',
      'reason.unseen_group':
        'ディレクトリのエクスポートに記載されています。グループ {object} 自体はケースのどのエクスポートにもなく、その権限とほかのメンバーは分かりません。',
      'reason.unseen':
        'ディレクトリのエクスポートに記載されています。{object} 自体はケースのどのエクスポートにもなく、その種類はディレクトリ内の位置から判断しました。',
      'reason.stated': 'ディレクトリのエクスポートに記載されています。',
      'reason.inherited': 'ディレクトリのエクスポートに継承された権限として記載されています。',
    },
  },
  matches: [
    {
      title: 'a user who may reset a password',
      items: [
        {
          ...exampleUser('amber', 1105),
          edges: [{ right: 'force-change-password', from: 'S-1-5-21-1-2-3-1105', to: 'S-1-5-21-1-2-3-1106' }],
        },
        exampleUser('basil', 1106),
      ],
      finds: ['force-change-password: amber -> basil'],
    },
    {
      title: 'a service that may delegate to a service of a host',
      items: [
        {
          ...exampleUser('amber', 1105),
          edges: [{ right: 'allowed-to-delegate', from: 'S-1-5-21-1-2-3-1105', to: 'fqdn:fs1.corp.example' }],
        },
        {
          type: 'directory',
          kind: 'computer',
          objectId: 'S-1-5-21-1-2-3-2001',
          sid: 'S-1-5-21-1-2-3-2001',
          name: 'FS1',
          samAccountName: 'FS1$',
          dnsHostName: 'fs1.corp.example',
          domain: 'corp.example',
          edges: [],
        },
      ],
      finds: ['allowed-to-delegate: amber -> FS1'],
    },
    {
      title: 'a user who may replicate a domain that trusts another one',
      items: [
        { ...exampleUser('amber', 1105), edges: [] },
        {
          ...exampleDomain('corp.example', 3),
          edges: [{ right: 'dcsync', from: 'S-1-5-21-1-2-3-1105', to: 'S-1-5-21-1-2-3' }],
        },
        {
          ...exampleDomain('lab.example', 4),
          edges: [{ right: 'trusts', from: 'S-1-5-21-1-2-3', to: 'dc=lab,dc=example' }],
        },
      ],
      finds: ['dcsync: amber -> corp.example', 'trusts: corp.example -> lab.example'],
    },
    {
      title: 'a policy that somebody may write, the unit it applies to, and the endpoint inside',
      items: [
        exampleUser('amber', 1105),
        {
          ...unit('gpo', '{31B2F340}', 'CN={31B2F340},CN=Policies,CN=System,DC=corp,DC=example'),
          displayName: 'Workstations',
          edges: [
            {
              right: 'generic-write',
              from: 'S-1-5-21-1-2-3-1105',
              to: 'cn={31b2f340},cn=policies,cn=system,dc=corp,dc=example',
            },
          ],
        },
        {
          ...unit('ou', 'Clients', 'OU=Clients,DC=corp,DC=example'),
          edges: [
            {
              right: 'gpo-applies-to',
              from: 'cn={31b2f340},cn=policies,cn=system,dc=corp,dc=example',
              to: 'ou=clients,dc=corp,dc=example',
            },
          ],
        },
        exampleDomain('corp.example', 3),
        {
          type: 'directory',
          kind: 'computer',
          objectId: 'S-1-5-21-1-2-3-2001',
          sid: 'S-1-5-21-1-2-3-2001',
          dn: 'CN=WS-07, OU=Clients, DC=corp, DC=example',
          name: 'WS-07',
          samAccountName: 'WS-07$',
          edges: [],
        },
      ],
      finds: [
        'generic-write: amber -> Workstations',
        'gpo-applies-to: Workstations -> Clients',
        'contains: Clients -> WS-07',
        'contains: corp.example -> Clients',
      ],
    },
    {
      title: 'all other rights: over an endpoint, a group and an account, and who has a session there',
      items: [
        {
          ...exampleUser('amber', 1105),
          edges: [
            ...ON_ENDPOINTS.map((right) => ({ right, from: AMBER, to: HOST })),
            ...ON_GROUPS.map((right) => ({ right, from: AMBER, to: STAFF })),
            ...ON_ACCOUNTS.map((right) => ({ right, from: AMBER, to: SERVICE })),
            { right: 'has-session', from: HOST, to: SERVICE },
          ],
        },
        exampleUser('svc-web', 1107),
        { type: 'directory', kind: 'group', objectId: STAFF, sid: STAFF, name: 'Staff', edges: [] },
        {
          type: 'directory',
          kind: 'computer',
          objectId: HOST,
          sid: HOST,
          name: 'FS1',
          samAccountName: 'FS1$',
          edges: [],
        },
      ],
      finds: [
        ...ON_ENDPOINTS.map((right) => `${right}: amber -> FS1`),
        ...ON_GROUPS.map((right) => `${right}: amber -> Staff`),
        ...ON_ACCOUNTS.map((right) => `${right}: amber -> svc-web`),
        'has-session: FS1 -> svc-web',
      ],
    },
    {
      title: 'a trust with a domain that was not exported: known by what the trust tells of it',
      items: [
        {
          ...exampleDomain('corp.example', 3),
          edges: [
            { right: 'trusts', from: 'S-1-5-21-1-2-3', to: 'domain:lab.example|S-1-5-21-9-9-9' },
            { right: 'trusts', from: 'domain:|S-1-5-21-7-7-7', to: 'S-1-5-21-1-2-3' },
          ],
        },
      ],
      finds: ['trusts: corp.example -> lab.example', 'trusts: S-1-5-21-7-7-7 -> corp.example'],
    },
    {
      title: 'a membership in a group that was not exported: known by its distinguished name',
      items: [
        {
          ...exampleUser('amber', 1105),
          named: ['CN=Domain Admins,CN=Users,DC=corp,DC=example'],
          edges: [
            {
              right: 'member-of',
              from: 'S-1-5-21-1-2-3-1105',
              to: 'cn=domain admins,cn=users,dc=corp,dc=example',
            },
          ],
        },
      ],
      finds: ['member-of: amber -> Domain Admins'],
    },
    {
      title: 'a unit that lists what is below it, where the objects do not name their place',
      items: [
        { ...exampleUser('amber', 1105), edges: [] },
        {
          ...unit('ou', 'Staff', 'OU=Staff,DC=corp,DC=example'),
          edges: [{ right: 'contains', from: 'ou=staff,dc=corp,dc=example', to: 'S-1-5-21-1-2-3-1105' }],
        },
      ],
      finds: ['contains: Staff -> amber'],
    },
  ],
  ignores: [
    {
      title: 'an object that another unit lists, but whose own name says where it was moved to',
      items: [
        { ...exampleUser('amber', 1105), dn: 'CN=amber,OU=Gone,DC=corp,DC=example' },
        {
          ...unit('ou', 'Staff', 'OU=Staff,DC=corp,DC=example'),
          edges: [{ right: 'contains', from: 'ou=staff,dc=corp,dc=example', to: 'S-1-5-21-1-2-3-1105' }],
        },
      ],
      finds: [],
    },
    {
      title: 'a child domain and its DNS settings: neither stands inside the domain above',
      items: [
        exampleDomain('corp.example', 3),
        { ...exampleDomain('lab.corp.example', 4), dn: 'DC=lab,DC=corp,DC=example' },
        unit('container', 'MicrosoftDNS', 'CN=MicrosoftDNS,CN=System,DC=corp,DC=example'),
      ],
      finds: [],
    },
    {
      title: 'a right over something the export does not hold',
      items: [
        {
          ...exampleUser('amber', 1105),
          edges: [{ right: 'generic-all', from: 'S-1-5-21-1-2-3-1105', to: 'S-1-5-21-9-9-9-500' }],
        },
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    const find = objectFinder(view)
    for (const { relation, fromRef, toRef, isInherited, proof } of statedEdges(view)) {
      if (!isRight(relation)) continue
      const [from, to] = [find(fromRef), find(toRef)]
      const known = { at: null, proof: [proof] }
      if (relation === 'trusts' && (!from || !to)) {
        const [left, right] = [from ?? trustedDomain(fromRef), to ?? trustedDomain(toRef)]
        if (left && right)
          yield {
            ...known,
            kind: relation,
            from: 'id' in left ? left.id : left,
            to: 'id' in right ? right.id : right,
            confidence: STATED,
            reason: 'elsewhere',
            params: { domain: (from ? right : left).name },
          }
        continue
      }
      // what has a distinguished name stands where that says
      if (!from || !to || (relation === 'contains' && newestName(to) !== undefined)) continue
      const unseen = [from, to].find(({ attributes }) => attributes['isExported'] === false)
      const why = unseen ? ofUnseen(unseen) : ofSeen(relation, isInherited)
      yield { ...known, kind: relation, from: from.id, to: to.id, ...why }
    }
    for (const { holder, object, proof } of listContained(view))
      yield {
        kind: 'contains',
        from: holder.id,
        to: object.id,
        at: null,
        confidence: PLACED,
        reason: 'contains',
        proof: [proof],
      }
  },
}
export default rule

const ofSeen = (relation: PossibleRelationKind, isInherited: boolean) => ({
  confidence: relation === 'contains' ? PLACED : isInherited ? INHERITED : STATED,
  reason: relation === 'contains' ? 'held' : isInherited ? 'inherited' : 'stated',
})
/** Of a right that one known by a reference only has, or somebody has over it. */
const ofUnseen = ({ kind, name }: BookEntity) => ({
  confidence: kind === 'group' ? UNSEEN.group : UNSEEN.other,
  reason: kind === 'group' ? 'unseen_group' : 'unseen',
  params: { object: name },
})

/** A policy, unit or container of an example. */
function unit(kind: 'gpo' | 'ou' | 'container', name: string, dn: string): DirectoryItem {
  return { type: 'directory', kind, objectId: dn.toLowerCase(), dn, name, edges: [] }
}

import type { BookEntity } from '../../identity/entity-book.ts'
import { POSSIBLE_RELATION_KINDS, type PossibleRelationKind } from '../../model/relation.ts'
import { readHostRef } from '../../normalise/directory-ref.ts'
import { familyOf, supersededRecords } from '../../store/snapshots.ts'
import { exampleDomain, exampleUser } from '../example-mail.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import type { CorrelationView } from '../view.ts'

/** Rights as the directory stated them when it was exported. */
const STATED = 0.95
/** Inherited rights depend on objects that the export may not hold. */
const INHERITED = 0.9

const edges = `SELECT e.evidence_id, e.record, e.relation, e.from_ref, e.to_ref, e.inherited FROM directory_edge e ORDER BY e.evidence_id DESC, e.record`

const rule: Rule = {
  id: 'directory.rights',
  order: 60,
  relations: [...POSSIBLE_RELATION_KINDS],
  attack: ['T1078.002', 'T1098'],
  texts: {
    en: {
      title: 'Rights in the directory',
      description:
        'What the directory allows: memberships, local administration, remote access and control over other objects and over domains. A possibility, not an observation. Organisational units and group policies are not entities: rights over them are left out.',
      needs:
        'A directory export (SharpHound, LDIF, CSVDE, PowerShell, AzureHound). Of several exports of one directory the newest counts; rights that only an older one states are left out.',
      falsePositives:
        'Rights are as of the export. A right that exists need not be usable: firewalls, deny entries and disabled accounts are not considered.',
      'reason.stated': 'The directory export states it.',
      'reason.inherited': 'The directory export states it as inherited.',
    },
    'zh-TW': {
      title: '目錄中的權限',
      description:
        '目錄所允許的事：群組成員資格、本機管理權、遠端存取，以及對其他物件與網域的控制權。這是可能性，並非觀察到的行為。組織單位與群組原則不視為實體，對它們的權限不列入。',
      needs:
        '目錄匯出檔（SharpHound、LDIF、CSVDE、PowerShell、AzureHound）。同一目錄有多份匯出時以最新者為準；僅見於較舊匯出的權限不列入。',
      falsePositives: '權限以匯出當時為準。權限存在不代表可用：未考慮防火牆、拒絕項目與停用的帳號。',
      'reason.stated': '目錄匯出檔載明此權限。',
      'reason.inherited': '目錄匯出檔載明此權限為繼承而來。',
    },
    ja: {
      title: 'ディレクトリの権限',
      description:
        'ディレクトリが許可していること（グループ所属、ローカル管理、リモートアクセス、他のオブジェクトやドメインの制御）。可能性であり、観測された事実ではありません。組織単位とグループポリシーはエンティティとして扱わないため、それらに対する権限は含みません。',
      needs:
        'ディレクトリのエクスポート（SharpHound、LDIF、CSVDE、PowerShell、AzureHound）。同じディレクトリのエクスポートが複数ある場合は最新のものを採用し、古いものにしかない権限は含みません。',
      falsePositives:
        '権限はエクスポート時点のものです。権限があっても使えるとは限りません（ファイアウォール、拒否エントリ、無効なアカウントは考慮していません）。',
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
  ],
  ignores: [
    {
      title: 'a policy that applies to a domain: policies are no entities',
      items: [
        {
          ...exampleDomain('corp.example', 3),
          edges: [
            { right: 'gpo-applies-to', from: '6ac1786c-016f-11d2-945f-00c04fb984f9', to: 'S-1-5-21-1-2-3' },
          ],
        },
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
    const find = resolver(view)
    const superseded = supersededRecords(view.db)
    const rows = view.db.prepare(edges).iterate() as IterableIterator<{
      evidence_id: number
      record: number
      relation: PossibleRelationKind
      from_ref: string
      to_ref: string
      inherited: number
    }>
    for (const row of rows) {
      const from = find(row.from_ref)
      const to = find(row.to_ref)
      if (!from || !to) continue
      if (superseded.get(row.evidence_id)?.get(row.record)?.has(familyOf(row.relation))) continue
      yield {
        kind: row.relation,
        from: from.id,
        to: to.id,
        at: null,
        confidence: row.inherited === 1 ? INHERITED : STATED,
        reason: row.inherited === 1 ? 'inherited' : 'stated',
        proof: [{ evidenceId: row.evidence_id, record: row.record }],
      }
    }
  },
}
export default rule

/** SID, object id, DN or host name -> user, endpoint, group or domain. */
function resolver(view: CorrelationView): (ref: string) => BookEntity | undefined {
  const known = new Map<string, BookEntity | undefined>()
  return (ref) => {
    if (known.has(ref)) return known.get(ref)
    const host = readHostRef(ref)
    let found: BookEntity | undefined =
      host === undefined ? undefined : view.book.find('endpoint', host.alias, host.name)
    for (const kind of ['user', 'endpoint', 'group', 'domain'] as const) {
      for (const alias of ['sid', 'object-id', 'dn'] as const) found ??= view.book.find(kind, alias, ref)
    }
    known.set(ref, found)
    return found
  }
}

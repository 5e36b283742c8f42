import type { BookEntity } from '../../identity/entity-book.ts'
import type { DirectoryEdge, DirectoryItem, HalfRight } from '../../model/directory.ts'
import { objectFinder, type StatedEdge, statedEdges } from '../directory-edges.ts'
import { exampleDomain, exampleUser } from '../example-mail.ts'
import { Memberships } from '../memberships.ts'
import type { RelationDraft, Rule } from '../rule.ts'

/** Two stated rights and the memberships that bring them together. */
const JOINED = 0.9

/** Authenticated Users and Everyone: who holds them holds nothing of their own, every account is in them. */
const EVERYONE = /(?:^|-)S-1-(?:5-11|1-0)$/

/** Who holds one of the two rights over a domain: entity -> the entry that grants it. */
interface Half {
  readonly holders: Map<number, StatedEdge['proof']>
  /** The entry that grants it to everybody. */
  everyone: StatedEdge['proof'] | undefined
}
interface Replication {
  readonly domain: BookEntity
  readonly 'get-changes': Half
  readonly 'get-changes-all': Half
  /** Who holds both in their own name. */
  readonly whole: Set<number>
}

const rule: Rule = {
  id: 'directory.replication',
  order: 61,
  relations: ['dcsync'],
  attack: ['T1003.006'],
  texts: {
    en: {
      title: 'Replication of secrets through two groups',
      description:
        'Who may replicate all secrets of a domain (DCSync) because one of the two rights it takes comes from one group and the other from another, over groups in groups. Who holds both rights in their own name is found by directory.rights.',
      needs:
        'A directory export with access rights of the domain object and with memberships (SharpHound, LDIF with nTSecurityDescriptor).',
      falsePositives:
        'Rights and memberships are as of the export; deny entries and disabled accounts are not considered. Domain controllers may replicate by design.',
      'reason.both':
        '“Get Changes” comes from {changes} and “Get Changes All” from {all}, both over the same domain.',
    },
    'zh-TW': {
      title: '經由兩個群組取得複寫機密的權限',
      description:
        '誰能複寫網域的所有機密（DCSync）：所需的兩項權限分別來自不同的群組，含巢狀群組。本身即擁有兩項權限者由 directory.rights 找出。',
      needs: '含網域物件存取權限與群組成員資格的目錄匯出檔（SharpHound、含 nTSecurityDescriptor 的 LDIF）。',
      falsePositives: '權限與成員資格以匯出當時為準；未考慮拒絕項目與停用的帳號。網域控制站依設計即可複寫。',
      'reason.both': '「取得變更」來自 {changes}，「取得所有變更」來自 {all}，兩者皆針對同一網域。',
    },
    ja: {
      title: '二つのグループを通じた機密情報の複製',
      description:
        'ドメインのすべての機密情報を複製できる（DCSync）のは誰か。必要な二つの権限が別々のグループ（入れ子を含む）から来る場合です。両方を自身が持つ場合は directory.rights が見つけます。',
      needs:
        'ドメインオブジェクトのアクセス権とグループ所属を含むディレクトリのエクスポート（SharpHound、nTSecurityDescriptor を含む LDIF）。',
      falsePositives:
        '権限と所属はエクスポート時点のものです。拒否エントリと無効なアカウントは考慮していません。ドメインコントローラーは設計上、複製できます。',
      'reason.both':
        '「変更の取得」は {changes}、「すべての変更の取得」は {all} から来ており、どちらも同じドメインに対する権限です。',
    },
  },
  matches: [
    {
      title: 'a user in a group with one right and, through another group, in one with the other',
      items: [
        exampleUser('amber', 1105),
        group('Readers', 1201, [1105]),
        group('Copiers', 1202, [1203]),
        group('Desk', 1203, [1105]),
        domain(['get-changes', 1201], ['get-changes-all', 1202]),
      ],
      finds: ['dcsync: amber -> corp.example'],
    },
    {
      title:
        'a group with one right inside a group with the other: said of the group, not of each of its members again',
      items: [
        exampleUser('amber', 1105),
        group('Readers', 1201, [1202]),
        group('Copiers', 1202, [1105]),
        domain(['get-changes', 1201], ['get-changes-all', 1202]),
      ],
      finds: ['dcsync: Copiers -> corp.example'],
    },
    {
      title: 'a right that every account has, and an account with the other',
      items: [
        exampleUser('amber', 1105),
        {
          ...domain(['get-changes-all', 1105]),
          edges: [
            ...domain(['get-changes-all', 1105]).edges,
            { right: 'get-changes', from: 'CORP.EXAMPLE-S-1-5-11', to: 'S-1-5-21-1-2-3' },
          ],
        },
      ],
      finds: ['dcsync: amber -> corp.example'],
    },
  ],
  ignores: [
    {
      title: 'one right alone, and the other over another domain',
      items: [
        exampleUser('amber', 1105),
        exampleUser('basil', 1106),
        group('Readers', 1201, [1105, 1106]),
        domain(['get-changes', 1201]),
        {
          ...exampleDomain('lab.example', 4),
          edges: [{ right: 'get-changes-all', from: 'S-1-5-21-1-2-3-1105', to: 'S-1-5-21-1-2-4' }],
        },
      ],
      finds: [],
    },
    {
      title: 'members of two groups that have nobody in common',
      items: [
        exampleUser('amber', 1105),
        exampleUser('basil', 1106),
        group('Readers', 1201, [1105]),
        group('Copiers', 1202, [1106]),
        domain(['get-changes', 1201], ['get-changes-all', 1202]),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    const find = objectFinder(view)
    const found = [...readHalves(statedEdges(view), find)].filter(
      (one) => isHeld(one['get-changes']) && isHeld(one['get-changes-all']),
    )
    if (found.length === 0) return
    const memberships = new Memberships(view, find)
    for (const one of found) {
      const [changes, all] = [one['get-changes'], one['get-changes-all']]
      const underChanges = memberships.under(changes.holders.keys())
      const underAll = memberships.under(all.holders.keys())
      const underWhole = memberships.under(one.whole)
      const both = [...new Set([...underChanges.keys(), ...underAll.keys()])].filter(
        (id) =>
          (underChanges.has(id) || changes.everyone) &&
          (underAll.has(id) || all.everyone) &&
          !underWhole.has(id) &&
          id !== one.domain.id,
      )
      // In an order that does not depend on how the case came about: the first of a circle stands for all.
      const keyed = new Map(both.map((id) => [id, view.entity(id).key]))
      both.sort((a, b) => ((keyed.get(a) ?? '') < (keyed.get(b) ?? '') ? -1 : 1))
      for (const id of memberships.topmost(both)) {
        const sides = [
          [changes, underChanges],
          [all, underAll],
        ] as const
        const granted = sides.map(([half, steps]) => {
          const way = memberships.wayUp(id, steps)
          const entry = way ? half.holders.get(way.holder) : half.everyone
          const name = way ? view.entity(way.holder).name : 'Authenticated Users'
          return { name, proof: [...(entry ? [entry] : []), ...(way?.by ?? [])] }
        })
        yield {
          kind: 'dcsync',
          from: id,
          to: one.domain.id,
          at: null,
          confidence: JOINED,
          reason: 'both',
          params: { changes: granted[0]?.name ?? '', all: granted[1]?.name ?? '' },
          proof: granted.flatMap(({ proof }) => proof),
        }
      }
    }
  },
}
export default rule

const isHeld = ({ holders, everyone }: Half): boolean => holders.size > 0 || everyone !== undefined

/** Both rights by the domain they are over. */
function readHalves(
  edges: Iterable<StatedEdge>,
  find: (ref: string) => BookEntity | undefined,
): Iterable<Replication> {
  const byDomain = new Map<number, Replication>()
  for (const { relation, fromRef, toRef, proof } of edges) {
    if (relation !== 'get-changes' && relation !== 'get-changes-all' && relation !== 'dcsync') continue
    const domain = find(toRef)
    if (domain?.kind !== 'domain') continue
    const known = byDomain.get(domain.id) ?? {
      domain,
      'get-changes': { holders: new Map(), everyone: undefined },
      'get-changes-all': { holders: new Map(), everyone: undefined },
      whole: new Set(),
    }
    byDomain.set(domain.id, known)
    const holder = find(fromRef)?.id
    if (relation === 'dcsync') {
      if (holder !== undefined) known.whole.add(holder)
      continue
    }
    const half = known[relation]
    if (EVERYONE.test(fromRef)) half.everyone ??= proof
    else if (holder !== undefined && !half.holders.has(holder)) half.holders.set(holder, proof)
  }
  return byDomain.values()
}

/** A group of an example, with the users or groups in it. */
function group(name: string, rid: number, members: readonly number[]): DirectoryItem {
  const sid = `S-1-5-21-1-2-3-${rid}`
  return {
    type: 'directory',
    kind: 'group',
    objectId: sid,
    sid,
    name,
    edges: members.map((member) => ({ right: 'member-of', from: `S-1-5-21-1-2-3-${member}`, to: sid })),
  }
}

/** The domain of an example with who holds which half. */
function domain(...halves: readonly (readonly [HalfRight, number])[]): DirectoryItem {
  const edges = halves.map(([right, rid]): DirectoryEdge => ({
    right,
    from: `S-1-5-21-1-2-3-${rid}`,
    to: 'S-1-5-21-1-2-3',
  }))
  return { ...exampleDomain('corp.example', 3), edges }
}

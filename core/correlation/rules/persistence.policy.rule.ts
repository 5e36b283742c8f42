import { dayOf, isComputer, readDetail } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { DEFAULT_POLICIES, policyAttribute, type PolicyChange, policyFile } from '../policy-places.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The domain controller recorded the write; what the task does stands in the file, which is not among the evidence. */
const RECORDED = 0.85

const FILE =
  '\\\\*\\SYSVOL\\corp.example\\Policies\\{6AC1786C-016F-11D2-945F-00C04FB984F9}\\Machine\\Preferences\\ScheduledTasks\\ScheduledTasks.xml'
const OBJECT = 'CN={6AC1786C-016F-11D2-945F-00C04fB984F9},CN=Policies,CN=System,DC=corp,DC=example'
const admin = { host: 'DC-01.corp.example', account: 'CORP\\adm', accountSid: 'S-1-5-21-1-2-3-1109' }

const rule: Rule = {
  id: 'persistence.policy',
  order: 54,
  relations: [],
  detections: ['policy-task', 'policy-script'],
  attack: ['T1484.001', 'T1053.005', 'T1037.003'],
  attackOf: {
    'policy-task': ['T1484.001', 'T1053.005'],
    'policy-script': ['T1484.001', 'T1037.003'],
  },
  texts: {
    en: {
      title: 'Tasks and scripts brought by a group policy',
      description:
        'A group policy was changed so that every machine or user it is for runs a scheduled task or a script: its file in SYSVOL was written, or the policy was told in the directory to bring tasks or scripts. Rated high for the two default policies of a domain, where administrators keep neither. One detection per day, account and policy.',
      needs:
        'Security 5136 of a domain controller, and 5145 for SYSVOL with the access that was used, or file events of the domain controller.',
      falsePositives:
        'Administrators roll out tasks and scripts by policy. What the task runs is not in these records: look into the file.',
      'detection.policy-task': 'A group policy was changed to bring a scheduled task',
      'detection.policy-script': 'A group policy was changed to bring a script',
      'reason.changed': '{actor} wrote {where} of the group policy {policy}.',
      'reason.default':
        '{actor} wrote {where} of the group policy {policy}, one of the two default policies of the domain.',
    },
    'zh-TW': {
      title: '由群組原則帶入的工作與指令碼',
      description:
        '群組原則遭變更，使其適用的每部電腦或使用者執行排程工作或指令碼：其位於 SYSVOL 的檔案遭寫入，或在目錄中設定該原則帶入工作或指令碼。網域的兩個預設原則等級較高，管理員不會在其中放置這些項目。每日、每個帳號與原則各一筆偵測。',
      needs: '網域控制站的安全性 5136，以及 SYSVOL 的 5145（含所用的存取權），或網域控制站的檔案事件。',
      falsePositives: '管理員會以原則部署工作與指令碼。這些紀錄不含工作執行的內容：請查看該檔案。',
      'detection.policy-task': '群組原則遭變更以帶入排程工作',
      'detection.policy-script': '群組原則遭變更以帶入指令碼',
      'reason.changed': '{actor} 寫入了群組原則 {policy} 的 {where}。',
      'reason.default': '{actor} 寫入了群組原則 {policy} 的 {where}，該原則為網域的兩個預設原則之一。',
    },
    ja: {
      title: 'グループポリシーが配るタスクとスクリプト',
      description:
        'グループポリシーが変更され、対象のすべてのコンピューターまたはユーザーがスケジュールタスクかスクリプトを実行するようになりました。SYSVOL のファイルが書かれたか、ディレクトリでタスクまたはスクリプトを配るよう設定されました。管理者がそうしたものを置かない、ドメインの 2 つの既定のポリシーでは重く扱います。日、アカウント、ポリシーごとに 1 件の検知とします。',
      needs:
        'ドメインコントローラーのセキュリティ 5136 と、使われたアクセス権を含む SYSVOL の 5145、またはドメインコントローラーのファイルイベント。',
      falsePositives:
        '管理者もポリシーでタスクやスクリプトを配布します。タスクが実行する内容はこれらの記録にはありません。ファイルを確認してください。',
      'detection.policy-task': 'スケジュールタスクを配るようグループポリシーが変更された',
      'detection.policy-script': 'スクリプトを配るようグループポリシーが変更された',
      'reason.changed': '{actor} がグループポリシー {policy} の {where} を書き込みました。',
      'reason.default':
        '{actor} が、ドメインの 2 つの既定のポリシーの 1 つであるグループポリシー {policy} の {where} を書き込みました。',
    },
  },
  matches: [
    {
      title: 'a task in the policy of the domain controllers: the attribute, and the file',
      items: [
        exampleEvent('directory-change', 0, {
          ...admin,
          target: OBJECT,
          action: 'value-added',
          detail:
            'ObjectClass: groupPolicyContainer; AttributeLDAPDisplayName: gPCMachineExtensionNames; AttributeValue: [{AADCED64-746C-4633-A97C-D61349046527}{CAB54552-DEEA-4691-817E-ED4A4D1AFC72}]',
        }),
        exampleEvent('share-access', 2, { ...admin, target: FILE, status: '0x2', sourceIp: '10.0.0.20' }),
      ],
      finds: ['!policy-task: adm'],
    },
    {
      title: 'a script that runs at logon, written on the domain controller itself',
      items: [
        exampleEvent('file-create', 0, {
          ...admin,
          target:
            'C:\\Windows\\SYSVOL\\domain\\Policies\\{11111111-2222-4333-8444-555555555555}\\User\\Scripts\\Logon\\map.bat',
        }),
      ],
      finds: ['!policy-script: adm'],
    },
  ],
  ignores: [
    {
      title: 'a machine that reads its policy, another setting of a policy, and what replication writes',
      items: [
        exampleEvent('share-access', 0, {
          host: 'DC-01.corp.example',
          account: 'CORP\\WS-01$',
          target: FILE,
          status: '0x1',
        }),
        exampleEvent('directory-change', 2, {
          ...admin,
          target: OBJECT,
          action: 'value-added',
          detail:
            'ObjectClass: groupPolicyContainer; AttributeLDAPDisplayName: gPCMachineExtensionNames; AttributeValue: [{35378EAC-683F-11D2-A89A-00C04FBBCFA2}]',
        }),
        exampleEvent('file-create', 4, {
          host: 'DC-02.corp.example',
          account: 'NT AUTHORITY\\SYSTEM',
          accountSid: 'S-1-5-18',
          target: FILE.replace('\\\\*\\SYSVOL', 'C:\\Windows\\SYSVOL\\sysvol'),
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    for (const event of view.events(
      ['directory-change', 'share-access', 'file-create', 'file-modify'],
      ['account', 'accountSid', 'target', 'action', 'status', 'detail', 'sourceIp', 'outcome'],
    )) {
      const change = changeOf(event)
      const subject = event.userId ?? event.endpointId
      if (!change || subject === null || event.fields.outcome === 'failure') continue
      const { account = '?' } = event.fields
      // Replication between domain controllers writes the same files again.
      if (event.fields.accountSid === 'S-1-5-18' || isComputer(account)) continue
      const isDefault = DEFAULT_POLICIES.has(change.policy)
      yield {
        detection: `policy-${change.plant}`,
        level: isDefault ? 'high' : 'medium',
        subject,
        involved: placesOf(view, event).filter((one) => one !== subject),
        window: `${dayOf(event.at)}|${change.policy}`,
        at: event.at,
        confidence: RECORDED,
        reason: isDefault ? 'default' : 'changed',
        params: {
          actor: account,
          where: change.where,
          policy: nameOf(view, change),
        },
        proof: proofOf(event),
      }
    }
  },
}
export default rule

function changeOf(event: ViewEvent): PolicyChange | undefined {
  if (event.kind !== 'directory-change') return policyFile(event)
  const { action, target = '', detail } = event.fields
  if (action !== 'value-added') return undefined
  return policyAttribute(
    readDetail(detail, 'AttributeLDAPDisplayName') ?? '',
    readDetail(detail, 'AttributeValue') ?? '',
    target,
  )
}

/** The domain controller, and the machine it was done from. */
function placesOf(view: CorrelationView, event: ViewEvent): EntityHandle[] {
  const from = view.addresses.find(event.fields.sourceIp, event.at)
  return [...new Set([...(from ? [from.id] : []), ...(event.endpointId === null ? [] : [event.endpointId])])]
}

/** What the directory calls the policy; its GUID where no export names it. */
function nameOf(view: CorrelationView, { policy }: PolicyChange): string {
  for (const entity of view.entities('gpo'))
    for (const { kind, value } of entity.aliases.values())
      if (kind === 'dn' && value.toLowerCase().startsWith(`cn={${policy}},`)) return entity.name
  return `{${policy.toUpperCase()}}`
}

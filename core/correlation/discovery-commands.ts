/** Programs that list a directory for whoever wants to take it, by the name their makers gave them (PE original name) or the file name. */
const TOOL_NAMES: readonly (readonly [tool: string, name: RegExp])[] = [
  ['AdFind', /^adfind(?:\.exe)?$/i],
  ['SharpHound', /^(?:sharphound|azurehound|bloodhound-?python|soaphound|rusthound)(?:\.exe|\.py)?$/i],
  ['PingCastle', /^pingcastle(?:\.exe)?$/i],
  ['SharpView', /^sharpview(?:\.exe)?$/i],
  ['ADCSPwn', /^adcspwn(?:\.exe)?$/i],
  ['Seatbelt', /^seatbelt(?:\.exe)?$/i],
  ['winPEAS', /^winpeas(?:any|x64|x86)?(?:_ofs)?(?:\.exe|\.bat)?$/i],
  ['Snaffler', /^snaffler(?:\.exe)?$/i],
]
/** The same tools by words of their own, under any file name: options, and functions of their scripts. */
const TOOL_WORDS: readonly (readonly [tool: string, words: RegExp])[] = [
  [
    'AdFind',
    /\s-(?:f|sc)\s+["']?(?:\(?\(?&?\(?objectcategory=|trustdmp|dclist|computers_active|computers_pwdnotreqd|admincountdmp|dompol)|\s-gcb\s+-sc\s|\s-subnets\s+-f\s/i,
  ],
  [
    'SharpHound',
    /\binvoke-bloodhound\b|\bsharphound(?:\.ps1)?\b|\s--?collectionmethods?\s+\w|\s-c\s+(?:All|DCOnly|LoggedOn|Session|ACL|ComputerOnly)\b.*\s--?(?:zip|domain|d|output|memcache|no|loop|search|ldap)\w*/i,
  ],
  ['ADRecon', /\badrecon\.ps1\b|\binvoke-adrecon\b/i],
  ['PingCastle', /\s--healthcheck\b.*\s--server\b/i],
  [
    'PowerView',
    /\b(?:powerview\.ps1|invoke-(?:sharefinder|userhunter|filefinder|portscan|mapdomaintrust|aclscanner)|find-(?:domainshare|localadminaccess|domainuserlocation|interestingdomainsharefile|interestingdomainacl)|get-(?:domaintrust|netlocalgroup|netdomaincontroller|netforest\w*|domainspnticket))\b/i,
  ],
  ['AD Explorer', /\badexplorer(?:64a?)?(?:\.exe)?\b.*\s-snapshot\b/i],
]

/** The tool that lists a directory, if the process is one. A shell that only passes its name on is for its caller to leave out. */
export function directoryTool(names: readonly string[], text: string): string | undefined {
  return (
    TOOL_NAMES.find(([, pattern]) => names.some((name) => pattern.test(name)))?.[0] ??
    TOOL_WORDS.find(([, words]) => words.test(text))?.[0]
  )
}

/**
 * Questions that somebody new to a network asks with the tools of Windows, each counted once. Those after `isGrave` ask for what an
 * intruder needs next: who rules the domain, where its controllers are, which services have accounts.
 */
const QUESTIONS: readonly (readonly [question: string, isGrave: boolean, words: RegExp])[] = [
  [
    'admins',
    true,
    /\bnet1?(?:\.exe)?["']?\s+group\s+["']?(?:domain|enterprise|schema|exchange|dom[äa]nen|organisations)[- ]?(?:admin|controller|comput|organization|trusted)[^/]{0,30}\/do|\bget-adgroupmember\b/i,
  ],
  [
    'trusts',
    true,
    /\bnltest(?:\.exe)?["']?\s.*\/(?:domain_trusts|trusted_domains|all_trusts)|\bget-adtrust\b/i,
  ],
  [
    'controllers',
    true,
    /\bnltest(?:\.exe)?["']?\s.*\/(?:dclist|dsgetdc):?|\bget-addomaincontroller\b|\bnetdom(?:\.exe)?\s+query\s+(?:dc|fsmo|pdc)/i,
  ],
  ['services', true, /\bsetspn(?:\.exe)?["']?\s+(?:-t\s+\S+\s+)?-q\s+\*\/\*/i],
  [
    'directory',
    true,
    /\bdsquery(?:\.exe)?["']?\s+(?:\*|user|computer|group|server|subnet|site)\b|\bldifde(?:\.exe)?["']?\s+-f\b|\bcsvde(?:\.exe)?["']?\s+-f\b/i,
  ],
  ['all-users', false, /\bnet1?(?:\.exe)?["']?\s+(?:user|group)\s+\/do/i],
  ['own-rights', false, /\bwhoami(?:\.exe)?["']?\s+\/(?:all|groups|priv)\b/i],
  ['sessions', false, /\b(?:quser|qwinsta|query(?:\.exe)?["']?\s+(?:user|session))(?:\.exe)?\b/i],
  ['machines', false, /\bnet1?(?:\.exe)?["']?\s+view\b|\barp(?:\.exe)?["']?\s+-a\b/i],
  ['local-admins', false, /\bnet1?(?:\.exe)?["']?\s+localgroup\s+["']?admin\S*\s*$/i],
  ['policy', false, /\bnet1?(?:\.exe)?["']?\s+accounts\b/i],
  ['machine', false, /\bsysteminfo(?:\.exe)?\b/i],
  ['secrets', false, /\bcmdkey(?:\.exe)?["']?\s+\/list\b|\bklist(?:\.exe)?["']?\s*(?:tickets)?\s*$/i],
]

/** Words one of which every command holds that {@link directoryTool} or {@link questionOf} knows. */
export const MAY_DISCOVER =
  /adfind|hound|pingcastle|sharpview|adcspwn|seatbelt|winpeas|snaffler|\s-(?:f|sc|subnets|gcb)\s|collectionmethod|\s-c\s+(?:All|DCOnly|LoggedOn|Session|ACL|ComputerOnly)\b|adrecon|--healthcheck|powerview|invoke-|find-|get-|adexplorer|\bnet1?\b|nltest|netdom|setspn|dsquery|ldifde|csvde|whoami|quser|qwinsta|\bquery\b|\barp\b|systeminfo|cmdkey|klist/i

/** What a command of Windows asks of the network it runs in. */
export function questionOf(text: string): { question: string; isGrave: boolean } | undefined {
  const found = QUESTIONS.find(([, , words]) => words.test(text))
  return found && { question: found[0], isGrave: found[1] }
}

import { detection, either, relation, type Expectation, type SampleCase } from './expectation.ts'

const is = (what: string, isFound: Expectation['isFound']): Expectation => ({ what, isFound })
const CLOCKS =
  'The collection writes local time (some of it without the half of the day) into TimeCreated and marks it as UTC; the time inside Sysmon records is right. The other records are shifted to what Sysmon’s prove and marked as assumed.'

/** The Security-Datasets collections: what their scenario descriptions and names say. */
export const OTRF_SAMPLES: readonly SampleCase[] = [
  {
    name: 'PurpleSharp AD playbook I',
    paths: ['otrf/atomic/purplesharp_ad_playbook_I.zip'],
    attack: ['T1558.003', 'T1110.003', 'T1021.006', 'T1087.002'],
    expects: [
      is('service tickets were asked for in order to crack them', detection(/kerberoast/)),
      is('a password was tried against many accounts', detection(/password-spray|password-guess/)),
      is(
        'WORKSTATION5 logs on to the other workstations',
        relation('remote-logon', /WORKSTATION5/, /WORKSTATION[67]/),
      ),
      is(
        'it runs commands there by WinRM',
        relation('remote-execution', /WORKSTATION5|PurpleSharp/i, /powershell|WORKSTATION[67]/i),
      ),
      is('by which program: PurpleSharp', relation('executed-as', /PurpleSharp/i, /PurpleSharp/i)),
    ],
  },
  {
    name: 'Golden SAML: AD FS key and mail access (four files)',
    paths: ['AADAuditEvents', 'Microsoft365DefenderEvents', 'OfficeActivityEvents', 'WindowsEvents'].map(
      (file) => `otrf/compound/GoldenSAMLADFSMailAccess/${file}.Zip`,
    ),
    attack: ['T1552.004', 'T1606.002', 'T1078.004', 'T1098.002', 'T1114'],
    expects: [
      is('the signing key of AD FS was read', detection(/adfs-key|signing-key/)),
      is(
        'the directory was replicated (reported by the identity sensor)',
        either(detection(/dcsync/), relation('accessed-credentials')),
      ),
      is(
        'an application was given credentials or rights',
        detection(/app-change\.app-(?:credentials|consent)/),
      ),
      is(
        'mail was read through an application',
        either(relation('accessed-mailbox'), detection(/mailbox\.access/)),
      ),
      is('the AD FS server talks to the domain controller', relation('remote-logon', /ADFS01/, /DC01/)),
      is('the theft of the key is tied to what was done in the cloud', detection(/forged-token/, /pgustavo/)),
    ],
  },
  {
    name: 'LSASS campaign 02: Metasploit and ProcDump',
    paths: ['otrf/compound/LSASS_campaign_02/metasploit_procdump_lsass_memory_dump.zip'],
    attack: ['T1204.002', 'T1105', 'T1003.001', 'T1041'],
    expects: [
      is(
        'the picture that is a program came from the web',
        relation('downloaded-to', /happy_image/i, /happy_image/i),
      ),
      is('it was run', relation('executed-as', /happy_image/i, /happy_image/i)),
      is('two endings hide what it is', detection(/double_extension/)),
      is('ProcDump reads lsass', relation('accessed-credentials', /procdump/i, /lsass/i)),
      is('the payload calls its server', relation('connected-to', /winx64_payload/i, /10\.0\.5\.13/)),
    ],
    note: CLOCKS,
  },
  {
    name: 'Empire: PsExec over svcctl',
    paths: ['otrf/atomic/empire_psexec_dcerpc_tcp_svcctl.zip'],
    attack: ['T1569.002', 'T1021.002'],
    expects: [
      is('WORKSTATION5 logs on to WORKSTATION6', relation('remote-logon', /WORKSTATION5/, /WORKSTATION6/)),
      is('a service is installed there', relation('installed-service', /WORKSTATION6/, /Updater/)),
      is('something is run there from afar', relation('remote-execution', /WORKSTATION5|powershell/i)),
      is(
        'which process that was',
        relation('remote-execution', /WORKSTATION5|powershell/i, /cmd|powershell/i),
      ),
      is('the odd service is told', detection(/odd_service/)),
    ],
    note: CLOCKS,
  },
  {
    name: 'Empire: DCSync',
    paths: ['otrf/atomic/empire_dcsync_dcerpc_drsuapi_DsGetNCChanges.zip'],
    attack: ['T1003.006'],
    expects: [
      is('an account replicates the directory', detection(/dcsync/)),
      is('from which endpoint it came', relation('remote-logon', /WORKSTATION5/, /MORDORDC/)),
      is('that is access to credentials', relation('accessed-credentials')),
    ],
  },
  {
    name: 'mshta runs VBScript that runs PowerShell',
    paths: ['otrf/atomic/cmd_mshta_vbscript_execute_psh.zip'],
    attack: ['T1218.005'],
    expects: [
      is('mshta starts PowerShell', relation('spawned', /mshta/i, /powershell/i)),
      is('mshta with a script on its command line', detection(/lolbin/, /mshta/i)),
    ],
    note: CLOCKS,
  },
  {
    name: 'APTSimulator: Cobalt Strike',
    paths: ['otrf/atomic/aptsimulator_cobaltstrike.zip'],
    attack: ['T1071.001', 'T1559', 'T1543.003'],
    expects: [
      is('curl fetches the beacon picture', relation('connected-to', /curl/i, /pixel\.gif/i)),
      is('the tool comes out of an archive', relation('extracted-to', /enc-toolset/i, /CreateNamedPipe/i)),
      is('a service starts the implant', relation('installed-service', /./, /tbbd05/)),
      is('the odd service is told', detection(/odd_service/)),
      is('pipes by names of the implant are told', detection(/pipe|injection|beacon/i)),
    ],
  },
]

import { code, type Pick } from './picks.ts'

/** NTSTATUS of failed logons and NTLM checks (formats.md A3.3), in short words. */
const NT_STATUS = new Map([
  ['0xc0000064', 'no such user'],
  ['0xc000006a', 'bad password'],
  ['0xc000006c', 'password policy'],
  ['0xc000006d', 'bad user name or authentication'],
  ['0xc000006e', 'account restriction'],
  ['0xc000006f', 'logon hours'],
  ['0xc0000070', 'workstation not allowed'],
  ['0xc0000071', 'password expired'],
  ['0xc0000072', 'account disabled'],
  ['0xc00000dc', 'security database in the wrong state'],
  ['0xc0000133', 'clock skew'],
  ['0xc000015b', 'logon type not granted'],
  ['0xc000018c', 'trust broken'],
  ['0xc0000192', 'NetLogon not started'],
  ['0xc0000193', 'account expired'],
  ['0xc0000224', 'password must be changed'],
  ['0xc0000234', 'account locked out'],
  ['0xc0000371', 'no local secret'],
  ['0xc0000413', 'authentication firewall'],
])
/** Kerberos errors of 4768 to 4773 (RFC 4120 section 7.5.9). */
const KERBEROS = new Map([
  ['0x6', 'unknown client'],
  ['0x7', 'unknown server'],
  ['0x9', 'no key for the account'],
  ['0xc', 'policy'],
  ['0xd', 'option not possible'],
  ['0xe', 'encryption type not supported'],
  ['0xf', 'checksum type not supported'],
  ['0x10', 'preauthentication type not supported'],
  ['0x12', 'account disabled, expired or locked'],
  ['0x17', 'password expired'],
  ['0x18', 'bad password'],
  ['0x19', 'preauthentication required'],
  ['0x1b', 'user to user required'],
  ['0x1f', 'integrity check failed'],
  ['0x20', 'ticket expired'],
  ['0x21', 'ticket not yet valid'],
  ['0x22', 'replay'],
  ['0x25', 'clock skew'],
  ['0x29', 'message changed'],
  ['0x3c', 'generic error'],
  ['0x44', 'wrong realm'],
])
const ENCRYPTION = new Map([
  ['0x1', 'DES-CBC-CRC'],
  ['0x3', 'DES-CBC-MD5'],
  ['0x11', 'AES128'],
  ['0x12', 'AES256'],
  ['0x17', 'RC4'],
  ['0x18', 'RC4-EXP'],
])

const meaning =
  (codes: ReadonlyMap<string, string>, label: string, names: readonly string[]): Pick<string> =>
  (event) => {
    for (const name of names) {
      const words = codes.get(code(name)(event) ?? '')
      if (words !== undefined) return `${label}: ${words}`
    }
    return undefined
  }
/** `reason: bad password` by the first of the named NTSTATUS values that is known. */
export const ntReason = (...names: string[]): Pick<string> => meaning(NT_STATUS, 'reason', names)
export const kerberosReason = (...names: string[]): Pick<string> => meaning(KERBEROS, 'reason', names)
export const encryption = (...names: string[]): Pick<string> => meaning(ENCRYPTION, 'encryption', names)

/** Several details behind one another. */
export const joined =
  (...picks: Pick<string>[]): Pick<string> =>
  (event) => {
    const parts = picks.map((pick) => pick(event)).filter((part) => part !== undefined)
    return parts.length === 0 ? undefined : parts.join('; ')
  }

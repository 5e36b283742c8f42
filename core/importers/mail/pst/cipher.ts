/** Substitution tables of [MS-PST] 5.1: encode, middle (its own inverse) and decode. */
const ENCODE = Buffer.from(
  'QTYTYqghbrv0FswEf2ToXR7yyyp0xV410pVHnpYtmohMfYQ/26wxtkhf9sTYOYvnIzs4jsjB3yWxIKVGYE6c+6rTVlFFfFUAB8krnYWbCaCPrbMPY6uJ' +
    'S9enFVpxZkK/JkprmPrqd1OycAUs/Vk6hn7OBuuCeFfHjUOvtBzUW83i6SdPwwhygM+w7/Uobb4wTTSS1Q48IjLl5PmfwtEKgRLh7pGDduOX5mGKF3mk' +
    't9yQelyMAqbKad5QGhGTuVKHWPztHTdJG2rgKTOZvWzZlPNAVG/wxnO41j5lGEQf3WcQ8QwZ7K4DoRR7qQv/+KPAogH3LrwkaHUN/rovtdDaPQ==',
  'base64',
)
const MIDDLE = Buffer.from(
  'FFMPVrPIepzrZUgXFhWfAsxUfIMADQwLomKodtvZ7cfFpNyshXTW0KebrpqWcWbDY5m43XOSjoR9pV7RXZOxV1FQgIlSlE9OCmu8jX9uR0ZBQEQBEcsD' +
    'P/f04amPPDr5+/AZMIIJLsmdoIZJ7m9NbcQtgTQlhxuIqvwGoRI4/UxCcmQTNyRqdXdD/+a0SzZc5Ng1PUW5LOy3MSspB2ijDml7GJ4hOb4oGlt49SPK' +
    'KrCvPv4EjOflmDKV0/ZK6Kbq6fPVL3Ag8h8FZ61VEM7N4yc72rrXwibUkR3SHCIz+PrxWu/PkLaLtb3AvwiXHmziYeDGwVmru1jeX99geX6yig==',
  'base64',
)
const DECODE = Buffer.alloc(256)
for (const [plain, coded] of ENCODE.entries()) DECODE[coded] = plain

/** How the blocks of a store are obscured (bCryptMethod, [MS-PST] 2.2.2.6); none of it needs a key. */
export const CIPHER = { none: 0, permute: 1, cyclic: 2 } as const

/** Undoes the obscuring of one data block, in place. @param id low 32 bits of the block's id */
export function decodeBlock(bytes: Buffer, method: number, id: number): void {
  if (method === CIPHER.permute)
    for (let at = 0; at < bytes.length; at++) bytes[at] = DECODE[bytes[at] ?? 0] ?? 0
  else if (method === CIPHER.cyclic) cycle(bytes, id)
}

/** [MS-PST] 5.2: the key walks with every byte; the same steps encode and decode. */
function cycle(bytes: Buffer, id: number): void {
  let key = (id ^ (id >>> 16)) & 0xffff
  for (let at = 0; at < bytes.length; at++) {
    const high = key >> 8
    let byte = ENCODE[((bytes[at] ?? 0) + key) & 0xff] ?? 0
    byte = MIDDLE[(byte + high) & 0xff] ?? 0
    byte = DECODE[(byte - high) & 0xff] ?? 0
    bytes[at] = (byte - key) & 0xff
    key = (key + 1) & 0xffff
  }
}

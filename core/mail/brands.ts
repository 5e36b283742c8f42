/** Names that mail pretends to come from most often, with the domains their owners really send from. */
const BRANDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /\bmicrosoft\b|\boffice ?365\b|\bonedrive\b|\bsharepoint\b/,
    [
      'microsoft.com',
      'office.com',
      'office365.com',
      'outlook.com',
      'sharepointonline.com',
      'live.com',
      'onmicrosoft.com',
    ],
  ],
  [/\bpaypal\b/, ['paypal.com']],
  [/\bapple\b|\bicloud\b/, ['apple.com', 'icloud.com']],
  [/\bgoogle\b|\bgmail\b/, ['google.com', 'gmail.com', 'youtube.com']],
  [
    /\bamazon\b/,
    ['amazon.com', 'amazon.de', 'amazon.co.uk', 'amazon.co.jp', 'amazonaws.com', 'amazonses.com'],
  ],
  [/\bdhl\b/, ['dhl.com', 'dhl.de', 'dpdhl.com']],
  [/\bfedex\b/, ['fedex.com']],
  [/^ups\b|\bups (?:delivery|express|support)\b/, ['ups.com']],
  [/\bdocusign\b/, ['docusign.com', 'docusign.net']],
  [/\badobe\b/, ['adobe.com', 'adobesign.com']],
  [/\bdropbox\b/, ['dropbox.com', 'dropboxmail.com']],
  [/\bnetflix\b/, ['netflix.com']],
  [/\blinkedin\b/, ['linkedin.com']],
  [
    /\bfacebook\b|\binstagram\b|\bwhatsapp\b/,
    ['facebook.com', 'facebookmail.com', 'instagram.com', 'whatsapp.com', 'meta.com'],
  ],
  [/\bcoinbase\b/, ['coinbase.com']],
  [/\bbinance\b/, ['binance.com']],
  [/\bmetamask\b|\btrust wallet\b/, ['metamask.io', 'trustwallet.com']],
]

/** The brand a display name uses although the domain is not one of its own; undefined when there is none. */
export function impersonatedBrand(name: string, domain: string): string | undefined {
  const plain = name.normalize('NFKC').toLowerCase()
  for (const [pattern, domains] of BRANDS) {
    const found = pattern.exec(plain)?.[0]
    if (found !== undefined && !domains.includes(domain)) return found
  }
  return undefined
}

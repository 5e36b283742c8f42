/** A name that phishing borrows, and the registrable domains its owner really uses. */
export interface Brand {
  /** As it stands in hosts and texts: lower case, letters and digits. */
  readonly word: string
  readonly domains: readonly string[]
}

const brand = (word: string, ...domains: readonly string[]): Brand => ({ word, domains })

const MICROSOFT = [
  'microsoft.com', 'microsoftonline.com', 'office.com', 'office365.com', 'office.net', 'outlook.com', 'live.com', 'live.net',
  'hotmail.com', 'sharepoint.com', 'onedrive.com', 'onmicrosoft.com', 'windows.net', 'windows.com', 'azure.com', 'msn.com',
  'skype.com', 'microsoft365.com', 'cloud.microsoft', 'aka.ms', 'sfx.ms', 'azureedge.net', 's-microsoft.com',
  'microsoftstore.com', 'msauth.net', 'msftauth.net', 'xbox.com', 'bing.com',
] as const // prettier-ignore
const GOOGLE = [
  'google.com', 'gmail.com', 'googleapis.com', 'gstatic.com', 'youtube.com', 'goo.gl', 'withgoogle.com', 'google.dev',
  'googleusercontent.com', 'googlegroups.com', 'googlemail.com', 'blogger.com', 'blogspot.com',
] as const // prettier-ignore

/**
 * Names most often borrowed. Words of daily language (`apple`, `chase`, `steam`, `ups`) only count as a whole label or beside
 * credential words; the signs see to that.
 */
export const BRANDS: readonly Brand[] = [
  brand('microsoft', ...MICROSOFT),
  brand('office365', ...MICROSOFT),
  brand('outlook', ...MICROSOFT),
  brand('onedrive', ...MICROSOFT),
  brand('sharepoint', ...MICROSOFT),
  brand('hotmail', ...MICROSOFT),
  brand('paypal', 'paypal.com', 'paypalobjects.com', 'paypal.me', 'paypal-communication.com'),
  brand('icloud', 'icloud.com', 'apple.com', 'icloud-content.com'),
  brand('apple', 'apple.com', 'icloud.com', 'mzstatic.com', 'apple.news'),
  brand('itunes', 'apple.com', 'itunes.com', 'mzstatic.com'),
  brand('google', ...GOOGLE),
  brand('gmail', ...GOOGLE),
  brand('amazon', 'amazon.com', 'amazon.de', 'amazon.co.uk', 'amazon.co.jp', 'amazon.fr', 'amazon.it', 'amazon.es', 'amazon.ca',
    'amazon.in', 'amazon.com.br', 'amazon.com.au', 'amazonaws.com', 'amazonses.com', 'media-amazon.com', 'ssl-images-amazon.com',
    'images-amazon.com', 'amazon.jobs'), // prettier-ignore
  brand('facebook', 'facebook.com', 'facebookmail.com', 'fb.com', 'fbcdn.net', 'facebook.net', 'meta.com'),
  brand('instagram', 'instagram.com', 'cdninstagram.com', 'facebook.com'),
  brand('whatsapp', 'whatsapp.com', 'whatsapp.net', 'wa.me'),
  brand('linkedin', 'linkedin.com', 'licdn.com', 'lnkd.in'),
  brand('twitter', 'twitter.com', 'x.com', 't.co', 'twimg.com'),
  brand('netflix', 'netflix.com', 'nflximg.com', 'nflxext.com', 'nflximg.net'),
  brand('spotify', 'spotify.com', 'scdn.co', 'spotifycdn.com'),
  brand('dropbox', 'dropbox.com', 'dropboxmail.com', 'dropboxstatic.com', 'dropboxusercontent.com', 'db.tt'),
  brand('docusign', 'docusign.com', 'docusign.net'),
  brand('adobe', 'adobe.com', 'adobe.io', 'adobesign.com', 'echosign.com', 'typekit.net', 'adobedtm.com'),
  brand('wetransfer', 'wetransfer.com', 'we.tl', 'wetransfer.net'),
  brand('dhl', 'dhl.com', 'dhl.de', 'dpdhl.com', 'dhl.fr', 'dhl.co.uk', 'dhl.com.br'),
  brand('fedex', 'fedex.com', 'fdx.com'),
  brand('usps', 'usps.com', 'usps.gov'),
  brand('ups', 'ups.com'),
  brand('correos', 'correos.es'),
  brand('correios', 'correios.com.br'),
  brand('coinbase', 'coinbase.com', 'cb-w.com'),
  brand('binance', 'binance.com', 'binance.us', 'bnbstatic.com'),
  brand('metamask', 'metamask.io', 'consensys.net', 'consensys.io'),
  brand('trustwallet', 'trustwallet.com'),
  brand('blockchain', 'blockchain.com', 'blockchain.info'),
  brand('kraken', 'kraken.com'),
  brand('ledger', 'ledger.com'),
  brand('robinhood', 'robinhood.com'),
  brand('opensea', 'opensea.io'),
  brand('ripple', 'ripple.com'),
  brand('americanexpress', 'americanexpress.com', 'aexp.com', 'aexp-static.com'),
  brand('bankofamerica', 'bankofamerica.com', 'bofa.com'),
  brand('wellsfargo', 'wellsfargo.com', 'wf.com'),
  brand('citibank', 'citibank.com', 'citi.com'),
  brand('hsbc', 'hsbc.com', 'hsbc.co.uk', 'hsbc.com.hk'),
  brand('barclays', 'barclays.com', 'barclays.co.uk'),
  brand(
    'santander',
    'santander.com',
    'santander.com.br',
    'santander.co.uk',
    'santander.es',
    'bancosantander.es',
  ),
  brand('bradesco', 'bradesco.com.br', 'banco.bradesco', 'bradesco.com'),
  brand('itau', 'itau.com.br'),
  brand('nubank', 'nubank.com.br'),
  brand('bancodobrasil', 'bb.com.br'),
  brand('serasa', 'serasa.com.br', 'serasaexperian.com.br'),
  brand('mercadopago', 'mercadopago.com', 'mercadopago.com.br', 'mercadolibre.com', 'mercadolivre.com.br'),
  brand('mercadolivre', 'mercadolivre.com.br', 'mercadolibre.com'),
  brand('sparkasse', 'sparkasse.de'),
  brand('postbank', 'postbank.de'),
  brand('rakuten', 'rakuten.co.jp', 'rakuten.com', 'rakuten.ne.jp'),
  brand('mitsubishi', 'mitsubishi.com', 'mufg.jp', 'bk.mufg.jp'),
  brand('ebay', 'ebay.com', 'ebay.de', 'ebay.co.uk', 'ebaystatic.com', 'ebayimg.com'),
  brand('walmart', 'walmart.com', 'walmartimages.com'),
  brand('costco', 'costco.com'),
  brand('statefarm', 'statefarm.com'),
  brand('norton', 'norton.com', 'nortonlifelock.com'),
  brand('mcafee', 'mcafee.com'),
  brand('roundcube', 'roundcube.net'),
]

/** Domains of all brands: their owners are nobody's imitation. */
export const BRAND_DOMAINS: ReadonlySet<string> = new Set(BRANDS.flatMap(({ domains }) => domains))

/** Services that shorten links: the address says nothing of where it leads. */
export const SHORTENERS: ReadonlySet<string> = new Set([
  'bit.ly', 't.co', 'tinyurl.com', 'goo.gl', 'ow.ly', 'is.gd', 'v.gd', 'buff.ly', 'rebrand.ly', 'cutt.ly', 'shorturl.at', 't.ly',
  'rb.gy', 'tiny.cc', 'bl.ink', 'soo.gd', 's.id', 'lnkd.in', 'qr.ae', 'adf.ly', 'clck.ru', 'u.to', 'x.gd', 'surl.li', 'shorten.at',
  'encurtador.com.br', 'linktr.ee', 'urlz.fr', 'tr.ee', 'dub.sh', 'short.gy', 'snip.ly', 'l.ead.me', 'qrco.de', 'me-qr.com',
]) // prettier-ignore

/** Ground on which anybody puts a page or a file within minutes, under the name of somebody respectable. */
export const HOSTING: ReadonlySet<string> = new Set([
  'web.app', 'firebaseapp.com', 'appspot.com', 'run.app', 'cloudfunctions.net', 'pages.dev', 'workers.dev', 'r2.dev',
  'github.io', 'gitlab.io', 'netlify.app', 'vercel.app', 'herokuapp.com', 'glitch.me', 'onrender.com', 'surge.sh', 'repl.co',
  'weebly.com', 'wixsite.com', 'blogspot.com', 'wordpress.com', 'webflow.io', 'framer.app', 'carrd.co', 'godaddysites.com',
  'square.site', 'mystrikingly.com', 'jimdosite.com', 'yolasite.com', '000webhostapp.com', 'ngrok.io', 'ngrok-free.app',
  'trycloudflare.com', 'duckdns.org', 'ddns.net', 'hopto.org', 'myftp.org', 'ipfs.io', 'dweb.link', 'nftstorage.link',
  'azurewebsites.net', 'azurefd.net', 'azurestaticapps.net', 'cloudapp.net', 'plesk.page', 'cprapid.com', 'translate.goog',
  'softr.app', 'cleverapps.io', 'eu.com', 'us.com', 'zeabur.app', 'fly.dev', 'deno.dev', 'railway.app', 'lovable.app', 'replit.app', 'b-cdn.net', 'notion.site', 'myqnapcloud.com', 'linodeobjects.com', 'backblazeb2.com', 'digitaloceanspaces.com',
  'contaboserver.net', 'wasabisys.com', 'hostingersite.com', 'publishing.rest', 'oraclecloud.com', 'myshopify.com',
]) // prettier-ignore

/** Buckets whose address leads to a file somebody uploaded: a page among pictures is odd. */
export const STORAGE: readonly RegExp[] = [
  /^storage\.(?:googleapis|cloud\.google)\.com$/,
  /^firebasestorage\.googleapis\.com$/,
  /(?:^|\.)s3[.-][a-z0-9.-]*amazonaws\.com$/,
  /^s3\.amazonaws\.com$/,
  /\.(?:blob|web)\.core\.windows\.net$/,
  /\.(?:linodeobjects|backblazeb2|digitaloceanspaces|wasabisys)\.com$/,
  /^objectstorage\.[a-z0-9-]+\.oraclecloud\.com$/,
  /^(?:pub-[0-9a-f]+\.r2\.dev|ipfs\.io|[a-z0-9]+\.ipfs\.)/,
]

/** Endings that cost next to nothing, or nothing, and that abuse statistics show far above their share. */
export const CHEAP_SUFFIXES: ReadonlySet<string> = new Set([
  'top', 'xyz', 'icu', 'club', 'online', 'site', 'shop', 'live', 'buzz', 'click', 'link', 'work', 'fun', 'space', 'website',
  'store', 'vip', 'cyou', 'cfd', 'sbs', 'rest', 'bond', 'monster', 'quest', 'beauty', 'hair', 'skin', 'makeup', 'autos', 'boats',
  'homes', 'lol', 'mom', 'pics', 'zip', 'mov', 'cam', 'bar', 'bid', 'loan', 'win', 'men', 'date', 'stream', 'download', 'racing',
  'party', 'review', 'trade', 'science', 'country', 'kim', 'gq', 'cf', 'ga', 'ml', 'tk', 'ru.com', 'sa.com', 'za.com', 'uno', 'su',
]) // prettier-ignore

/** Words of pages that are after an account. */
export const CREDENTIAL_WORDS =
  /(?:^|[^a-z])(?:log-?in|log-?on|sign-?in|sso|auth|oauth|password|passwd|senha|contrase[nñ]a|passwort|verify|verification|verificar|verifica|validate|validar|confirm|unlock|desbloque\w*|suspend\w*|reactivat\w*|account|cuenta|conta|konto|compte|secure|security|seguran[cç]a|seguridad|wallet|webmail|mailbox|recovery|kyc|2fa|otp|admincenter|regulariz\w*)(?![a-z])/i

/** Domains of brands that stand in mail of everybody: fonts, pictures, social media, maps, clouds. */
export const EVERYWHERE: ReadonlySet<string> = new Set([
  'google.com', 'googleapis.com', 'gstatic.com', 'youtube.com', 'goo.gl', 'googleusercontent.com', 'googlegroups.com', 'blogspot.com',
  'blogger.com', 'facebook.com', 'fb.com', 'fbcdn.net', 'instagram.com', 'whatsapp.com', 'wa.me', 'linkedin.com', 'licdn.com',
  'lnkd.in', 'twitter.com', 'x.com', 't.co', 'twimg.com', 'amazonaws.com', 'amazonses.com', 'windows.net', 'azureedge.net',
  'typekit.net', 'adobe.com', 'spotify.com', 'apple.com', 'itunes.com', 'aka.ms', 'microsoft.com', 'media-amazon.com',
]) // prettier-ignore

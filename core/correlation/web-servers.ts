import type { DetectionLevel } from '../model/detection.ts'
import { baseName } from '../normalise/path.ts'

/** Programs that answer requests from the web. */
const SERVERS =
  /^(?:w3wp|iisexpress|httpd|apache|apache2|nginx|lighttpd|caddy|php|php-cgi|php-fpm[\d.]*|tomcat\d*w?|jboss|wildfly|weblogic|beasvc|coldfusion|umworkerprocess)$/
/** Java runs anything; these words tell that it is a server. */
const JAVA_SERVER =
  /\bcatalina\b|\btomcat|\bjboss|\bwildfly|\bweblogic|\bjetty|\bglassfish|\bwebsphere|\bcoldfusion/i
/** What nobody needs to answer a request, on Windows. */
const WINDOWS_SHELLS =
  /^(?:cmd|powershell|pwsh|wscript|cscript|mshta|whoami|net1?|nltest|certutil|bitsadmin|rundll32|regsvr32|systeminfo|ipconfig|quser|tasklist|hostname|wmic|reg|schtasks|bash)$/
const UNIX_SHELLS = /^(?:sh|bash|dash|zsh|ksh|python[\d.]*|perl|nc|ncat|whoami|id|uname)$/
/** What those who got in do first, and pictures and mail never. */
const LOOKS_AROUND =
  /(?:^|[\s"'`;|&(])(?:whoami|id|uname|hostname|ifconfig|curl|wget|nc|ncat|socat|base64|cat \/etc\/|chmod \+x|crontab)(?:$|[\s"'`;|&)])|\/dev\/tcp\/|\bpython[\d.]* -c\b|\bperl -e\b/
const SCRIPT = /\.(?:aspx?|ashx|asmx|cshtml|jspx?|war|cfm|php\d?|phtml)$/i
const WEB_ROOT =
  /[\\/](?:inetpub|wwwroot|webapps|htdocs|public_html|frontend[\\/]httpproxy|clientaccess|web server extensions|layouts)[\\/]|^\/(?:var\/www|srv\/www|usr\/share\/nginx|opt\/[^/]{1,60}\/webapps)\//i
const COMPILED =
  /temporary asp\.net files|[\\/](?:cache|compiled|twig|smarty|templates_c|upgrade|vendor)[\\/]/i
const UPLOADS = /[\\/](?:uploads?|files?|images?|img|media|tmp|temp|static|avatars?)[\\/]/i

interface Weight {
  readonly level: DetectionLevel
  readonly confidence: number
}

const stemOf = (path: string): string =>
  baseName(path)
    .toLowerCase()
    .replace(/\.exe$/, '')

/** Whether a program answers requests from the web. */
export function isWebServer(path: string | undefined, commandLine: string | undefined): boolean {
  if (path === undefined) return false
  const stem = stemOf(path)
  return SERVERS.test(stem) || (/^javaw?$/.test(stem) && JAVA_SERVER.test(commandLine ?? ''))
}

/** How much it weighs that a web server started this; undefined for what web servers start. */
export function shellOf(path: string, commandLine: string): Weight | undefined {
  const stem = stemOf(path)
  if (!path.startsWith('/')) return WINDOWS_SHELLS.test(stem) ? { level: 'high', confidence: 0.8 } : undefined
  if (!UNIX_SHELLS.test(stem)) return undefined
  return LOOKS_AROUND.test(commandLine)
    ? { level: 'high', confidence: 0.8 }
    : { level: 'low', confidence: 0.4 }
}

/** How much it weighs that a web server wrote this file; undefined for what it writes by itself. */
export function isServedScript(path: string): Weight | undefined {
  if (!SCRIPT.test(path) || !WEB_ROOT.test(path) || COMPILED.test(path)) return undefined
  // Content management systems of PHP write their own updates; into folders of uploads they write none.
  const isOwnUpdate = /\.(?:php\d?|phtml)$/i.test(path) && !UPLOADS.test(path)
  return isOwnUpdate ? { level: 'low', confidence: 0.4 } : { level: 'high', confidence: 0.85 }
}

import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { RelationKind } from '../model/relation.ts'
import type { EntityFacts } from './entity-facts.ts'
import { isInstalledPath, isScriptHost } from './programs.ts'
import { isRare } from './walks.ts'

const index = (kind: RelationKind): number => KIND_INDEX.get(kind) ?? 255
const set = (...kinds: RelationKind[]) => new Set(kinds.map(index))
/** What a file came out of, step by step back to the mail. */
const CAME_FROM = set('saved-as', 'downloaded-to', 'extracted-to', 'carries', 'links-to')
/** Steps looked back: a file in an archive in an archive of a mail. */
const MAX_BACK = 6

/** Files that are shown or unpacked. Not pages and documents with macros: they do something when they are opened. */
const SHOWN =
  /\.(?:pdf|xps|docx?|dotx?|xlsx?|xltx?|xlsb|pptx?|ppsx?|rtf|od[tspg]|pages|numbers|csv|txt|md|log|ics|vcf|eml|msg|png|jpe?g|gif|bmp|tiff?|webp|heic|mp[34]|mov|wav|m4a|zip|7z|rar|gz|tgz|tar|dwg|dxf|vsdx?|pub)$/i
/** Files that do something when they are opened. */
const ACTS =
  /\.(?:exe|dll|scr|com|pif|cpl|ocx|sys|ms[ip]|msix|appx|jse?|vb[se]|ws[fh]|hta|sct|ps[dm]?1|bat|cmd|lnk|url|jar|py|iso|img|vhdx?|chm|reg|inf|xll|wll|xlam|ppam|do[ct]m|xl[st]m|ppt?m|html?|svg|application|library-ms|settingcontent-ms|desktop|command|app|dmg|pkg|sh)$/i
const UNIX_PROGRAM = /^\/(?:applications|system\/applications|usr\/(?:bin|lib)|snap|opt)\//i
const PROGRAM_FILES = /^(?:[a-z]:)?[\\/]program files(?: \(x86\))?[\\/]/i
/** The editor of equations: what documents do through it they do to break in. */
const BROKEN = /^eqnedt32\.exe$/i
/** Parts of Windows that viewers start for printing, for errors and for their windows. */
const HELPERS =
  /^(?:splwow64|werfault|wermgr|conhost|dllhost|ctfmon|openwith|explorer|printfilterpipelinesvc|prevhost|searchprotocolhost|notepad|mspaint)\.exe$/i
/** Makers of viewers and those who host for them: what a viewer asks of them by itself (updates, certificates, licences). */
const MAKERS =
  /(?:^|\.)(?:microsoft|office|office365|live|windows|windowsupdate|msocdn|msedge|skype|sharepoint|adobe|adobe-identity|typekit|foxit|foxitsoftware|google|googleapis|gstatic|mozilla|digicert|verisign|globalsign|sectigo|usertrust|akamai|akamaized|edgekey|akadns|azureedge|trafficmanager)\.[a-z]{2,6}(?:\.[a-z]{2})?$/i

/** Tells files that were merely looked at from those that did something, or of which somebody says that they are bad. */
export class ViewedFiles {
  readonly #network: PackedNetwork
  readonly #facts: EntityFacts
  readonly #isJudged: (node: number) => boolean

  /** @param isJudged whether packs or rules speak against a thing */
  constructor(network: PackedNetwork, facts: EntityFacts, isJudged: (node: number) => boolean) {
    this.#network = network
    this.#facts = facts
    this.#isJudged = isJudged
  }

  /** A document, picture or archive that an installed program opened, and nothing came of it: everybody's work. */
  isMerelyViewed(file: number, viewer: number): boolean {
    const { name, attributes } = this.#facts.of(file)
    const program = this.#facts.of(viewer)
    return (
      SHOWN.test(String(attributes.get('path') ?? name)) &&
      isInstalled(String(program.attributes.get('path') ?? '')) &&
      !isScriptHost(program.name) &&
      !this.#holdsProgram(file) &&
      !this.#didOdd(viewer) &&
      !this.#cameFromBad(file)
    )
  }

  /** An archive out of which something came that does something when it is opened. */
  #holdsProgram(file: number): boolean {
    return this.#out(file, set('extracted-to')).some((held) => ACTS.test(this.#pathOf(held)))
  }

  #didOdd(viewer: number): boolean {
    if (this.#isJudged(viewer)) return true
    const own = this.#facts.of(viewer).name
    if (this.#out(viewer, set('spawned')).some((child) => this.#isOddChild(child, own))) return true
    if (this.#out(viewer, set('dropped')).some((file) => ACTS.test(this.#pathOf(file)))) return true
    if (this.#out(viewer, set('injected-into', 'accessed-credentials', 'remote-execution')).length > 0)
      return true
    return this.#callsStranger(viewer)
  }

  #isOddChild(child: number, own: string): boolean {
    const { name, attributes } = this.#facts.of(child)
    if (isScriptHost(name) || BROKEN.test(name) || this.#isJudged(child)) return true
    if (name === own || HELPERS.test(name)) return false
    const path = String(attributes.get('path') ?? '')
    return !PROGRAM_FILES.test(path) && !UNIX_PROGRAM.test(path)
  }

  /** Talks to an address or name that hardly anybody else talks to, no other run of the same program, and that is not its maker's. */
  #callsStranger(viewer: number): boolean {
    const called = this.#out(viewer, set('connected-to', 'resolved'))
    const names = called.filter((node) => this.#facts.of(node).kind === 'domain')
    const isKnown = (node: number): boolean => MAKERS.test(this.#facts.of(node).name)
    // An address is that of a name the same program asked for.
    const asked = names.length > 0 && names.every(isKnown) ? [] : called.filter((node) => !isKnown(node))
    return asked.some(
      (node) =>
        this.#isJudged(node) ||
        (isRare(this.#network, this.#facts, node) && !this.#isCalledByOthers(node, viewer)),
    )
  }

  #isCalledByOthers(destination: number, viewer: number): boolean {
    const { inStart, into, from } = this.#network
    const { name } = this.#facts.of(viewer)
    for (let p = inStart[destination] ?? 0; p < (inStart[destination + 1] ?? 0); p += 1) {
      const other = from[into[p] ?? 0] ?? 0
      if (other !== viewer && this.#facts.of(other).name === name) return true
    }
    return false
  }

  #cameFromBad(file: number): boolean {
    const { inStart, into, kinds, from } = this.#network
    const seen = new Set([file])
    let level = [file]
    for (let step = 0; step <= MAX_BACK && level.length > 0; step += 1) {
      if (level.some(this.#isJudged)) return true
      const next: number[] = []
      for (const node of level)
        for (let p = inStart[node] ?? 0; p < (inStart[node + 1] ?? 0); p += 1) {
          const relation = into[p] ?? 0
          const before = from[relation] ?? 0
          if (!CAME_FROM.has(kinds[relation] ?? 255) || seen.has(before)) continue
          seen.add(before)
          next.push(before)
        }
      level = next
    }
    return false
  }

  #pathOf(node: number): string {
    const { name, attributes } = this.#facts.of(node)
    return String(attributes.get('path') ?? name)
  }

  #out(node: number, wanted: ReadonlySet<number>): number[] {
    const { outStart, kinds, to } = this.#network
    const found: number[] = []
    for (let r = outStart[node] ?? 0; r < (outStart[node + 1] ?? 0); r += 1)
      if (wanted.has(kinds[r] ?? 255)) found.push(to[r] ?? 0)
    return found
  }
}

const isInstalled = (path: string): boolean => isInstalledPath(path) || UNIX_PROGRAM.test(path)

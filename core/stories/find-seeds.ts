import type { DetectionLevel } from '../model/detection.ts'
import type { RiskLevel } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'
import { KIND_INDEX, kindAt, nodeOf, type PackedNetwork } from '../graph/packed-network.ts'
import type { EntityFacts } from './entity-facts.ts'
import { clicksBeforeSignIns } from './clicks-before-sign-ins.ts'
import { byTime, nodesByContent } from './content-order.ts'
import { Housekeeping } from './housekeeping.ts'
import { countedOnce, judgedLinks } from './judged-links.ts'
import { isActor } from './gather.ts'
import { isScriptHost } from './programs.ts'
import { withoutRoutine } from './routine.ts'
import { LEVEL_SIGNS, RELATION_SIGNS, type Seed, SIGNS } from './seed.ts'
import { ViewedFiles } from './viewed-files.ts'

/** What a rule calls a job that recurs is the cause of nothing: it is told among the detections. */
const detections = `SELECT id, rule, what, level, subject_id, first_at, last_at, confidence FROM detection
  WHERE coalesce(json_extract(reason, '$.key'), '') NOT LIKE '%.reason.recurring' ORDER BY id`
const involved =
  'SELECT d.detection_id AS id, d.entity_id AS entity FROM detection_entity d JOIN entity e ON e.id = d.entity_id ORDER BY d.detection_id, e.key'

/** Opening a link that packs call bad, by level. */
const LINK_WEIGHT: Partial<Record<RiskLevel, number>> = {
  dangerous: 0.5,
  'highly-suspicious': 0.45,
  suspicious: 0.25,
}
/** Links weigh this much or more that packs call highly suspicious or worse: more than a product's verdict on the mail. */
const GRAVE = 0.45
/** A file that came by mail and was opened, and was not merely looked at: most are what they say. */
const MAIL_FILE = 0.12
/** The same, and it then started a program that runs scripts or loads others. */
const MAIL_FILE_SCRIPT = 0.6
/** A remote run of which nothing came but what administrators look at weighs this much of another. */
const MERE = 0.15
/** Involved entities of one detection that are tied together; a spray names thousands, who are not one story's actors. */
const MAX_INVOLVED = 50

/** Detections whose involved accounts were tried and not entered: passwords guessed, or tickets taken to guess them from. */
const TRIES: ReadonlySet<string> = new Set(['password-spray', 'kerberoast', 'as-rep-roast'])

/** The rule that tells of programs under another's name. */
const DISGUISE = 'process.masquerade'
/** The rule that tells what security products say. */
const PRODUCT = 'product.alert'
/** What a product and a rule say of one program so near each other is one act (microseconds). */
const SAME_ACT = 10 * 60_000_000
/** Signs lighter than this leave the product its word. */
const PRODUCT_REPEATS = 0.25

const kind = (name: Parameters<typeof KIND_INDEX.get>[0]) => KIND_INDEX.get(name) ?? 255
const BROUGHT = new Set([kind('saved-as'), kind('downloaded-to'), kind('extracted-to')])
const OPENED = new Set([kind('clicked-by'), kind('opened-on'), kind('downloaded-to')])

/**
 * Everything suspicious in the case: relations that attacks leave behind, what rules detected, opened links that packs call bad, and
 * files of mails that were run. In the order of time.
 * @param riskOf level known now of a url node
 */
export function findSeeds(
  db: ReadStore,
  network: PackedNetwork,
  facts: EntityFacts,
  riskOf: (urlNode: number) => RiskLevel | null,
): Seed[] {
  const detected = ofDetections(db, network, facts)
  const told = new Set(detected.flatMap(({ nodes }) => nodes.filter((node) => !isActor(facts.of(node).kind))))
  const viewed = new ViewedFiles(network, facts, (node) => {
    return told.has(node) || LINK_WEIGHT[riskOf(node) ?? 'untested'] !== undefined
  })
  const seeds: Seed[] = []
  const housekeeping = new Housekeeping(network, facts)
  const signOf = Array.from({ length: 256 }, (_, index) => RELATION_SIGNS[kindAt(index)])
  for (let relation = 0; relation < network.ids.length; relation += 1) {
    const index = network.kinds[relation] ?? 0
    const from = network.from[relation] ?? 0
    const to = network.to[relation] ?? 0
    const at = firstUse(network, relation)
    const sure = network.confidence[relation] ?? 0
    const sign = signOf[index]
    const isMere = index === kind('remote-execution') && housekeeping.isMere(relation)
    if (sign)
      seeds.push({
        sign: sign.sign,
        weight: sign.weight * sure * (isMere ? MERE : 1),
        sure,
        at,
        nodes: [from, to],
        relation,
        detection: -1,
      })
    if (OPENED.has(index)) {
      const weight = LINK_WEIGHT[riskOf(from) ?? 'untested']
      if (weight !== undefined)
        seeds.push({
          sign: 'bad_link',
          weight: weight * sure,
          sure,
          at,
          nodes: [from, to],
          relation,
          detection: -1,
        })
    }
    if (index === kind('executed-as') && wasBrought(network, from)) {
      const script = startedScript(network, facts, to)
      if (!script && viewed.isMerelyViewed(from, to)) continue
      seeds.push({
        sign: script ? 'script_from_document' : 'mail_file_ran',
        weight: (script ? MAIL_FILE_SCRIPT : MAIL_FILE) * sure,
        sure,
        at,
        nodes: [from, to],
        relation,
        detection: -1,
      })
    }
  }
  seeds.push(...detected)
  const judged = judgedLinks(db, network)
  const weightOf = (url: number): number | undefined => LINK_WEIGHT[riskOf(url) ?? 'untested']
  seeds.push(...clicksBeforeSignIns(db, network, (url) => weightOf(url) !== undefined || judged.has(url)))
  const counted = countedOnce(seeds, judged, (url) => {
    const weight = weightOf(url)
    return weight === undefined ? undefined : weight >= GRAVE
  })
  return [...withoutRoutine(network, facts, toldByRules(facts, counted))].sort(
    (a, b) =>
      byTime(a.at, b.at) ||
      Number(a.detection >= 0) - Number(b.detection >= 0) ||
      SIGNS.indexOf(a.sign) - SIGNS.indexOf(b.sign) ||
      nodesByContent(facts, a.nodes, b.nodes) ||
      a.relation - b.relation ||
      a.detection - b.detection,
  )
}

/** What a product says of a program counts where no rule says something of the same program at that time. */
function toldByRules(facts: EntityFacts, seeds: readonly Seed[]): readonly Seed[] {
  if (!seeds.some((seed) => seed.isOfProduct)) return seeds
  const told = Map.groupBy(
    seeds
      .filter(({ weight, isOfProduct }) => isOfProduct !== true && weight >= PRODUCT_REPEATS)
      .flatMap(({ nodes, at }) => nodes.map((node) => ({ node, at }))),
    ({ node }) => node,
  )
  const isTold = ({ nodes, at }: Seed): boolean =>
    nodes.some(
      (node) =>
        facts.of(node).kind === 'process' &&
        told.get(node)?.some((one) => one.at !== null && at !== null && Math.abs(one.at - at) <= SAME_ACT),
    )
  return seeds.map((seed) =>
    seed.isOfProduct === true && isTold(seed) ? { ...seed, isToldTwice: true } : seed,
  )
}

const firstUse = (network: PackedNetwork, relation: number): number | null => {
  const begin = network.useStart[relation] ?? 0
  return begin < (network.useStart[relation + 1] ?? 0) ? (network.uses[begin] ?? null) : null
}

function wasBrought(network: PackedNetwork, file: number): boolean {
  for (let p = network.inStart[file] ?? 0; p < (network.inStart[file + 1] ?? 0); p += 1)
    if (BROUGHT.has(network.kinds[network.into[p] ?? 0] ?? 0)) return true
  return false
}

function startedScript(network: PackedNetwork, facts: EntityFacts, process: number): boolean {
  if (isScriptHost(facts.of(process).name)) return true
  for (let r = network.outStart[process] ?? 0; r < (network.outStart[process + 1] ?? 0); r += 1)
    if (network.kinds[r] === kind('spawned') && isScriptHost(facts.of(network.to[r] ?? 0).name)) return true
  return false
}

function ofDetections(db: ReadStore, network: PackedNetwork, facts: EntityFacts): Seed[] {
  const others = Map.groupBy(db.prepare(involved).all() as { id: number; entity: number }[], (row) => row.id)
  type Row = {
    id: number
    rule: string
    what: string
    level: DetectionLevel
    subject_id: number
    first_at: number | null
    last_at: number | null
    confidence: number
  }
  return (db.prepare(detections).all() as Row[]).map((row) => {
    const { sign, weight } = LEVEL_SIGNS[row.level]
    const rest = (others.get(row.id) ?? []).map((other) => other.entity).filter((id) => id !== row.subject_id)
    const nodes = [row.subject_id, ...rest.slice(0, MAX_INVOLVED)]
      .map((id) => nodeOf(network, id))
      .filter((node) => node >= 0)
    const tried = TRIES.has(row.what)
      ? new Set(nodes.slice(1).filter((node) => facts.of(node).kind === 'user'))
      : undefined
    return {
      sign,
      weight: weight * row.confidence,
      sure: row.confidence,
      at: row.first_at,
      until: row.last_at,
      nodes,
      ...(tried ? { tried } : {}),
      ...(row.rule === DISGUISE ? { isDisguise: true } : {}),
      ...(row.rule === PRODUCT ? { isOfProduct: true } : {}),
      relation: -1,
      detection: row.id,
    }
  })
}

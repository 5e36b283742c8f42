import { z } from 'zod'

/** Formats of the targets as their makers publish them, written down field by field: what is not in them is refused. */

/** Event of MISP 2.5 (its JSON schema, format/2.5): numbers are texts there, and no field may be added. */
const MispTag = z.strictObject({
  id: z.string().optional(),
  name: z.string(),
  colour: z.string().optional(),
  exportable: z.boolean().optional(),
  hide_tag: z.boolean().optional(),
})
const MispAttribute = z.strictObject({
  uuid: z.uuid(),
  type: z.string(),
  category: z.string(),
  to_ids: z.boolean(),
  value: z.string().min(1),
  distribution: z.enum(['0', '1', '2', '3', '4', '5']),
  timestamp: z.string().regex(/^\d+$/),
  first_seen: z.string().optional(),
  last_seen: z.string().optional(),
  comment: z.string().optional(),
  deleted: z.boolean().optional(),
  disable_correlation: z.boolean().optional(),
  object_relation: z.string().nullable().optional(),
  Tag: z.array(MispTag).optional(),
})
export const MispDocument = z.strictObject({
  Event: z.strictObject({
    uuid: z.uuid(),
    info: z.string().min(1),
    date: z.string().regex(/^\d{4}-\d\d-\d\d$/),
    timestamp: z.string().regex(/^\d+$/),
    threat_level_id: z.enum(['1', '2', '3', '4']),
    analysis: z.enum(['0', '1', '2']),
    distribution: z.enum(['0', '1', '2', '3', '4']),
    published: z.boolean(),
    Tag: z.array(MispTag),
    Attribute: z.array(MispAttribute),
  }),
})

/** OpenGraph of BloodHound (the JSON schemas of its upload service, node and edge): flat properties, lists of one sort. */
const OpenGraphProperty = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
  z.array(z.number()),
  z.array(z.boolean()),
])
const OpenGraphEnd = z.strictObject({
  match_by: z.enum(['id', 'name']).optional(),
  value: z.string(),
  kind: z.string().optional(),
})
export const OpenGraphDocument = z.strictObject({
  metadata: z.strictObject({ source_kind: z.string() }).optional(),
  graph: z.strictObject({
    nodes: z.array(
      z.strictObject({
        id: z.string().min(1),
        kinds: z.array(z.string()).min(1).max(3),
        properties: z.record(z.string(), OpenGraphProperty).nullable().optional(),
      }),
    ),
    edges: z.array(
      z.strictObject({
        start: OpenGraphEnd,
        end: OpenGraphEnd,
        kind: z.string().regex(/^[A-Za-z0-9_]+$/),
        properties: z.record(z.string(), OpenGraphProperty).nullable(),
      }),
    ),
  }),
})

/** Layer 4.5 of ATT&CK Navigator (its property tables, layers/spec/v4.5). */
const Colour = z.string().regex(/^#[0-9a-fA-F]{6,8}$/)
const LayerMetadata = z.array(
  z.union([
    z.strictObject({ name: z.string(), value: z.string() }),
    z.strictObject({ divider: z.boolean() }),
  ]),
)
const LayerLinks = z.array(
  z.union([z.strictObject({ label: z.string(), url: z.url() }), z.strictObject({ divider: z.boolean() })]),
)
export const NavigatorLayer = z.strictObject({
  name: z.string(),
  versions: z.strictObject({
    attack: z.string().optional(),
    navigator: z.string().regex(/^(4\.(9|\d\d)|[5-9])\./),
    layer: z.literal('4.5'),
  }),
  domain: z.enum(['enterprise-attack', 'mobile-attack', 'ics-attack']),
  description: z.string().optional(),
  sorting: z.number().int().min(0).max(3).optional(),
  layout: z
    .strictObject({
      layout: z.enum(['side', 'flat', 'mini']).optional(),
      showID: z.boolean().optional(),
      showName: z.boolean().optional(),
      showAggregateScores: z.boolean().optional(),
      countUnscored: z.boolean().optional(),
      aggregateFunction: z.enum(['average', 'min', 'max', 'sum']).optional(),
      expandedSubtechniques: z.enum(['none', 'all', 'annotated']).optional(),
    })
    .optional(),
  hideDisabled: z.boolean().optional(),
  techniques: z.array(
    z.strictObject({
      techniqueID: z.string().regex(/^T\d{4}(\.\d{3})?$/),
      tactic: z.string().optional(),
      comment: z.string().optional(),
      enabled: z.boolean().optional(),
      score: z.number().optional(),
      color: Colour.optional(),
      metadata: LayerMetadata.optional(),
      links: LayerLinks.optional(),
      showSubtechniques: z.boolean().optional(),
    }),
  ),
  gradient: z
    .strictObject({ colors: z.array(Colour).min(2), minValue: z.number(), maxValue: z.number() })
    .refine(({ minValue, maxValue }) => maxValue > minValue)
    .optional(),
  legendItems: z.array(z.strictObject({ label: z.string(), color: Colour })).optional(),
  metadata: LayerMetadata.optional(),
  links: LayerLinks.optional(),
  selectTechniquesAcrossTactics: z.boolean().optional(),
  selectSubtechniquesWithParent: z.boolean().optional(),
  selectVisibleTechniques: z.boolean().optional(),
})

/** One line for Timesketch: its importer asks for these four, the last three of them never empty. */
export const TimesketchLine = z.looseObject({
  message: z.string().min(1),
  datetime: z.iso.datetime({ offset: true }),
  timestamp: z.number().int(),
  timestamp_desc: z.string().min(1),
})

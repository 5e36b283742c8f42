/**
 * How much a detection weighs. `low` may well be honest work, `medium` deserves a look, `high` is rarely honest,
 * `critical` is what attackers do and nobody else.
 */
export const DETECTION_LEVELS = ['low', 'medium', 'high', 'critical'] as const
export type DetectionLevel = (typeof DETECTION_LEVELS)[number]

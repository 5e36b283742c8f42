import fc from 'fast-check'

/**
 * Properties try the same inputs in every run: a build is red for what was changed, not by chance. Other inputs:
 * `REDTHREAD_SEED=$RANDOM npm test`.
 */
fc.configureGlobal({ seed: Number(process.env['REDTHREAD_SEED'] ?? 20_311_106) })

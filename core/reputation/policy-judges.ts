import { Judge } from './judge.ts'
import { choosePolicy, withGlobalHeaders } from './policy-choice.ts'
import { DEFAULT_POLICY, type Policy } from './policy-document.ts'

interface Version {
  readonly policy: Policy
}

/** The judge of any time, made ready once per policy: thousands of messages and clicks share a handful. */
export class PolicyJudges {
  readonly #versions: readonly Version[]
  readonly #judges = new Map<Policy, Map<string, Judge>>()

  /** @param versions in the order in which they were set */
  constructor(versions: readonly Version[]) {
    this.#versions = versions
  }

  /**
   * The judge by the policy that applies at a time, with the header list of all policies (W57).
   * @param at microseconds UTC
   * @param service preferred; without a policy of it the one for mail applies, and without any the default
   */
  judgeAt(at: number, service?: string): Judge {
    const chosen = choosePolicy(this.#versions, at, service) ?? choosePolicy(this.#versions, at)
    const own = chosen?.policy ?? DEFAULT_POLICY
    const policy = withGlobalHeaders(own, this.#versions, at)
    const known = this.#judges.get(own) ?? new Map<string, Judge>()
    this.#judges.set(own, known)
    const key = policy === own ? '' : JSON.stringify(policy.globalApprovedHeaders.fields)
    const judge = known.get(key) ?? new Judge(policy)
    known.set(key, judge)
    return judge
  }
}

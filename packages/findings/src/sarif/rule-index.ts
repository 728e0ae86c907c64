import type { SarifResult, SarifRule, SarifRun } from './schema.js';

/** Index of a run's rules by id: some scanners describe thousands and refer to them by id only. */
export class RuleIndex {
  private readonly driver: readonly SarifRule[];
  private readonly extensions: readonly (readonly SarifRule[])[];
  private readonly byId = new Map<string, SarifRule>();

  constructor({ tool }: SarifRun) {
    this.driver = tool.driver.rules ?? [];
    this.extensions = (tool.extensions ?? []).map(({ rules = [] }) => rules);
    for (const rule of [this.driver, ...this.extensions].flat()) {
      if (!this.byId.has(rule.id)) this.byId.set(rule.id, rule);
    }
  }

  /** Finds the rule of a result; undefined if the run does not describe it. */
  findRule({ rule = {}, ruleIndex, ruleId }: SarifResult): SarifRule | undefined {
    const index = rule.index ?? ruleIndex ?? -1;
    const extension = rule.toolComponent?.index ?? -1;
    if (index >= 0) return (extension >= 0 ? this.extensions[extension] : this.driver)?.[index];
    return this.findById(rule.id ?? ruleId ?? '');
  }

  /** `CA1000/1` refers to the rule `CA1000` (SARIF 3.52.4). */
  private findById(id: string): SarifRule | undefined {
    for (let name = id; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('/')))) {
      const found = this.byId.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

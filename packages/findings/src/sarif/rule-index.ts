import { listComponents } from './message.js';
import type { SarifComponent, SarifReference, SarifResult, SarifRule, SarifRun } from './schema.js';

interface Entry {
  readonly rule: SarifRule;
  readonly component: SarifComponent;
}

const addEntry = (entries: Map<string, Entry[]>, key: string, entry: Entry): void => {
  const group = entries.get(key) ?? [];
  entries.set(key, group);
  group.push(entry);
};

/** The id and its prefixes, longest first: `CA1000/1` refers to the rule `CA1000` (SARIF 3.52.4). */
const listNames = (id: string): readonly string[] => {
  const segments = id.split('/');
  return segments.map((_, index) => segments.slice(0, segments.length - index).join('/')).filter((name) => name !== '');
};

/** Index of a run's rules: some scanners describe thousands and refer to them by id only. */
export class RuleIndex {
  private readonly components: readonly SarifComponent[];
  private readonly byId = new Map<string, Entry[]>();
  private readonly byDeprecatedId = new Map<string, Entry[]>();
  private readonly byGuid = new Map<string, Entry[]>();

  constructor(run: SarifRun) {
    this.components = listComponents(run);
    for (const component of this.components) {
      for (const rule of component.rules ?? []) {
        const entry = { rule, component };
        addEntry(this.byId, rule.id, entry);
        for (const id of rule.deprecatedIds ?? []) addEntry(this.byDeprecatedId, id, entry);
        if (rule.guid !== undefined) addEntry(this.byGuid, rule.guid.toLowerCase(), entry);
      }
    }
  }

  /** Finds the rules that a result may refer to; empty if the run does not describe its rule. */
  findRules({ rule = {}, ruleIndex, ruleId }: SarifResult): readonly SarifRule[] {
    return this.findByReference({ ...rule, id: ruleId || rule.id, index: rule.index ?? ruleIndex });
  }

  /**
   * Finds the rules of a reference. The id decides: several scanners write a wrong index, or always zero. More than one
   * rule is returned if components, or one component, describe the id several times.
   */
  findByReference(reference: SarifReference): readonly SarifRule[] {
    const { id, guid, index = -1 } = reference;
    const component = this.findComponent(reference);
    if (id) return this.selectComponent(this.findById(id) ?? this.findByGuid(guid), component);
    if (guid !== undefined) return this.selectComponent(this.findByGuid(guid), component);
    const rule = index < 0 ? undefined : (component ?? this.components[0])?.rules?.[index];
    return rule === undefined ? [] : [rule];
  }

  private findById(id: string): readonly Entry[] | undefined {
    const names = listNames(id);
    return [this.byId, this.byDeprecatedId]
      .flatMap((entries) => names.map((name) => entries.get(name)))
      .find((found) => found !== undefined);
  }

  private findByGuid(guid: string | undefined): readonly Entry[] {
    return this.byGuid.get(guid?.toLowerCase() ?? '') ?? [];
  }

  /** The rules of the component; all of them if there is no component, or if it does not describe the rule. */
  private selectComponent(entries: readonly Entry[], component: SarifComponent | undefined): readonly SarifRule[] {
    const inComponent = entries.filter((entry) => entry.component === component);
    return (inComponent.length > 0 ? inComponent : entries).map(({ rule }) => rule);
  }

  /** The component of a reference by guid, name or index, in this order. */
  private findComponent({
    toolComponent: { guid, name, index = -1 } = {},
  }: SarifReference): SarifComponent | undefined {
    const find = (matches: (component: SarifComponent) => boolean) => this.components.find(matches);
    const byGuid = guid === undefined ? undefined : find((each) => each.guid?.toLowerCase() === guid.toLowerCase());
    const byName = name === undefined ? undefined : find((each) => each.name === name);
    return byGuid ?? byName ?? (index >= 0 ? this.components[index + 1] : undefined);
  }
}

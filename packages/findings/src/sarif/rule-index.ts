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

/** The longest of the id and its prefixes that has entries: `CA1000/1` refers to the rule `CA1000` (SARIF 3.52.4). */
const findLongestName = (
  id: string,
  entries: ReadonlyMap<string, Entry[]>,
  maxLength: number,
): readonly Entry[] | undefined => {
  for (let end = id.length; end > 0; end = id.lastIndexOf('/', end - 1)) {
    const found = end > maxLength ? undefined : entries.get(id.slice(0, end));
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Index of a run's rules or notifications: some scanners describe thousands and refer to them by id only. */
export class RuleIndex {
  private readonly components: readonly SarifComponent[];
  /** Rules that repeat an id, by content: some scanners repeat the rule for each of thousands of results. */
  private readonly repeated = new Map<string, SarifRule>();
  private readonly originals = new Map<SarifRule, SarifRule>();
  /** Length of the longest id. */
  private maxLength = 0;
  private readonly byId = new Map<string, Entry[]>();
  private readonly byDeprecatedId = new Map<string, Entry[]>();
  private readonly byGuid = new Map<string, Entry[]>();

  constructor(
    run: SarifRun,
    private readonly kind: 'rules' | 'notifications' = 'rules',
  ) {
    this.components = listComponents(run);
    for (const component of this.components) {
      for (const rule of component[kind] ?? []) this.add({ rule, component });
    }
  }

  private add(entry: Entry): void {
    const { id, deprecatedIds = [], guid } = entry.rule;
    if (this.byId.has(id)) {
      const key = JSON.stringify([this.components.indexOf(entry.component), entry.rule]);
      const original = this.repeated.get(key);
      if (original !== undefined) {
        this.originals.set(entry.rule, original);
        return;
      }
      this.repeated.set(key, entry.rule);
    }
    addEntry(this.byId, id, entry);
    for (const deprecatedId of deprecatedIds) addEntry(this.byDeprecatedId, deprecatedId, entry);
    if (guid !== undefined) addEntry(this.byGuid, guid.toLowerCase(), entry);
    for (const each of [id, ...deprecatedIds]) this.maxLength = Math.max(this.maxLength, each.length);
  }

  /**
   * Finds the rules that a result may refer to; empty if the run does not describe its rule. A result may state two ids
   * that disagree.
   */
  findRules({ rule = {}, ruleIndex, ruleId }: SarifResult): readonly SarifRule[] {
    const reference = { ...rule, id: ruleId || rule.id, index: rule.index ?? ruleIndex };
    const found = this.findByReference(reference);
    if (!rule.id || rule.id === reference.id) return found;
    return [...new Set([...found, ...this.findByReference(rule)])];
  }

  /**
   * Finds the rules of a reference. The id decides: several scanners write a wrong index, or always zero. More than one
   * rule is returned if components, or one component, describe the id several times.
   */
  findByReference(reference: SarifReference): readonly SarifRule[] {
    const { id, guid, index = -1 } = reference;
    const components = this.findComponents(reference);
    if (id) return this.selectComponents(this.findById(id) ?? this.findByGuid(guid), components);
    if (guid !== undefined) return this.selectComponents(this.findByGuid(guid), components);
    const rules = index < 0 ? [] : components.flatMap((component) => component[this.kind]?.[index] ?? []);
    return rules.map((rule) => this.originals.get(rule) ?? rule);
  }

  private findById(id: string): readonly Entry[] | undefined {
    return findLongestName(id, this.byId, this.maxLength) ?? findLongestName(id, this.byDeprecatedId, this.maxLength);
  }

  private findByGuid(guid: string | undefined): readonly Entry[] {
    return this.byGuid.get(guid?.toLowerCase() ?? '') ?? [];
  }

  /** The rules of the components; all of them if these do not describe the rule. */
  private selectComponents(entries: readonly Entry[], components: readonly SarifComponent[]): readonly SarifRule[] {
    const selected = entries.filter(({ component }) => components.includes(component));
    return (selected.length > 0 ? selected : entries).map(({ rule }) => rule);
  }

  /**
   * The components that a reference may mean, by guid, name or index, in this order: the driver if it states none of
   * them, all components if it states one that the run does not have.
   */
  private findComponents({ toolComponent, id }: SarifReference): readonly SarifComponent[] {
    const { guid, name, index = -1 } = toolComponent ?? {};
    if (guid === undefined && name === undefined && index < 0)
      return id ? this.components : this.components.slice(0, 1);
    const byGuid = this.components.filter(
      (each) => guid !== undefined && each.guid?.toLowerCase() === guid.toLowerCase(),
    );
    const byName = this.components.filter((each) => each.name === name);
    const byIndex = index < 0 ? [] : this.components.slice(index + 1, index + 2);
    return [byGuid, byName, byIndex].find((found) => found.length > 0) ?? this.components;
  }
}

/** After a failure: for whom nothing more is begun, and why. */
export class Halt {
  private everybody: string | undefined;
  private readonly tenants = new Map<string, string>();

  constructor(private readonly scope: 'all' | 'tenant') {}

  /** Tells of a failure of a tenant's deployment. */
  stop(tenant: string, reason: string): void {
    this.tenants.set(tenant, this.tenants.get(tenant) ?? reason);
    if (this.scope === 'all') this.stopAll(reason);
  }

  stopAll(reason: string): void {
    this.everybody ??= reason;
  }

  /** Whether nothing has failed so far. */
  get isGood(): boolean {
    return this.everybody === undefined && this.tenants.size === 0;
  }

  /** Whether nothing more is begun for anybody. */
  get isForAll(): boolean {
    return this.everybody !== undefined;
  }

  reasonFor(tenant: string): string | undefined {
    return this.everybody ?? this.tenants.get(tenant);
  }

  /** Whose deployments a revert takes back. */
  isReverted(tenant: string): boolean {
    return this.everybody !== undefined || this.tenants.has(tenant);
  }
}

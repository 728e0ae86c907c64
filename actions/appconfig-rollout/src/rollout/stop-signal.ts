/** After a failure: for whom nothing more is begun, and why. */
export class StopSignal {
  private globalReason: string | undefined;
  private readonly tenants = new Map<string, string>();

  constructor(private readonly scope: 'all' | 'tenant') {}

  /** Tells of a failure of a tenant's deployment. */
  stop(tenant: string, reason: string): void {
    this.tenants.set(tenant, this.tenants.get(tenant) ?? reason);
    if (this.scope === 'all') this.stopAll(reason);
  }

  stopAll(reason: string): void {
    this.globalReason ??= reason;
  }

  /** Whether nothing has failed so far. */
  get isClear(): boolean {
    return this.globalReason === undefined && this.tenants.size === 0;
  }

  /** Whether nothing more is begun for anybody. */
  get isGlobal(): boolean {
    return this.globalReason !== undefined;
  }

  getReason(tenant: string): string | undefined {
    return this.globalReason ?? this.tenants.get(tenant);
  }

  /** Whose deployments a revert takes back. */
  appliesTo(tenant: string): boolean {
    return this.globalReason !== undefined || this.tenants.has(tenant);
  }
}

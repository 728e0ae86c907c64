/** Stops further deployments after a failure, of one tenant or of all, and keeps the first reason. */
export class StopSignal {
  private globalReason: string | undefined;
  private readonly tenants = new Map<string, string>();

  constructor(private readonly scope: 'all' | 'tenant') {}

  /** Stops the tenant of a failed deployment, or all tenants, as the scope says. */
  stop(tenant: string, reason: string): void {
    this.tenants.set(tenant, this.tenants.get(tenant) ?? reason);
    if (this.scope === 'all') this.stopAll(reason);
  }

  stopAll(reason: string): void {
    this.globalReason ??= reason;
  }

  /** Whether nothing has been stopped. */
  get isClear(): boolean {
    return this.globalReason === undefined && this.tenants.size === 0;
  }

  /** Whether all tenants are stopped. */
  get isGlobal(): boolean {
    return this.globalReason !== undefined;
  }

  getReason(tenant: string): string | undefined {
    return this.globalReason ?? this.tenants.get(tenant);
  }

  /** Whether a revert after the failure includes the tenant. */
  appliesTo(tenant: string): boolean {
    return this.globalReason !== undefined || this.tenants.has(tenant);
  }
}

import type { Principal } from '../../iam/principal.js';
import type { Random } from '../../random.js';

/** Principal, Region and expiry of a registry token. */
export interface RegistryGrant {
  readonly principal: Principal;
  readonly region: string;
  /** Milliseconds since the epoch, on the server's clock. */
  readonly expiresAt: number;
}

/** Passwords issued by GetAuthorizationToken. */
export class Tokens {
  private readonly grants = new Map<string, RegistryGrant>();

  constructor(private readonly random: Random) {}

  issue(grant: RegistryGrant): string {
    const password = Buffer.from(this.random.hex(120)).toString('base64');
    this.grants.set(password, grant);
    return Buffer.from(`AWS:${password}`).toString('base64');
  }

  /** The grant of a Basic `Authorization` header; undefined if the password was not issued here. */
  findGrant(authorization: string | undefined): RegistryGrant | undefined {
    const [, encoded = ''] = /^Basic (.+)$/i.exec(authorization ?? '') ?? [];
    const [user, password = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    return user === 'AWS' ? this.grants.get(password) : undefined;
  }
}

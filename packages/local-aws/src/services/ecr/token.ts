import type { Principal } from '../../iam/principal.js';
import type { Random } from '../../random.js';

/** Who may use a registry token, where, and until when. */
export interface RegistryGrant {
  readonly principal: Principal;
  readonly region: string;
  /** Milliseconds since the epoch, on the server's clock. */
  readonly expiresAt: number;
}

/** The passwords that GetAuthorizationToken has given out; the registry asks for them. */
export class Tokens {
  private readonly grants = new Map<string, RegistryGrant>();

  constructor(private readonly random: Random) {}

  issue(grant: RegistryGrant): string {
    const password = Buffer.from(this.random.hex(120)).toString('base64');
    this.grants.set(password, grant);
    return Buffer.from(`AWS:${password}`).toString('base64');
  }

  /** What an `Authorization` header stands for; undefined for anything that was not given out here. */
  findGrant(authorization: string | undefined): RegistryGrant | undefined {
    const [, encoded = ''] = /^Basic (.+)$/i.exec(authorization ?? '') ?? [];
    const [user, password = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    return user === 'AWS' ? this.grants.get(password) : undefined;
  }
}

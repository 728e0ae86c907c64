import type { Random } from '../random.js';
import type { Policy } from './policy.js';
import type { Principal } from './principal.js';
import type { IamScenario } from './scenario.js';
import { type ListProvisionedResources, StackIdentity, type StackRole } from './stack-identity.js';

/** A role from the scenario or from a stack. */
export interface Role extends Readonly<IamScenario['roles'][string]> {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  /** `AROA…`, the first part of a session's user id. */
  readonly id: string;
  /** Attached managed policies. */
  readonly managed: readonly Policy[];
}

export interface SessionOptions {
  readonly sessionName: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Session policies; empty if none were passed. */
  readonly policies: readonly Policy[];
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string | undefined;
  /** ARN of the identity provider, for web identities. */
  readonly federatedProvider?: string | undefined;
}

export interface Session extends SessionOptions {
  readonly role: Role;
  readonly principal: Extract<Principal, { kind: 'session' }>;
}

/** An access key and its principal. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Undefined for long-lived keys. */
  readonly sessionToken?: string;
  readonly principal: Principal;
  readonly session?: Session;
}

export interface Provider {
  readonly arn: string;
  readonly audiences: readonly string[];
  readonly keys?: IamScenario['oidcProviders'][number]['keys'];
  /** The issuer's URL without scheme: the prefix of its condition keys. */
  readonly host: string;
}

export interface IdentityStoreOptions {
  readonly scenario: IamScenario;
  readonly account: string;
  readonly partition: string;
  readonly random: Random;
  readonly listProvisionedResources: ListProvisionedResources;
}

/** A user of the scenario. */
export interface User extends Readonly<IamScenario['users'][string]> {
  /** `AIDA…` */
  readonly id: string;
}

const getIssuerHost = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '');

/**
 * Roles, users, identity providers and access keys of the scenario and of stacks, and the sessions created since the
 * start.
 */
export class IdentityStore {
  readonly partition: string;
  readonly account: string;
  private readonly random: Random;
  private readonly roles = new Map<string, Role>();
  private readonly users = new Map<string, User>();
  private readonly providers: IamScenario['oidcProviders'];
  private readonly stacks: StackIdentity;
  private readonly credentials = new Map<string, Credential>();

  constructor({ scenario, account, partition, random, listProvisionedResources }: IdentityStoreOptions) {
    this.partition = partition;
    this.account = account;
    this.random = random;
    this.stacks = new StackIdentity(listProvisionedResources);
    this.providers = scenario.oidcProviders;
    for (const [key, { path, ...role }] of Object.entries(scenario.roles)) {
      const [, owner = account, fullPath = `${path}${key}`] = /^arn:[^:]+:iam::(\d{12}):role(\/.*)$/.exec(key) ?? [];
      const name = fullPath.slice(fullPath.lastIndexOf('/') + 1);
      const location = { name, path: fullPath.slice(0, -name.length), account: owner };
      const registered = this.createRole({ ...role, ...location, policies: { ...role.policies }, managed: [] });
      this.roles.set(registered.arn, registered);
    }
    this.addKeys(scenario.accessKeys, { kind: 'root', account });
    for (const [name, user] of Object.entries(scenario.users)) {
      const arn = `arn:${partition}:iam::${account}:user/${name}`;
      this.users.set(arn, { ...user, id: `AIDA${random.fork(arn).upper(17)}` });
      this.addKeys(user.accessKeys, { kind: 'user', account, arn });
    }
  }

  private addKeys(
    keys: Readonly<Record<string, string>>,
    owner: { kind: 'root'; account: string } | { kind: 'user'; account: string; arn: string },
  ): void {
    for (const [accessKeyId, secretAccessKey] of Object.entries(keys))
      this.credentials.set(accessKeyId, { accessKeyId, secretAccessKey, principal: { ...owner, accessKeyId } });
  }

  private createRole(role: Omit<Role, 'arn' | 'id'>): Role {
    const arn = `arn:${this.partition}:iam::${role.account}:role${role.path}${role.name}`;
    return { ...role, arn, id: `AROA${this.random.fork(arn).upper(17)}` };
  }

  findRole(arn: string, at: number): Role | undefined {
    return this.roles.get(arn) ?? this.listStackRoles(at).find((role) => role.arn === arn);
  }

  listRoles(account: string, at: number): readonly Role[] {
    return [...this.roles.values(), ...this.listStackRoles(at)].filter((role) => role.account === account);
  }

  private listStackRoles(at: number): readonly Role[] {
    return this.stacks.listRoles(at).map((role: StackRole) => this.createRole(role));
  }

  findUser(arn: string): User | undefined {
    return this.users.get(arn);
  }

  /** The provider that an account has registered for an issuer. The URL may end with a slash. */
  findProvider(issuer: string, account: string, at: number): Provider | undefined {
    const host = getIssuerHost(issuer);
    const accountProviders = account === this.account ? this.providers : [];
    const found = [...accountProviders, ...this.stacks.listProviders(account, at)].find(
      ({ url }) => getIssuerHost(url) === host,
    );
    return found && { ...found, host, arn: `arn:${this.partition}:iam::${account}:oidc-provider/${host}` };
  }

  findCredential(accessKeyId: string): Credential | undefined {
    return this.credentials.get(accessKeyId);
  }

  /** The session of a principal; undefined for root, users and unsigned calls. */
  findSession(principal: Principal): Session | undefined {
    return principal.kind === 'session' ? this.credentials.get(principal.accessKeyId)?.session : undefined;
  }

  /** Creates a session of a role, with temporary keys. */
  createSession(
    role: Role,
    options: SessionOptions,
  ): Credential & { readonly session: Session; readonly sessionToken: string } {
    const accessKeyId = `ASIA${this.random.upper(16)}`;
    const principal = {
      kind: 'session',
      account: role.account,
      accessKeyId,
      arn: `arn:${this.partition}:sts::${role.account}:assumed-role/${role.name}/${options.sessionName}`,
      roleArn: role.arn,
      sessionName: options.sessionName,
      expiresAt: options.expiresAt,
    } as const;
    const session: Session = { ...options, role, principal };
    const sessionToken = Buffer.from(this.random.hex(356)).toString('base64');
    const secretAccessKey = Buffer.from(this.random.hex(30)).toString('base64');
    const credential = { accessKeyId, secretAccessKey, sessionToken, principal, session };
    this.credentials.set(accessKeyId, credential);
    return credential;
  }
}

import { createNetwork, type Network } from '@aws-delivery/action-kit/network';
import { z } from 'zod';
import { RunnerError } from '../runner-error.js';
import { type TokenSource, takeAudience } from './token-source.js';

type Variables = Readonly<Record<string, string | undefined>>;

const answer = z.object({ oidcToken: z.string().min(1) });

/** Undefined for what is no JSON, such as a page to sign in at: none of it belongs into a message, it may be a token. */
const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export interface AzureTokenOptions {
  /** SYSTEM_OIDCREQUESTURI */
  readonly url: string;
  /** SYSTEM_ACCESSTOKEN */
  readonly accessToken: string;
  /** Whose identity the token tells; the pipeline's own unless given. */
  readonly serviceConnection: string | undefined;
  readonly network: Pick<Network, 'request'>;
}

/** Tokens of an Azure DevOps pipeline, or of a service connection, minted for every request. */
export class AzureTokenSource implements TokenSource {
  readonly origin: string;
  readonly #options: AzureTokenOptions;

  constructor(options: AzureTokenOptions) {
    this.#options = options;
    const { serviceConnection } = options;
    this.origin = serviceConnection === undefined ? 'this pipeline' : `the service connection '${serviceConnection}'`;
  }

  /** Undefined where the job may not ask: it has no address, or no token to ask with. */
  static from(variables: Variables, serviceConnection: string | undefined): AzureTokenSource | undefined {
    const { SYSTEM_OIDCREQUESTURI: url, SYSTEM_ACCESSTOKEN: accessToken } = variables;
    if (!url || !accessToken) return undefined;
    return new AzureTokenSource({ url, accessToken, serviceConnection, network: createNetwork({ variables }) });
  }

  /** Azure DevOps puts one audience into every token: `api://AzureADTokenExchange`. */
  remedy(_audience: string, has: readonly string[]): string {
    return `Azure DevOps chooses the audience; ${takeAudience(has)}`;
  }

  async mint(): Promise<string> {
    const { url: address, accessToken, serviceConnection, network } = this.#options;
    const url = new URL(address);
    url.searchParams.set('api-version', '7.1-preview.1');
    if (serviceConnection !== undefined) url.searchParams.set('serviceConnectionId', serviceConnection);
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const { status, text } = await network.request({ url, method: 'POST', headers, body: '{}' });
    const { success, data } = answer.safeParse(status === 200 ? jsonIn(text) : undefined);
    if (success) return data.oidcToken;
    const remedy =
      status === 401 || status === 403
        ? `let the pipeline use ${this.origin}`
        : 'see the request in the log of Azure DevOps';
    throw new RunnerError('token-unavailable', `Azure DevOps answered ${status} when asked for a token: ${remedy}`);
  }
}

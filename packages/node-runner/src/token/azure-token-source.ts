import { createNetwork, type Network } from '@aws-delivery/action-kit/http/network';
import { tryParseJson } from '@aws-delivery/action-kit/http/request';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { z } from 'zod';
import { RunnerError } from '../runner-error.js';
import { formatAudienceHint, type TokenSource } from './token-source.js';

const responseSchema = z.object({ oidcToken: z.string().min(1) });

export interface AzureTokenSourceOptions {
  /** SYSTEM_OIDCREQUESTURI */
  readonly url: string;
  /** SYSTEM_ACCESSTOKEN */
  readonly accessToken: string;
  /** Id of the service connection that the token identifies; default: the pipeline. */
  readonly serviceConnection: string | undefined;
  readonly network: Pick<Network, 'request'>;
}

/** Requests tokens of an Azure DevOps pipeline or of a service connection. */
export class AzureTokenSource implements TokenSource {
  readonly origin: string;
  private readonly options: AzureTokenSourceOptions;

  constructor(options: AzureTokenSourceOptions) {
    this.options = options;
    const { serviceConnection } = options;
    this.origin = serviceConnection === undefined ? 'this pipeline' : `the service connection '${serviceConnection}'`;
  }

  /** Undefined if the job has no request URI or no access token. */
  static from(env: Env, serviceConnection: string | undefined): AzureTokenSource | undefined {
    const { SYSTEM_OIDCREQUESTURI: url, SYSTEM_ACCESSTOKEN: accessToken } = env;
    if (!url || !accessToken) return undefined;
    return new AzureTokenSource({ url, accessToken, serviceConnection, network: createNetwork({ env }) });
  }

  /** Every token of Azure DevOps has the audience `api://AzureADTokenExchange`. */
  getAudienceHint(_audience: string, audiences: readonly string[]): string {
    return `Azure DevOps sets the audience; ${formatAudienceHint(audiences)}`;
  }

  async mint(): Promise<string> {
    const { url: requestUrl, accessToken, serviceConnection, network } = this.options;
    const url = new URL(requestUrl);
    url.searchParams.set('api-version', '7.1-preview.1');
    if (serviceConnection !== undefined) url.searchParams.set('serviceConnectionId', serviceConnection);
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const { status, text } = await network.request({ url, method: 'POST', headers, body: '{}' });
    const { success, data } = responseSchema.safeParse(status === 200 ? tryParseJson(text) : undefined);
    if (success) return data.oidcToken;
    const hint =
      status === 401 || status === 403
        ? `allow the pipeline to use ${this.origin}`
        : 'check the request in the log of Azure DevOps';
    throw new RunnerError('token-unavailable', `Azure DevOps returned HTTP ${status} for the token request: ${hint}`);
  }
}

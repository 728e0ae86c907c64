import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalAws } from '@aws-delivery/local-aws/local-aws';

/** The id of the organisation in the issuer's URL. */
const organization = '7e0f7b2c-6a5b-4a0e-9a44-3d1b6b7f0c11';

/** The issuer of Azure DevOps' tokens. */
export const issuer = `https://vstoken.dev.azure.com/${organization}`;

export const audience = 'api://AzureADTokenExchange';

/** The subjects of tokens of the pipeline and of its service connection. */
export const subjects = { pipeline: 'p://octo-org/shop/delivery', connection: 'sc://octo-org/shop/aws-oidc' };

/** The token endpoint of Azure DevOps for one job, which requires the job's access token. */
export class AzureServer implements AsyncDisposable {
  readonly accessToken = 'job-access-token-of-the-agent';
  /** Service connection ids of the token requests; an empty string for the pipeline's identity. */
  readonly requestedConnections: string[] = [];
  private readonly server: Server;

  private constructor(aws: () => LocalAws) {
    this.server = createServer(async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const known = request.headers.authorization === `Bearer ${this.accessToken}`;
      if (!known || request.method !== 'POST' || url.searchParams.get('api-version') !== '7.1-preview.1') {
        response.writeHead(known ? 400 : 401).end();
        return;
      }
      const connection = url.searchParams.get('serviceConnectionId') ?? '';
      this.requestedConnections.push(connection);
      const sub = connection === '' ? subjects.pipeline : subjects.connection;
      const oidcToken = await aws().issueToken({ audience, claims: { sub } });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ oidcToken }));
    });
  }

  static async start(aws: () => LocalAws): Promise<AzureServer> {
    const server = new AzureServer(aws);
    await new Promise<void>((resolve) => server.server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** SYSTEM_OIDCREQUESTURI */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/octo-org/shop/_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

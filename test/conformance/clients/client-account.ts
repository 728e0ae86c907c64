import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

/** Local AWS with one user who may do everything, and a directory for the command line of another client. */
export class ClientAccount {
  readonly directory = mkdtempSync(join(tmpdir(), 'client-'));

  private constructor(readonly aws: LocalAws) {}

  /** `scale` is AWS time per real time. */
  static async open({ scale = 100 } = {}): Promise<ClientAccount> {
    const all = { Statement: { Effect: 'Allow' as const, Action: '*', Resource: '*' } };
    const users = { dev: { accessKeys: { AKIADEV: 'secret' }, policies: { all } } };
    const scenario = { account: ACCOUNT, region: REGION, clock: { scale }, iam: { users } };
    return new ClientAccount(await startLocalAws({ scenario }));
  }

  /** Runs a command as the user. Returns its output, and rejects with it if the command fails. */
  run(
    command: string,
    args: readonly string[],
    { input = '', env = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): Promise<string> {
    const options = {
      cwd: this.directory,
      env: {
        ...this.aws.createEnv(),
        PATH: process.env['PATH'],
        HOME: this.directory,
        AWS_ACCESS_KEY_ID: 'AKIADEV',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_EC2_METADATA_DISABLED: 'true',
        CI: 'true',
        ...env,
      },
    };
    return new Promise((resolve, reject) => {
      const child = execFile(command, [...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout + stderr);
        else reject(new Error(stdout + stderr));
      });
      child.stdin?.end(input);
    });
  }

  /** Calls that Local AWS denied or does not model. */
  listRejectedCalls(): readonly string[] {
    const rejected = this.aws.calls().filter(({ verdict, status }) => verdict !== 'allowed' || status === 501);
    return rejected.map(({ service, operation }) => `${service}:${operation}`);
  }

  async close(): Promise<void> {
    rmSync(this.directory, { recursive: true, force: true });
    await this.aws.close();
  }
}

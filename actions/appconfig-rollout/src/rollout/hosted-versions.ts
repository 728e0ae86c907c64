import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import {
  CreateHostedConfigurationVersionCommand,
  ListHostedConfigurationVersionsCommand,
} from '@aws-sdk/client-appconfig';
import type { AppConfig } from '../appconfig/client.js';
import { isConflict, isServiceError } from '../appconfig/service-error.js';
import type { WaitContext } from '../appconfig/wait-context.js';
import { type Content, formatLabel, isLabelFor } from '../desired/documents/content.js';
import { Semaphore } from '../util/concurrency.js';

/** A hosted version as lists show it. */
export interface HostedVersion {
  readonly number: number;
  readonly label: string | undefined;
  readonly description: string | undefined;
}

export interface VersionSpec {
  readonly applicationId: string;
  readonly profileId: string;
  /** The environment it is made for. */
  readonly environment: string;
  readonly content: Content;
  readonly commit: string | undefined;
  readonly description: string;
}

type ProfileKey = Pick<VersionSpec, 'applicationId' | 'profileId'>;

/** The versions of a profile page by page, newest first. */
export async function* paginateVersions(
  { client }: AppConfig,
  key: ProfileKey,
): AsyncGenerator<readonly HostedVersion[]> {
  const ids = { ApplicationId: key.applicationId, ConfigurationProfileId: key.profileId };
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListHostedConfigurationVersionsCommand({ ...ids, NextToken: token, MaxResults: 50 }),
    );
    yield (page.Items ?? []).map(({ VersionNumber: number = 0, VersionLabel: label, Description: description }) => {
      return { number, label, description };
    });
    token = page.NextToken;
  } while (token !== undefined);
}

const listVersions = async (
  appConfig: AppConfig,
  key: ProfileKey,
  allPages: boolean,
): Promise<readonly HostedVersion[]> => {
  const versions: HostedVersion[] = [];
  for await (const page of paginateVersions(appConfig, key)) {
    versions.push(...page);
    if (!allPages) break;
  }
  return versions;
};

const MAX_ATTEMPTS = 5;

const explainTooLarge = (error: unknown, { content }: VersionSpec): unknown => {
  if (!isServiceError(error, 'PayloadTooLargeException')) return error;
  const size = Math.ceil(Buffer.byteLength(content.text) / 1024);
  const message = `its ${size} KB are more than AppConfig holds: have the quota raised, or keep it in S3 (location in appconfig.yml)`;
  return new DeliveryError('rejected', message, { cause: error });
};

/** Makes versions, those of one profile one after another: environments that share it would break each other's lock. */
export class HostedVersions {
  private readonly locks = new Map<string, Semaphore>();

  constructor(
    private readonly appConfig: AppConfig,
    private readonly waitContext: WaitContext,
  ) {}

  /** The version that holds a content for an environment: an earlier run's, or a new one. */
  ensure(spec: VersionSpec): Promise<HostedVersion> {
    const lock = this.locks.get(spec.profileId) ?? new Semaphore(1);
    this.locks.set(spec.profileId, lock);
    return lock.run(() => this.findOrCreate(spec));
  }

  private async findOrCreate(spec: VersionSpec): Promise<HostedVersion> {
    const { environment, content } = spec;
    for (let attempt = 1; ; attempt += 1) {
      const versions = await listVersions(this.appConfig, spec, attempt > 1);
      const found = versions.find(({ label }) => isLabelFor(label, environment, content));
      if (found !== undefined) return found;
      const latest = Math.max(0, ...versions.map(({ number }) => number));
      try {
        return await this.create(spec, latest);
      } catch (error) {
        // Somebody made one meanwhile, or our own answer was lost: look again.
        if (!isConflict(error) || attempt === MAX_ATTEMPTS) throw explainTooLarge(error, spec);
      }
      // Lists may be behind.
      await this.waitContext.clock.sleep(1000 * attempt, this.waitContext.signal);
    }
  }

  private async create(spec: VersionSpec, latest: number): Promise<HostedVersion> {
    const { applicationId, profileId, environment, content, commit, description } = spec;
    const label = formatLabel(environment, content, commit);
    const { VersionNumber: number = 0 } = await this.appConfig.client.send(
      new CreateHostedConfigurationVersionCommand({
        ApplicationId: applicationId,
        ConfigurationProfileId: profileId,
        Content: Buffer.from(content.text),
        ContentType: content.contentType,
        Description: description,
        VersionLabel: label,
        // A profile without versions has no latest one to lock on.
        LatestVersionNumber: latest === 0 ? undefined : latest,
      }),
    );
    return { number, label, description };
  }
}
